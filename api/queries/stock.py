"""Stock: what is where now, what was where at another time, and every movement."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, create_model
from sqlalchemy import func, select

from api.reading import Page, Reads, row_model
from projections.inventory import inventory_visibility, stock_movements

router = APIRouter(tags=["stock"])

StockNow: Any = create_model(
    "StockNow",
    __base__=row_model(inventory_visibility),
    __doc__=inventory_visibility.comment,
    days_to_expiry=(int | None, Field(description="Days of life left today, negative after it.")),
)
MovementRow: Any = row_model(stock_movements)


class StockThen(BaseModel):
    """Stock of a product in a warehouse at a time, summed from its movements."""

    wh: str
    sku: str
    lot: str = Field(description="Empty for goods that are not tracked by lot.")
    on_hand: int
    reserved: int
    quarantined: int
    blocked: int
    in_transit_in: int
    value_std: int = Field(description="At standard cost, minor units.")


@router.get("/v1/stock", response_model=Page[StockNow])
def stock(
    reads: Reads, wh: str | None = None, sku: str | None = None, lot: str | None = None
) -> Any:
    """Stock by warehouse, product and lot, as it is now."""
    page = reads.page(inventory_visibility, {"wh": wh, "sku": sku, "lot": lot})
    for row in page["items"]:
        row["days_to_expiry"] = (row["expiry"] - reads.today).days if row["expiry"] else None
    return page


@router.get("/v1/stock/then", response_model=Page[StockThen])
def stock_then(
    reads: Reads,
    as_of: Annotated[datetime, Query(description="Business time.")],
    known_at: Annotated[datetime | None, Query(description="Record time; now if none.")] = None,
    wh: str | None = None,
    sku: str | None = None,
) -> Any:
    """Stock as of a business time, as it was known at a record time."""
    moved = stock_movements.c
    names = ("on_hand", "reserved", "quarantined", "blocked", "in_transit_in", "value_std")
    sums = [func.sum(moved[name]).label(name) for name in names]
    query = select(moved.wh, moved.sku, moved.lot, *sums)
    query = query.where(moved.occurred_at <= reads.moment(as_of, "as_of"))
    if known_at is not None:
        query = query.where(moved.recorded_at <= reads.moment(known_at))
    if wh is not None:
        query = query.where(moved.wh == wh)
    if sku is not None:
        query = query.where(moved.sku == sku)
    place = (moved.wh, moved.sku, moved.lot)
    rows = reads.rows(query.group_by(*place).order_by(*place))
    return {**reads.state(), "items": rows, "next": None}


@router.get("/v1/stock-movements", response_model=Page[MovementRow])
def movements(
    reads: Reads,
    wh: str | None = None,
    sku: str | None = None,
    lot: str | None = None,
    kind: str | None = None,
) -> Any:
    """Every change of a stock quantity, oldest first."""
    filters = {"wh": wh, "sku": sku, "lot": lot, "kind": kind}
    return reads.page(stock_movements, filters)
