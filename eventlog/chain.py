"""The chain that makes tampering evident: each row's digest covers the row and the digest before.

The canonical bytes of a row are the UTF-8 JSON array
``[position, stream, version, topic, data, recorded_at, command_id]`` without white space, with
``data`` as the string that is stored. Anyone with a JSON library and SHA-256 can recompute it.
"""

from __future__ import annotations

import hashlib

import msgspec

from eventlog.rows import EventRow

GENESIS = "0" * 64
"""The digest before the first event."""

_encode = msgspec.json.Encoder().encode


def digest_after(  # noqa: PLR0913 - these are the columns that the digest covers
    previous: str,
    position: int,
    stream: str,
    version: int,
    topic: str,
    data: str,
    recorded_at: str,
    command_id: str,
) -> str:
    """SHA-256 (FIPS 180-4), in hex, over the previous digest and the row's canonical bytes."""
    row = _encode((position, stream, version, topic, data, recorded_at, command_id))
    return hashlib.sha256(bytes.fromhex(previous) + row).hexdigest()


def digest_of(previous: str, row: EventRow) -> str:
    """Digest that the row must have after a row with the digest ``previous``."""
    return digest_after(previous, *row[:7])
