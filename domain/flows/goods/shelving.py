"""Shelving: putting goods on a shelf with the dates that the register knows of them."""

from __future__ import annotations

import msgspec

from domain.cases.open_recalls import OpenRecalls
from domain.goods import stock_events as stocked
from domain.goods.holders import Holders
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.serial_number import SerialNumber
from domain.goods.shelf import Goods
from domain.goods.stock_item import StockItem
from domain.kernel.aggregate import Log
from domain.kernel.stamp import Stamp

RECALL = "RECALL_BLOCK"


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
    expensed: int = 0,
) -> None:
    """Take goods in under a document; raises SerialDuplicate."""
    item = log.get(StockItem, warehouse, product.key)
    log.get(Holders, product.key).stock(warehouse, stamp.automatic("holders"))
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
                expensed=min(expensed, one.qty),
            )
        )
        qualified -= min(qualified, one.qty)
        expensed -= min(expensed, one.qty)


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


def recall_of(log: Log, product: Product, goods: Goods) -> str | None:
    """The open recall that covers goods, whatever it covers: product, lot or one of the devices."""
    recalls = log.get(OpenRecalls, product.key)
    if not recalls.scopes:
        return None
    if not goods.serials:
        return recalls.of_lot(goods.lot or "")
    return next(filter(None, (recalls.of_unit(one) for one in goods.serials)), None)


def hold_back(log: Log, warehouse: str, product: Product, goods: Goods, stamp: Stamp) -> None:
    """Lock goods that came in while a recall covers them."""
    for one in [Goods(1, None, (serial,)) for serial in goods.serials] or [goods]:
        recall = recall_of(log, product, one)
        if recall is None or not one.qty:
            continue
        automatic = stamp.automatic("recall")
        log.get(StockItem, warehouse, product.key).block(one, RECALL, recall, automatic)
        for serial in one.serials:
            unit = log.get(SerialNumber, product.base_di, serial)
            unit.flag(recall, automatic)
            unit.quarantine(warehouse, RECALL, recall, automatic)
