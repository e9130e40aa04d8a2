"""Rebates: what a base earns under a policy, and what of it may be paid.

SLICED (分段累进): each slice of the base earns at its own rate. RETROACTIVE (全额): the whole base
earns at the rate of the tier it has reached. FIXED: reaching a tier earns its amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from domain.accounts.month import Month
from domain.incentives.policy_terms import (
    COLLECTED,
    FIXED,
    QTY,
    RETROACTIVE,
    PaymentFactor,
    PolicyTerms,
    Tier,
)
from domain.kernel.money import text

WHOLE = Decimal(100)


def entitlement(terms: PolicyTerms, base: int) -> tuple[int, tuple[str, ...]]:
    """Return what a base earns (net minor units, rounded once) and how it was reckoned."""
    tiers = sorted(terms.tiers, key=lambda one: one.floor)
    reached = [one for one in tiers if base >= one.floor]
    if not reached:
        return 0, ()
    if terms.method == FIXED:
        return reached[-1].amount, (f"{_said(terms, base)} earns {text(reached[-1].amount)}",)
    if terms.method == RETROACTIVE:
        rate = reached[-1].rate_pct
        return _rounded(base * rate / 100), (f"{_said(terms, base)} x {rate} %",)
    earned, trace = Decimal(0), []
    for tier, end in zip(reached, [one.floor for one in reached[1:]] + [base], strict=True):
        part = end - tier.floor
        if part and tier.rate_pct:
            earned += part * tier.rate_pct / 100
            trace.append(f"{_said(terms, part)} x {tier.rate_pct} %")
    return _rounded(earned), tuple(trace)


def earned_by(terms: PolicyTerms, months: Mapping[str, Month], month: str) -> int:
    """Base of one month: net sales, units, or net money collected; without VAT and rebates."""
    found = months.get(month)
    if found is None:
        return 0
    if terms.metric == COLLECTED:
        return found.collected
    mine = (sold for sku, sold in found.sold.items() if terms.counts(sku))
    return sum(one.qty if terms.metric == QTY else one.net for one in mine)


def withheld(terms: PolicyTerms, base: int, doubtful: int) -> int:
    """Return what goods in doubt earn at the margin: the entitlement with them, less without."""
    return entitlement(terms, base)[0] - entitlement(terms, base - doubtful)[0]


def payment_factor(
    factors: Iterable[PaymentFactor], paid: Mapping[int, int], unpaid: Mapping[int, int]
) -> Decimal:
    """Share in per cent of a rebate that counts, weighted by the net amounts of its invoices.

    ``paid`` and ``unpaid`` are net amounts by days after the due date (0 for what was paid in time
    or is not due). Without factors, and without invoices, it counts whole.
    """
    ladder = sorted(factors, key=lambda one: one.max_days_late)
    weights: dict[int, int] = {}
    for side in (paid, unpaid):
        for days, net in side.items():
            weights[days] = weights.get(days, 0) + net
    whole = sum(weights.values())
    if not ladder or whole <= 0:
        return WHOLE
    counted = sum(
        net * next((one.pct for one in ladder if days <= one.max_days_late), Decimal(0))
        for days, net in weights.items()
    )
    return Decimal(counted) / whole


def payable(due: int, factor_pct: Decimal, withheld: int, settled: int, forfeited: int = 0) -> int:
    """Return what may be paid now: ``due x factor - withheld - settled``, rounded once, or 0.

    What was forfeited stays so, though a better factor came after it.
    """
    counted = min(_rounded(due * factor_pct / 100), due - forfeited)
    return max(0, counted - withheld - settled)


def rising(tiers: Iterable[Tier]) -> bool:
    """Whether tiers begin one above the other, each but once."""
    floors = [one.floor for one in tiers]
    return len(set(floors)) == len(floors) and floors == sorted(floors)


def _said(terms: PolicyTerms, amount: int) -> str:
    return f"{amount} units" if terms.metric == QTY else text(amount)


def _rounded(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))
