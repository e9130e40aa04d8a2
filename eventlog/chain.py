"""The chain that makes tampering evident: each row's digest covers the row and the digest before.

The canonical bytes of a row are the UTF-8 JSON array
``[position, stream, version, topic, data, recorded_at, command_id]`` without white space, with
``data`` as the string that is stored. Anyone with a JSON library and SHA-256 can recompute it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import msgspec

from eventlog.rows import EventRow

GENESIS = "0" * 64
"""The digest before the first event."""

Unchained = tuple[int, str, int, str, str, str, str]
"""What the digest of a row covers: all columns but the digest itself."""

_encode = msgspec.json.Encoder().encode


def chained(previous: str, rows: Iterable[Unchained]) -> Iterator[EventRow]:
    """Give rows their digests: SHA-256 (FIPS 180-4) over the digest before and canonical bytes."""
    digest = bytes.fromhex(previous)
    for row in rows:
        digest = hashlib.sha256(digest + _encode(row)).digest()
        yield EventRow(*row, digest.hex())


def digest_of(previous: str, row: EventRow) -> str:
    """Digest that the row must have after a row with the digest ``previous``."""
    return hashlib.sha256(bytes.fromhex(previous) + _encode(row[:7])).hexdigest()
