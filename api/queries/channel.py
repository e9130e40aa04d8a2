"""The channel: what dealers have of our goods, and where it went."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy import ColumnElement, func, or_, select

from api.reading import Page, Reading, Reads, row_model
from projections.channel import channel_movements, channel_stock
from projections.dealers import dealers

router = APIRouter(tags=["channel"])

StockRow: Any = row_model(channel_stock)
MovementRow: Any = row_model(channel_movements)

Key = tuple[str, str, str]

PARTS = {
    "RECEIPT": ("received", 1),
    "TRANSFER_IN": ("transferred_in", 1),
    "SALE": ("sold", -1),
    "USE": ("sold", -1),
    "TRANSFER_OUT": ("transferred_out", -1),
    "RETURN": ("returned", -1),
    "RETURN_REPORTED": ("returned", -1),
    "ADJUSTMENT": ("adjusted", 1),
}
"""Part of a balance that a kind of movement belongs to, and its sign there."""
_NOTHING = dict.fromkeys(("qty", *(name for name, _ in PARTS.values())), 0)


@router.get("/v1/channel-stock", response_model=Page[StockRow])
def every_book(
    reads: Reads,
    dealer: str | None = None,
    sku: str | None = None,
    lot: str | None = None,
    as_of: Annotated[date | None, Query(description="Business day of the balance.")] = None,
) -> Any:
    """What every dealer should have of every lot and product, or should have had on a day."""
    page = reads.page(channel_stock, {"dealer": dealer, "sku": sku, "lot": lot}, own=_family)
    if as_of is None:
        return page
    then = _books_on(reads, as_of, [row["dealer"] for row in page["items"]])
    keyed = [((row["dealer"], row["sku"], row["lot"]), row) for row in page["items"]]
    page["items"] = [_on(as_of, row) | then[key] for key, row in keyed if key in then]
    return page


def _books_on(reads: Reading, as_of: date, names: list[str]) -> dict[Key, dict[str, int]]:
    """Balances of dealers' books on a day, each with the parts that it is made of."""
    moved = channel_movements.c
    book = (moved.dealer, moved.sku, moved.lot)
    sums = select(*book, moved.kind, func.sum(moved.qty).label("qty"))
    sums = sums.where(moved.dealer.in_(names), moved.day <= as_of).group_by(*book, moved.kind)
    then: dict[Key, dict[str, int]] = {}
    for row in reads.rows(sums):
        parts = then.setdefault((row["dealer"], row["sku"], row["lot"]), _NOTHING.copy())
        name, sign = PARTS[row["kind"]]
        parts[name] += sign * int(row["qty"])
        parts["qty"] += int(row["qty"])
    return then


def _on(as_of: date, row: dict[str, Any]) -> dict[str, Any]:
    """A row without a count that was made later; of counts only the last one is kept."""
    counted_on = row["counted_on"]
    is_later = counted_on is not None and counted_on > as_of
    return row | {"counted": None, "counted_on": None} if is_later else row


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


def _family(dealer: str) -> ColumnElement[bool]:
    """Books of a dealer, and of those that are registered as buying from it."""
    below = select(dealers.c.dealer).where(dealers.c.parent == dealer)
    return or_(channel_stock.c.dealer == dealer, channel_stock.c.dealer.in_(below))
