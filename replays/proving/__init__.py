"""Proofs that can be checked elsewhere: checkpoints that are signed, bundles and extracts.

The leaves of the Merkle tree are the digests of the chain, so a root covers everything that the
chain covers. What this proves, and what it does not, is in ``docs/trust.md``.
"""
