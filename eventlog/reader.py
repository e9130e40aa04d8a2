"""Reading the log: by position, by stream, up to a version, a position or an instant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, or_, select, tuple_

from eventlog.database import Database
from eventlog.rows import Checkpoint, EventRow, Head, Link, Receipt, instant_text
from eventlog.schema import checkpoints, events, log_head, receipts

PAGE = 2_000
"""Rows fetched at a time: a reader of a long log holds one page in memory."""

SPAN = 50_000
"""Positions that are searched by one statement."""


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

    def naming(self, text: str, *, after: int = 0, upto: int | None = None) -> Iterator[EventRow]:
        """Yield events whose stream or data hold a text, in order, also within a longer one.

        No index helps: the database looks at every event between the bounds.
        """
        last = self.head().position if upto is None else upto
        written = msgspec.json.encode(text).decode()[1:-1]
        held = or_(
            events.c.stream.contains(text, autoescape=True),
            events.c.data.contains(written, autoescape=True),
        )
        for begin in range(after, last, SPAN):
            within = events.c.position.between(begin + 1, min(begin + SPAN, last))
            query = select(events).where(within, held).order_by(events.c.position)
            yield from self._rows(query)

    def beginning(self, texts: Sequence[str], *, upto: int) -> Iterator[EventRow]:
        """Yield events of all streams whose names begin with one of some texts, in order."""
        # LIKE would take capital letters for small ones on one of the databases.
        named = or_(*(func.substr(events.c.stream, 1, len(one)) == one for one in texts))
        for begin in range(0, upto, SPAN):
            within = events.c.position.between(begin + 1, min(begin + SPAN, upto))
            yield from self._rows(select(events).where(within, named).order_by(events.c.position))

    def digests(self, after: int = 0, upto: int | None = None) -> Iterator[Link]:
        """Yield positions with their digests, in order, without reading what the events say."""
        columns = (events.c.position, events.c.digest)
        while True:
            query = select(*columns).where(events.c.position > after)
            if upto is not None:
                query = query.where(events.c.position <= upto)
            query = query.order_by(events.c.position).limit(PAGE)
            with self._database.reading() as connection:
                cursor: Any = connection.execute(query).cursor
                links = list(map(Link._make, cursor.fetchall()))
            yield from links
            if len(links) < PAGE:
                return
            after = links[-1].position

    def checkpoints(self) -> list[Checkpoint]:
        """All signed checkpoints, in order of position."""
        query = select(checkpoints).order_by(checkpoints.c.position)
        with self._database.reading() as connection:
            return [Checkpoint(*row) for row in connection.execute(query)]

    def command(self, command_id: str) -> list[EventRow]:
        """Events that one command appended, in order, as its receipt tells where they are."""
        receipt = self.receipt(command_id)
        if receipt is None or not receipt.last_position:
            return []
        return list(self.after(receipt.first_position - 1, upto=receipt.last_position))

    def versions(self, upto: int) -> dict[str, int]:
        """Last version of every stream, up to a position."""
        query = select(events.c.stream, func.max(events.c.version)).group_by(events.c.stream)
        with self._database.reading() as connection:
            found = connection.execute(query.where(events.c.position <= upto))
            return {stream: version for stream, version in found}  # noqa: C416 - rows, not pairs

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

    def receipts(self, since: str = "", until: str | None = None) -> Iterator[Receipt]:
        """Yield receipts of a span of record times, both ends included, by principal and key.

        The bounds are texts as ``instant_text`` writes them.
        """
        key = (receipts.c.principal, receipts.c.key)
        span = [receipts.c.recorded_at >= since]
        if until is not None:
            span.append(receipts.c.recorded_at <= until)
        last: tuple[Any, Any] = ("", "")
        while True:
            query = select(receipts).where(*span, tuple_(*key) > tuple_(*last))
            with self._database.reading() as connection:
                found = connection.execute(query.order_by(*key).limit(PAGE))
                page = [Receipt(*row) for row in found]
            yield from page
            if len(page) < PAGE:
                return
            last = (page[-1].principal, page[-1].key)

    def refusals(
        self,
        limit: int = 100,
        *,
        codes: Sequence[str] = (),
        actor: str | None = None,
        before: datetime | None = None,
    ) -> list[Receipt]:
        """Return the latest commands that were refused, newest first, for any of some codes."""
        query = select(receipts).where(receipts.c.status == "refused")
        if codes:
            held = [f'"code":{msgspec.json.encode(one).decode()}' for one in codes]
            query = query.where(
                or_(*(receipts.c.body.contains(one, autoescape=True) for one in held))
            )
        if actor is not None:
            query = query.where(receipts.c.actor == actor)
        if before is not None:
            query = query.where(receipts.c.recorded_at < instant_text(before))
        query = query.order_by(receipts.c.recorded_at.desc(), receipts.c.command_id).limit(limit)
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
