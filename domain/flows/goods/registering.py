"""Registering: making devices known, each by itself and all of a product together."""

from __future__ import annotations

from datetime import date

from domain.flows.goods.devices import devices
from domain.goods.product import Product
from domain.goods.serial_register import SerialRegister
from domain.kernel.aggregate import Log
from domain.kernel.stamp import Stamp


def register(
    log: Log,
    product: Product,
    serials: tuple[str, ...],
    made: date,
    registration_no: str,
    stamp: Stamp,
) -> None:
    """Enter devices of a product into the register; raises SerialDuplicate."""
    for unit in devices(log, product.key, serials):
        unit.register(product.key, made, registration_no, stamp)
    log.get(SerialRegister, product.key).enter(serials, stamp.automatic("register"))
