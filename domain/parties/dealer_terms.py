"""What is known of a dealer: who it is, what it may sell where, and under which licences."""

from __future__ import annotations

from datetime import date

import msgspec

MAX_LEVEL = 3


class Authorisation(msgspec.Struct, frozen=True, omit_defaults=True):
    """Right to sell a product line in regions (GB/T 2260 codes); both days inclusive."""

    product_line: str
    region_codes: tuple[str, ...]
    valid_from: date
    valid_to: date
    exclusive: bool = False
    hospitals_include: tuple[str, ...] = ()
    hospitals_exclude: tuple[str, ...] = ()
    version: int = 1

    def covers(self, product_line: str, day: date) -> bool:
        """Whether it speaks of a product line on a day."""
        return self.product_line == product_line and self.valid_from <= day <= self.valid_to

    def until(self, last_day: date) -> Authorisation | None:
        """It with an earlier last day; None where that is before its first."""
        if last_day < self.valid_from:
            return None
        return msgspec.structs.replace(self, valid_to=min(last_day, self.valid_to))


class Licence(msgspec.Struct, frozen=True, omit_defaults=True):
    """Distribution licence (class III) or filing (class II); no end date means open-ended."""

    type: str
    no: str
    device_class: str
    scope_codes: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None
    document_hash: str | None = None

    def valid_on(self, day: date) -> bool:
        """Whether it was in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class CrossRegionException(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Leave to sell outside the territory (特批): what, where, how many, until when.

    Either a ``product_line`` or a ``sku``; either a region (GB/T 2260) or a hospital.
    """

    exception: str
    qty_max: int
    valid_from: date
    valid_to: date
    approved_by: str
    product_line: str | None = None
    sku: str | None = None
    region_code: str | None = None
    hospital: str | None = None
    victim_consent: str | None = None

    def speaks_of(self, sku: str, product_line: str, day: date) -> bool:
        """Whether it is about a product on a day."""
        what = sku == self.sku or product_line == self.product_line
        return what and self.valid_from <= day <= self.valid_to


class DealerProfile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who the dealer is: names, unified social credit code, place in the channel, terms."""

    legal_name: str
    uscc: str
    tier: str
    sales_region: str
    level: int = 1
    parent: str | None = None
    payment_terms_days: int = 30
    commission_owner: str | None = None
    """User who earns on the dealer's orders, and so may not release their holds."""
    price_protection_days: int = 0
    """Days for which goods are protected when their price falls (价保); 0 for no such clause."""
