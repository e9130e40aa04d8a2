"""Depositing: money for an order before delivery, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.accounts.deposit_account import DepositAccount
from domain.accounts.refusals import DuplicateBankRef, OrderStillOpen
from domain.company.unique_key import UniqueKey
from domain.flows.company.numbering import next_number
from domain.flows.orders.confirming import recheck, standing
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import FutureDated
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


def receive_deposit(log: Log, stamp: Stamp, command: ReceiveDeposit) -> dict[str, Any]:
    """Receive a deposit; an order that waited for it goes on in the same append.

    Refuses NOT_FOUND, VALIDATION_FAILED, DUPLICATE_BANK_REF, FUTURE_DATED, MASTER_DATA_MISSING.
    """
    order, findings = existing(log, Order, command.so_id), Findings()
    findings.identifier(command.bank_ref, "bank_ref")
    findings.field(command.amount >= 1, "amount", "at least 1")
    mine = order.known.dealer == command.dealer_id
    findings.field(mine, "so_id", "an order of this dealer")
    ahead = command.value_date > stamp.today
    findings.require(not ahead, FutureDated(field="value_date", value_date=command.value_date))
    findings.refuse()
    booked = log.get(UniqueKey, "bank-ref", command.bank_ref)
    findings.require(
        not booked.exists, DuplicateBankRef(bank_ref=command.bank_ref, receipt=booked.owner)
    )
    findings.refuse()
    doc = next_number(log, "DEP", stamp)
    booked.claim(doc, DuplicateBankRef, stamp)
    deposits = log.get(DepositAccount, command.dealer_id, order.known.currency)
    deposits.receive(
        DepositAccount.Received(
            stamp.by,
            stamp.at,
            doc=doc,
            so=order.so,
            bank_ref=command.bank_ref,
            value_date=command.value_date,
            accounting_date=command.value_date,
            amount=command.amount,
        )
    )
    if order.holds:
        recheck(log, order, "deposit", stamp)
    return standing(order) | {"doc": doc}


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

    Refuses NOT_FOUND, VALIDATION_FAILED, DEPOSIT_EXCEEDED, ORDER_STILL_OPEN.
    """
    deposits = _free_deposits(log, command.so_id, command.dealer_id, command.amount)
    findings = Findings()
    findings.identifier(command.bank_ref, "bank_ref")
    findings.refuse()
    deposits.refund(command.so_id, command.doc_no, command.amount, command.bank_ref, stamp)
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

    Refuses NOT_FOUND, VALIDATION_FAILED, DEPOSIT_EXCEEDED, ORDER_STILL_OPEN, MASTER_DATA_MISSING.
    """
    deposits = _free_deposits(log, command.so_id, command.dealer_id, command.amount)
    target, findings = existing(log, Order, command.to_so_id), Findings()
    mine = target.known.dealer == command.dealer_id and not target.ended
    findings.field(mine, "to_so_id", "an open order of this dealer")
    findings.refuse()
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

    Refuses NOT_FOUND, VALIDATION_FAILED, DEPOSIT_EXCEEDED, ORDER_STILL_OPEN.
    """
    deposits = _free_deposits(log, command.so_id, command.dealer_id, command.amount)
    findings = Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    deposits.forfeit(command.so_id, command.doc_no, command.amount, command.reason, stamp)
    return {"doc": command.doc_no, "held": deposits.of_order(command.so_id)}


def _free_deposits(log: Log, so: str, dealer: str, amount: int) -> DepositAccount:
    """Return the deposits of an order that is over, or that asks for none."""
    order, findings = existing(log, Order, so), Findings()
    findings.field(amount >= 1, "amount", "at least 1")
    findings.field(order.known.dealer == dealer, "so_id", "an order of this dealer")
    needed = not order.ended and order.known.share(DEPOSIT)
    findings.require(not needed, OrderStillOpen(so=so, state=order.state))
    findings.refuse()
    return log.get(DepositAccount, dealer, order.known.currency)
