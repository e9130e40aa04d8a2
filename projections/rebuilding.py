"""Rebuilding a projection beside the live tables, and switching in one transaction.

Readers see the old rows until the switch and the new ones after it, never a half. Commands and
the runner go on meanwhile; only the switch holds the projection, for the last few events.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, Index, MetaData
from sqlalchemy.exc import OperationalError

from projections import grants, positions, views
from projections.comparing import differing, rows_of
from projections.effects import Fact, Projection
from projections.folding import Fold
from projections.storing import Names, store

BATCH = 2_000
NEAR = 500
"""Events left when the switch begins: they are folded while the projection is held."""

LOCK_MILLISECONDS = 500
PAUSE_SECONDS = 0.5
BUSY = ("55P03", "40P01")
"""How long a switch waits for readers of the old tables (PostgreSQL) before it lets the others go
on, how long it then leaves them alone, and what the database says of it: lock_not_available,
deadlock_detected.
"""

Writing = Callable[[], AbstractContextManager[Connection]]
Facts = Callable[[int, int], Iterable[Fact]]
"""Facts that the projection reads after a position, up to another."""
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild came to. ``differences`` are rows of each table that were not alike.

    A ``superseded`` one left the work to another one, which began later.
    """

    position: int
    rows: int = 0
    compared_at: int | None = None
    differences: dict[str, list[str]] = field(default_factory=dict)
    superseded: bool = False


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
    build = _Build(projection, generation, writing, facts, beside, progress)
    try:
        # What is compared with the live tables must not overtake them before it was.
        done = build.near(0, lambda: min(head(), build.live())) if wish.compare else 0
        compared = build.compare(done) if wish.compare else None
        done = compared.position if compared else 0
        if wish.switch:
            done = build.near(done, head)
            return build.switch(done, head, compared)
        return build.discard(compared)
    except _Superseded:
        return Rebuilt(0, superseded=True)


class _Superseded(Exception):  # noqa: N818 - not an error: somebody else does the work
    pass


class _Compared(NamedTuple):
    position: int
    differences: dict[str, list[str]]


@dataclass(frozen=True)
class _Build:
    """One rebuild: the tables it fills beside the live ones."""

    projection: Projection
    generation: int
    writing: Writing
    facts: Facts
    beside: Names
    progress: Progress

    def live(self) -> int:
        """Position of the live tables."""
        with self.writing() as connection:
            return self._hold(connection)

    def near(self, done: int, goal: Callable[[], int]) -> int:
        """Take facts in, a page a transaction, until few are missing; returns the position."""
        while (target := goal()) - done > NEAR:
            for page in _pages(self.facts(done, target)):
                with self.writing() as connection:
                    self._hold(connection)
                    self._store(connection, page)
                self.progress(page[-1].position)
            done = target
        return done

    def compare(self, done: int) -> _Compared:
        """Compare with the live tables at their position, while the projection is held."""
        with self.writing() as connection:
            live = self._hold(connection)
            self._catch_up(connection, done, live)
            pairs = self.beside.items()
            found = {str(one.name): differing(connection, one, new) for one, new in pairs}
        return _Compared(live, {name: keys for name, keys in found.items() if keys})

    def switch(self, done: int, head: Callable[[], int], compared: _Compared | None) -> Rebuilt:
        """Put the new tables in place. Where somebody reads the old ones, wait without a lock."""
        while True:
            try:
                with self.writing() as connection:
                    return self._switched(connection, done, head(), compared)
            except OperationalError as error:
                if getattr(error.orig, "pgcode", None) not in BUSY:
                    raise
                self._still_there()

    def discard(self, compared: _Compared | None) -> Rebuilt:
        """Throw the new tables away."""
        with self.writing() as connection:
            self._hold(connection)
            rows = self._rows(connection)
            for new in self.beside.values():
                new.drop(connection)
        return _rebuilt(compared.position if compared else 0, rows, compared)

    def _switched(
        self, connection: Connection, done: int, head: int, compared: _Compared | None
    ) -> Rebuilt:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_MILLISECONDS}ms'")
        self._hold(connection)
        self._catch_up(connection, done, head)
        rows = self._rows(connection)
        named = [str(table.name) for table in self.beside]
        over = views.over(self.beside) if views.present(connection) else []
        named += [view.name for view in over]
        roles = {name: grants.readers(connection, name) for name in named}
        views.drop(connection, over)
        for live, new in self.beside.items():
            live.drop(connection, checkfirst=True)
            connection.exec_driver_sql(f'ALTER TABLE "{new.name}" RENAME TO "{live.name}"')
        views.create(connection, over)
        for name, may_read in roles.items():
            grants.grant(connection, [name], may_read)
        positions.switched(connection, self.projection, head)
        self.progress(head)
        return _rebuilt(head, rows, compared)

    def _still_there(self) -> None:
        """Wait for whoever reads; raises _Superseded if the work is somebody else's by now."""
        time.sleep(PAUSE_SECONDS)
        self.live()

    def _catch_up(self, connection: Connection, done: int, target: int) -> None:
        for page in _pages(self.facts(done, target)):
            self._store(connection, page)

    def _store(self, connection: Connection, page: list[Fact]) -> None:
        fold = Fold()
        for fact in page:
            fold.take(self.projection, fact)
        store(connection, fold, self.beside)

    def _rows(self, connection: Connection) -> int:
        return sum(rows_of(connection, table) for table in self.beside.values())

    def _hold(self, connection: Connection) -> int:
        """Hold the projection, and return how far the live tables are."""
        held = positions.hold(connection, self.projection.name)
        if held is None or held[1] != self.generation:
            raise _Superseded
        return held[2]


def _rebuilt(position: int, rows: int, compared: _Compared | None) -> Rebuilt:
    if compared is None:
        return Rebuilt(position, rows)
    return Rebuilt(position, rows, compared.position, compared.differences)


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
