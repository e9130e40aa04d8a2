"""What differs between the databases, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

from eventlog.rows import EventRow, Head, Receipt

TailRow = tuple[str, int, str, str]
"""Stream, version, topic and text of an event."""

StoredState = tuple[str, str | None, str]
"""Stream, topic and text of an event, in order; the snapshot before them has no topic."""


class Dialect(Protocol):
    """One database: how its head is locked, how rows are appended, how history is guarded."""

    name: str
    shares_write_lock: bool
    """True where one writer at a time may use the whole database, not just the log."""

    def create_engine(self, url: str, pool_size: int) -> Engine:
        """Build the engine, with the settings that durability needs."""
        ...

    def snapshot(self, tables: Sequence[str]) -> Sequence[str]:
        """Return the first statements of a transaction that sees one moment of some tables."""
        ...

    def lock_head(self, connection: Connection) -> Head:
        """Take the head until the transaction ends; everyone else who appends waits."""
        ...

    def load(
        self, connection: Connection, shapes: Sequence[tuple[str, str]]
    ) -> Iterable[StoredState]:
        """Read streams by one statement; ``shapes`` are their names and state versions.

        A snapshot of another state version is left out.
        """
        ...

    def tail(self, connection: Connection, position: int) -> Iterable[TailRow]:
        """Read what was appended after a position, as little of it as folding needs."""
        ...

    def receipts(
        self, connection: Connection, keys: Sequence[tuple[str, str]]
    ) -> Iterable[Receipt]:
        """Find the receipts of principals' keys, in one statement."""
        ...

    def append(
        self, connection: Connection, rows: Sequence[EventRow], receipts: Sequence[Receipt]
    ) -> None:
        """Add events and receipts by one bulk statement each."""
        ...

    def guards(self) -> Sequence[str]:
        """Return the statements that make the database refuse to change what is written."""
        ...

    def log_view(self) -> Sequence[str]:
        """Return the statements that make the view of the log, or replace an older one."""
        ...

    def guards_of(self, table: str, key: str | None = None) -> Sequence[str]:
        """Return the statements that make the database refuse to change rows of a table.

        ``key`` is the column by which a row could be replaced where that is another thing.
        """
        ...

    def lock_migrations(self, connection: Connection) -> None:
        """Let one process at a time migrate; the lock ends with the transaction."""
        ...

    def announce(self, engine: Engine) -> None:
        """Tell other processes of an append, where they can be told; else they poll."""
        ...

    def listen(self, engine: Engine, wake: Callable[[], None], stopped: Any) -> None:
        """Call ``wake`` at every announcement until ``stopped`` is set."""
        ...


HEAD_COLUMNS = "position, digest, recorded_at"
EVENT_COLUMNS = "position, stream, version, topic, data, recorded_at, command_id, digest"
RECEIPT_COLUMNS = (
    "principal, key, request_digest, status, body, first_position, last_position, "
    "recorded_at, command_id, command, actor"
)
_KEPT = "snapshots s ON s.stream = w.stream AND s.state_version = w.state_version"
LOAD = f"""
SELECT w.stream, NULL AS topic, s.state AS data, s.version FROM wanted w JOIN {_KEPT}
UNION ALL
SELECT w.stream, e.topic, e.data, e.version FROM wanted w LEFT JOIN {_KEPT}
JOIN events e ON e.stream = w.stream AND e.version > coalesce(s.version, 0)
ORDER BY 4
"""
"""Snapshots and events of streams; each database puts before it what makes ``wanted``."""

TAIL = "SELECT stream, version, topic, data FROM events WHERE position > {} ORDER BY position"
"""Events after a position, for those who keep aggregates up to date."""

FIND = f"""SELECT {", ".join("r." + one for one in RECEIPT_COLUMNS.split(", "))} FROM wanted w
JOIN receipts r ON r.principal = w.principal AND r.key = w.key"""
"""Receipts of keys; the same."""

LOG_VIEW = {
    "position": "Place in the log: dense from 1, in commit order.",
    "stream": "Stream: the category and the key of what it happened to.",
    "version": "Number of the event within its stream.",
    "topic": "Kind of event.",
    "data": "The event, as JSON.",
    "recorded_at": "Record time.",
    "command_id": "Command that brought it about.",
    "digest": "SHA-256 of the chain up to here.",
    "occurred_at": "Business time.",
    "actor": "Who did it.",
    "role": "Role of who did it.",
}
"""Columns of the view ``event_log``, with what they mean."""

GUARDED_TABLES = ("events", "receipts", "checkpoints")
