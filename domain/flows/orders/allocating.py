"""Allocating: goods that come in go to the lines that wait, by rank and never by who asks first."""

from __future__ import annotations

import msgspec

from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.orders.supplying import drop, queue, reserve
from domain.goods.product import Product
from domain.goods.stock_item import StockItem
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.orders.order import Order
from domain.orders.order_line import BACKORDER, Line
from domain.policies import sourcing
from domain.policies.choosing import Pick, choose
from domain.supply.backorders import BackorderQueue


def allocate(log: Log, warehouse: str, sku: str, stamp: Stamp) -> list[str]:
    """Reserve what is free in a warehouse for the lines that wait: their orders.

    A line on hold, one whose region the warehouse does not serve, and one that needs more days of
    life than the goods have left, are passed over and keep their rank.
    """
    automatic = stamp.automatic("fulfilment")
    served = []
    for waiting in log.get(BackorderQueue, sku).ranked():
        if not log.get(StockItem, warehouse, sku).shelf.available:
            break
        order = existing(log, Order, waiting.so)
        line = order.lines[waiting.line_no]
        if order.holds or not _serves(log, warehouse, order):
            continue
        product = existing(log, Product, sku)
        needed = sourcing.shelf_days(product, order, line)
        shelf = log.get(StockItem, warehouse, sku).shelf
        pick = choose(shelf, product.known.tracking, line.backordered, needed, stamp.today, [])
        if pick.qty:
            _satisfy(log, order, line, warehouse, pick, automatic)
            served.append(order.so)
    return list(dict.fromkeys(served))


def _serves(log: Log, warehouse: str, order: Order) -> bool:
    service = log.get(CompanyPolicy, COMPANY).service(order.known.ship_to.region_code)
    return service is not None and warehouse in service.ranking


def _satisfy(log: Log, order: Order, line: Line, warehouse: str, pick: Pick, stamp: Stamp) -> None:
    """Turn as much of a line's waiting quantity into a reservation, the earliest promise first."""
    left = pick.qty
    line_no = line.terms.line_no
    promise = None
    for link in [one for one in line.supplies if one.kind == BACKORDER]:
        used = min(left, link.qty)
        if used:
            promise = promise or link.promise_date
            part = msgspec.structs.replace(link, qty=used)
            drop(order, line_no, part, "ALLOCATED", stamp)
            left -= used
    queue(log, order, line_no, stamp)
    reserve(log, order, line_no, warehouse, pick, promise, stamp, "ALLOCATED")
