"""Whether the live read models are what the log gives: every row is folded anew and compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import tzinfo
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, select

from eventlog.codec import Codec
from eventlog.reader import Reader
from projections import positions
from projections.effects import Projection
from replays.laws import Breach, breaches
from replays.tables.moment import Moment, Progress, facts_until
from replays.tables.scratch import scratch_of

MOST = 20
"""Differences of a table that are told one by one."""

Key = tuple[Any, ...]
Snapshot = Callable[[Sequence[str]], AbstractContextManager[Connection]]


class Difference(msgspec.Struct, frozen=True):
    """A row that is not what the log gives. ``position`` is the last event that made it."""

    position: int
    table: str
    key: str
    text: str


class Refolded(msgspec.Struct, frozen=True):
    """What a comparison found: tables and rows that were compared, differences, broken laws.

    ``behind`` are read models that have not heard of everything, with the events they lack.
    """

    tables: int
    rows: int
    differences: tuple[Difference, ...]
    breaches: tuple[Breach, ...]
    behind: dict[str, int]


def refold(
    reader: Reader,
    codec: Codec,
    snapshot: Snapshot,
    projections: Sequence[Projection],
    zone: tzinfo,
    progress: Progress = lambda _: None,
) -> Refolded:
    """Fold read models anew up to where the live ones are, compare every row, and ask the laws.

    ``snapshot`` opens the live database so that all reads of some tables see one moment; it is
    opened when nearly everything is folded. ``projections`` are all there are: laws span them.
    """
    named = [str(table.name) for one in projections for table in one.tables]
    with scratch_of(projections) as scratch:

        def fold(after: int, upto: int) -> int:
            moment = Moment(upto)
            facts = facts_until(reader, codec, moment, projections, zone, progress, after=after)
            scratch.fold(facts)
            return upto

        with snapshot([str(positions.projection_positions.name)]) as live:
            begin = positions.read(live)
        done = fold(0, min(begin[one.name][2] for one in projections))
        tables, rows, found, broken = 0, 0, list[Difference](), list[Breach]()
        with snapshot(named) as live:
            known = {one.name: positions.read(live)[one.name][2] for one in projections}
            for position in sorted({*known.values()}):
                done = fold(done, position)
                with scratch.reading() as folded:
                    broken += breaches(folded, position)
                    for table in _tables_at(position, known, projections):
                        tables += 1
                        rows += compare(table, live, folded, found)
    head = reader.head().position
    behind = {name: head - position for name, position in known.items() if position < head}
    found.sort(key=lambda one: one.position)
    return Refolded(tables, rows, tuple(found), tuple(broken), behind)


def _tables_at(
    position: int, known: dict[str, int], projections: Sequence[Projection]
) -> list[Table]:
    return [table for one in projections if known[one.name] == position for table in one.tables]


def compare(
    table: Table,
    live: Connection,
    folded: Connection,
    found: list[Difference],
    name: Table | None = None,
) -> int:
    """Add to ``found`` what differs between a live table and the same folded anew; count rows.

    ``name`` is what the second one is called there, if not the same.
    """
    keys = [column.name for column in table.primary_key]
    mine = {_key(row, keys): row for row in _rows(live, table)}
    count, before = len(mine), len(found)
    for row in _rows(folded, table if name is None else name):
        if len(found) - before >= MOST:
            return count
        key = _key(row, keys)
        said = mine.pop(key, None)
        if said is None:
            found.append(_difference(table, keys, row, "the row is missing"))
        elif said != row:
            found.append(_difference(table, keys, row, _told_apart(said, row)))
    left = list(mine.values())[: MOST - (len(found) - before)]
    found += [_difference(table, keys, row, "no event gives this row") for row in left]
    return count


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    for row in connection.execution_options(yield_per=1_000).execute(select(table)).mappings():
        yield dict(row)


def _key(row: dict[str, Any], keys: Sequence[str]) -> Key:
    return tuple(row[name] for name in keys)


def _difference(table: Table, keys: Sequence[str], row: dict[str, Any], text: str) -> Difference:
    key = ", ".join(f"{name}={row[name]}" for name in keys)
    return Difference(int(row["position"]), str(table.name), key, text)


def _told_apart(said: dict[str, Any], folded: dict[str, Any]) -> str:
    wrong = [name for name, value in folded.items() if said[name] != value]
    return "; ".join(f"{name} is {said[name]}, the log gives {folded[name]}" for name in wrong)
