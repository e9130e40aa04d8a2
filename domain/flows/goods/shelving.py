"""Shelving: putting goods on a shelf with the dates that the register knows of them."""

from __future__ import annotations

import msgspec

from domain.goods import stock_events as stocked
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.serial_number import SerialNumber
from domain.goods.shelf import Goods
from domain.goods.stock_item import StockItem
from domain.kernel.aggregate import Log
from domain.kernel.stamp import Stamp


def shelve(  # noqa: PLR0913 - an arrival has this many particulars
    log: Log,
    warehouse: str,
    product: Product,
    goods: Goods,
    source: str,
    document: str,
    stamp: Stamp,
    *,
    inspector: str = "",
    qualified: int = 0,
    registration_no: str = "",
    temperature: str | None = None,
) -> None:
    """Take goods in under a document; raises SerialDuplicate."""
    item = log.get(StockItem, warehouse, product.key)
    for one in dated(log, product, goods):
        item.receive(
            stocked.Received(
                stamp.by,
                stamp.at,
                goods=one,
                unit_cost=product.known.std_cost,
                source=source,
                source_ref=document,
                inspector=inspector,
                qualified=min(qualified, one.qty),
                registration_no=registration_no,
                temperature=temperature,
            )
        )
        qualified -= min(qualified, one.qty)


def dated(log: Log, product: Product, goods: Goods) -> list[Goods]:
    """Goods with their dates: a lot's own, and units by the day on which they were made."""
    if goods.lot is not None:
        lot = log.get(Lot, product.key, goods.lot)
        return [
            msgspec.structs.replace(goods, expiry=lot.expiry, manufacture_date=lot.manufacture_date)
        ]
    if not goods.serials:
        return [goods]
    by_day: dict[object, list[str]] = {}
    for serial in goods.serials:
        made = log.get(SerialNumber, product.base_di, serial).manufacture_date
        by_day.setdefault(made, []).append(serial)
    return [
        Goods(len(serials), serials=tuple(serials), manufacture_date=made)  # type: ignore[arg-type]
        for made, serials in by_day.items()
    ]
