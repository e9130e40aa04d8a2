"""Revaluing: goods on our shelves are worth what they cost by now, when a standard cost changes."""

from __future__ import annotations

from domain.goods.holders import Holders
from domain.goods.product import Product
from domain.goods.stock_item import StockItem
from domain.kernel.aggregate import Log
from domain.kernel.stamp import Stamp


def revalue(log: Log, product: Product, before: int, stamp: Stamp) -> None:
    """Value what lies in each warehouse anew; ``before`` is the former cost, minor units.

    What has left keeps the cost that it left with.
    """
    after, automatic = product.known.std_cost, stamp.automatic("revaluation")
    for warehouse in log.get(Holders, product.key).warehouses if after != before else ():
        log.get(StockItem, warehouse, product.key).revalue(before, after, automatic)
