"""Tables: every read model as it is, as it was, and why each figure is what it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy import Column, Table

from api.decoding import Misfit
from api.filters import KINDS, Where, conditions, stored_table, table_named
from api.keys import EngineOf, Reader
from api.moments import When
from api.reading import Answer, Page, Reads, Told
from api.scratches import BeingFolded, come_back
from domain.kernel.refusal import NotFound, ValidationFailed
from projections.catalogue import TABLES
from projections.views import VIEWS
from replays.tables.explaining import Explainer
from replays.tables.moment import facts_until

router = APIRouter(tags=["tables"])


class ColumnTold(BaseModel):
    """A column of a table."""

    name: str
    kind: str = Field(description="text, integer, decimal, date, instant or truth.")
    key: bool = Field(description="Whether it is part of the key.")
    nullable: bool
    meaning: str


class TableTold(BaseModel):
    """A table, with the position up to which it has taken the log in."""

    table: str
    view: bool = Field(description="Whether it is a view over other tables.")
    projections: list[str] = Field(description="Read models that keep it.")
    meaning: str
    position: int
    columns: list[ColumnTold]


class Then(Page[dict[str, Any]]):
    """Rows of a table as of a moment."""

    table: str
    as_of: date | None
    known_at: datetime | None


class Contributed(Told):
    """What one event did to a figure."""

    position: int
    occurred_at: datetime
    recorded_at: datetime
    stream: str
    topic: str
    command_id: str
    actor: str
    did: str = Field(description="ADDED, SET or REMOVED.")
    value: Any = Field(description="What was added or set.")
    after: Any = Field(description="The figure once this event was folded.")


class Explained(Told):
    """A figure, and the events that make it up; what they added comes to it exactly."""

    table: str
    key: dict[str, Any]
    column: str
    value: Any
    formula: str | None = Field(description="Of a computed column, over its parts.")
    contributions: list[Contributed]
    parts: list[Explained]


class Explanation(Answer):
    """Why a figure is what it is."""

    as_of: date | None
    known_at: datetime | None
    explained: Explained


@router.get("/v1/tables", response_model=list[TableTold])
def tables(engine: EngineOf, _: Reader) -> Any:
    """Every table and view that can be asked, with its columns: the data dictionary."""
    reached = engine.runner.positions()
    views = {view.name for view in VIEWS}
    return [
        {
            "table": name,
            "view": name in views,
            "projections": [one.name for one in projections],
            "meaning": table.comment,
            "position": min(reached.get(one.name, 0) for one in projections),
            "columns": [_described(column) for column in table.columns],
        }
        for name, (projections, table) in TABLES.items()
    ]


@router.get(
    "/v1/tables/{table}",
    response_model=Then,
    responses={202: {"description": "A copy of that moment is being folded; ask again."}},
)
def rows(
    reads: Reads,
    engine: EngineOf,
    _: Reader,
    when: When,
    table: str,
    where: Where = [],  # noqa: B006 - FastAPI copies defaults
) -> Any:
    """Rows of a table: as they are, or as of a business date, as known at a record time.

    What is not now is folded from the log into a copy of its own. That of a long log takes a
    while: the answer is then 202 with how far it has come, and the next request finds it.
    """
    projections, found = table_named(table)
    filters = conditions(found, where)
    if not when.given:
        return {**reads.page(found, filters), "table": table, "as_of": None, "known_at": None}
    try:
        scratch = engine.scratches.of(projections, when.moment, engine.settings.wait_seconds)
    except BeingFolded as early:
        return JSONResponse(*come_back(early))
    page = reads.page(found, filters, source=scratch.reading)
    return page | when.told(engine, scratch.position) | {"table": table}


@router.get("/v1/tables/{table}/explanation", response_model=Explanation)
def explanation(
    engine: EngineOf,
    _: Reader,
    when: When,
    table: str,
    column: Annotated[str, Query(description="The figure: a column of the table.")],
    where: Where = [],  # noqa: B006 - FastAPI copies defaults
) -> Any:
    """Why a figure is what it is: the events that make it up, and what each of them did.

    ``where`` names the row: a value for each column of the table's key.
    """
    projection, found = stored_table(table)
    key = _key_of(found, conditions(found, where), column)
    explainer = Explainer(projection, found, key)
    facts = facts_until(engine.reader, engine.codec, when.moment, [projection], engine.zone)
    explainer.watch(facts)
    if not explainer.exists:
        raise NotFound(kind=table, id="/".join(map(str, key.values())))
    return when.told(engine) | {"explained": explainer.explain(column)}


def _described(column: Column[Any]) -> dict[str, Any]:
    return {
        "name": column.name,
        "kind": KINDS[column.type.python_type],
        "key": column.primary_key,
        "nullable": bool(column.nullable) and not column.primary_key,
        "meaning": column.comment,
    }


def _key_of(table: Table, given: dict[str, Any], column: str) -> dict[str, Any]:
    keys = [one.name for one in table.primary_key]
    wrong = []
    if column not in table.columns:
        reason = f"one of {', '.join(table.columns.keys())}"
        wrong.append(ValidationFailed(field="column", reason=reason))
    if sorted(given) != sorted(keys):
        reason = f"the key of a row, each once: {', '.join(keys)}"
        wrong.append(ValidationFailed(field="where", reason=reason))
    if wrong:
        raise Misfit([*wrong])
    return {name: given[name] for name in keys}
