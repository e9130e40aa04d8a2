"""A device's passport: to whom it was shipped, where it may be sold, and at what price."""

from __future__ import annotations

from decimal import Decimal

import msgspec


class Passport(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was promised when the device was shipped: to whom, where it may be sold, at what price.

    ``authorised_regions`` are copied from the dealer's territory of that day; ``unit_price`` is
    net per unit.
    """

    dealer: str
    so: str
    so_line: int
    shp: str
    authorised_regions: tuple[str, ...]
    unit_price: Decimal
    territory_version: int = 0
    price_list: str | None = None
    price_edition: int = 0
