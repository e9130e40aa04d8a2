"""The terms of an incentive policy (返利政策): what counts, what it earns, how it is paid."""

from __future__ import annotations

import re
from decimal import Decimal

import msgspec

SELL_IN_NET, SELL_OUT_NET, QTY, COLLECTED = "SELL_IN_NET", "SELL_OUT_NET", "QTY", "COLLECTED"
METRICS = (SELL_IN_NET, SELL_OUT_NET, QTY, COLLECTED)
SLICED, RETROACTIVE, FIXED = "SLICED", "RETROACTIVE", "FIXED"
METHODS = (SLICED, RETROACTIVE, FIXED)
CREDIT_NOTE, CASH, GOODS, OFFSET_NEXT = "CREDIT_NOTE", "CASH", "GOODS", "OFFSET_NEXT"
PAYOUTS = (CREDIT_NOTE, CASH, GOODS, OFFSET_NEXT)
MIN_BASE, MAX_OVERDUE, MAX_CASES = "MIN_BASE", "MAX_OVERDUE", "MAX_CONFIRMED_CASES"
GATES = (MIN_BASE, MAX_OVERDUE, MAX_CASES)
GOODS_RATE = Decimal(13)
"""VAT on goods in per cent, for what reduces their price and names no line of an invoice."""

_PERIOD = re.compile(r"(\d{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])|H([12])))?")


class Tier(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a base earns from ``floor`` on: a rate in per cent, or a fixed amount (minor units).

    The floor is in minor units, or in base units for the metric QTY.
    """

    floor: int
    rate_pct: Decimal = Decimal(0)
    amount: int = 0


class PaymentFactor(msgspec.Struct, frozen=True):
    """Share in per cent that counts of invoices paid up to so many days after their due date."""

    max_days_late: int
    pct: Decimal


class Gate(msgspec.Struct, frozen=True):
    """A condition: the base at least, or overdue amount or confirmed cases at most, a threshold."""

    kind: str
    threshold: int


class PolicyTerms(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What was agreed. ``period`` is a year, half-year, quarter or month: ``2026-Q1``.

    No ``products`` stands for all of them. Without ``payment_factors`` every invoice counts whole,
    whenever it is paid; beyond the last of them nothing counts.
    """

    name: str
    period: str
    dealers: tuple[str, ...]
    metric: str
    method: str
    tiers: tuple[Tier, ...]
    payout: str = CREDIT_NOTE
    products: tuple[str, ...] = ()
    payment_factors: tuple[PaymentFactor, ...] = ()
    gates: tuple[Gate, ...] = ()
    tax_rate: Decimal = GOODS_RATE

    @property
    def months(self) -> tuple[str, ...]:
        """Calendar months of the period, YYYY-MM."""
        return months_of(self.period)

    def counts(self, sku: str) -> bool:
        """Whether a product counts."""
        return not self.products or sku in self.products


def is_period(text: str) -> bool:
    """Whether a text names a year, half-year, quarter or month."""
    return _PERIOD.fullmatch(text) is not None


def months_of(period: str) -> tuple[str, ...]:
    """Return the calendar months of a period."""
    found = _PERIOD.fullmatch(period)
    assert found is not None  # noqa: S101 - checked when the policy was drafted
    year, month, quarter, half = found.groups()
    if month:
        return (period,)
    first, count = 1, 12
    if quarter:
        first, count = int(quarter) * 3 - 2, 3
    elif half:
        first, count = int(half) * 6 - 5, 6
    return tuple(f"{year}-{one:02}" for one in range(first, first + count))
