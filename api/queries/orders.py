"""Orders: where each one stands, its lines, its holds and its history."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import create_model
from sqlalchemy import select

from api.reading import Answer, Page, Reads, row_model
from projections.order_tables import (
    hold_log,
    order_checks,
    order_history,
    order_lines,
    order_sourcing,
    order_tracking,
    promise_history,
)

router = APIRouter(tags=["orders"])

OrderRow: Any = row_model(order_tracking)
LineRow: Any = row_model(order_lines)
HoldRow: Any = row_model(hold_log)
StepRow: Any = row_model(order_history)
CheckRow: Any = row_model(order_checks)
SourceRow: Any = row_model(order_sourcing)
PromiseRow: Any = row_model(promise_history)
OrderInFull: Any = create_model(
    "OrderInFull",
    __base__=Answer,
    __doc__="An order with its lines, holds, checks, sources and promises, and every step it took.",
    item=(OrderRow, ...),
    lines=(list[LineRow], ...),
    holds=(list[HoldRow], ...),
    checks=(list[CheckRow], ...),
    sourcing=(list[SourceRow], ...),
    promises=(list[PromiseRow], ...),
    history=(list[StepRow], ...),
)


@router.get("/v1/orders", response_model=Page[OrderRow])
def orders(reads: Reads, dealer: str | None = None, state: str | None = None) -> Any:
    """Every order, with its state."""
    return reads.page(order_tracking, {"dealer": dealer, "state": state})


@router.get("/v1/orders/{so}", response_model=OrderInFull)
def order(reads: Reads, so: str) -> Any:
    """One order with its lines, its holds and its history."""
    found = reads.one(order_tracking, {"so": so})
    parts = {
        "lines": order_lines,
        "holds": hold_log,
        "checks": order_checks,
        "sourcing": order_sourcing,
        "promises": promise_history,
        "history": order_history,
    }
    for name, table in parts.items():
        query = select(table).where(table.c.so == so).order_by(*table.primary_key)
        found[name] = reads.rows(query)
    return found
