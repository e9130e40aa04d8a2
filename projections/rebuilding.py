"""Rebuilding a projection beside the live tables, and switching in one transaction.

Readers see the old rows until the switch and the new ones after it, never a half.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager

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
    """Fold the whole log into new tables and put them in place; returns the position reached."""
    with writing() as connection:
        generation = _generation(connection, projection)
        beside = _tables_beside(projection, generation + 1)
        for table in beside.values():
            table.drop(connection, checkfirst=True)
            table.create(connection)
    done = 0
    while head() - done > NEAR:
        done = _take(projection, writing, beside, facts(done, head()), done, progress)
    with writing() as connection:
        positions.hold(connection, projection.name)
        fold, done = _folded(projection, facts(done, None), done)
        store(connection, fold, beside)
        for live, new in beside.items():
            live.drop(connection, checkfirst=True)
            connection.exec_driver_sql(f'ALTER TABLE "{new.name}" RENAME TO "{live.name}"')
        positions.switched(connection, projection, done)
    progress(done)
    return done


def create(projection: Projection, connection: Connection) -> None:
    """Create the tables of a projection that has never run, and enter it."""
    for table in _tables_beside(projection, 0, suffix="").values():
        table.create(connection, checkfirst=True)
    positions.begin(connection, projection)


def _generation(connection: Connection, projection: Projection) -> int:
    held = positions.hold(connection, projection.name)
    return held[1] if held else 0


def _tables_beside(projection: Projection, generation: int, suffix: str = "__next") -> Names:
    """Copies of the tables under other names; index names are unique to the generation."""
    beside = {}
    for table in projection.tables:
        copy = table.to_metadata(MetaData(), name=table.name + suffix)
        for index in list(copy.indexes):
            copy.indexes.discard(index)
            columns = [copy.c[column.name] for column in index.columns]
            Index(f"{index.name}_g{generation}", *columns)
        beside[table] = copy
    return beside


def _take(
    projection: Projection,
    writing: Writing,
    beside: Names,
    facts: Iterable[Fact],
    done: int,
    progress: Progress,
) -> int:
    for page in _pages(facts):
        fold, done = _folded(projection, page, done)
        with writing() as connection:
            store(connection, fold, beside)
        progress(done)
    return done


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
