"""Ending: rejecting, cancelling, short-closing and closing an order, and what goes back with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from domain.accounts.dealer_account import DealerAccount
from domain.accounts.deposit_account import DepositAccount
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.orders.confirming import settle_contract, settle_credit, standing
from domain.flows.orders.quoting import asked_again, line_terms, resized
from domain.flows.orders.supplying import free
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import ForbiddenRole, InvalidState
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.line_events import LineShortClosed
from domain.orders.order import ACCEPTED, DELIVERED, Order
from domain.orders.order_book import OrderBook
from domain.orders.order_line import BACKORDER, Line
from domain.orders.order_terms import Change
from domain.orders.refusals import (
    AlreadyShipped,
    NotFullyInvoiced,
    NothingOpen,
    NotSettled,
    ReturnWindowOpen,
    WoStarted,
)
from domain.orders.waiting_room import ROOMS, WaitingRoom
from domain.parties.dealer import Dealer
from domain.supply.work_order import WorkOrder


@dataclass(frozen=True, kw_only=True)
class RejectOrder:
    """Turn an order down that is placed or on hold. ``code`` is the reason, usually a hold's."""

    so_id: str
    code: str


def reject_order(log: Log, stamp: Stamp, command: RejectOrder) -> dict[str, Any]:
    """Reject an order.

    Refuses NOT_FOUND, ALREADY_SHIPPED, INVALID_STATE, VALIDATION_FAILED.
    """
    order, findings = existing(log, Order, command.so_id), Findings()
    findings.identifier(command.code, "code")
    findings.refuse()
    order.reject(command.code, stamp)
    _give_back(log, order, command.code, stamp)
    return standing(order)


BY_DEALER = "DEALER_REQUEST"


@dataclass(frozen=True, kw_only=True)
class CancelOrder:
    """Cancel an order of which nothing has left. ``fee`` in minor units, once production began."""

    so_id: str
    reason: str
    fee: int | None = None


def cancel_order(log: Log, stamp: Stamp, command: CancelOrder) -> dict[str, Any]:
    """Cancel an order: goods, credit and contract are free again; its deposit waits for a decision.

    Refuses NOT_FOUND, VALIDATION_FAILED, ALREADY_SHIPPED, INVALID_STATE, WO_STARTED,
    FORBIDDEN_ROLE.
    """
    order, findings = existing(log, Order, command.so_id), Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.field(command.fee is None or command.fee >= 0, "fee", "at least 0")
    findings.refuse()
    if order.shipped:
        raise AlreadyShipped(so=order.so)
    if order.ended:
        raise InvalidState(so=order.so, state=order.state)
    started = _started(log, order)
    if started and command.fee is None:
        raise WoStarted(so=order.so, work_orders=started)
    if started and stamp.by.role != "MGR":
        raise ForbiddenRole(role=stamp.by.role, required="MGR", work_orders=started)
    for line_no, line in order.lines.items():
        free(log, order, line_no, line.open - line.unsourced, "CANCELLED", stamp)
    order.cancel(command.reason, command.fee, stamp)
    held = _give_back(log, order, command.reason, stamp)
    return standing(order) | {"deposit": held}


@dataclass(frozen=True, kw_only=True)
class ShortCloseLine:
    """Give up a quantity of a line that has not left."""

    so_id: str
    line_no: int
    qty: int
    reason: Literal["DEALER_REQUEST", "SUPPLY_FAILURE", "PHASE_OUT"]


def short_close_line(log: Log, stamp: Stamp, command: ShortCloseLine) -> dict[str, Any]:
    """Close what is not delivered of a line: what waits first, what is reserved last.

    Refuses NOT_FOUND, NOTHING_OPEN, MASTER_DATA_MISSING, INVALID_STATE, VALIDATION_FAILED.
    """
    order, findings = existing(log, Order, command.so_id), Findings()
    findings.field(command.qty >= 1, "qty", "at least 1")
    findings.field(command.line_no in order.lines, "line_no", "no such line")
    findings.refuse()
    if order.ended or not order.confirmed:
        raise InvalidState(so=order.so, state=order.state)
    line = order.lines[command.line_no]
    if command.qty > line.open:
        raise NothingOpen(so=order.so, line_no=command.line_no, qty=command.qty, open=line.open)
    supplied = line.open - line.unsourced
    taken = max(0, command.qty - line.unsourced)
    free(log, order, command.line_no, min(supplied, taken), command.reason, stamp)
    order.record(
        LineShortClosed(
            stamp.by,
            stamp.at,
            line_no=command.line_no,
            qty=command.qty,
            reason=command.reason,
        )
    )
    if command.reason == BY_DEALER and not line.left and line.wanted:
        _price_again(log, order, line, stamp)
    settle_contract(log, order, command.reason, stamp)
    settle_credit(log, order, stamp)
    return standing(order)


def _price_again(log: Log, order: Order, line: Line, stamp: Stamp) -> None:
    """Price what is left of a line by its own break: the dealer has reduced it (INV-SO-5)."""
    dealer, old = existing(log, Dealer, order.known.dealer), line.terms
    asked = asked_again(old, qty=line.wanted)
    new = resized(line_terms(log, old.line_no, asked, order.known, dealer), old.qty)
    if new.unit_price == old.unit_price:
        return
    path = f"lines.{old.line_no}.unit_price"
    change = Change(path, str(old.unit_price), str(new.unit_price))
    lines = tuple(new if one is line else one.terms for one in order.lines.values())
    favourable = new.unit_price > old.unit_price
    system = stamp.automatic("pricing")
    order.amend(order.known, lines, (change,), BY_DEALER, system, favourable=favourable)


@dataclass(frozen=True, kw_only=True)
class CloseOrder:
    """Close an order that is over: delivered, invoiced, settled, and safe from returns."""

    so_id: str


def close_order(log: Log, stamp: Stamp, command: CloseOrder) -> dict[str, Any]:
    """Close an order.

    Refuses NOT_FOUND, INVALID_STATE, NOT_FULLY_INVOICED, NOT_SETTLED, RETURN_WINDOW_OPEN.
    """
    order, findings = existing(log, Order, command.so_id), Findings()
    needs = any(line.terms.installation_required for line in order.lines.values())
    if order.state != (ACCEPTED if needs else DELIVERED):
        raise InvalidState(so=order.so, state=order.state)
    unbilled = sum(line.unbilled for line in order.lines.values())
    findings.require(unbilled <= 0, NotFullyInvoiced(so=order.so, unbilled=unbilled))
    account = log.get(DealerAccount, order.known.dealer, order.known.currency)
    unpaid = sorted(doc for doc in order.invoices if doc in account.items)
    findings.require(not unpaid, NotSettled(so=order.so, invoices=unpaid))
    days = log.get(CompanyPolicy, COMPANY).limits.return_window_days
    last = order.delivered_on
    over = last is not None and (stamp.today - last).days > days
    findings.require(over, ReturnWindowOpen(so=order.so, delivered_on=last, days=days))
    findings.refuse()
    order.close(stamp)
    log.get(OrderBook, order.known.dealer).end(order.so, stamp.automatic("closing"))
    return standing(order)


def _started(log: Log, order: Order) -> list[str]:
    """Work orders made for this order in which production has begun."""
    refs = [
        link.ref
        for line in order.lines.values()
        for link in line.supplies
        if link.kind == BACKORDER and link.ref
    ]
    return [ref for ref in refs if log.get(WorkOrder, ref).started]


def _give_back(log: Log, order: Order, reason: str, stamp: Stamp) -> int:
    """Return contract quantity and credit; what is held as its deposit waits for a decision."""
    automatic = stamp.automatic("fulfilment")
    settle_contract(log, order, reason, automatic)
    settle_credit(log, order, stamp)
    log.get(OrderBook, order.known.dealer).end(order.so, automatic)
    for code in sorted(ROOMS & set(order.holds)):
        log.get(WaitingRoom, code).set(order.so, automatic, waits=False)
    deposits = log.get(DepositAccount, order.known.dealer, order.known.currency)
    return deposits.of_order(order.so)
