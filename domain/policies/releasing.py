"""Releasing: who may let an order pass which hold, and how far. The rules and limits are data."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from domain.accounts.credit_line import CreditLine
from domain.company.approval_policy import DESTINATION, NEVER_RELEASED, ApprovalRule
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.kernel.aggregate import Log
from domain.kernel.refusal import ForbiddenRole, OutOfScope, ReasonRequired, Refusal, SelfApproval
from domain.kernel.stamp import Actor, Stamp
from domain.orders.order import Order
from domain.orders.price_list import ALL
from domain.orders.refusals import DocMissing, HoldNotActive, HoldNotOverridable
from domain.parties.dealer import Dealer
from domain.policies import territory


def rule_of(log: Log, order: Order, code: str) -> ApprovalRule | None:
    """Return who may release a hold, or None where nobody may.

    The ceiling of a price won in volume-based procurement (VBP) is the law's, not ours.
    """
    hold = order.active.get(code)
    if code in NEVER_RELEASED or (hold is not None and hold.evidence.get("vbp")):
        return None
    return log.get(CompanyPolicy, COMPANY).rules.get(code)


def violations(
    log: Log, order: Order, code: str, reason: str, document: str | None, actor: Actor
) -> list[Refusal]:
    """Everything that speaks against an attempt, apart from its size; the gravest first."""
    found: list[Refusal] = []
    rule = rule_of(log, order, code)
    if code not in order.holds:
        found.append(HoldNotActive(so=order.so, code=code, active=order.holds))
    elif rule is None:
        found.append(HoldNotOverridable(so=order.so, code=code))
    elif actor.role not in rule.roles:
        required = " and ".join(rule.roles) if rule.every else " or ".join(rule.roles)
        found.append(ForbiddenRole(code=code, role=actor.role, required=required))
    else:
        found += _out_of_scope(log, order, rule, actor)
        given = bool(document and document.strip()) or not rule.document
        if not given:
            found.append(DocMissing(so=order.so, code=code))
    owner = log.get(Dealer, order.known.dealer).known.commission_owner
    if actor.user in order.editors or actor.user == owner:
        found.append(SelfApproval(so=order.so, user=actor.user))
    if not reason.strip():
        found.append(ReasonRequired(so=order.so, code=code))
    return found


def missing(rule: ApprovalRule, order: Order, code: str, actor: Actor) -> list[str]:
    """Roles that still have to agree once the actor has."""
    if not rule.every:
        return []
    agreed = {one.role for one in order.active[code].consents} | {actor.role}
    return [role for role in rule.roles if role not in agreed]


def limit(log: Log, order: Order, code: str, stamp: Stamp) -> Decimal | None:
    """Return how far the actor may release a hold, in the deviation's unit; None for any size."""
    policy = log.get(CompanyPolicy, COMPANY)
    limits, national = policy.limits, stamp.by.scope == ALL
    credit = log.get(CreditLine, order.known.dealer, order.known.currency)
    rules: dict[str, Callable[[], Decimal | None]] = {
        "PRICE_BELOW_FLOOR": lambda: (
            limits.price_national_pct if national else limits.price_regional_pct
        ),
        "CREDIT_LIMIT": lambda: min(
            Decimal(limits.credit_amount), credit.limit_on(stamp.today) * limits.credit_pct / 100
        ),
        "CREDIT_OVERDUE": lambda: (
            Decimal(0)
            if credit.overdue_released_within(limits.overdue_days_between, stamp.today)
            else None
        ),
        "DEPOSIT_PENDING": lambda: Decimal(limits.deposit_deficit),
        "CONTRACT_QTY_EXCEEDED": lambda: limits.contract_pct,
    }
    rule = rules.get(code)
    return rule() if rule else None


def deviation(order: Order, code: str) -> Decimal | None:
    """Return how far the held order is off, as its evidence says."""
    found = order.active[code].evidence.get("deviation")
    return None if found is None else Decimal(str(found))


def _out_of_scope(log: Log, order: Order, rule: ApprovalRule, actor: Actor) -> list[Refusal]:
    """A sales manager or representative acts for a region, unless for all of them."""
    if actor.role not in ("MGR", "REP") or actor.scope == ALL:
        return []
    region: str | None = order.known.sales_region
    if rule.region == DESTINATION:
        region = territory.sales_region(log, order.known.ship_to.region_code)
    return [] if actor.scope == region else [OutOfScope(scope=actor.scope, required=region)]
