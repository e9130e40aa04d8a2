"""The values of an order: its terms, its holds, and what was changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from domain.orders.check import Evidence


class ShipTo(msgspec.Struct, frozen=True):
    """Where the goods go (GB/T 2260 region) and who signs for them."""

    address_id: str
    region_code: str
    receiving_entity: str


class Milestone(msgspec.Struct, frozen=True):
    """Part of the price that is invoiced when something happens, due after a number of days."""

    milestone: str
    pct: Decimal
    due_days: int


class OrderTerms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was ordered, by whom and on which conditions, apart from the lines."""

    channel: str
    dealer: str
    sales_region: str
    ship_to: ShipTo
    order_date: date
    requested_date: date
    currency: str
    delivery_policy: str
    billing_plan: tuple[Milestone, ...]
    external_ref: str | None = None
    end_customer: str | None = None
    min_shelf_days: int | None = None


class Hold(msgspec.Struct):
    """A reason that stops the order. ``deviation`` is what a release covered, in its own unit."""

    evidence: Evidence
    active: bool = True
    deviation: Decimal | None = None


class Change(msgspec.Struct, frozen=True):
    """One amended field, as text before and after."""

    path: str
    before: str
    after: str
