"""The checks of an order, in a list: all run, all are reported, each with its inputs.

K01 (data) refuses at the door of the flow; these hold. Who may release which hold is in
``domain.policies.releasing``.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import msgspec

from domain.accounts.credit_line import CreditLine
from domain.accounts.dealer_account import DealerAccount
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.kernel.aggregate import Log
from domain.kernel.money import in_basis
from domain.kernel.stamp import Stamp
from domain.orders.check import CheckResult, Evidence
from domain.orders.order import Order
from domain.orders.order_line import LineTerms
from domain.policies import credit, sourcing
from domain.policies.pricing import below_floor_pct


class Situation(msgspec.Struct, frozen=True):
    """What the checks look at: the order, the log, the plan of supply, and the day."""

    log: Log
    order: Order
    plan: sourcing.Plan
    stamp: Stamp

    @property
    def account(self) -> DealerAccount:
        """The dealer's account in the order's currency."""
        return self.log.get(DealerAccount, self.order.known.dealer, self.order.known.currency)

    @property
    def credit(self) -> CreditLine:
        """The dealer's credit line in the order's currency."""
        return self.log.get(CreditLine, self.order.known.dealer, self.order.known.currency)


Check = Callable[[Situation], list[CheckResult]]


def price_corridor(now: Situation) -> list[CheckResult]:
    """K10: ``floor <= unit price <= ceiling`` of the row that answers on the price date."""
    failing = [_corridor(line.terms) for line in now.order.lines.values()]
    found = [result for result in failing if result.hold]
    worst: dict[str, CheckResult] = {}
    for result in found:
        kept = worst.get(result.hold)
        if kept is None or _deviation(result) > _deviation(kept):
            worst[result.hold] = result
    return list(worst.values()) or [CheckResult("K10")]


def credit_exposure(now: Situation) -> list[CheckResult]:
    """K11: with this order, the dealer's exposure stays within the limit."""
    more = 0 if now.order.confirmed else now.order.gross
    return [credit.check_exposure(now.account, now.credit, more, now.stamp.today)]


def overdue(now: Situation) -> list[CheckResult]:
    """K12: the dealer has no invoice overdue beyond the days of grace."""
    return [credit.check_overdue(now.account, now.credit, now.stamp.today)]


def available_to_promise(now: Situation) -> list[CheckResult]:
    """K14: every line can be supplied."""
    policy = now.log.get(CompanyPolicy, COMPANY)
    if not now.plan.short:
        return [CheckResult("K14", policy_version=policy.version)]
    line_no, sellable = next(iter(now.plan.short.items()))
    terms = now.order.lines[line_no].terms
    inputs: Evidence = {
        "line_no": line_no,
        "sku": terms.sku,
        "wanted": terms.qty,
        "sellable": ", ".join(f"{place} {qty}" for place, qty in sellable.items()),
        "lines_short": len(now.plan.short),
    }
    return [CheckResult("K14", "NO_SUPPLY", inputs, policy.version)]


AT_PLACEMENT: tuple[Check, ...] = (
    price_corridor,
    credit_exposure,
    overdue,
    available_to_promise,
)
AT_SHIPMENT: tuple[Check, ...] = (credit_exposure, overdue)


def run(checks: tuple[Check, ...], now: Situation) -> tuple[CheckResult, ...]:
    """Run all of them."""
    return tuple(result for check in checks for result in check(now))


def _corridor(terms: LineTerms) -> CheckResult:
    inputs: Evidence = {
        "line_no": terms.line_no,
        "sku": terms.sku,
        "unit_price": str(terms.unit_price),
        "price_list": terms.price_list,
    }
    if terms.floor is None or terms.ceiling is None:
        return CheckResult("K10", "PRICE_MISSING", inputs)
    price = in_basis(terms.unit_price, terms.price_basis, terms.list_basis, terms.tax_rate)
    if price < terms.floor:
        pct = below_floor_pct(price, terms.floor)
        inputs |= {"floor": str(terms.floor), "deviation": str(pct)}
        return CheckResult("K10", "PRICE_BELOW_FLOOR", inputs, terms.price_edition)
    if price > terms.ceiling:
        pct = -below_floor_pct(price, terms.ceiling)
        inputs |= {"ceiling": str(terms.ceiling), "deviation": str(pct)}
        return CheckResult("K10", "PRICE_ABOVE_CEILING", inputs, terms.price_edition)
    return CheckResult("K10")


def _deviation(result: CheckResult) -> Decimal:
    return Decimal(str(result.inputs.get("deviation", 0)))
