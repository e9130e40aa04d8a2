"""A scratch copy: read models folded anew in a database of their own, which goes with it."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from sqlalchemy import Connection, Engine, create_engine, event

from projections.effects import Fact, Projection, readers_of
from projections.folding import Fold
from projections.storing import store
from projections.views import VIEWS

BATCH = 10_000


class Scratch:
    """Tables of some projections, and views over them, in an SQLite file that nobody else sees.

    ``position`` is the one that it is folded up to.
    """

    def __init__(self, projections: Sequence[Projection], position: int = 0) -> None:
        self.projections, self.position = projections, position
        self._readers = readers_of(projections)
        folder = mkdtemp(prefix="baton-scratch-")
        url = f"sqlite:///{Path(folder) / 'scratch.db'}"
        self._engine = create_engine(url, connect_args={"check_same_thread": False})
        # Whoever still reads keeps it alive, so that nobody has to know who reads.
        self._end = weakref.finalize(self, _end, self._engine, folder)
        event.listen(self._engine, "connect", _hurry)
        with self._engine.begin() as connection:
            for projection in projections:
                for table in projection.tables:
                    table.create(connection)
            tables = {table for projection in projections for table in projection.tables}
            for view in (view for view in VIEWS if tables.issuperset(view.over)):
                connection.exec_driver_sql(view.created(connection.dialect))

    def fold(self, facts: Iterable[Fact]) -> None:
        """Take facts in, in the order of the log."""
        fold, left = Fold(), BATCH
        for fact in facts:
            for projection in self._readers.get(type(fact.event), ()):
                fold.take(projection, fact)
            left -= 1
            if not left:
                self._store(fold)
                fold, left = Fold(), BATCH
        self._store(fold)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a connection that reads."""
        with self._engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Throw it away; that is done also when nobody holds it any more."""
        self._end()

    def _store(self, fold: Fold) -> None:
        with self._engine.begin() as connection:
            store(connection, fold, {})


def _end(engine: Engine, folder: str) -> None:
    engine.dispose()
    rmtree(folder, ignore_errors=True)


@contextmanager
def scratch_of(projections: Sequence[Projection]) -> Iterator[Scratch]:
    """Open a scratch copy, and throw it away."""
    scratch = Scratch(projections)
    try:
        yield scratch
    finally:
        scratch.close()


def _hurry(connection: object, _record: object) -> None:
    """What can be made again need not survive a crash."""
    for pragma in ("journal_mode = OFF", "synchronous = OFF"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]
