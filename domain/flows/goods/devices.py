"""Devices: the goods of one product, one by one."""

from __future__ import annotations

from collections.abc import Iterable

from domain.goods.product import Product
from domain.goods.serial_number import SerialNumber
from domain.kernel.aggregate import Log, existing


def devices(log: Log, sku: str, serials: Iterable[str]) -> list[SerialNumber]:
    """Devices of a product by their serial numbers, read together. Raises NotFound."""
    di, serials = existing(log, Product, sku).base_di, tuple(serials)
    log.expect((SerialNumber, di, serial) for serial in serials)
    return [log.get(SerialNumber, di, serial) for serial in serials]
