"""Rebuilding a projection beside the live tables, and switching in one transaction.

Readers see the old rows until the switch and the new ones after it, never a half.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Connection, Index, MetaData

from projections import positions
from projections.effects import Fact, Projection
from projections.folding import Fold
from projections.storing import Names, store

BATCH = 2_000
NEAR = 500
"""Events left when the switch begins: they are folded while the projection is held."""

Writing = Callable[[], AbstractContextManager[Connection]]
Facts = Callable[[int, int | None], Iterable[Fact]]
"""Facts after a position, at most up to another."""
Progress = Callable[[int], None]


def rebuild(
    projection: Projection,
    writing: Writing,
    facts: Facts,
    head: Callable[[], int],
    progress: Progress = lambda _: None,
) -> int:
    """Fold the whole log into new tables and put them in place; returns the position reached.

    A rebuild that another one supersedes stops where it is: the other one's tables are as new.
    """
    with writing() as connection:
        generation = positions.claim(connection, projection.name)
        for left_over in _tables_beside(projection, generation - 1).values():
            left_over.drop(connection, checkfirst=True)
        beside = _tables_beside(projection, generation)
        for table in beside.values():
            table.create(connection)
    build = _Build(projection, generation, writing, beside, progress)
    done = 0
    try:
        while head() - done > NEAR:
            done = build.take(facts(done, head()), done)
        return build.switch(facts, done)
    except _Superseded:
        return done


class _Superseded(Exception):  # noqa: N818 - not an error: somebody else does the work
    pass


@dataclass(frozen=True)
class _Build:
    """One rebuild: the tables it fills beside the live ones."""

    projection: Projection
    generation: int
    writing: Writing
    beside: Names
    progress: Progress

    def take(self, facts: Iterable[Fact], done: int) -> int:
        for page in _pages(facts):
            fold, done = _folded(self.projection, page, done)
            with self.writing() as connection:
                self._hold(connection)
                store(connection, fold, self.beside)
            self.progress(done)
        return done

    def switch(self, facts: Facts, done: int) -> int:
        with self.writing() as connection:
            self._hold(connection)
            fold, done = _folded(self.projection, facts(done, None), done)
            store(connection, fold, self.beside)
            for live, new in self.beside.items():
                live.drop(connection, checkfirst=True)
                connection.exec_driver_sql(f'ALTER TABLE "{new.name}" RENAME TO "{live.name}"')
            positions.switched(connection, self.projection, done)
        self.progress(done)
        return done

    def _hold(self, connection: Connection) -> None:
        held = positions.hold(connection, self.projection.name)
        if held is None or held[1] != self.generation:
            raise _Superseded


def create(projection: Projection, connection: Connection) -> None:
    """Create the tables of a projection that has never run, and enter it."""
    for table in _tables_beside(projection, 0, live=True).values():
        table.create(connection, checkfirst=True)
    positions.begin(connection, projection)


def _tables_beside(projection: Projection, generation: int, *, live: bool = False) -> Names:
    """Copies of the tables under names of a generation, which names their indexes too."""
    beside = {}
    for table in projection.tables:
        name = table.name if live else f"{table.name}__g{generation}"
        copy = table.to_metadata(MetaData(), name=name)
        for index in list(copy.indexes):
            copy.indexes.discard(index)
            columns = [copy.c[column.name] for column in index.columns]
            Index(f"{index.name}_g{generation}", *columns)
        beside[table] = copy
    return beside


def _folded(projection: Projection, facts: Iterable[Fact], done: int) -> tuple[Fold, int]:
    fold = Fold()
    for fact in facts:
        fold.take(projection, fact)
        done = fact.position
    return fold, done


def _pages(facts: Iterable[Fact]) -> Iterator[list[Fact]]:
    page: list[Fact] = []
    for fact in facts:
        page.append(fact)
        if len(page) == BATCH:
            yield page
            page = []
    if page:
        yield page
