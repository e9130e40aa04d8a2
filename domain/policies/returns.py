"""Returns: which goods of a shipment an item to be returned was."""

from __future__ import annotations

from domain.goods.goods_return import ReturnItem
from domain.goods.package import Package
from domain.goods.shipment import Shipment


def holds(package: Package, one: ReturnItem) -> bool:
    """Whether a package held goods of this kind."""
    if one.serial is not None:
        return one.serial in package.goods.serials
    return not package.goods.serials and package.goods.lot == one.lot


def packages_of(shipment: Shipment, one: ReturnItem) -> list[tuple[Package, int]]:
    """Signed packages that an item came in, with how much of each it is."""
    left, found = one.qty, []
    for package in shipment.signed:
        if package.sku == one.sku and holds(package, one):
            used = min(left, 1 if one.serial else package.goods.qty)
            if used:
                found.append((package, used))
                left -= used
    return found
