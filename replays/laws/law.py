"""What a law is, and how two sides of the books are compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, func, or_, select, union_all


class Law(msgspec.Struct, frozen=True):
    """A law: its name, what it says, and the query that gives the rows that break it."""

    name: str
    text: str
    broken: Callable[[], Select[Any]]


Side = tuple[Sequence[ColumnElement[Any]], Sequence[ColumnElement[Any]], Any]
"""Columns that name what is counted, columns that are summed, and a condition (None for all)."""


def unequal(one: Side, other: Side) -> Select[Any]:
    """Rows whose sums on both sides are not the same, as differences; also what only one has.

    Keys and sums of the sides correspond by their places; names are those of the first.
    """
    keys, sums, _ = one
    names = [column.name for column in keys], [_name(column) for column in sums]
    both = union_all(_signed(one, names, 1), _signed(other, names, -1)).subquery()
    totals = [func.sum(both.c[name]) for name in names[1]]
    query = select(
        *(both.c[name] for name in names[0]),
        *(total.label(name) for total, name in zip(totals, names[1], strict=True)),
    )
    differ = or_(*(total != 0 for total in totals))
    return query.group_by(*(both.c[name] for name in names[0])).having(differ)


def _name(column: ColumnElement[Any]) -> str:
    return getattr(column, "name", None) or "amount"


def _signed(side: Side, names: tuple[list[str], list[str]], sign: int) -> Select[Any]:
    keys, sums, condition = side
    query = select(
        *(column.label(name) for column, name in zip(keys, names[0], strict=True)),
        *((column * sign).label(name) for column, name in zip(sums, names[1], strict=True)),
    )
    return query if condition is None else query.where(condition)
