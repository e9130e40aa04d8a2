"""Confirming: checking an order, and committing to it in the same append when nothing stops it.

These steps follow from other commands: placing, amending, releasing, and every change of a fact
that a check looks at.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import Any

from domain.accounts.credit_line import ORDERED, OUTSIDE, SHIPPED, CreditLine
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.orders.quoting import requote
from domain.flows.orders.supplying import backorder, numbered, supply
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import MasterDataMissing
from domain.kernel.stamp import Stamp
from domain.orders.contract import Contract
from domain.orders.contract_terms import Call
from domain.orders.order import Order
from domain.orders.order_book import OrderBook
from domain.orders.order_line import BACKORDER, Link
from domain.orders.waiting_room import ROOMS, WaitingRoom
from domain.parties.dealer import Dealer
from domain.policies import checks, sourcing
from domain.policies import credit as credit_policy
from domain.policies.checks.situation import Check, Situation

CREDIT_HOLDS = frozenset({"CREDIT_LIMIT", "CREDIT_OVERDUE", "DEPOSIT_PENDING"})
LICENCE_HOLDS = frozenset({"LICENCE_EXPIRED", "LICENCE_MISSING", "LICENCE_SCOPE"})
RIGHT_HOLDS = frozenset(
    {"PRODUCT_NOT_AUTHORISED", "ADDRESS_OUT_OF_TERRITORY", "ADDRESS_UNVERIFIED"}
)
CONTRACT_HOLDS = frozenset({"NO_CONTRACT", "CONTRACT_EXPIRED", "CONTRACT_QTY_EXCEEDED"})
STATUS_HOLDS = frozenset({"DEALER_SUSPENDED"})


def check_and_confirm(log: Log, order: Order, cause: str, stamp: Stamp) -> None:
    """Run all checks; if no hold is left, confirm the order, or supply what changed in it.

    Refuses MASTER_DATA_MISSING.
    """
    now = situation(log, order, stamp)
    results = checks.run(checks.AT_PLACEMENT, now)
    before = set(order.holds)
    order.judge(results, cause, stamp.automatic("checks"))
    for code in sorted(ROOMS & (before | set(order.holds))):
        room = log.get(WaitingRoom, code)
        room.set(order.so, stamp.automatic("checks"), waits=code in order.holds)
    book = log.get(OrderBook, order.known.dealer)
    if order.holds:
        book.wait(order.so, order.known.currency, stamp)
        settle_credit(log, order, stamp)
        return
    automatic = stamp.automatic("sourcing")
    numbered(log, now.plan, stamp)
    if not order.confirmed:
        _confirm(log, order, now.plan, automatic)
    book.leave(order.so, automatic)
    settle_contract(log, order, cause, automatic)
    settle_credit(log, order, stamp)
    supply(log, order, now.plan, automatic)


def recheck(log: Log, order: Order, cause: str, stamp: Stamp) -> None:
    """Look again at an order that waits; where nothing has changed, nothing is recorded."""
    results = checks.run(checks.AT_PLACEMENT, situation(log, order, stamp))
    if order.cleared_by(results) or order.raised_by(results) or not order.holds:
        check_and_confirm(log, order, cause, stamp)


def recheck_waiting(
    log: Log, dealer: str, holds: Collection[str], cause: str, stamp: Stamp
) -> list[dict[str, Any]]:
    """Look again at a dealer's orders that wait for some facts, oldest first: how they stand."""
    waiting = [existing(log, Order, so) for so in log.get(OrderBook, dealer).waiting]
    concerned = [order for order in waiting if set(holds).intersection(order.holds)]
    for order in concerned:
        with suppress(MasterDataMissing):  # a fact about something else does not wait for it
            recheck(log, order, cause, stamp)
    return [standing(order) for order in concerned]


def recheck_room(log: Log, code: str, cause: str, stamp: Stamp) -> list[dict[str, Any]]:
    """Look again at all orders that one kind of hold stops, oldest first: how they stand."""
    concerned = [existing(log, Order, so) for so in log.get(WaitingRoom, code).orders]
    for order in concerned:
        with suppress(MasterDataMissing):  # a fact about something else does not wait for it
            requote(log, order, stamp)
            recheck(log, order, cause, stamp)
    return [standing(order) for order in concerned]


def stop(
    log: Log, dealer: Dealer, checks: tuple[Check, ...], cause: str, stamp: Stamp
) -> list[dict[str, Any]]:
    """Hold a dealer's orders, confirmed ones too, that these checks no longer let pass."""
    told = []
    for so in sorted(log.get(OrderBook, dealer.key).open):
        order = existing(log, Order, so)
        if not any(line.open for line in order.lines.values()):
            continue
        now = situation(log, order, stamp)
        results = tuple(result for check in checks for result in check(now))
        if order.raised_by(results):
            check_and_confirm(log, order, cause, stamp)
            told.append(standing(order))
    return told


def resource(log: Log, order: Order, stamp: Stamp) -> None:
    """Source again, by the same rules, what has lost its supply; what nothing supplies waits."""
    if order.holds or order.ended:
        return
    now = situation(log, order, stamp)
    automatic = stamp.automatic("sourcing")
    numbered(log, now.plan, stamp)
    supply(log, order, now.plan, automatic)
    for line_no, line in order.lines.items():
        if line.unsourced > 0:
            link = Link(BACKORDER, primary(now), line.unsourced)
            backorder(log, order, line_no, link, "NO_SUPPLY", automatic)


def situation(log: Log, order: Order, stamp: Stamp) -> Situation:
    """Return what the checks look at: the order, and how what is open of it would be supplied."""
    region = order.known.ship_to.region_code
    policy = log.get(CompanyPolicy, COMPANY)
    service = policy.service(region)
    if service is None:
        raise MasterDataMissing(key=f"service ranking of region {region}")
    plan = sourcing.plan(log, order, policy, service, stamp.today)
    return Situation(log, order, plan, stamp)


def primary(now: Situation) -> str:
    """Warehouse that serves the order's address first."""
    service = now.policy.service(now.order.known.ship_to.region_code)
    assert service is not None  # noqa: S101 - without it there is no situation
    return service.ranking[0]


def standing(order: Order) -> dict[str, Any]:
    """Where an order stands, for the answer."""
    return {"so": order.so, "state": order.state, "holds": list(order.holds)}


def settle_credit(log: Log, order: Order, stamp: Stamp) -> None:
    """Let the order occupy exactly the credit of what is ordered, and of what was shipped."""
    alive = order.confirmed and not order.ended
    lines = order.lines.values() if alive else ()
    ordered = credit_policy.to_come(order) if alive else 0
    shipped = sum(line.unbilled for line in lines)
    credit = log.get(CreditLine, order.known.dealer, order.known.currency)
    automatic = stamp.automatic("credit")
    less = credit.of_order(order.so, ORDERED) - ordered
    more = shipped - credit.of_order(order.so, SHIPPED)
    across = max(0, min(less, more)) - max(0, min(-less, -more))
    if across > 0:
        credit.move(order.so, ORDERED, SHIPPED, across, automatic)
    elif across < 0:
        credit.move(order.so, SHIPPED, ORDERED, -across, automatic)
    _outside(credit, order.so, ORDERED, across - less, automatic)
    _outside(credit, order.so, SHIPPED, more - across, automatic)


def settle_contract(log: Log, order: Order, reason: str, stamp: Stamp) -> None:
    """Let the order's contract be called off for exactly what the order still wants."""
    if order.known.contract is None:
        return
    contract = existing(log, Contract, order.known.contract)
    for line_no in contract.lines_of(order.so):
        if line_no not in order.lines:
            sku = contract.of_line(order.so, line_no).sku
            contract.settle(order.so, line_no, sku, Call(), reason, stamp)
    alive = order.confirmed and not order.ended
    for line_no, line in order.lines.items():
        restored = line.returned if contract.terms and contract.terms.return_restores_qty else 0
        units = max(0, line.wanted - restored) if alive or order.ended == "CLOSED" else 0
        call = Call(units, line.amounts(0, units).net)
        contract.settle(order.so, line_no, line.terms.sku, call, reason, stamp)


def _outside(credit: CreditLine, so: str, bucket: str, more: int, stamp: Stamp) -> None:
    if more > 0:
        credit.move(so, OUTSIDE, bucket, more, stamp)
    else:
        credit.move(so, bucket, OUTSIDE, -more, stamp)


def _confirm(log: Log, order: Order, plan: sourcing.Plan, stamp: Stamp) -> None:
    promise = sourcing.promise_date(plan, stamp.today)
    version = log.get(CompanyPolicy, COMPANY).version
    order.confirm(tuple(plan.supplies), promise, version, stamp)
