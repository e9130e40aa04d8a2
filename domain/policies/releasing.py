"""Releasing: who may let an order pass which hold, and how far."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from domain.accounts.credit_line import CreditLine
from domain.company.company_policy import ApprovalLimits
from domain.kernel.refusal import ForbiddenRole, OutOfScope, Refusal
from domain.kernel.stamp import Actor
from domain.orders.order import Order
from domain.orders.price_list import ALL
from domain.orders.refusals import HoldNotActive, HoldNotOverridable, ReasonRequired, SelfApproval

OWNERS = {
    "PRICE_BELOW_FLOOR": "MGR",
    "PRICE_ABOVE_CEILING": "MGR",
    "CREDIT_LIMIT": "FIN",
    "CREDIT_OVERDUE": "FIN",
}
"""Role that owns a hold. A hold that is not here is cleared by facts alone."""


def violations(order: Order, code: str, reason: str, actor: Actor) -> list[Refusal]:
    """Everything that speaks against an attempt, apart from its size; the gravest first."""
    found: list[Refusal] = []
    owner = OWNERS.get(code)
    if code not in order.holds:
        found.append(HoldNotActive(so=order.so, code=code, active=order.holds))
    elif owner is None:
        found.append(HoldNotOverridable(so=order.so, code=code))
    elif actor.role != owner:
        found.append(ForbiddenRole(code=code, role=actor.role, required=owner))
    elif actor.role == "MGR" and actor.scope not in (ALL, order.known.sales_region):
        found.append(OutOfScope(scope=actor.scope, required=order.known.sales_region))
    if actor.user in order.editors:
        found.append(SelfApproval(so=order.so, user=actor.user))
    if not reason.strip():
        found.append(ReasonRequired(so=order.so, code=code))
    return found


def limit(
    code: str, actor: Actor, limits: ApprovalLimits, credit: CreditLine, day: date
) -> Decimal | None:
    """Return how far the actor may release a hold, in the deviation's unit; None for any size."""
    rules: dict[str, Callable[[], Decimal]] = {
        "PRICE_BELOW_FLOOR": lambda: (
            limits.price_national_pct if actor.scope == ALL else limits.price_regional_pct
        ),
        "CREDIT_LIMIT": lambda: min(
            Decimal(limits.credit_amount), credit.limit_on(day) * limits.credit_pct / 100
        ),
    }
    rule = rules.get(code)
    return rule() if rule else None


def deviation(order: Order, code: str) -> Decimal | None:
    """Return how far the held order is off, as its evidence says."""
    found = order.active[code].evidence.get("deviation")
    return None if found is None else Decimal(str(found))
