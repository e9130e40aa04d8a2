"""SQLite: one file, write-ahead log, every commit flushed to the disk."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event

from eventlog.dialects import (
    EVENT_COLUMNS,
    FIND,
    HEAD_COLUMNS,
    LOAD,
    LOG_VIEW,
    RECEIPT_COLUMNS,
    TAIL,
    StoredState,
    TailRow,
)
from eventlog.rows import EventRow, Head, Receipt

BUSY_TIMEOUT_MS = 60_000
CACHE_KIB = 16_000
CHECKPOINT_PAGES = 8_000
"""Pages in the write-ahead log before they are brought into the file: 32 MB. Pages of the index are
written again and again; each checkpoint writes the latest of each once.
"""

_REFUSE = "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"

_PAIRS = "SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)"
_LOAD = f"WITH wanted(stream, state_version) AS MATERIALIZED ({_PAIRS}) {LOAD}"
_FIND = f"WITH wanted(principal, key) AS MATERIALIZED ({_PAIRS}) {FIND}"


class SQLite:
    """The embedded default: no server to install."""

    name = "sqlite"
    shares_write_lock = True

    def create_engine(self, url: str, pool_size: int) -> Engine:
        """Build an engine whose transactions begin when we say so, not when the driver guesses."""
        engine = create_engine(
            url, pool_size=pool_size, max_overflow=64, connect_args={"check_same_thread": False}
        )
        event.listen(engine, "connect", _configure)
        event.listen(engine, "begin", _begin)
        return engine

    def snapshot(self, tables: Sequence[str]) -> Sequence[str]:
        """Return nothing: a transaction sees the file as it was when it first read."""
        return ()

    def lock_head(self, connection: Connection) -> Head:
        """Read the head; the transaction has begun IMMEDIATE, so it already is the only writer."""
        found = connection.exec_driver_sql(f"SELECT {HEAD_COLUMNS} FROM log_head WHERE id = 1")
        return Head(*found.one())

    def load(
        self, connection: Connection, shapes: Sequence[tuple[str, str]]
    ) -> Iterable[StoredState]:
        """Read streams; their names are handed over as one JSON array."""
        rows = _rows(connection, _LOAD, shapes)
        return [(stream, topic, data) for stream, topic, data, _ in rows]

    def tail(self, connection: Connection, position: int) -> Iterable[TailRow]:
        """Read what was appended after a position."""
        driver: Any = connection.connection.driver_connection
        found: Iterable[TailRow] = driver.execute(TAIL.format("?"), (position,)).fetchall()
        return found

    def receipts(
        self, connection: Connection, keys: Sequence[tuple[str, str]]
    ) -> Iterable[Receipt]:
        """Find receipts; the keys are handed over as one JSON array."""
        return [Receipt(*row) for row in _rows(connection, _FIND, keys)]

    def append(
        self, connection: Connection, rows: Sequence[EventRow], receipts: Sequence[Receipt]
    ) -> None:
        """Insert all events, move the head, insert all receipts."""
        cursor = connection.connection.cursor()
        if rows:
            cursor.executemany(insert("events", EVENT_COLUMNS), rows)
            last = rows[-1]
            cursor.execute(
                "UPDATE log_head SET position = ?, digest = ?, recorded_at = ? WHERE id = 1",
                (last.position, last.digest, last.recorded_at),
            )
        if receipts:
            cursor.executemany(insert("receipts", RECEIPT_COLUMNS), receipts)
        cursor.close()

    def guards(self) -> Sequence[str]:
        """Return triggers that refuse changes, also by INSERT OR REPLACE, which fires no DELETE."""
        triggers = [
            *(one for table in ("events", "receipts") for one in self.guards_of(table)),
            *self.guards_of("checkpoints", "position"),
        ]
        dense = (
            "CREATE TRIGGER events_no_replace BEFORE INSERT ON events "
            "WHEN NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM events) "
            "OR EXISTS (SELECT 1 FROM events WHERE stream = NEW.stream "
            f"AND version = NEW.version) {_REFUSE}"
        )
        once = (
            "CREATE TRIGGER receipts_no_replace BEFORE INSERT ON receipts "
            "WHEN EXISTS (SELECT 1 FROM receipts WHERE (principal = NEW.principal "
            f"AND key = NEW.key) OR command_id = NEW.command_id) {_REFUSE}"
        )
        return [*triggers, dense, once, *self.log_view()]

    def log_view(self) -> Sequence[str]:
        """Return the view; times are texts in UTC, with microseconds, as in every table."""
        at = "strftime('%Y-%m-%dT%H:%M:%f000Z', json_extract(data, '$.occurred_at'))"
        who = [f"json_extract(data, '$.by.{one}')" for one in ("user", "role")]
        read = {"data": "json(data)", "occurred_at": at, "actor": who[0], "role": who[1]}
        columns = ", ".join(f"{read.get(name, name)} AS {name}" for name in LOG_VIEW)
        view = f"CREATE VIEW event_log AS SELECT {columns} FROM events"
        return ["DROP VIEW IF EXISTS event_log", view]

    def guards_of(self, table: str, key: str | None = None) -> Sequence[str]:
        """Return triggers that refuse changes of rows, and other rows under a key that is taken."""
        triggers = [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {_REFUSE}"
            for verb in ("UPDATE", "DELETE")
        ]
        taken = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"
        replaced = f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {taken} {_REFUSE}"
        return [*triggers, replaced] if key else triggers

    def lock_migrations(self, connection: Connection) -> None:
        """Do nothing: a transaction that began IMMEDIATE already shuts every other writer out."""

    def announce(self, engine: Engine) -> None:
        """Do nothing: a file cannot call anybody; other processes poll."""

    def listen(self, engine: Engine, wake: Callable[[], None], stopped: Any) -> None:
        """Return at once: there is nothing to listen to."""


def _rows(connection: Connection, statement: str, pairs: Sequence[tuple[str, str]]) -> Any:
    """Rows for pairs of texts, straight from the driver: these run while everyone else waits."""
    driver: Any = connection.connection.driver_connection
    return driver.execute(statement, (msgspec.json.encode(pairs).decode(),))


def insert(table: str, columns: str) -> str:
    """Return the statement that inserts rows of these columns."""
    marks = ", ".join("?" for _ in columns.split(","))
    return f"INSERT INTO {table} ({columns}) VALUES ({marks})"


def _configure(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",
        f"cache_size = -{CACHE_KIB}",
        f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    _write_ahead(connection)


def _write_ahead(connection: Any) -> None:
    """Turn the write-ahead log on.

    Of processes that open a new file at once all but one are told that it is locked, whatever the
    timeout; they find it turned on a moment later.
    """
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
