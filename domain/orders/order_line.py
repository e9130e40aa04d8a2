"""A line of an order: its terms, and the buckets that its quantity passes through."""

from __future__ import annotations

from decimal import Decimal

import msgspec


class LineTerms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was agreed. Amounts in minor units; prices per base unit in ``price_basis``.

    List price, floor and ceiling are those of the price row of that day, in ``list_basis``, with
    its list and edition; they are None where no row answered.
    """

    line_no: int
    sku: str
    qty: int
    unit_price: Decimal
    price_basis: str
    tax_rate: Decimal
    net: int
    vat: int
    gross: int
    tracking: str
    installation_required: bool = False
    list_price: Decimal | None = None
    floor: Decimal | None = None
    ceiling: Decimal | None = None
    price_list: str | None = None
    price_edition: int = 0
    list_basis: str = "TAX_EXCLUSIVE"


class Line(msgspec.Struct):
    """A line as it stands. All quantities in base units."""

    terms: LineTerms
    reserved: int = 0
    shipped: int = 0
    delivered: int = 0
    installed: int = 0
    accepted: int = 0
    cancelled: int = 0
    invoiced: int = 0

    @property
    def wanted(self) -> int:
        """Quantity that is still to be fulfilled or has been."""
        return self.terms.qty - self.cancelled

    @property
    def unsourced(self) -> int:
        """Quantity without a supply."""
        return self.wanted - self.reserved - self.shipped


class Supply(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a line's quantity comes from, with the candidates and why each was passed over."""

    line_no: int
    kind: str
    warehouse: str
    qty: int
    lead_days: int = 0
    passed_over: dict[str, str] = {}
