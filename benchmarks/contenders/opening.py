"""Opening contenders by name."""

from __future__ import annotations

from benchmarks.contenders import Contender
from benchmarks.contenders.baton import Baton
from benchmarks.contenders.library import Library
from benchmarks.contenders.orm import Orm
from benchmarks.contenders.sql import Sql
from benchmarks.contenders.sql_tuned import TunedSql

BATON, LIBRARY, CACHED = "Baton", "eventsourcing library", "eventsourcing library, cached"
ORM, SQL, TUNED = "SQLAlchemy ORM", "hand-written SQL", "hand-tuned SQL"
THREADS = 4
"""More bring none of the others further on two cores."""


def opened(name: str, url: str) -> Contender:
    """Open a contender. SQLite has one writer, so that threads would only wait there."""
    return _opened(name, url, 1 if url.startswith("sqlite") else THREADS, create=True)


def joined(name: str, url: str) -> Contender:
    """Open a contender in one of several processes, on a database that another has prepared."""
    return _opened(name, url, 1, create=False)


def _opened(name: str, url: str, threads: int, *, create: bool) -> Contender:
    match name:
        case "Baton":
            return Baton(url)
        case "SQLAlchemy ORM":
            return Orm(url, threads)
        case "hand-written SQL":
            return Sql(url, threads)
        case "hand-tuned SQL":
            return TunedSql(url, threads)
    return Library(url, threads, cached=name == CACHED, create=create)
