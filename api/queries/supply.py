"""Supply: what is on its way, and what may be promised when."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import func, select

from api.reading import Answer, Page, Reads, row_model
from projections.inventory import inventory_visibility
from projections.promises import timeline
from projections.supply import atp_timeline, supply_documents

router = APIRouter(tags=["supply"])

DocumentRow: Any = row_model(supply_documents)


class PromiseDay(BaseModel):
    """What may be promised from a day on, in base units."""

    day: date
    receipts: int
    demand: int
    cumulative_atp: int = Field(
        description="Least of what is left on this and every later day: no promise eats another."
    )


class Timeline(Answer):
    """What may be promised of a product in a warehouse, day by day."""

    wh: str
    sku: str
    sellable: int = Field(description="On the shelf, not set apart, not expired, not reserved.")
    days: list[PromiseDay]


@router.get("/v1/supply-documents", response_model=Page[DocumentRow])
def documents(
    reads: Reads,
    kind: str | None = None,
    sku: str | None = None,
    wh: str | None = None,
    so: str | None = None,
    state: str | None = None,
) -> Any:
    """Every transfer, work order and requisition, with what is still to come of it."""
    filters = {"kind": kind, "sku": sku, "wh": wh, "so": so, "state": state}
    return reads.page(supply_documents, filters)


@router.get("/v1/atp-timeline", response_model=Timeline)
def promises(
    reads: Reads,
    wh: str,
    sku: str,
    min_shelf_days: Annotated[int, Query(ge=0, description="Days of life needed.")] = 0,
) -> Any:
    """What may be promised of a product in a warehouse, day by day."""
    here, then = inventory_visibility.c, atp_timeline.c
    lots = reads.rows(select(here.available, here.expiry).where(here.wh == wh, here.sku == sku))
    sellable = sum(
        row["available"]
        for row in lots
        if row["expiry"] is None or (row["expiry"] - reads.today).days >= min_shelf_days
    )
    dated = reads.rows(
        select(then.day, then.receipts, then.demand)
        .where(then.wh == wh, then.sku == sku)
        .where(func.abs(then.receipts) + func.abs(then.demand) > 0)
        .order_by(then.day)
    )
    days = timeline(sellable, dated, reads.today)
    return {**reads.state(), "wh": wh, "sku": sku, "sellable": sellable, "days": days}
