"""Billing: which part of a price a milestone bills, and what of it goes back with a return."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from domain.kernel.money import Amounts
from domain.orders.order_line import Line
from domain.orders.order_terms import AT_ACCEPTANCE, DEPOSIT, MILESTONES, RETENTION, OrderTerms


def milestones(terms: OrderTerms) -> list[str]:
    """Milestones of an order that make an invoice, in their order: a deposit makes none."""
    return [one for one in MILESTONES if one != DEPOSIT and terms.share(one)]


def shares(terms: OrderTerms, milestone: str) -> tuple[Decimal, Decimal] | None:
    """Per cent of the price that is billed before a milestone and after it; None for no part."""
    plan = milestones(terms)
    if milestone not in plan:
        return None
    before = sum((terms.share(one) for one in plan[: plan.index(milestone)]), Decimal(0))
    deposit = terms.share(DEPOSIT)
    first = plan[0] == milestone
    return (Decimal(0) if first else before + deposit), before + deposit + terms.share(milestone)


def between(whole: Amounts, before: Decimal, after: Decimal) -> Amounts:
    """Part of amounts between two percentages; all parts add up to the whole."""
    net = _cut(whole.net, after) - _cut(whole.net, before)
    vat = _cut(whole.vat, after) - _cut(whole.vat, before)
    return Amounts(net, vat, net + vat)


def credited(terms: OrderTerms, line: Line, milestone: str, qty: int) -> Amounts | None:
    """What a milestone billed of a quantity that came back; None where it did not bill as much."""
    before, share = line.credited.get(milestone, 0), shares(terms, milestone)
    if share is None or before + qty > line.milestones.get(milestone, 0):
        return None
    return between(line.amounts(before, before + qty), *share)


def waived(terms: OrderTerms, line: Line, qty: int, accepted: int) -> dict[str, int]:
    """Quantity that milestones will not bill any more once it came back, ``accepted`` before.

    Goods come back after their shipment and their delivery were billed.
    """
    later = {AT_ACCEPTANCE: qty - accepted}
    later[RETENTION] = 0 if line.milestones.get(RETENTION) else qty
    return {one: left for one, left in later.items() if left and terms.share(one)}


def gross(terms: OrderTerms, line: Line, parts: dict[str, int]) -> int:
    """Gross amount of the next units that milestones would bill, minor units."""
    total = 0
    for milestone, qty in parts.items():
        share, before = shares(terms, milestone), line.billing(milestone)
        if share is not None:
            total += between(line.amounts(before, before + qty), *share).gross
    return total


def _cut(amount: int, pct: Decimal) -> int:
    return int((Decimal(amount) * pct / 100).quantize(Decimal(1), ROUND_HALF_UP))
