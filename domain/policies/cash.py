"""Cash application (核销): which open items a payment settles.

In order: 1 the remittance advice; 2 one item of exactly that amount, or within the tolerance for
small differences; 3 the only combination of the five oldest items of exactly that amount; 4 all
items; 5 oldest due date first; the remainder stays unapplied. Where two answers to 2 or 3 are
equally good, nothing is applied: a person decides. Items in dispute are skipped from 3 on.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import combinations

import msgspec

from domain.accounts.ledger import Allocation, OpenItem
from domain.company.company_policy import SmallDifference

OLDEST = 5


class Application(msgspec.Struct, frozen=True):
    """Allocations with the rule that found them, and a difference to write off from one item."""

    rule: str
    allocations: tuple[Allocation, ...]
    difference: int = 0


def tolerance(policy: SmallDifference, gross: int) -> int:
    """Largest difference that may be written off: ``min(max, max(floor, pct of item))``."""
    part = int(Decimal(gross) * policy.pct / 100)
    return min(policy.max_item, max(policy.floor, part))


def apply(
    items: Mapping[str, OpenItem], amount: int, policy: SmallDifference, written_off: int
) -> Application:
    """Settle open items with an amount (minor units) that came without a remittance advice.

    ``written_off`` is what this dealer was let off this month already.
    """
    open_items = sorted(
        ((item.due, doc, item) for doc, item in items.items()),
        key=lambda one: one[:2],
    )
    exact = [doc for _, doc, item in open_items if item.open == amount]
    if exact:
        return _only("EXACT", [(doc,) for doc in exact], items)
    near = [
        doc
        for _, doc, item in open_items
        if abs(item.open - amount) <= tolerance(policy, item.gross)
        and written_off + item.open - amount <= policy.per_dealer_month
    ]
    if near:
        return _nearly(near, items, amount)
    open_items = [one for one in open_items if not one[2].disputed]
    oldest = [doc for _, doc, _ in open_items[:OLDEST]]
    sums = [
        docs
        for size in range(2, len(oldest) + 1)
        for docs in combinations(oldest, size)
        if sum(items[doc].open for doc in docs) == amount
    ]
    if sums:
        return _only("COMBINATION", sums, items)
    if open_items and sum(item.open for _, _, item in open_items) == amount:
        return _only("ALL_ITEMS", [tuple(doc for _, doc, _ in open_items)], items)
    return _oldest_first([(doc, item.open) for _, doc, item in open_items], amount)


def _only(rule: str, answers: list[tuple[str, ...]], items: Mapping[str, OpenItem]) -> Application:
    if len(answers) > 1:
        return Application("AMBIGUOUS", ())
    return Application(rule, tuple(Allocation(doc, items[doc].open) for doc in answers[0]))


def _nearly(near: list[str], items: Mapping[str, OpenItem], amount: int) -> Application:
    nearest = min(abs(items[doc].open - amount) for doc in near)
    near = [doc for doc in near if abs(items[doc].open - amount) == nearest]
    if len(near) > 1:
        return Application("AMBIGUOUS", ())
    # What was paid too little is let go; what was paid too much stays unapplied.
    due = items[near[0]].open
    allocation = Allocation(near[0], min(due, amount))
    return Application("SMALL_DIFFERENCE", (allocation,), max(0, due - amount))


def _oldest_first(open_items: list[tuple[str, int]], amount: int) -> Application:
    allocations = []
    for doc, due in open_items:
        used = min(due, amount)
        if used:
            allocations.append(Allocation(doc, used))
            amount -= used
    return Application("OLDEST_FIRST", tuple(allocations))
