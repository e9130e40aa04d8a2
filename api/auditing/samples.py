"""Samples of any table, which anybody can draw again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy import Table

from api.decoding import Misfit
from api.exports.sources import Source, of_table
from api.filters import Where, table_named
from api.keys import EngineOf, Reader
from api.moments import When
from api.reading import Answer
from api.scratches import BeingFolded, come_back
from domain.kernel.refusal import Refusal, ValidationFailed
from replays import sampling
from replays.sampling import Item

router = APIRouter(tags=["auditing"])

MOST = 10_000

Method = Literal["random", "stratified", "monetary"]


class SampleDrawn(Answer):
    """A sample, with everything that is needed to draw it again."""

    table: str
    method: Method
    seed: str
    size: int = Field(description="As it was asked for.")
    by: str | None
    amount: str | None
    population: int = Field(description="Rows that it was drawn from.")
    total: int | None = Field(description="Sum of the amounts, whatever their sign.")
    interval: int | None = Field(description="Distance between selected monetary units.")
    strata: dict[str, tuple[int, int]] = Field(description="Rows, and rows drawn, by stratum.")
    hits: list[int] = Field(description="Selected monetary units that each row holds.")
    items: list[dict[str, Any]]


class Plan:
    """How a sample is to be drawn."""

    def __init__(
        self,
        seed: Annotated[
            str, Query(min_length=1, max_length=200, description="Decides; note it down.")
        ],
        size: Annotated[int, Query(ge=1, le=MOST)] = 25,
        method: Method = "random",
        by: Annotated[str | None, Query(description="Column of the strata.")] = None,
        amount: Annotated[
            str | None, Query(description="Column of whole amounts, for monetary units.")
        ] = None,
    ) -> None:
        self.seed, self.size, self.method = seed, size, method
        self.by, self.amount = by, amount

    def checked(self, table: Table) -> None:
        """Check the plan against a table; raises Misfit."""
        whole = [one.name for one in table.columns if one.type.python_type is int]
        wrong: list[Refusal] = []
        wrong += self._needed("by", "stratified", list(table.columns.keys()))
        wrong += self._needed("amount", "monetary", whole)
        if wrong:
            raise Misfit(wrong)

    def _needed(self, field: str, method: Method, columns: list[str]) -> list[Refusal]:
        given = getattr(self, field)
        if self.method != method:
            reason = f"only for the method {method}"
            return [ValidationFailed(field=field, reason=reason)] if given else []
        if given in columns:
            return []
        return [ValidationFailed(field=field, reason=f"one of {', '.join(columns)}")]


@router.get(
    "/v1/samples/{table}",
    response_model=SampleDrawn,
    responses={202: {"description": "A copy of that moment is being folded; ask again."}},
)
def sample(
    engine: EngineOf,
    _: Reader,
    when: When,
    table: str,
    plan: Annotated[Plan, Depends()],
    where: Where = [],  # noqa: B006 - FastAPI copies defaults
) -> Any:
    """Draw a sample of a table's rows: random, stratified, or by monetary units.

    The seed decides, and the access log keeps it with the question. How items are ranked is told
    in the documentation, so that the sample can be drawn again by other means.
    """
    found = table_named(table)[1]
    plan.checked(found)
    try:
        source = of_table(engine, table, where, when.moment_if_given, engine.settings.wait_seconds)
    except BeingFolded as early:
        return JSONResponse(*come_back(early))
    draw = {"random": sampling.random, "stratified": sampling.stratified}
    drawn = draw.get(plan.method, sampling.monetary)(
        _items(source, found, plan), plan.size, plan.seed
    )
    lag = engine.reader.head().position - source.position
    about = {"position": source.position, "lag": lag, "table": table, "method": plan.method}
    asked = {"seed": plan.seed, "size": plan.size, "by": plan.by, "amount": plan.amount}
    told = {"population": drawn.population, "total": drawn.total, "interval": drawn.interval}
    names = [column.name for column in source.columns]
    rows = [dict(zip(names, item.row, strict=True)) for item in drawn.items]
    return about | asked | told | {"strata": drawn.strata, "hits": drawn.hits, "items": rows}


def _items(source: Source, table: Table, plan: Plan) -> Iterator[Item]:
    names = [column.name for column in source.columns]
    keys = [names.index(column.name) for column in table.primary_key]
    by = names.index(plan.by) if plan.by else None
    amount = names.index(plan.amount) if plan.amount else None
    for row in source.rows:
        key = "/".join(str(row[at]) for at in keys)
        stratum = "" if by is None else str(row[by])
        yield Item(key, row, stratum, 0 if amount is None else row[amount] or 0)
