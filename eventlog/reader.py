"""Reading the log: by position, by stream, up to a version, a position or an instant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from eventlog.database import Database
from eventlog.rows import EventRow, Head, Receipt, instant_text
from eventlog.schema import events, log_head, receipts

PAGE = 2_000
"""Rows fetched at a time: a reader of a long log holds one page in memory."""


class Reader:
    """Reads what is written. Every method opens its own short transactions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def head(self) -> Head:
        """Last position of the log with its digest and record time."""
        with self._database.reading() as connection:
            return read_head(connection)

    def after(
        self,
        position: int = 0,
        *,
        upto: int | None = None,
        topics: Sequence[str] = (),
        limit: int | None = None,
    ) -> Iterator[EventRow]:
        """Yield events after ``position`` (and at most up to ``upto``), in order."""
        left = limit
        while left is None or left > 0:
            page = PAGE if left is None else min(PAGE, left)
            with self._database.reading() as connection:
                rows = read_after(connection, position, page, upto, topics)
            yield from rows
            if len(rows) < page:
                return
            position = rows[-1].position
            left = None if left is None else left - len(rows)

    def stream(
        self,
        stream: str,
        *,
        after_version: int = 0,
        upto_version: int | None = None,
        upto_position: int | None = None,
        known_at: datetime | None = None,
    ) -> list[EventRow]:
        """Events of one stream in order of version, as far as the given bounds."""
        query = select(events).where(events.c.stream == stream, events.c.version > after_version)
        if upto_version is not None:
            query = query.where(events.c.version <= upto_version)
        if upto_position is not None:
            query = query.where(events.c.position <= upto_position)
        if known_at is not None:
            query = query.where(events.c.recorded_at <= instant_text(known_at))
        return self._rows(query.order_by(events.c.version))

    def command(self, command_id: str) -> list[EventRow]:
        """Events that one command appended, in order, as its receipt tells where they are."""
        receipt = self.receipt(command_id)
        if receipt is None or not receipt.last_position:
            return []
        return list(self.after(receipt.first_position - 1, upto=receipt.last_position))

    def position_at(self, known_at: datetime) -> int:
        """Last position that was recorded at or before an instant; 0 before the first."""
        text = instant_text(known_at)
        with self._database.reading() as connection:
            # Positions are dense and record times never fall, so the place can be bisected.
            low, high = 0, read_head(connection).position
            while low < high:
                middle = (low + high + 1) // 2
                query = select(events.c.recorded_at).where(events.c.position == middle)
                if connection.execute(query).scalar_one() <= text:
                    low = middle
                else:
                    high = middle - 1
        return low

    def receipt(self, command_id: str) -> Receipt | None:
        """Outcome of a command, or None where it has left none."""
        query = select(receipts).where(receipts.c.command_id == command_id)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return Receipt(*row) if row else None

    def refusals(self, limit: int = 100) -> list[Receipt]:
        """Return the latest commands that were refused, newest first."""
        query = (
            select(receipts)
            .where(receipts.c.status == "refused")
            .order_by(receipts.c.recorded_at.desc(), receipts.c.command_id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [Receipt(*row) for row in connection.execute(query)]

    def _rows(self, query: Select[tuple[object, ...]]) -> list[EventRow]:
        with self._database.reading() as connection:
            return event_rows(connection, query)


def event_rows(connection: Connection, query: Select[Any]) -> list[EventRow]:
    """Rows of events as the driver gives them: they are texts and whole numbers already."""
    cursor: Any = connection.execute(query).cursor
    return list(map(EventRow._make, cursor.fetchall()))


def read_head(connection: Connection) -> Head:
    """Read the head without taking it."""
    columns = (log_head.c.position, log_head.c.digest, log_head.c.recorded_at)
    return Head(*connection.execute(select(*columns)).one())


def read_after(
    connection: Connection,
    position: int,
    limit: int,
    upto: int | None = None,
    topics: Sequence[str] = (),
) -> list[EventRow]:
    """One page of events after a position, in order."""
    query = select(events).where(events.c.position > position)
    if upto is not None:
        query = query.where(events.c.position <= upto)
    if topics:
        query = query.where(events.c.topic.in_(topics))
    return event_rows(connection, query.order_by(events.c.position).limit(limit))
