"""The values of a shipment: what is in it, for whom, and what was wrong with it on arrival."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from domain.goods.shelf import Goods


class Package(msgspec.Struct, frozen=True, omit_defaults=True):
    """Goods of one order line in a shipment."""

    so: str
    line_no: int
    sku: str
    goods: Goods


class Consignee(msgspec.Struct, frozen=True):
    """Who receives, and where (GB/T 2260 region)."""

    dealer: str
    dealer_name: str
    receiver: str
    address_id: str
    region_code: str
    at_hospital: bool = False


class ShippedItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the sales record that GSP asks for: product, registration, goods, price, cost."""

    so: str
    line_no: int
    sku: str
    name: str
    registration_no: str
    goods: Goods
    unit_price: Decimal
    unit_cost: int


class Discrepancy(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the receiver found wrong: SHORT (missing), DAMAGED, WRONG or EXCESS, how many, of what.

    A missing device is named by its serial number.
    """

    so: str
    line: int
    kind: str
    qty: int
    lot: str | None = None
    serials: tuple[str, ...] = ()
    photo: str | None = None
