"""What is written: the one writer, the reader, the codec and the chain.

This room knows bytes, streams, versions and positions. It knows nothing of orders: the events
and aggregates it handles are handed to it by the composition root, and satisfy the small
protocols of ``eventlog.protocols``.
"""
