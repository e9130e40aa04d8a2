"""Laws of orders: every quantity is accounted for, and no step overtakes the one before."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from sqlalchemy import Select, or_, select

from domain.orders.order import CANCELLED, DRAFT, ON_HOLD, PLACED, REJECTED
from projections.order_tables import order_lines, order_tracking
from replays.laws.law import Law

NOT_CONFIRMED = (DRAFT, PLACED, ON_HOLD, REJECTED, CANCELLED)


def _lines_have_supply() -> Select[Any]:
    line, order = order_lines.c, order_tracking.c
    claimed = line.qty_reserved + line.qty_backordered + line.qty_in_supply
    placed = claimed + line.qty_shipped + line.qty_cancelled
    query = select(line.so, line.line_no, line.qty_ordered, placed.label("placed"))
    query = query.select_from(order_lines.join(order_tracking, order.so == line.so))
    return query.where(order.state.not_in(NOT_CONFIRMED), placed != line.qty_ordered)


def _lines_follow_each_other() -> Select[Any]:
    line = order_lines.c
    names = ("qty_returned", "qty_delivered", "qty_shipped", "qty_ordered")
    query = select(line.so, line.line_no, *(line[name] for name in names))
    pairs = pairwise(names)
    return query.where(or_(*(line[less] > line[more] for less, more in pairs)))


LAWS = (
    Law(
        "LINES_HAVE_SUPPLY",
        "Of a confirmed line, all is reserved, in supply, waiting, shipped or cancelled.",
        _lines_have_supply,
    ),
    Law(
        "LINES_FOLLOW",
        "No more of a line came back than was delivered, shipped and ordered.",
        _lines_follow_each_other,
    ),
)
