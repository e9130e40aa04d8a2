"""A product: what is made or bought, how it is traced, and what it must be licensed for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import InvalidState
from domain.kernel.stamp import Stamp

SERIAL = "SERIAL"
END = "END"
"""Life of a product that is neither made nor bought any more."""
LOT = "LOT"
NONE = "NONE"


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


class Product(Aggregate):
    """One product; the stream is ``Product/{sku}``."""

    CATEGORY: ClassVar[str] = "Product"

    terms: ProductTerms | None = None
    locks: dict[str, str] = msgspec.field(default_factory=dict)
    """What stops the product from being sold: the hold's code and the reason."""

    # What can happen to a product. Topics and fields are stored: add, never rename.

    class Registered(Event, frozen=True, kw_only=True):
        """The product is known."""

        TOPIC = "product.registered"
        terms: ProductTerms

        def apply(self, product: Product) -> None:
            """Set the terms."""
            product.terms = self.terms

    class Locked(Event, frozen=True, kw_only=True):
        """The product may not be sold: ``code`` is QUALITY_LOCK or RECALL_BLOCK."""

        TOPIC = "product.locked"
        code: str
        reason: str

        def apply(self, product: Product) -> None:
            """Lock it."""
            product.locks[self.code] = self.reason

    class Unlocked(Event, frozen=True, kw_only=True):
        """The product may be sold again."""

        TOPIC = "product.unlocked"
        code: str
        reason: str

        def apply(self, product: Product) -> None:
            """Unlock it."""
            product.locks.pop(self.code, None)

    # What is asked about it.

    @property
    def known(self) -> ProductTerms:
        """The terms of a registered product."""
        assert self.terms is not None  # noqa: S101 - only existing products are asked
        return self.terms

    @property
    def base_di(self) -> str:
        """Device identifier of the base unit, the one that serials belong to."""
        return next(one.di for one in self.known.identifiers if one.contains_qty == 1)

    def registered_on(self, day: date) -> bool:
        """Whether a registration or filing covers a day; a pending renewal extends it."""
        return any(one.covers(day) for one in self.known.registrations)

    # What may be asked of it.

    def lock(self, code: str, reason: str, stamp: Stamp) -> None:
        """Stop its sale; raises InvalidState if it is stopped for this already."""
        if code in self.locks:
            raise InvalidState(sku=self.key, locked=code)
        self.record(self.Locked(stamp.by, stamp.at, code=code, reason=reason))

    def unlock(self, code: str, reason: str, stamp: Stamp) -> None:
        """Let it be sold again; raises InvalidState if nothing stopped it."""
        if code not in self.locks:
            raise InvalidState(sku=self.key, locks=sorted(self.locks))
        self.record(self.Unlocked(stamp.by, stamp.at, code=code, reason=reason))

    def register(self, terms: ProductTerms, stamp: Stamp) -> None:
        """Make the product known; said twice with the same terms, it is said once."""
        if terms != self.terms:
            self.record(self.Registered(stamp.by, stamp.at, terms=terms))
