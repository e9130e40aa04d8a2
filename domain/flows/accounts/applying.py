"""Applying: what people decide about money that is here: against what it goes, or back to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.invoice import Invoice
from domain.accounts.ledger import Allocation
from domain.accounts.refusals import ItemOfOtherDealer, Overallocated
from domain.books.roll import Roll
from domain.flows.accounts.referring import book_reference, booked_before
from domain.flows.accounts.settling import RemittanceLine
from domain.flows.books.dating import require_open
from domain.flows.company.acting import FINANCE, only
from domain.flows.company.numbering import monthly, next_number
from domain.flows.orders.confirming import CREDIT_HOLDS, recheck_waiting
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import NotFound, ReasonRequired
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.dealer import Dealer


@dataclass(frozen=True, kw_only=True)
class ApplyCash:
    """Put money that is not applied (a receipt, or what is left of a credit) against documents."""

    dealer_id: str
    receipt: str
    allocations: list[RemittanceLine]


def apply_cash(log: Log, stamp: Stamp, command: ApplyCash) -> dict[str, Any]:
    """Apply money. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, OVERALLOCATED, ITEM_CLOSED,
    ITEM_OF_OTHER_DEALER, PERIOD_CLOSED.
    """
    account, findings = _account(log, command.dealer_id, stamp), Findings()
    findings.field(command.allocations, "allocations", "at least one document")
    for place, one in enumerate(command.allocations):
        findings.field(one.amount >= 1, f"allocations[{place}].amount", "at least 1")
        invoice = log.get(Invoice, one.doc_no)
        theirs = invoice.terms is not None and invoice.known.dealer != command.dealer_id
        theirs = theirs or (one.doc_no not in account.items and _is_owed(log, one.doc_no, stamp))
        findings.require(not theirs, ItemOfOtherDealer(doc=one.doc_no, dealer=command.dealer_id))
    findings.refuse()
    if command.receipt not in account.unapplied:
        raise NotFound(kind="UnappliedMoney", id=command.receipt)
    require_open(log, stamp.today, command.dealer_id, stamp)
    parts = tuple(Allocation(one.doc_no, one.amount) for one in command.allocations)
    account.apply_cash(command.receipt, parts, "BY_HAND", stamp.today, stamp)
    return _standing(account, command.receipt)


@dataclass(frozen=True, kw_only=True)
class UnapplyCash:
    """Take an allocation back: the document is open again, the money is not applied."""

    dealer_id: str
    receipt: str
    allocations: list[RemittanceLine]
    reason: str


def unapply_cash(log: Log, stamp: Stamp, command: UnapplyCash) -> dict[str, Any]:
    """Take money back from documents. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, REASON_REQUIRED, OVERALLOCATED,
    PERIOD_CLOSED.
    """
    account, findings = _account(log, command.dealer_id, stamp), Findings()
    findings.require(command.reason.strip(), ReasonRequired(receipt=command.receipt))
    findings.field(command.allocations, "allocations", "at least one document")
    used = account.applied.get(command.receipt, {})
    wanted: dict[str, int] = {}
    for place, one in enumerate(command.allocations):
        findings.field(one.amount >= 1, f"allocations[{place}].amount", "at least 1")
        wanted[one.doc_no] = wanted.get(one.doc_no, 0) + one.amount
    for doc, amount in wanted.items():
        held = used.get(doc, 0)
        fine = amount <= held
        findings.require(fine, Overallocated(receipt=command.receipt, doc=doc, applied=held))
    findings.refuse()
    _require_open(log, account, stamp)
    parts = tuple(Allocation(doc, amount) for doc, amount in wanted.items())
    _take_back(log, account, command.receipt, parts, command.reason, stamp)
    return _standing(account, command.receipt)


@dataclass(frozen=True, kw_only=True)
class ReversePayment:
    """Say that a payment was none: a draft that bounced, a booking error of the bank."""

    dealer_id: str
    receipt: str
    reason: str


def reverse_payment(log: Log, stamp: Stamp, command: ReversePayment) -> dict[str, Any]:
    """Reverse a payment: what it settled is open again. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, REASON_REQUIRED, PERIOD_CLOSED, OVERALLOCATED.
    """
    account, findings = _account(log, command.dealer_id, stamp), Findings()
    findings.require(command.reason.strip(), ReasonRequired(receipt=command.receipt))
    findings.refuse()
    amount = account.receipts.get(command.receipt)
    if amount is None:
        raise NotFound(kind="Receipt", id=command.receipt)
    _require_open(log, account, stamp)
    used = account.applied.get(command.receipt, {})
    parts = tuple(Allocation(doc, taken) for doc, taken in used.items())
    if parts:
        _take_back(log, account, command.receipt, parts, command.reason, stamp)
    held = account.unapplied.get(command.receipt, 0)
    if held < amount:  # part of it was refunded, or given to another dealer
        raise Overallocated(receipt=command.receipt, amount=amount, held=held)
    account.record(
        account_events.PaymentReversed(
            stamp.by,
            stamp.at,
            receipt=command.receipt,
            amount=amount,
            reason=command.reason,
            accounting_date=stamp.today,
        )
    )
    return _standing(account, command.receipt)


@dataclass(frozen=True, kw_only=True)
class RefundMoney:
    """Pay money back that settles nothing. ``bank_ref`` is our own payment's."""

    dealer_id: str
    receipt: str
    amount: int
    bank_ref: str


def refund_money(log: Log, stamp: Stamp, command: RefundMoney) -> dict[str, Any]:
    """Refund money. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, DUPLICATE_BANK_REF, OVERALLOCATED,
    PERIOD_CLOSED.
    """
    account, findings = _account(log, command.dealer_id, stamp), Findings()
    findings.identifier(command.bank_ref, "bank_ref")
    findings.field(command.amount >= 1, "amount", "at least 1")
    findings.add(*booked_before(log, command.bank_ref))
    findings.refuse()
    _require_held(account, command.receipt, command.amount)
    _require_open(log, account, stamp)
    account.record(
        account_events.MoneyRefunded(
            stamp.by,
            stamp.at,
            receipt=command.receipt,
            amount=command.amount,
            bank_ref=command.bank_ref,
            accounting_date=stamp.today,
        )
    )
    book_reference(log, command.bank_ref, command.receipt, stamp)
    return _standing(account, command.receipt)


@dataclass(frozen=True, kw_only=True)
class NetMoney:
    """Give unapplied money of one dealer to another, as three parties agreed (三方抵账)."""

    dealer_id: str
    receipt: str
    amount: int
    to_dealer_id: str
    agreement: str


def net_money(log: Log, stamp: Stamp, command: NetMoney) -> dict[str, Any]:
    """Net money between dealers (INV-AC-9). For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, OVERALLOCATED, PERIOD_CLOSED.
    """
    account, findings = _account(log, command.dealer_id, stamp), Findings()
    findings.known(log, Dealer, command.to_dealer_id, "to_dealer_id")
    other = command.to_dealer_id != command.dealer_id
    findings.field(other, "to_dealer_id", "another dealer")
    findings.field(command.agreement.strip(), "agreement", "the agreement of the three parties")
    findings.field(command.amount >= 1, "amount", "at least 1")
    findings.refuse()
    _require_held(account, command.receipt, command.amount)
    _require_open(log, account, stamp)
    target = log.get(DealerAccount, command.to_dealer_id, stamp.currency)
    _require_open(log, target, stamp)
    doc = next_number(log, monthly("NET", stamp.today), stamp)
    for one, receipt, amount, partner in (
        (account, command.receipt, -command.amount, command.to_dealer_id),
        (target, doc, command.amount, command.dealer_id),
    ):
        one.record(
            account_events.MoneyNetted(
                stamp.by,
                stamp.at,
                doc=doc,
                receipt=receipt,
                amount=amount,
                other=partner,
                agreement=command.agreement,
                accounting_date=stamp.today,
            )
        )
    orders = recheck_waiting(log, target.dealer, CREDIT_HOLDS, "credit-recheck", stamp)
    return {"doc": doc, "orders": orders}


def _account(log: Log, dealer: str, stamp: Stamp) -> DealerAccount:
    only(FINANCE, stamp)
    existing(log, Dealer, dealer)
    return log.get(DealerAccount, dealer, stamp.currency)


def _is_owed(log: Log, doc: str, stamp: Stamp) -> bool:
    """Whether some dealer owes a document."""
    dealers = log.get(Roll, stamp.currency).dealers
    return any(doc in log.get(DealerAccount, one, stamp.currency).items for one in dealers)


def _require_open(log: Log, account: DealerAccount, stamp: Stamp) -> None:
    require_open(log, stamp.today, account.dealer, stamp)


def _require_held(account: DealerAccount, receipt: str, amount: int) -> None:
    held = account.unapplied.get(receipt, 0)
    if not held:
        raise NotFound(kind="UnappliedMoney", id=receipt)
    if amount > held:
        raise Overallocated(receipt=receipt, amount=amount, held=held)


def _take_back(
    log: Log,
    account: DealerAccount,
    receipt: str,
    parts: tuple[Allocation, ...],
    reason: str,
    stamp: Stamp,
) -> None:
    """Take money back, and claim the small difference again that was let go for its sake."""
    account.record(
        account_events.CashUnapplied(
            stamp.by,
            stamp.at,
            receipt=receipt,
            allocations=parts,
            reason=reason,
            kind=account.kind_of(receipt),
            accounting_date=stamp.today,
        )
    )
    left = account.let_off.get(receipt)
    if left is not None and any(one.doc == left.doc for one in parts):
        account.record(
            account_events.SmallDifferenceWrittenOff(
                stamp.by,
                stamp.at,
                doc=next_number(log, monthly("ADJ", stamp.today), stamp),
                item=left.doc,
                amount=-left.amount,
                accounting_date=stamp.today,
                receipt=receipt,
            )
        )


def _standing(account: DealerAccount, receipt: str) -> dict[str, Any]:
    return {
        "receipt": receipt,
        "unapplied": account.unapplied.get(receipt, 0),
        "applied": dict(account.applied.get(receipt, {})),
    }
