"""Single proofs, for whoever holds a note: an event is in its tree, a tree begins with another."""

from __future__ import annotations

import msgspec

from eventlog.chain import GENESIS
from eventlog.reader import Reader
from replays.proving.merkle import Paths, leaf_of, proof_from, seam


class Inclusion(msgspec.Struct, frozen=True):
    """That an event is in the tree over the first ``size`` positions (RFC 9162, 2.1.3).

    Its leaf is number ``position - 1``; all hashes are hex, ``root`` is that of the log as it is.
    """

    position: int
    previous_digest: str
    digest: str
    size: int
    root: str
    path: tuple[str, ...]


class Consistency(msgspec.Struct, frozen=True):
    """That the tree over ``new`` positions begins with that over ``old`` (RFC 9162, 2.1.4)."""

    old: int
    new: int
    old_root: str
    new_root: str
    path: tuple[str, ...]


def prove_inclusion(reader: Reader, position: int, size: int) -> Inclusion:
    """Prove that an event is in the tree of a size; 1 <= position <= size <= the log's head."""
    tree, digests = Paths([(position - 1, 1)]), [GENESIS, GENESIS]
    for link in reader.digests(upto=size):
        tree.push(leaf_of(link.digest))
        if link.position <= position:
            digests = [digests[1], link.digest]
    root = tree.close().hex()
    path = tuple(one.hex() for one in tree.path((position - 1, 1)))
    return Inclusion(position, digests[0], digests[1], size, root, path)


def prove_consistency(reader: Reader, old: int, new: int) -> Consistency:
    """Prove that one tree begins with an older one; 1 <= old <= new <= the log's head."""
    tree, old_root = Paths([seam(old)]), ""
    for link in reader.digests(upto=new):
        tree.push(leaf_of(link.digest))
        if link.position == old:
            old_root = tree.root().hex()
    new_root = tree.close().hex()
    path = tuple(one.hex() for one in proof_from(tree, old))
    return Consistency(old, new, old_root, new_root, path)
