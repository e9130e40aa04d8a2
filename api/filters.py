"""Conditions on the columns of any table, as callers write them: ``column:value``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from fastapi import Query
from sqlalchemy import Table

from api.decoding import LARGEST, Misfit
from api.instants import checked
from domain.kernel.refusal import NotFound, Refusal, ValidationFailed
from projections.catalogue import TABLES
from projections.effects import Projection
from projections.views import VIEWS

Where = Annotated[
    list[str], Query(description="Column and value that rows must have, as ``column:value``.")
]

KINDS: dict[type, str] = {
    str: "text",
    int: "integer",
    Decimal: "decimal",
    date: "date",
    datetime: "instant",
    bool: "truth",
}
"""Kinds of values that columns hold, as callers read them."""

DIGITS = 15
"""Digits before or after the point of the largest and the smallest decimal."""

BOUNDED: dict[type, Any] = {
    int: Annotated[int, msgspec.Meta(ge=-LARGEST, le=LARGEST)],
    datetime: Annotated[datetime, msgspec.Meta(tz=True)],
}


def table_named(name: str) -> tuple[tuple[Projection, ...], Table]:
    """Return a table or view with the projections that keep it; raises NotFound."""
    if name not in TABLES:
        raise NotFound(kind="Table", id=name)
    return TABLES[name]


def stored_table(name: str) -> tuple[Projection, Table]:
    """Return a table with the projection that keeps it; raises NotFound, Misfit for a view."""
    projections, table = table_named(name)
    if name in {view.name for view in VIEWS}:
        reason = "a table: a view is explained by the tables under it"
        raise Misfit([ValidationFailed(field="table", reason=reason)])
    return projections[0], table


def conditions(table: Table, where: Iterable[str]) -> dict[str, Any]:
    """Values by column; raises Misfit with everything that fits no column."""
    found: dict[str, Any] = {}
    wrong: list[Refusal] = []
    for one in where:
        name, colon, text = one.partition(":")
        field = f"where={one}"
        if not colon or name not in table.columns:
            reason = f"column:value, where the column is one of {', '.join(table.columns.keys())}"
            wrong.append(ValidationFailed(field=field, reason=reason))
        elif name in found:
            wrong.append(ValidationFailed(field=field, reason="a column is named once"))
        else:
            kind = table.c[name].type.python_type
            try:
                value = msgspec.convert(text, BOUNDED.get(kind, kind), strict=False)
                found[name] = _within_reason(value, field)
            except (msgspec.ValidationError, ArithmeticError):
                reason = f"a value of the kind {KINDS[kind]}"
                wrong.append(ValidationFailed(field=field, reason=reason))
    if wrong:
        raise Misfit(wrong)
    return found


def _within_reason(value: Any, field: str) -> Any:
    """Return a value that any database can compare; raises ArithmeticError, Misfit."""
    if isinstance(value, Decimal) and (not value.is_finite() or abs(value.adjusted()) > DIGITS):
        raise ArithmeticError
    return checked(value, field) if isinstance(value, datetime) else value
