"""Reading the projections: pages of rows, with the position they are true for."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field, create_model
from sqlalchemy import Column, ColumnElement, Connection, Select, Table, select, tuple_

from api.decoding import LARGEST
from api.engine import Engine
from api.instants import checked_if_given
from api.keys import Asker, EngineOf
from api.problems import Problem
from api.scope import Own, bound_to, own_rows, told, unscoped
from domain.kernel.refusal import NotFound

PAGE_LIMIT = 500

Position = Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]

Source = Callable[[], AbstractContextManager[Connection]]
"""Opens a connection to where tables are."""

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


def model_of(struct: type[msgspec.Struct], **more: Any) -> type[BaseModel]:
    """Model of a value that is kept as a struct, with the same fields, and further ones."""
    hints = get_type_hints(struct)
    fields: dict[str, Any] = {
        one.name: (_model_type(hints[one.name]), ... if one.required else None)
        for one in msgspec.structs.fields(struct)
    }
    return create_model(struct.__name__, __base__=Told, __doc__=struct.__doc__, **fields | more)


def _model_type(hint: Any) -> Any:
    """Type of a field in a model: nested structs become models, tuples lists."""
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return model_of(hint)
    if get_origin(hint) is tuple:
        return list[_model_type(get_args(hint)[0])]  # type: ignore[misc]
    if get_origin(hint) is UnionType:
        return hint
    return hint | None if hint is Decimal else hint


class Reading:
    """One reader's request: waits for a position if asked to, then reads pages or single rows.

    A reader that is bound to a dealer begins with ``page``, ``one`` or ``of_dealer``, which leave
    it what is its own. Before that, everything else raises ForbiddenRole; after it, the rows that
    hang on what was found may be read, and the log.
    """

    def __init__(
        self,
        engine: EngineOf,
        actor: Asker,
        min_position: Annotated[
            int,
            Query(
                ge=0, le=LARGEST, description="Wait until the projections have this log position."
            ),
        ] = 0,
        limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT, description="Rows a page.")] = 100,
        cursor: Annotated[str | None, Query(description="Where the page begins.")] = None,
    ) -> None:
        self._engine = engine
        self.actor = actor
        self.scope = bound_to(actor)  # the dealer that the reader is bound to, if it is
        self._narrowed = self.scope is None
        self.limit = limit
        self._after = _decode(cursor) if cursor else None
        if min_position and not engine.runner.wait(min_position, engine.settings.wait_seconds):
            title = "The projections have not reached this position yet."
            raise Problem(503, "PROJECTION_BEHIND", title, headers={"Retry-After": "1"})

    @property
    def engine(self) -> Engine:
        """The whole log, for what is read from it. Raises ForbiddenRole."""
        self._check()
        return self._engine

    def page(
        self,
        table: Table,
        filters: Mapping[str, Any],
        own: Own | None = None,
        source: Source | None = None,
    ) -> dict[str, Any]:
        """Rows of a table in the order of its key, where columns equal the given values.

        A bound reader gets those whose ``dealer`` is its own, or that ``own`` tells to be. Raises
        ForbiddenRole where neither says which. ``source`` is where the table is, if not in the
        live database.
        """
        keys = list(table.primary_key)
        query = select(table).where(*self._narrow(table, own)).order_by(*keys)
        query = query.limit(self.limit + 1)
        for name, value in filters.items():
            if value is not None:
                query = query.where(table.c[name] == value)
        if self._after is not None:
            query = query.where(tuple_(*keys) > tuple_(*_of_key(self._after, keys)))
        rows = self.rows(query, source)
        more = len(rows) > self.limit
        rows = rows[: self.limit]
        last = [rows[-1][column.name] for column in keys] if more else None
        return {**self.state(), "items": rows, "next": _encode(last) if last else None}

    def one(self, table: Table, key: Mapping[str, Any]) -> dict[str, Any]:
        """Return the row of a key.

        Raises NotFound, which does not tell another dealer's row from none, and ForbiddenRole for
        a bound reader of a table without dealers.
        """
        query = select(table).where(*self._narrow(table))
        rows = self.rows(query.where(*(table.c[name] == value for name, value in key.items())))
        if not rows:
            raise NotFound(kind=str(table.name), id="/".join(map(str, key.values())))
        return {**self.state(), "item": rows[0]}

    def of_dealer(self, dealer: str) -> None:
        """Let whoever may see a dealer's go on; raises NotFound for all others.

        A bound reader gets the same for a dealer that does not exist.
        """
        if self.scope not in (None, dealer):
            raise NotFound(kind="dealers", id=dealer)
        self._narrowed = True

    def rows(self, query: Select[Any], source: Source | None = None) -> list[dict[str, Any]]:
        """Rows of a query, by column. Raises ForbiddenRole."""
        self._check()
        with (source or self._engine.database.reading)() as connection:
            found = [dict(row) for row in connection.execute(query).mappings()]
        return told(self.actor, query, found)

    def _narrow(self, table: Table, own: Own | None = None) -> list[ColumnElement[bool]]:
        conditions = own_rows(self.actor, table, own)
        self._narrowed = True
        return conditions

    def _check(self) -> None:
        if not self._narrowed:
            raise unscoped(self.actor)

    @property
    def today(self) -> date:
        """Today in the company's zone."""
        return self._engine.clock().astimezone(self._engine.zone).date()

    def moment(self, given: datetime | None, field: str = "known_at") -> datetime | None:
        """Return an instant that was given, if one was; raises Misfit."""
        return checked_if_given(given, field)

    def state(self) -> dict[str, int]:
        """Position of the projections, and their lag."""
        return projection_state(self._engine)


def projection_state(engine: Engine) -> dict[str, int]:
    """Position that all projections have reached, and how far the log is ahead of it."""
    position = min(engine.runner.positions().values(), default=0)
    return {"position": position, "lag": max(0, engine.reader.head().position - position)}


Reads = Annotated[Reading, Depends()]


def _encode(key: list[Any]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def _of_key(parts: list[Any], keys: list[Column[Any]]) -> list[Any]:
    """Parts of a cursor as values of a key's columns; raises a 400 problem for another list's."""
    try:
        kinds = [column.type.python_type for column in keys]
        return [msgspec.convert(part, kind) for part, kind in zip(parts, kinds, strict=True)]
    except ValueError as error:
        title = "This cursor belongs to another list."
        raise Problem(400, "CURSOR_INVALID", title) from error


def _decode(cursor: str) -> list[Any]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        key = msgspec.json.decode(text, type=list[str | Position])
    except ValueError:
        key = []
    if not key or any("\x00" in str(part) for part in key):
        raise Problem(400, "CURSOR_INVALID", "This is no cursor.")
    return key
