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
    contract: str | None = None
    contract_version: int = 0
    accept_later: bool = False
    """Whether the dealer has accepted a promise after the requested date."""
    loan_until: date | None = None
    """Last day of a loan."""

    def share(self, milestone: str) -> Decimal:
        """Part of the price that a milestone makes due, in per cent."""
        return sum((one.pct for one in self.billing_plan if one.milestone == milestone), Decimal(0))


DEPOSIT, AT_SHIP, AT_POD = "DEPOSIT", "SHIP", "POD"
AT_ACCEPTANCE, RETENTION = "ACCEPTANCE", "RETENTION"
MILESTONES = (DEPOSIT, AT_SHIP, AT_POD, AT_ACCEPTANCE, RETENTION)
"""What makes a part of the price due. A deposit is billed with the next milestone's invoice."""


class Consent(msgspec.Struct, frozen=True):
    """One person's agreement to a release that needs several."""

    user: str
    role: str


class Hold(msgspec.Struct):
    """A reason that stops the order. ``deviation`` is what a release covered, in its own unit."""

    evidence: Evidence
    active: bool = True
    deviation: Decimal | None = None
    consents: list[Consent] = []

    def covers(self, evidence: Evidence) -> bool:
        """Whether what a person released covers what a check finds now.

        A deviation must not have grown; where there is none, the evidence must be the same.
        """
        deviation = evidence.get("deviation")
        if deviation is None or self.deviation is None:
            return self.evidence == evidence
        return Decimal(str(deviation)) <= self.deviation


class Change(msgspec.Struct, frozen=True):
    """One amended field, as text before and after."""

    path: str
    before: str
    after: str
