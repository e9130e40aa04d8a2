"""The channel: what dealers have of our goods, and where it went."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api.reading import Page, Reads, row_model
from projections.channel import channel_movements, channel_stock

router = APIRouter(tags=["channel"])

StockRow: Any = row_model(channel_stock)
MovementRow: Any = row_model(channel_movements)


@router.get("/v1/channel-stock", response_model=Page[StockRow])
def every_book(
    reads: Reads, dealer: str | None = None, sku: str | None = None, lot: str | None = None
) -> Any:
    """What every dealer should have of every lot and product."""
    return reads.page(channel_stock, {"dealer": dealer, "sku": sku, "lot": lot})


@router.get("/v1/channel-movements", response_model=Page[MovementRow])
def movements(
    reads: Reads,
    dealer: str | None = None,
    sku: str | None = None,
    lot: str | None = None,
    serial: str | None = None,
) -> Any:
    """Every movement of the dealers' books, in the order in which we learned of them."""
    filters = {"dealer": dealer, "sku": sku, "lot": lot, "serial": serial}
    return reads.page(channel_movements, filters)
