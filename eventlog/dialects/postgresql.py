"""PostgreSQL through psycopg2: the head row is the lock, COPY is the pen."""

from __future__ import annotations

import io
import select
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, create_engine

from eventlog.dialects import (
    EVENT_COLUMNS,
    FIND,
    GUARDED_TABLES,
    HEAD_COLUMNS,
    LOAD,
    LOG_VIEW,
    RECEIPT_COLUMNS,
    TAIL,
    StoredState,
    TailRow,
)
from eventlog.rows import EventRow, Head, Receipt

CHANNEL = "baton_log"
MIGRATION_LOCK = 0x6261746F6E
"""Key of the advisory lock: "baton" in ASCII."""

LISTEN_SECONDS = 0.5
IDLE_SECONDS = 60
"""How long a reader of a snapshot may hold its tables without asking for more."""

_TEXTS = "text[], text[]"
_PAIRS = "SELECT * FROM unnest($1, $2)"
_PREPARE = (
    # Whoever writes looks up by key. A plan that was made while a table was small is kept until
    # the table is analysed, so the planner is not to be tempted by other plans.
    "SET plan_cache_mode = force_generic_plan",
    "SET enable_seqscan = off",
    "SET enable_hashjoin = off",
    "SET enable_mergejoin = off",
    f"PREPARE baton_load({_TEXTS}) AS WITH wanted(stream, state_version) AS ({_PAIRS}) {LOAD}",
    f"PREPARE baton_tail(bigint) AS {TAIL.format('$1')}",
    f"PREPARE baton_find({_TEXTS}) AS WITH wanted(principal, key) AS ({_PAIRS}) {FIND}",
)

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class PostgreSQL:
    """One machine or many: any number of processes, ordered by the lock on the head."""

    name = "postgresql"
    shares_write_lock = False

    def create_engine(self, url: str, pool_size: int) -> Engine:
        """Build an engine that notices a server that went away."""
        return create_engine(url, pool_size=pool_size, max_overflow=64, pool_pre_ping=True)

    def snapshot(self, tables: Sequence[str]) -> Sequence[str]:
        """Lock the tables first: the moment begins when they are the caller's.

        Otherwise what waits for a table that is being replaced would see the new one as it was
        before it was filled. Whoever does not read on loses the connection, and the locks with it.
        """
        locked = ", ".join(f'"{table}"' for table in tables)
        return (
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            f"SET LOCAL idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'",
            f"LOCK TABLE {locked} IN ACCESS SHARE MODE",
        )

    def lock_head(self, connection: Connection) -> Head:
        """Lock the only row of log_head; whoever appends waits here, and reads what is true."""
        cursor = connection.connection.cursor()
        cursor.execute(f"SELECT {HEAD_COLUMNS} FROM log_head WHERE id = 1 FOR UPDATE")
        (row,) = cursor.fetchall()
        head = Head(*row)
        cursor.close()
        return head

    def load(
        self, connection: Connection, shapes: Sequence[tuple[str, str]]
    ) -> Iterable[StoredState]:
        """Read streams by a statement that is planned once."""
        rows = _prepared(connection, "baton_load", *_columns(shapes))
        return [(stream, topic, data) for stream, topic, data, _ in rows]

    def tail(self, connection: Connection, position: int) -> Iterable[TailRow]:
        """Read what was appended after a position by a statement that is planned once."""
        return _prepared(connection, "baton_tail", position)

    def receipts(
        self, connection: Connection, keys: Sequence[tuple[str, str]]
    ) -> Iterable[Receipt]:
        """Find receipts by a statement that is planned once."""
        return [Receipt(*row) for row in _prepared(connection, "baton_find", *_columns(keys))]

    def append(
        self, connection: Connection, rows: Sequence[EventRow], receipts: Sequence[Receipt]
    ) -> None:
        """COPY all events, move the head, COPY all receipts."""
        cursor = connection.connection.cursor()
        if rows:
            copy_rows(cursor, "events", EVENT_COLUMNS, rows)
            last = rows[-1]
            cursor.execute(
                "UPDATE log_head SET position = %s, digest = %s, recorded_at = %s WHERE id = 1",
                (last.position, last.digest, last.recorded_at),
            )
        if receipts:
            copy_rows(cursor, "receipts", RECEIPT_COLUMNS, receipts)
        cursor.close()

    def guards(self) -> Sequence[str]:
        """Return triggers that refuse changes, and take the rights to them from the owner too."""
        function = (
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$"
        )
        guards = [one for table in GUARDED_TABLES for one in self.guards_of(table)]
        return [function, *guards, *self.log_view()]

    def log_view(self) -> Sequence[str]:
        """Return the view, replaced in place so that rights to it stay, and its comments."""
        view = (
            "CREATE OR REPLACE VIEW event_log AS SELECT position, stream, version, topic, "
            "data::jsonb AS data, recorded_at::timestamptz AS recorded_at, command_id, digest, "
            "(data::jsonb ->> 'occurred_at')::timestamptz AS occurred_at, "
            "data::jsonb -> 'by' ->> 'user' AS actor, data::jsonb -> 'by' ->> 'role' AS role "
            "FROM events"
        )
        meant = [f"COMMENT ON COLUMN event_log.{one} IS '{said}'" for one, said in LOG_VIEW.items()]
        return [view, "COMMENT ON VIEW event_log IS 'Every event, in order.'", *meant]

    def guards_of(self, table: str, key: str | None = None) -> Sequence[str]:
        """Return the trigger, and what takes the rights to change rows from the owner too."""
        trigger = (
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
            f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return [trigger, f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM PUBLIC, CURRENT_USER"]

    def lock_migrations(self, connection: Connection) -> None:
        """Wait for an advisory lock that ends with the transaction."""
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")

    def announce(self, engine: Engine) -> None:
        """NOTIFY on a connection of its own: inside the append it would serialise commits."""
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"NOTIFY {CHANNEL}")

    def listen(self, engine: Engine, wake: Callable[[], None], stopped: Any) -> None:
        """LISTEN, and wake at every notice; a lost connection is opened again."""
        while not stopped.is_set():
            try:
                with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql(f"LISTEN {CHANNEL}")
                    driver: Any = connection.connection.driver_connection
                    while not stopped.is_set():
                        if select.select([driver], [], [], LISTEN_SECONDS)[0]:
                            driver.poll()
                            driver.notifies.clear()
                            wake()
            except Exception:  # noqa: BLE001 - followers poll as well; only the wake-up is late
                time.sleep(LISTEN_SECONDS)


def _prepared(connection: Connection, statement: str, *values: Any) -> Sequence[tuple[Any, ...]]:
    """Rows straight from the driver: these statements run while everyone else waits."""
    cursor = connection.connection.cursor()
    if not connection.info.get("baton_prepared"):
        for one in _PREPARE:
            cursor.execute(one)
        connection.info["baton_prepared"] = True
    cursor.execute(f"EXECUTE {statement}({', '.join('%s' for _ in values)})", values)
    rows = cursor.fetchall()
    cursor.close()
    return rows


def _columns(pairs: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def copy_rows(cursor: Any, table: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
    """COPY rows of texts and integers into a table."""
    lines = io.StringIO("\n".join(map(_line, rows)))
    cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", lines)


def _line(row: Sequence[Any]) -> str:
    """One row; few need escaping, and looking at the whole is much cheaper than translating."""
    line = "\t".join(map(str, row))
    plain = "\\" not in line and "\n" not in line and "\r" not in line
    if plain and line.count("\t") == len(row) - 1:
        return line
    return "\t".join(str(value).translate(_ESCAPES) for value in row)
