"""Holding: releasing what a person may decide, and looking again when facts have changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from domain.accounts.credit_line import CreditLine
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.orders.confirming import check_and_confirm, recheck, standing
from domain.flows.orders.quoting import requote
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import refuse
from domain.kernel.stamp import Stamp
from domain.orders.order import Order
from domain.policies import releasing


@dataclass(frozen=True, kw_only=True)
class ReleaseHold:
    """Let an order pass a hold, within the limit of the person's role, for a reason."""

    so_id: str
    code: str
    reason: str
    document_hash: str | None = None


def release_hold(log: Log, stamp: Stamp, command: ReleaseHold) -> dict[str, Any]:
    """Release a hold; the order is confirmed if it was the last one.

    Refuses NOT_FOUND, HOLD_NOT_ACTIVE, HOLD_NOT_OVERRIDABLE, FORBIDDEN_ROLE, OUT_OF_SCOPE,
    SELF_APPROVAL, REASON_REQUIRED, OVERRIDE_LIMIT_EXCEEDED (the last one leaves an event).
    """
    order = existing(log, Order, command.so_id)
    refuse(releasing.violations(order, command.code, command.reason, stamp.by))
    policy = log.get(CompanyPolicy, COMPANY)
    credit = log.get(CreditLine, order.known.dealer, order.known.currency)
    limit = releasing.limit(command.code, stamp.by, policy.limits, credit, stamp.today)
    deviation = releasing.deviation(order, command.code)
    if command.code == "CREDIT_OVERDUE":
        apart = timedelta(days=policy.limits.overdue_days_between)
        last = credit.overdue_released_on
        again = last is not None and stamp.today - last < apart
        limit, deviation = Decimal(1), Decimal(2 if again else 1)
    order.release(command.code, command.reason, limit, deviation, command.document_hash, stamp)
    if command.code == "CREDIT_OVERDUE":
        credit.release_overdue(order.so, stamp)
    if not order.holds:
        check_and_confirm(log, order, "release", stamp)
    return standing(order)


@dataclass(frozen=True, kw_only=True)
class RecheckOrder:
    """Look again at an order that waits, because stock, prices or limits may have changed."""

    so_id: str


def recheck_order(log: Log, stamp: Stamp, command: RecheckOrder) -> dict[str, Any]:
    """Run the checks of an unconfirmed order again.

    Refuses NOT_FOUND.
    """
    order = existing(log, Order, command.so_id)
    if not order.confirmed:
        requote(log, order, stamp)
        recheck(log, order, "recheck", stamp)
    return standing(order)
