"""The rows of the log, as they are stored."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple


class EventRow(NamedTuple):
    """One stored event. ``data`` is JSON text, ``recorded_at`` UTC text, ``digest`` hex."""

    position: int
    stream: str
    version: int
    topic: str
    data: str
    recorded_at: str
    command_id: str
    digest: str


class Head(NamedTuple):
    """The last position of the log, with its digest and its time (empty texts before the first)."""

    position: int
    digest: str
    recorded_at: str


class Link(NamedTuple):
    """A link of the chain: a position with its digest, hex."""

    position: int
    digest: str


class Checkpoint(NamedTuple):
    """A signed checkpoint: what the log was at a position, and who vouches for it.

    ``digest`` and ``root`` are hex, the root of the Merkle tree over all digests so far (none in a
    row that was written without). ``key_id`` is the whole verifier key, ``signature`` the base64
    text of the signed note: with them the note is made again from the row alone.
    """

    position: int
    digest: str
    signed_at: str
    key_id: str
    signature: str
    root: str | None


class Receipt(NamedTuple):
    """The stored outcome of a command, found again by principal and idempotency key.

    ``status`` is ``accepted`` or ``refused``; the positions are 0 where nothing was appended.
    """

    principal: str
    key: str
    request_digest: str
    status: str
    body: str
    first_position: int
    last_position: int
    recorded_at: str
    command_id: str
    command: str
    actor: str


def instant_text(moment: datetime) -> str:
    """Write an aware instant as UTC text of fixed width, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@lru_cache(maxsize=64)
def instant_of(text: str) -> datetime:
    """Read what ``instant_text`` wrote. All events of a batch have the same one."""
    return datetime.fromisoformat(text)
