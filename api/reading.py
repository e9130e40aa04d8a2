"""Reading the projections: pages of rows, with the position they are true for."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field, create_model
from sqlalchemy import Select, Table, select, tuple_

from api.decoding import LARGEST
from api.engine import Engine
from api.instants import checked_if_given
from api.keys import EngineOf, Reader
from api.problems import Problem
from domain.kernel.refusal import NotFound

PAGE_LIMIT = 500

Position = Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]

RowT = TypeVar("RowT")


class Answer(BaseModel):
    """What every answer says of itself: the position it is true for, and the lag behind the log."""

    position: int = Field(description="Log position that the projections had reached.")
    lag: int = Field(description="Events in the log after that position.")


class Page(Answer, Generic[RowT]):
    """Some rows, and the cursor of the next page (none after the last)."""

    items: list[RowT]
    next: str | None = Field(default=None, description="Cursor of the next page.")


class One(Answer, Generic[RowT]):
    """One row."""

    item: RowT


class Told(BaseModel):
    """Part of an answer that is made from a value with the same fields."""

    model_config = ConfigDict(from_attributes=True)


def row_model(table: Table) -> type[BaseModel]:
    """Model of a row, with the columns' comments as descriptions."""
    fields: dict[str, Any] = {}
    for column in table.columns:
        kind: Any = column.type.python_type
        if column.nullable and not column.primary_key:
            kind = kind | None
        fields[column.name] = (kind, Field(description=column.comment))
    name = "".join(part.capitalize() for part in table.name.split("_")) + "Row"
    config = ConfigDict(title=name)
    return create_model(name, __config__=config, __doc__=table.comment, **fields)


class Reading:
    """One reader's request: waits for a position if asked to, then reads pages or single rows."""

    def __init__(
        self,
        engine: EngineOf,
        actor: Reader,
        min_position: Annotated[
            int,
            Query(
                ge=0, le=LARGEST, description="Wait until the projections have this log position."
            ),
        ] = 0,
        limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT, description="Rows a page.")] = 100,
        cursor: Annotated[str | None, Query(description="Where the page begins.")] = None,
    ) -> None:
        self.engine = engine
        self.actor = actor
        self.limit = limit
        self._after = _decode(cursor) if cursor else None
        if min_position and not engine.runner.wait(min_position, engine.settings.wait_seconds):
            title = "The projections have not reached this position yet."
            raise Problem(503, "PROJECTION_BEHIND", title, headers={"Retry-After": "1"})

    def page(self, table: Table, filters: Mapping[str, Any]) -> dict[str, Any]:
        """Rows of a table in the order of its key, where columns equal the given values."""
        keys = list(table.primary_key)
        query = select(table).order_by(*keys).limit(self.limit + 1)
        for name, value in filters.items():
            if value is not None:
                query = query.where(table.c[name] == value)
        if self._after is not None:
            if len(self._after) != len(keys):
                raise Problem(400, "CURSOR_INVALID", "This cursor belongs to another list.")
            query = query.where(tuple_(*keys) > tuple_(*self._after))
        rows = self.rows(query)
        more = len(rows) > self.limit
        rows = rows[: self.limit]
        last = [rows[-1][column.name] for column in keys] if more else None
        return {**self.state(), "items": rows, "next": _encode(last) if last else None}

    def one(self, table: Table, key: Mapping[str, Any]) -> dict[str, Any]:
        """Return the row of a key. Raises NotFound."""
        query = select(table).where(*(table.c[name] == value for name, value in key.items()))
        rows = self.rows(query)
        if not rows:
            raise NotFound(kind=str(table.name), id="/".join(map(str, key.values())))
        return {**self.state(), "item": rows[0]}

    def rows(self, query: Select[Any]) -> list[dict[str, Any]]:
        """Rows of a query, by column."""
        with self.engine.database.reading() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    @property
    def today(self) -> date:
        """Today in the company's zone."""
        return self.engine.clock().astimezone(self.engine.zone).date()

    def moment(self, given: datetime | None) -> datetime | None:
        """Return an instant that was given, if one was; raises Misfit."""
        return checked_if_given(given)

    def state(self) -> dict[str, int]:
        """Position of the projections, and their lag."""
        return projection_state(self.engine)


def projection_state(engine: Engine) -> dict[str, int]:
    """Position that all projections have reached, and how far the log is ahead of it."""
    position = min(engine.runner.positions().values(), default=0)
    return {"position": position, "lag": max(0, engine.reader.head().position - position)}


Reads = Annotated[Reading, Depends()]


def _encode(key: list[Any]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def _decode(cursor: str) -> list[Any]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        key = msgspec.json.decode(text, type=list[str | Position])
    except ValueError:
        key = []
    if not key or any("\x00" in str(part) for part in key):
        raise Problem(400, "CURSOR_INVALID", "This is no cursor.")
    return key
