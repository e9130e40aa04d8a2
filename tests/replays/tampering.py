"""Changing a log behind its guards, as somebody with rights to the database could."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
from sqlalchemy import make_url

from eventlog.chain import GENESIS, digest_of
from eventlog.rows import EventRow

Row = dict[str, Any]
COLUMNS = EventRow._fields


class Tamperer:
    """One open connection to a log, with the guards out of the way."""

    def __init__(self, cursor: Any, mark: str) -> None:
        self._cursor = cursor
        self._mark = mark

    @property
    def at(self) -> int:
        """Position at which a shipment was planned, in the midst of the story."""
        return next(row.position for row in self.rows() if row.topic == "shipment.planned")

    def run(self, statement: str, *values: Any) -> None:
        """Run a statement with ``?`` for values."""
        self._cursor.execute(statement.replace("?", self._mark), values)

    def rows(self) -> list[EventRow]:
        """Read the whole log."""
        self._cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM events ORDER BY position")
        return [EventRow(*row) for row in self._cursor.fetchall()]

    def row(self, position: int) -> EventRow:
        """Read the row at a position."""
        return next(row for row in self.rows() if row.position == position)

    def change(self, position: int, /, **values: Any) -> None:
        """Change columns of the row at a position."""
        names = ", ".join(f"{name} = ?" for name in values)
        self.run(f"UPDATE events SET {names} WHERE position = ?", *values.values(), position)

    def remove(self, position: int) -> None:
        """Remove the row at a position."""
        self.run("DELETE FROM events WHERE position = ?", position)

    def add(self, row: EventRow) -> None:
        """Put a row in."""
        marks = ", ".join("?" for _ in COLUMNS)
        self.run(f"INSERT INTO events ({', '.join(COLUMNS)}) VALUES ({marks})", *row)

    def forge(self) -> None:
        """Compute the whole chain and the head anew, so that the digests fit again."""
        digest = GENESIS
        for row in self.rows():
            digest = digest_of(digest, row)
            self.change(row.position, digest=digest)
        last = self.rows()[-1]
        self.run("UPDATE log_head SET position = ?, digest = ?", last.position, last.digest)


@contextmanager
def tampering(url: str) -> Iterator[Tamperer]:
    """Open a log's database without its guards; what is done is committed at the end."""
    with closing(_connect(url)) as connection:
        cursor = connection.cursor()
        if isinstance(connection, sqlite3.Connection):
            found = cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in found.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
            yield Tamperer(cursor, "?")
        else:
            cursor.execute("GRANT UPDATE, DELETE ON events TO CURRENT_USER")
            cursor.execute("ALTER TABLE events DISABLE TRIGGER USER")
            yield Tamperer(cursor, "%s")
            cursor.execute("ALTER TABLE events ENABLE TRIGGER USER")
        connection.commit()


def _connect(url: str) -> Any:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return sqlite3.connect(parsed.database)
    plain = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg2.connect(plain)
