"""A database that holds a log: its engine, and the two ways to be in it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, make_url

from eventlog.dialects import Dialect
from eventlog.dialects.postgresql import PostgreSQL
from eventlog.dialects.sqlite import SQLite

_DIALECTS: dict[str, type[Dialect]] = {"sqlite": SQLite, "postgresql": PostgreSQL}
_DRIVERS = {"sqlite", "sqlite+pysqlite", "postgresql+psycopg2"}


class UnsupportedDatabaseError(ValueError):
    """The URL names a database or a driver that Baton does not run on."""


class Database:
    """One open database, shared by the threads of a process.

    ``url`` is an SQLAlchemy URL: ``sqlite:///baton.db`` or ``postgresql+psycopg2://...``.
    Raises UnsupportedDatabaseError for any other database or driver.
    """

    def __init__(self, url: str, pool_size: int = 16) -> None:
        parsed = make_url(url)
        if parsed.drivername not in _DRIVERS:
            raise UnsupportedDatabaseError(
                f"{parsed.drivername!r} is not supported; use sqlite:///FILE "
                "or postgresql+psycopg2://USER@HOST/DATABASE"
            )
        self.url = parsed
        self.dialect: Dialect = _DIALECTS[parsed.get_backend_name()]()
        self.engine = self.dialect.create_engine(url, pool_size)
        # Within one process a fair lock is cheaper than SQLite's busy polling.
        self._turn: Any = threading.Lock() if self.dialect.shares_write_lock else nullcontext()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a connection in one transaction that only reads."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def snapshot(self, tables: Sequence[str]) -> Iterator[Connection]:
        """Open a connection whose every statement sees the same moment, until it is left.

        ``tables`` (or views) are what will be read: nobody puts others in their place meanwhile.
        """
        with self.reading() as connection:
            for statement in self.dialect.snapshot(tables):
                connection.exec_driver_sql(statement)
            yield connection

    @contextmanager
    def writing(self, held: Connection | None = None) -> Iterator[Connection]:
        """Open one transaction that writes, on ``held`` where the caller keeps a connection."""
        with self._turn:
            if held is not None:
                with held.begin():
                    yield held
            else:
                with self.connect() as connection, connection.begin():
                    yield connection

    def connect(self) -> Connection:
        """Open a connection for ``writing``, for a thread that keeps it."""
        return self.engine.connect().execution_options(writes=True)

    def close(self) -> None:
        """Close every connection that is not in use."""
        self.engine.dispose()
