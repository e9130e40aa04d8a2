"""Depositing: money for an order before delivery, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.deposit_account import DepositAccount
from domain.accounts.refusals import OrderStillOpen
from domain.flows.accounts.referring import book_reference, booked_before
from domain.flows.books.dating import check_days, require_open
from domain.flows.company.acting import FINANCE, only
from domain.flows.company.numbering import next_number
from domain.flows.orders.confirming import recheck, standing
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import LARGEST_AMOUNT
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.order import Order
from domain.orders.order_terms import DEPOSIT


@dataclass(frozen=True, kw_only=True)
class ReceiveDeposit:
    """Enter money received for an order, in minor units."""

    dealer_id: str
    so_id: str
    bank_ref: str
    value_date: date
    amount: int
    accounting_date: date | None = None


def receive_deposit(log: Log, stamp: Stamp, command: ReceiveDeposit) -> dict[str, Any]:
    """Receive a deposit; an order that waited for it goes on in the same append. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, DUPLICATE_BANK_REF, FUTURE_DATED,
    MASTER_DATA_MISSING, PERIOD_CLOSED.
    """
    only(FINANCE, stamp)
    order, findings = existing(log, Order, command.so_id), Findings()
    findings.identifier(command.bank_ref, "bank_ref")
    fine = 1 <= command.amount <= LARGEST_AMOUNT
    findings.field(fine, "amount", f"1 to {LARGEST_AMOUNT}")
    mine = order.known.dealer == command.dealer_id
    findings.field(mine, "so_id", "an order of this dealer")
    day = check_days(command.value_date, command.accounting_date, stamp, findings)
    findings.add(*booked_before(log, command.bank_ref))
    findings.refuse()
    require_open(log, day, command.dealer_id, stamp)
    terms = (command.bank_ref, command.value_date, command.amount)
    doc = hold_deposit(log, order, *terms, day, stamp)
    book_reference(log, command.bank_ref, doc, stamp)
    if order.holds:
        recheck(log, order, "deposit", stamp)
    return standing(order) | {"doc": doc}


def hold_deposit(  # noqa: PLR0913 - what came in, for which order, and when it counts
    log: Log, order: Order, bank_ref: str, value_date: date, amount: int, day: date, stamp: Stamp
) -> str:
    """Hold money for an order: the deposit's number."""
    doc = next_number(log, "DEP", stamp)
    log.get(DepositAccount, order.known.dealer, order.known.currency).receive(
        DepositAccount.Received(
            stamp.by,
            stamp.at,
            doc=doc,
            so=order.so,
            bank_ref=bank_ref,
            value_date=value_date,
            accounting_date=day,
            amount=amount,
        )
    )
    return doc


@dataclass(frozen=True, kw_only=True)
class ApplyDeposit:
    """Put an order's deposit, or part of it, against an open invoice of the same order."""

    dealer_id: str
    so_id: str
    doc_no: str
    amount: int
    invoice: str


def apply_deposit(log: Log, stamp: Stamp, command: ApplyDeposit) -> dict[str, Any]:
    """Apply a deposit by hand; an invoice that is posted later takes it by itself.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, DEPOSIT_EXCEEDED,
    ITEM_CLOSED, OVERALLOCATED, PERIOD_CLOSED.
    """
    only(FINANCE, stamp)
    order, findings = existing(log, Order, command.so_id), Findings()
    findings.field(command.amount >= 1, "amount", "at least 1")
    mine = order.known.dealer == command.dealer_id
    findings.field(mine, "so_id", "an order of this dealer")
    findings.field(command.invoice in order.invoices, "invoice", "an invoice of the order")
    findings.refuse()
    require_open(log, stamp.today, command.dealer_id, stamp)
    account = log.get(DealerAccount, command.dealer_id, order.known.currency)
    account.require_open(command.invoice, command.amount)
    deposits = log.get(DepositAccount, command.dealer_id, order.known.currency)
    deposits.apply_one(command.so_id, command.doc_no, command.invoice, command.amount, stamp)
    account.record(
        account_events.DepositApplied(
            stamp.by,
            stamp.at,
            deposit=command.doc_no,
            doc=command.invoice,
            amount=command.amount,
            accounting_date=stamp.today,
        )
    )
    return {"doc": command.doc_no, "held": deposits.of_order(command.so_id)}


@dataclass(frozen=True, kw_only=True)
class RefundDeposit:
    """Pay a deposit, or part of it, back."""

    dealer_id: str
    so_id: str
    doc_no: str
    amount: int
    bank_ref: str


def refund_deposit(log: Log, stamp: Stamp, command: RefundDeposit) -> dict[str, Any]:
    """Refund a deposit that its order does not need.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, DUPLICATE_BANK_REF, DEPOSIT_EXCEEDED,
    ORDER_STILL_OPEN, PERIOD_CLOSED.
    """
    findings = Findings()
    findings.identifier(command.bank_ref, "bank_ref")
    findings.add(*booked_before(log, command.bank_ref))
    deposits = _free_deposits(log, command, findings, stamp)
    deposits.refund(command.so_id, command.doc_no, command.amount, command.bank_ref, stamp)
    book_reference(log, command.bank_ref, command.doc_no, stamp)
    return {"doc": command.doc_no, "held": deposits.of_order(command.so_id)}


@dataclass(frozen=True, kw_only=True)
class TransferDeposit:
    """Move a deposit, or part of it, to another order of the dealer."""

    dealer_id: str
    so_id: str
    doc_no: str
    amount: int
    to_so_id: str


def transfer_deposit(log: Log, stamp: Stamp, command: TransferDeposit) -> dict[str, Any]:
    """Transfer a deposit; an order that waited for it goes on.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, DEPOSIT_EXCEEDED,
    ORDER_STILL_OPEN, MASTER_DATA_MISSING, PERIOD_CLOSED.
    """
    only(FINANCE, stamp)
    target, findings = existing(log, Order, command.to_so_id), Findings()
    mine = target.known.dealer == command.dealer_id and not target.ended
    findings.field(mine, "to_so_id", "an open order of this dealer")
    deposits = _free_deposits(log, command, findings, stamp)
    deposits.transfer(command.so_id, command.doc_no, command.amount, target.so, stamp)
    if target.holds:
        recheck(log, target, "deposit", stamp)
    return standing(target) | {"doc": command.doc_no}


@dataclass(frozen=True, kw_only=True)
class ForfeitDeposit:
    """Keep a deposit, or part of it, for a reason that the contract gives."""

    dealer_id: str
    so_id: str
    doc_no: str
    amount: int
    reason: str


def forfeit_deposit(log: Log, stamp: Stamp, command: ForfeitDeposit) -> dict[str, Any]:
    """Forfeit a deposit.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, DEPOSIT_EXCEEDED,
    ORDER_STILL_OPEN, PERIOD_CLOSED.
    """
    findings = Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    deposits = _free_deposits(log, command, findings, stamp)
    deposits.forfeit(command.so_id, command.doc_no, command.amount, command.reason, stamp)
    return {"doc": command.doc_no, "held": deposits.of_order(command.so_id)}


def _free_deposits(
    log: Log,
    command: RefundDeposit | TransferDeposit | ForfeitDeposit,
    findings: Findings,
    stamp: Stamp,
) -> DepositAccount:
    """Return the deposits of an order that is over, or asks for none; refuses what is found."""
    only(FINANCE, stamp)
    order = existing(log, Order, command.so_id)
    findings.field(command.amount >= 1, "amount", "at least 1")
    mine = order.known.dealer == command.dealer_id
    findings.field(mine, "so_id", "an order of this dealer")
    needed = not order.ended and order.known.share(DEPOSIT)
    findings.require(not needed, OrderStillOpen(so=order.so, state=order.state))
    findings.refuse()
    require_open(log, stamp.today, "", stamp)
    return log.get(DepositAccount, command.dealer_id, order.known.currency)
