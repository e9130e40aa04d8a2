"""Disposing: what becomes of returned goods once quality has inspected them."""

from __future__ import annotations

from domain.flows.goods.shelving import recall_of
from domain.flows.orders.allocating import allocate
from domain.goods import serial_events
from domain.goods.goods_return import Disposed, GoodsReturn
from domain.goods.product import Product
from domain.goods.serial_number import SerialNumber
from domain.goods.shelf import QUARANTINED, Goods
from domain.goods.stock_item import StockItem
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.orders.refusals import RecallBlock

TARGETS = {"SCRAP": "SCRAP", "TO_SUPPLIER": "SUPPLIER", "BACK_TO_DEALER": "DEALER"}


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
        recall = recall_of(log, product, goods)
        if recall is not None:
            raise RecallBlock(sku=one.sku, recall=recall)
        item.unquarantine(goods, "RESTOCK", rma.key, stamp)
        if unit is not None:
            unit.restock(rma.key, unit.grade, stamp)
        return allocate(log, rma.warehouse, one.sku, stamp)
    target = TARGETS[one.disposition]
    item.withdraw(goods, QUARANTINED, rma.key, target, product.known.std_cost, stamp)
    if unit is not None and target == "DEALER":
        given = serial_events.GivenBack(stamp.by, stamp.at, document=rma.key, dealer=rma.dealer)
        unit.record(given)
    elif unit is not None:
        unit.scrap(rma.key, one.disposition, stamp)
    return []
