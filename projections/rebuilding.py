"""Rebuilding a projection beside the live tables, and switching in one transaction.

Readers see the old rows until the switch and the new ones after it, never a half. Commands and
the runner go on meanwhile; only the switch holds the projection, for the last few events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from sqlalchemy import Connection, Index, MetaData

from projections import grants, positions, views
from projections.comparing import differing, rows_of
from projections.effects import Fact, Projection
from projections.folding import Fold
from projections.storing import Names, store

BATCH = 2_000
NEAR = 500
"""Events left when the switch begins: they are folded while the projection is held."""

Writing = Callable[[], AbstractContextManager[Connection]]
Facts = Callable[[int, int], Iterable[Fact]]
"""Facts that the projection reads after a position, up to another."""
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild came to. ``differences`` are rows of each table that were not alike."""

    position: int
    rows: int = 0
    compared_at: int | None = None
    differences: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Wish:
    """What is to be done with the new tables: compared with the live ones, and switched to."""

    compare: bool = False
    switch: bool = True


SWITCH = Wish()


def rebuild(
    projection: Projection,
    writing: Writing,
    facts: Facts,
    head: Callable[[], int],
    progress: Progress = lambda _: None,
    wish: Wish = SWITCH,
) -> Rebuilt:
    """Fold the whole log into new tables, and put them in place as is wished.

    A rebuild that another one supersedes stops where it is: the other one's tables are as new.
    """
    with writing() as connection:
        generation = positions.claim(connection, projection.name)
        for left_over in _tables_beside(projection, generation - 1).values():
            left_over.drop(connection, checkfirst=True)
        beside = _tables_beside(projection, generation)
        for table in beside.values():
            table.create(connection)
    build = _Build(projection, generation, writing, facts, beside, progress, wish)
    done = 0
    try:
        # What is compared with the live tables must not overtake them before it was.
        while (target := min(head(), build.live() if wish.compare else head())) - done > NEAR:
            done = build.take(done, target)
        return build.end(done, head)
    except _Superseded:
        return Rebuilt(done)


class _Superseded(Exception):  # noqa: N818 - not an error: somebody else does the work
    pass


@dataclass(frozen=True)
class _Build:
    """One rebuild: the tables it fills beside the live ones."""

    projection: Projection
    generation: int
    writing: Writing
    facts: Facts
    beside: Names
    progress: Progress
    wish: Wish

    def live(self) -> int:
        """Position of the live tables."""
        with self.writing() as connection:
            return self._hold(connection)

    def take(self, done: int, target: int) -> int:
        """Take facts in, in transactions of a page each; returns the position reached."""
        for page in _pages(self.facts(done, target)):
            with self.writing() as connection:
                self._hold(connection)
                done = self._store(connection, page)
            self.progress(done)
        return target

    def end(self, done: int, head: Callable[[], int]) -> Rebuilt:
        """Take in what is left, compare and switch while the projection is held."""
        differences: dict[str, list[str]] = {}
        compared_at = None
        with self.writing() as connection:
            live = self._hold(connection)
            if self.wish.compare:
                self._catch_up(connection, done, live)
                done = compared_at = live
                differences = self._compared(connection)
            last = head()
            if self.wish.switch:
                self._catch_up(connection, done, last)
                done = last
            rows = sum(rows_of(connection, table) for table in self.beside.values())
            self._switch(connection, done)
        self.progress(done)
        return Rebuilt(done, rows, compared_at, differences)

    def _catch_up(self, connection: Connection, done: int, target: int) -> None:
        for page in _pages(self.facts(done, target)):
            self._store(connection, page)

    def _store(self, connection: Connection, page: list[Fact]) -> int:
        fold = Fold()
        for fact in page:
            fold.take(self.projection, fact)
        store(connection, fold, self.beside)
        return page[-1].position

    def _compared(self, connection: Connection) -> dict[str, list[str]]:
        pairs = self.beside.items()
        found = {str(live.name): differing(connection, live, new) for live, new in pairs}
        return {name: keys for name, keys in found.items() if keys}

    def _switch(self, connection: Connection, done: int) -> None:
        """Put the new tables in place, or throw them away; views stand on the tables by name."""
        if not self.wish.switch:
            for new in self.beside.values():
                new.drop(connection)
            return
        named = [str(table.name) for table in self.beside] + [one.name for one in views.VIEWS]
        roles = {name: grants.readers(connection, name) for name in named}
        seen = views.present(connection)
        views.drop(connection)
        for live, new in self.beside.items():
            live.drop(connection, checkfirst=True)
            connection.exec_driver_sql(f'ALTER TABLE "{new.name}" RENAME TO "{live.name}"')
        if seen:
            views.create(connection)
        for name, may_read in roles.items():
            grants.grant(connection, [name], may_read)
        positions.switched(connection, self.projection, done)

    def _hold(self, connection: Connection) -> int:
        """Hold the projection, and return how far the live tables are."""
        held = positions.hold(connection, self.projection.name)
        if held is None or held[1] != self.generation:
            raise _Superseded
        return held[2]


def create(projection: Projection, connection: Connection) -> None:
    """Create the tables of a projection that has never run, and enter it."""
    for table in _tables_beside(projection, 0, live=True).values():
        table.create(connection, checkfirst=True)
        grants.open_to_readers(connection, [table.name])
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


def _pages(facts: Iterable[Fact]) -> Iterator[list[Fact]]:
    page: list[Fact] = []
    for fact in facts:
        page.append(fact)
        if len(page) == BATCH:
            yield page
            page = []
    if page:
        yield page
