"""Where exported rows come from: a table or view, now or at a moment, or the log."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from api.engine import Engine
from api.exports.rows import PAGE, Columns, ColumnTold, Values, rows_of
from api.filters import conditions, table_named
from eventlog.rows import EventRow
from projections import positions
from projections.effects import Projection
from replays.tables.moment import Moment


class Source(NamedTuple):
    """Rows to export: a name for the file, the position they are true for, columns and rows."""

    name: str
    position: int
    columns: Columns
    rows: Iterable[Values]


def of_table(
    engine: Engine,
    name: str,
    where: Sequence[str],
    moment: Moment | None,
    patience: float | None = 0,
) -> Source:
    """Rows of a table or view, now or at a moment.

    Raises NotFound, Misfit, and BeingFolded where a copy of the moment is not complete within
    ``patience`` seconds (None for as long as it takes).
    """
    projections, table = table_named(name)
    query = select(table).order_by(*table.primary_key)
    for one, value in conditions(table, where).items():
        query = query.where(table.c[one] == value)
    columns = [ColumnTold(one.name, one.type.python_type, str(one.comment)) for one in table.c]
    if moment is None:
        rows = _live(engine, projections, name, query)
        # The first thing that it gives is the position: it is that of the rows.
        return Source(name, next(rows), columns, rows)
    scratch = engine.scratches.of(projections, moment, patience)
    return Source(name, scratch.position, columns, rows_of(scratch.reading, query))


def _live(
    engine: Engine, projections: Sequence[Projection], name: str, query: Select[Any]
) -> Generator[Any]:
    with engine.database.snapshot([name]) as connection:
        known = positions.read(connection)
        yield min(known[one.name][2] for one in projections)
        yield from connection.execution_options(yield_per=PAGE).execute(query)


LOG_COLUMNS = (
    ColumnTold("position", int, "Place in the log."),
    ColumnTold("stream", str, "Stream."),
    ColumnTold("version", int, "Number within the stream."),
    ColumnTold("topic", str, "Kind of event."),
    ColumnTold("data", str, "The event, as JSON."),
    ColumnTold("recorded_at", str, "Record time, UTC."),
    ColumnTold("command_id", str, "Command that it is of."),
    ColumnTold("digest", str, "SHA-256 of the chain up to here."),
)


def of_log(engine: Engine, after: int, upto: int | None, topics: Sequence[str]) -> Source:
    """Events of the log between two positions."""
    head = engine.reader.head().position
    last = head if upto is None else min(upto, head)
    rows: Iterator[EventRow] = engine.reader.after(after, upto=last, topics=topics)
    return Source("events", last, LOG_COLUMNS, rows)
