"""What master data says of a product: identifiers, certificates, components, terms of trade."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

SERIAL = "SERIAL"
END = "END"
"""Life of a product that is neither made nor bought any more."""
LOT = "LOT"
NONE = "NONE"
LIVES = ("INTRO", "ACTIVE", "PHASE_OUT", END)


class Identifier(msgspec.Struct, frozen=True):
    """Device identifier (GTIN-14) of one packaging level and the base units it contains."""

    di: str
    level: str = "BASE"
    contains_qty: int = 1


class Registration(msgspec.Struct, frozen=True):
    """Registration (class II, III) or filing (class I) of a product with the NMPA."""

    kind: str
    no: str
    holder: str
    valid_from: date
    valid_to: date | None = None
    renewal_pending: bool = False

    def covers(self, day: date) -> bool:
        """Whether it is valid on a day (NMPA: a renewal applied for in time extends it)."""
        ended = self.valid_to is not None and day > self.valid_to and not self.renewal_pending
        return self.valid_from <= day and not ended


class Component(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part that is bought for each unit made, needed some days before the unit is due."""

    item: str
    qty_per: int = 1
    need_offset_days: int = 0


class ColdChain(msgspec.Struct, frozen=True):
    """Temperatures in tenths of a degree Celsius that the goods must be kept between."""

    lowest: int
    highest: int


class ProductTerms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that master data says of a product.

    ``list_price`` is per base unit, ``std_cost`` in minor units, shelf life in days.
    """

    name: str
    tracking: str
    device_class: str
    product_line: str
    catalogue_code: str
    list_price: Decimal
    std_cost: int
    tax_code: str
    identifiers: tuple[Identifier, ...]
    registrations: tuple[Registration, ...] = ()
    price_basis: str = "TAX_EXCLUSIVE"
    supply_mode: str = "MAKE_STOCK"
    min_shelf_days: int | None = None
    installation_required: bool = False
    warranty_months: int | None = None
    contract_required: bool = False
    large_equipment_permit: bool = False
    implantable: bool = False
    pack_qty: int = 1
    moq: int = 1
    supply_lot_size: int = 1
    supply_lead_days: int = 0
    life: str = "ACTIVE"
    components: tuple[Component, ...] = ()
    cold_chain: ColdChain | None = None

    def with_registration(self, new: Registration, renews: str) -> ProductTerms:
        """The terms with a further certificate; what it renews is decided."""
        kept = tuple(
            msgspec.structs.replace(one, renewal_pending=False) if one.no == renews else one
            for one in self.registrations
        )
        return msgspec.structs.replace(self, registrations=(*kept, new))

    def with_renewal_pending(self, no: str) -> ProductTerms:
        """The terms with a certificate whose renewal was applied for."""
        changed = tuple(
            msgspec.structs.replace(one, renewal_pending=True) if one.no == no else one
            for one in self.registrations
        )
        return msgspec.structs.replace(self, registrations=changed)
