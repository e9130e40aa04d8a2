"""A product: what is made or bought, how it is traced, and what it must be licensed for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp

SERIAL = "SERIAL"
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


class Product(Aggregate):
    """One product; the stream is ``Product/{sku}``."""

    CATEGORY: ClassVar[str] = "Product"

    terms: ProductTerms | None = None

    # What can happen to a product. Topics and fields are stored: add, never rename.

    class Registered(Event, frozen=True, kw_only=True):
        """The product is known."""

        TOPIC = "product.registered"
        terms: ProductTerms

        def apply(self, product: Product) -> None:
            """Set the terms."""
            product.terms = self.terms

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

    # What may be asked of it.

    def register(self, terms: ProductTerms, stamp: Stamp) -> None:
        """Make the product known; said twice with the same terms, it is said once."""
        if terms != self.terms:
            self.record(self.Registered(stamp.by, stamp.at, terms=terms))
