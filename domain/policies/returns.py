"""Returns: which goods of a shipment an item was, and whether they may come back."""

from __future__ import annotations

from collections.abc import Callable

from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.goods.goods_return import ReturnItem
from domain.goods.package import Package
from domain.goods.product import Product
from domain.goods.product_terms import SERIAL
from domain.goods.refusals import (
    AlreadyInstalled,
    NotShippedToDealer,
    QtyExceedsShipped,
    ReturnWindowExpired,
)
from domain.goods.serial_events import IN_SERVICE, INSTALLED
from domain.goods.serial_number import SerialNumber
from domain.goods.shipment import Shipment
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import Refusal
from domain.kernel.stamp import Stamp


def holds(package: Package, one: ReturnItem) -> bool:
    """Whether a package held goods of this kind."""
    if one.serial is not None:
        return one.serial in package.goods.serials
    return not package.goods.serials and package.goods.lot == one.lot


def packages_of(
    shipment: Shipment, one: ReturnItem, room: Callable[[Package], int] | None = None
) -> list[tuple[Package, int]]:
    """Signed packages that an item came in, with how much of each it is.

    ``room`` says how much of a package's line there is left to take.
    """
    left, found = one.qty, []
    for package in shipment.signed:
        if package.sku == one.sku and holds(package, one):
            most = 1 if one.serial else package.goods.qty
            used = min(left, most, room(package) if room else most)
            if used:
                found.append((package, used))
                left -= used
    return found


def not_returnable(
    log: Log, shipment: Shipment, dealer: str, reason: str, one: ReturnItem, stamp: Stamp
) -> list[Refusal]:
    """Why goods of a shipment may not come back; empty where they may."""
    facts = {"shipment": shipment.shp, "sku": one.sku, "part": one.part}
    sent = sum(qty for _, qty in packages_of(shipment, one))
    mine = shipment.known.dealer == dealer
    if not mine or not sent:
        return [NotShippedToDealer(dealer=dealer, **facts)]
    found: list[Refusal] = []
    whole = sum(
        package.goods.qty
        for package in shipment.signed
        if package.sku == one.sku and holds(package, one)
    )
    left = (1 if one.serial else whole) - shipment.claimed(f"{one.sku}/{one.part}")
    if one.qty > left:
        found.append(QtyExceedsShipped(qty=one.qty, left=left, **facts))
    if reason == "COMMERCIAL":
        days = log.get(CompanyPolicy, COMPANY).limits.return_window_days
        signed = shipment.signed_on
        if signed is not None and (stamp.today - signed).days > days:
            found.append(ReturnWindowExpired(signed_at=signed, days=days, **facts))
        product = existing(log, Product, one.sku)
        if product.known.tracking == SERIAL and one.serial:
            unit = log.get(SerialNumber, product.base_di, one.serial)
            if unit.state in (INSTALLED, IN_SERVICE):
                found.append(AlreadyInstalled(serial=one.serial, state=unit.state))
    return found
