"""Keeping a dealer's book by what we know ourselves: deliveries, uses and returns."""

from __future__ import annotations

from datetime import date

from domain.channel.book import Movement
from domain.channel.dealer_stock import DealerStock
from domain.goods.goods_return import GoodsReturn, ReturnItem
from domain.goods.package import Package
from domain.goods.serial_number import SerialNumber
from domain.goods.shipment import Shipment
from domain.kernel.aggregate import Log
from domain.kernel.stamp import Stamp


def keep_receipt(log: Log, shipment: Shipment, package: Package, day: date, stamp: Stamp) -> None:
    """Enter what a dealer signed for; what went straight to its hospital leaves the book again."""
    to, goods = shipment.known, package.goods
    stock, automatic = log.get(DealerStock, to.dealer), stamp.automatic("channel")
    moved = Movement(package.sku, goods.qty, day, goods.lot or "", goods.serials)
    stock.receive(moved, shipment.shp, automatic)
    if to.at_hospital:
        stock.observe_use(moved, to.receiver, automatic)


def keep_use(log: Log, unit: SerialNumber, hospital: str, day: date, stamp: Stamp) -> None:
    """Enter that a device of a dealer stands at a hospital."""
    if unit.dealer is not None:
        moved = Movement(unit.sku, 1, day, serials=(unit.serial,))
        log.get(DealerStock, unit.dealer).observe_use(moved, hospital, stamp.automatic("channel"))


def keep_return(log: Log, rma: GoodsReturn, one: ReturnItem, holder: str, stamp: Stamp) -> None:
    """Enter what came back from its holder."""
    serials = (one.serial,) if one.serial else ()
    moved = Movement(one.sku, one.qty, stamp.today, one.lot or "", serials)
    log.get(DealerStock, holder).give_back(moved, rma.key, stamp.automatic("channel"))
