"""What a contract says: its products, prices and limits; and what an order line called off."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from domain.orders.order_terms import Milestone

TENDER = "TENDER"
TYPES = ("PROJECT", "FRAMEWORK", TENDER, "SERVICE", "LEASE")


class ContractLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A product, its agreed unit price, and the most that may be called off (None: no limit)."""

    sku: str
    unit_price: Decimal
    qty_max: int | None = None
    price_basis: str = "TAX_EXCLUSIVE"


class ContractTerms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is agreed. ``amount_cap`` is net, in minor units; both days are inclusive."""

    type: str
    dealer: str
    lines: tuple[ContractLine, ...]
    valid_from: date
    valid_to: date
    billing_plan: tuple[Milestone, ...] = ()
    end_customer: str | None = None
    amount_cap: int | None = None
    deemed_confirmation: bool = False
    """Whether the party's silence confirms a statement."""
    return_restores_qty: bool = False
    warranty_after_delivery_days: int | None = None
    documents: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    """Hospitals of the customer's group at which goods may be installed."""
    delivery_regions: tuple[str, ...] = ()
    """Regions (GB/T 2260) that a tender delivers to, wherever it was signed."""

    def line(self, sku: str) -> ContractLine | None:
        """The line of a product, or None."""
        return next((one for one in self.lines if one.sku == sku), None)


class Call(msgspec.Struct):
    """What one order line has called off: base units, and net minor units."""

    qty: int = 0
    net: int = 0
    sku: str = ""
