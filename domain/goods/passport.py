"""A device's passport: to whom it was shipped, where it may be sold, and at what price."""

from __future__ import annotations

from datetime import date
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
    list_price: Decimal | None = None
    """The product's list price that day; ``tier_price`` is that of the row for tier and region."""
    tier: str | None = None
    tier_price: Decimal | None = None
    floor: Decimal | None = None
    ceiling: Decimal | None = None
    contract: str | None = None
    channel: str = "DEALER"
    loan_until: date | None = None
    """Last day of a loan."""

    @property
    def lent(self) -> bool:
        """Whether the device stays ours: for demonstration, exhibition or on loan."""
        return self.channel in ("LOAN", "INTERNAL_SAMPLE")
