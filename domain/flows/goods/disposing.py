"""Disposing: what becomes of returned goods once quality has inspected them."""

from __future__ import annotations

from domain.channel.book import Movement
from domain.channel.dealer_stock import DealerStock
from domain.flows.goods.shelving import recall_of
from domain.flows.orders.allocating import allocate
from domain.goods import serial_events
from domain.goods.goods_return import Disposed, GoodsReturn
from domain.goods.product import Product
from domain.goods.serial_number import SerialNumber
from domain.goods.shelf import QUARANTINED, Goods
from domain.goods.stock_item import StockItem
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import Refusal
from domain.kernel.stamp import Stamp
from domain.orders.refusals import RecallBlock

TARGETS = {"SCRAP": "SCRAP", "TO_SUPPLIER": "SUPPLIER", "BACK_TO_DEALER": "DEALER"}


def recalled(log: Log, disposed: tuple[Disposed, ...]) -> list[Refusal]:
    """Refuse to let goods go, to a shelf or to their dealer, that an open recall covers."""
    found: list[Refusal] = []
    for one in disposed:
        goods = Goods(one.qty, one.lot, (one.serial,) if one.serial else ())
        recall = recall_of(log, existing(log, Product, one.sku), goods)
        if recall is not None and one.disposition in ("RESTOCK", "BACK_TO_DEALER"):
            found.append(RecallBlock(sku=one.sku, lot=one.lot, serial=one.serial, recall=recall))
    return found


def dispose(log: Log, rma: GoodsReturn, one: Disposed, stamp: Stamp) -> list[str]:
    """Do what was decided: the orders that the goods go to.

    Refurbished goods stay in quarantine until quality releases them.
    """
    product = existing(log, Product, one.sku)
    if one.disposition == "REFURBISH":
        if one.serial:
            device = log.get(SerialNumber, product.base_di, one.serial)
            device.record(serial_events.Refurbished(stamp.by, stamp.at, document=rma.key))
        return []
    item = log.get(StockItem, rma.warehouse, one.sku)
    goods = Goods(one.qty, one.lot, (one.serial,) if one.serial else ())
    unit = log.get(SerialNumber, product.base_di, one.serial) if one.serial else None
    if one.disposition == "RESTOCK":
        item.unquarantine(goods, "RESTOCK", rma.key, stamp)
        if unit is not None:
            unit.restock(rma.key, unit.grade, stamp)
        return allocate(log, rma.warehouse, one.sku, stamp)
    target = TARGETS[one.disposition]
    item.withdraw(goods, QUARANTINED, rma.key, target, product.known.std_cost, stamp)
    if target == "DEALER":
        moved = Movement(one.sku, one.qty, stamp.today, one.lot or "", goods.serials)
        log.get(DealerStock, rma.dealer).receive(moved, rma.key, stamp.automatic("channel"))
    if unit is not None and target == "DEALER":
        given = serial_events.GivenBack(stamp.by, stamp.at, document=rma.key, dealer=rma.dealer)
        unit.record(given)
    elif unit is not None:
        unit.scrap(rma.key, one.disposition, stamp)
    return []
