"""Credit: exposure against the limit (K11) and overdue invoices (K12).

``exposure = open items + confirmed orders not yet invoiced + this order - money not applied -
deposits of these orders``, all gross. Disputed items stay in; accrued rebates and security
deposits are never netted.
"""

from __future__ import annotations

from datetime import date

from domain.accounts.credit_line import CreditLine
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.deposit_account import DepositAccount
from domain.accounts.ledger import OpenItem
from domain.orders.check import CheckResult, Evidence
from domain.orders.order import Order


def exposure(account: DealerAccount, credit: CreditLine, more: int = 0) -> int:
    """Credit in use, with ``more`` for what an order does not occupy yet; minor units."""
    return account.owed() + credit.occupied() + more


def to_come(order: Order) -> int:
    """What an order wants and has not been shipped of it, gross minor units."""
    return sum(line.amounts(line.shipped, line.wanted).gross for line in order.lines.values())


def overdue(account: DealerAccount, credit: CreditLine, day: date) -> dict[str, OpenItem]:
    """Return items overdue by more than the days of grace, with enough open to matter."""
    limit = credit.limit
    late = {due for due in account.dues if (day - due).days > limit.grace_days}
    return {
        doc: item
        for doc, item in (account.items.items() if late else ())
        if item.due in late and item.open >= limit.overdue_minimum
    }


def deposits_of_included(deposits: DepositAccount, credit: CreditLine, so: str) -> int:
    """Deposits held for an order and for those that occupy credit; minor units."""
    included = {so}.union(*(orders for orders in credit.buckets.values()))
    return sum(deposits.of_order(one) for one in included)


def check_exposure(
    account: DealerAccount, credit: CreditLine, more: int, day: date, held: int = 0
) -> CheckResult:
    """K11: the exposure, less deposits held, may not be above the limit."""
    used, limit = exposure(account, credit, more) - held, credit.limit_on(day)
    inputs: Evidence = {
        "exposure": used,
        "order": more,
        "limit": limit,
        "deviation": max(0, used - limit),
    }
    if held:
        inputs["deposits"] = held
    hold = "CREDIT_LIMIT" if used > limit else ""
    return CheckResult("K11", hold, inputs, credit.version)


def check_overdue(account: DealerAccount, credit: CreditLine, day: date) -> CheckResult:
    """K12: no item may be overdue beyond the days of grace."""
    items = overdue(account, credit, day)
    amount = sum(item.open for item in items.values())
    inputs: Evidence = {
        "grace_days": credit.limit.grace_days,
        "overdue": amount,
        "deviation": amount,
        "days": max(((day - item.due).days for item in items.values()), default=0),
        "documents": ",".join(sorted(items)),
    }
    return CheckResult("K12", "CREDIT_OVERDUE" if items else "", inputs, credit.version)
