"""PostgreSQL through psycopg2: the head row is the lock, COPY is the pen."""

from __future__ import annotations

import io
import select
import time
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, create_engine

from eventlog.dialects import EVENT_COLUMNS, GUARDED_TABLES, HEAD_COLUMNS, RECEIPT_COLUMNS
from eventlog.rows import EventRow, Head, Receipt

CHANNEL = "baton_log"
MIGRATION_LOCK = 0x6261746F6E
"""Key of the advisory lock: "baton" in ASCII."""

LISTEN_SECONDS = 0.5

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class PostgreSQL:
    """One machine or many: any number of processes, ordered by the lock on the head."""

    name = "postgresql"
    shares_write_lock = False

    def create_engine(self, url: str, pool_size: int) -> Engine:
        """Build an engine that notices a server that went away."""
        return create_engine(url, pool_size=pool_size, max_overflow=64, pool_pre_ping=True)

    def lock_head(self, connection: Connection) -> Head:
        """Lock the only row of log_head; whoever appends waits here, and reads what is true."""
        found = connection.exec_driver_sql(
            f"SELECT {HEAD_COLUMNS} FROM log_head WHERE id = 1 FOR UPDATE"
        )
        return Head(*found.one())

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
        triggers = [
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
            f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            for table in GUARDED_TABLES
        ]
        revokes = [
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM PUBLIC, CURRENT_USER"
            for table in GUARDED_TABLES
        ]
        view = (
            "CREATE VIEW event_log AS SELECT position, stream, version, topic, "
            "data::jsonb AS data, recorded_at::timestamptz AS recorded_at, command_id, digest "
            "FROM events"
        )
        return [function, *triggers, *revokes, view]

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


def copy_rows(cursor: Any, table: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
    """COPY rows of texts and integers into a table."""
    text = "".join(
        "\t".join(
            value.translate(_ESCAPES) if isinstance(value, str) else str(value) for value in row
        )
        + "\n"
        for row in rows
    )
    cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.StringIO(text))
