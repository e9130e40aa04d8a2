"""What differs between the databases, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

from eventlog.rows import EventRow, Head, Receipt


class Dialect(Protocol):
    """One database: how its head is locked, how rows are appended, how history is guarded."""

    name: str
    shares_write_lock: bool
    """True where one writer at a time may use the whole database, not just the log."""

    def create_engine(self, url: str, pool_size: int) -> Engine:
        """Build the engine, with the settings that durability needs."""
        ...

    def lock_head(self, connection: Connection) -> Head:
        """Take the head until the transaction ends; everyone else who appends waits."""
        ...

    def append(
        self, connection: Connection, rows: Sequence[EventRow], receipts: Sequence[Receipt]
    ) -> None:
        """Add events and receipts by one bulk statement each."""
        ...

    def guards(self) -> Sequence[str]:
        """Return the statements that make the database refuse to change what is written."""
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
GUARDED_TABLES = ("events", "receipts", "checkpoints")
