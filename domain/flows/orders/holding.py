"""Holding: releasing what a person may decide, and looking again when facts have changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from domain.accounts.credit_line import CreditLine
from domain.flows.orders.confirming import check_and_confirm, recheck, standing
from domain.flows.orders.quoting import requote
from domain.goods.product import Product
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import ForbiddenRole, InvalidState, refuse
from domain.kernel.stamp import Stamp
from domain.orders.line_events import LineConsented
from domain.orders.order import Order
from domain.parties.dealer import Dealer
from domain.parties.dealer_terms import CrossRegionException
from domain.policies import releasing

EXCEPTION_DAYS = 365
"""How long the exception lives that a released address creates for its order."""


@dataclass(frozen=True, kw_only=True)
class ReleaseHold:
    """Let an order pass a hold, within the limit of the person's role, for a reason."""

    so_id: str
    code: str
    reason: str
    document_hash: str | None = None


def release_hold(log: Log, stamp: Stamp, command: ReleaseHold) -> dict[str, Any]:
    """Release a hold; the order is confirmed if it was the last one.

    Where several roles have to agree, the order stays on hold until the last of them has. The
    release is for the content of the order as it was seen: an amendment voids it, unless every
    change is to our advantage.

    Refuses NOT_FOUND, INVALID_STATE, HOLD_NOT_ACTIVE, HOLD_NOT_OVERRIDABLE, FORBIDDEN_ROLE,
    OUT_OF_SCOPE, DOC_MISSING, SELF_APPROVAL, REASON_REQUIRED, MASTER_DATA_MISSING,
    OVERRIDE_LIMIT_EXCEEDED (which leaves an event).
    """
    order, code = existing(log, Order, command.so_id), command.code
    if order.ended:
        raise InvalidState(so=order.so, state=order.state)
    document = command.document_hash
    refuse(releasing.violations(log, order, code, command.reason, document, stamp.by))
    rule = releasing.rule_of(log, order, code)
    assert rule is not None  # noqa: S101 - without one it was refused
    _refuse_twice(order, code, stamp)
    left = releasing.missing(rule, order, code, stamp.by)
    if left:
        order.consent(code, command.reason, left, stamp)
        return standing(order)
    limit = releasing.limit(log, order, code, stamp)
    order.release(code, command.reason, limit, releasing.deviation(order, code), document, stamp)
    _what_follows(log, order, code, stamp)
    if not order.holds:
        check_and_confirm(log, order, "release", stamp)
    return standing(order)


def _refuse_twice(order: Order, code: str, stamp: Stamp) -> None:
    """One person agrees once, whatever roles it has had."""
    if stamp.by.user in {one.user for one in order.active[code].consents}:
        raise ForbiddenRole(so=order.so, code=code, user=stamp.by.user, reason="agreed before")


def _what_follows(log: Log, order: Order, code: str, stamp: Stamp) -> None:
    """What a release means beyond the order passing."""
    if code == "CREDIT_OVERDUE":
        credit = log.get(CreditLine, order.known.dealer, order.known.currency)
        credit.release_overdue(order.so, stamp)
    if code == "SHORT_DATED_CONSENT":
        evidence = order.active[code].evidence
        line_no, days = int(evidence["line_no"] or 0), int(evidence["days_left"] or 0)
        order.record(LineConsented(stamp.by, stamp.at, line_no=line_no, min_shelf_days=days))
    if code == "ADDRESS_OUT_OF_TERRITORY":
        _except_order(log, order, stamp)


def _except_order(log: Log, order: Order, stamp: Stamp) -> None:
    """Give the dealer an exception for the goods of this order at its address."""
    wanted: dict[str, int] = {}
    for line in order.lines.values():
        product_line = existing(log, Product, line.terms.sku).known.product_line
        wanted[product_line] = wanted.get(product_line, 0) + line.wanted
    dealer = existing(log, Dealer, order.known.dealer)
    for product_line, qty in wanted.items():
        named = f"EX-{order.so}-{product_line}-{order.version}"
        dealer.except_(
            CrossRegionException(
                exception=named[:64],
                product_line=product_line,
                region_code=order.known.ship_to.region_code,
                qty_max=qty,
                valid_from=stamp.today,
                valid_to=stamp.today + timedelta(days=EXCEPTION_DAYS),
                approved_by=stamp.by.user,
            ),
            stamp,
        )


@dataclass(frozen=True, kw_only=True)
class RecheckOrder:
    """Look again at an order that waits, because stock, prices or limits may have changed."""

    so_id: str


def recheck_order(log: Log, stamp: Stamp, command: RecheckOrder) -> dict[str, Any]:
    """Run the checks of an order that waits again.

    Refuses NOT_FOUND, MASTER_DATA_MISSING.
    """
    order = existing(log, Order, command.so_id)
    waits = order.placed and not order.ended and (order.holds or not order.confirmed)
    if waits:
        requote(log, order, stamp)
        recheck(log, order, "recheck", stamp)
    return standing(order)
