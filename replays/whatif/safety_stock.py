"""The safety stock of a product in a warehouse, had it been another: what would have differed."""

from __future__ import annotations

import msgspec

from domain.goods.product import Product
from domain.goods.stock_item import StockItem
from domain.goods.warehouse import Warehouse
from domain.kernel.aggregate import Aggregate, existing
from domain.kernel.money import LARGEST_AMOUNT
from domain.orders.check import Evidence
from replays.whatif.inquiry import Inquiry
from replays.whatif.overlay import Overlay
from replays.whatif.report import Report, Supposition
from replays.whatif.retaking import retake
from replays.whatif.supplies import Supplies

ASSUMPTIONS = (
    "Orders may use safety stock, transfers may not: only what a transfer could give differs.",
    "Where an order lost its supply and was sourced again, only its transfers are looked at.",
)


def safety_stock(inquiry: Inquiry, wh: str, sku: str, qty: int) -> Report:
    """Take the sourcing of orders for a product, and transfers from a warehouse, again.

    ``qty`` in base units. Raises NotFound, ValidationFailed, DateRange.
    """
    findings = inquiry.findings()
    findings.field(0 <= qty <= LARGEST_AMOUNT, "qty", f"from 0 to {LARGEST_AMOUNT:,}")
    findings.refuse()
    existing(inquiry.today, Warehouse, wh)
    existing(inquiry.today, Product, sku)
    changed = StockItem.of(wh, sku).stream

    def change(one: Aggregate) -> Aggregate:
        if isinstance(one, StockItem) and one.stream == changed:
            return msgspec.structs.replace(one, safety_stock=qty)
        return one

    judge = Supplies(inquiry, Overlay(inquiry.reader, inquiry.codec, change), wh, sku)
    about: Evidence = {"wh": wh, "sku": sku, "qty": qty}
    said = f"the safety stock of {sku} in {wh} had been {qty}"
    return retake(inquiry, (judge,), Supposition("SAFETY_STOCK", about, said), ASSUMPTIONS)
