"""Putting right: adjustments within a person's limit, bad debt by two persons, disputes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.invoice import RED, Invoice
from domain.accounts.refusals import (
    AdjustmentLimit,
    AlreadyDisputed,
    AmountExceedsOpen,
    ItemClosed,
    NotDisputed,
    SecondApproverRequired,
)
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.books.dating import require_open
from domain.flows.company.acting import FINANCE, only, own
from domain.flows.company.numbering import monthly, next_number
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import LARGEST_AMOUNT
from domain.kernel.refusal import ReasonRequired
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.dealer import Dealer
from domain.parties.user import User

DISPUTE_CODES = (
    "QTY_SHORT",
    "QTY_EXCESS",
    "PRICE_DIFF",
    "TAX_ROUNDING",
    "RETURN_NOT_BOOKED",
    "REBATE_NOT_BOOKED",
    "REBATE_DISPUTED",
    "CLAIM_NOT_BOOKED",
    "CLAIM_REDUCED",
    "DEPOSIT_TREATMENT",
    "WRONG_PARTY",
    "DUPLICATE",
    "MISSING_INVOICE",
    "PENALTY_DISPUTED",
    "FX",
    "SMALL_DIFF",
    "TIMING_GOODS",
    "TIMING_CASH",
    "UNKNOWN",
)
"""Categories of differences; each may be the reason of a dispute."""


@dataclass(frozen=True, kw_only=True)
class PostAdjustment:
    """Put an account right: ``amount`` (minor units) above 0 is owed more, below 0 less.

    Above the limit a second person of finance must approve. A credit settles ``item`` first.
    """

    dealer_id: str
    amount: int
    reason: str
    item: str | None = None
    second_approver: str | None = None


def post_adjustment(log: Log, stamp: Stamp, command: PostAdjustment) -> dict[str, Any]:
    """Post an adjustment. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, REASON_REQUIRED, ADJUSTMENT_LIMIT,
    SECOND_APPROVER_REQUIRED, ITEM_CLOSED, PERIOD_CLOSED.
    """
    only(FINANCE, stamp)
    dealer, findings = existing(log, Dealer, command.dealer_id), Findings()
    account = log.get(DealerAccount, dealer.key, stamp.currency)
    findings.require(command.reason.strip(), ReasonRequired(dealer=dealer.key))
    fine = 0 < abs(command.amount) <= LARGEST_AMOUNT
    findings.field(fine, "amount", f"not 0, at most {LARGEST_AMOUNT} either way")
    if command.item is not None:
        findings.require(command.item in account.items, ItemClosed(doc=command.item))
    limit = log.get(CompanyPolicy, COMPANY).limits.adjustment_amount
    within = abs(command.amount) <= limit or command.second_approver is not None
    findings.require(within, AdjustmentLimit(amount=command.amount, limit=limit))
    if command.second_approver is not None:
        findings.add(*not_second(log, command.second_approver, ("FIN",), stamp))
    findings.refuse()
    require_open(log, stamp.today, dealer.key, stamp)
    doc = next_number(log, monthly("ADJ", stamp.today), stamp)
    approvals = (stamp.by.user, *filter(None, [command.second_approver]))
    account.adjust(
        account_events.AdjustmentPosted(
            stamp.by,
            stamp.at,
            doc=doc,
            amount=command.amount,
            reason=command.reason,
            approvals=approvals,
            accounting_date=stamp.today,
            due=stamp.today + timedelta(days=dealer.known.payment_terms_days),
        ),
        command.item,
    )
    return {"doc": doc, "open": account.open()}


@dataclass(frozen=True, kw_only=True)
class WriteOffBadDebt:
    """Let a debt go that will not be paid (minor units), with a second person's approval."""

    dealer_id: str
    item: str
    amount: int
    reason: str
    second_approver: str


def write_off_bad_debt(log: Log, stamp: Stamp, command: WriteOffBadDebt) -> dict[str, Any]:
    """Write a bad debt off, against the allowance. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, REASON_REQUIRED,
    SECOND_APPROVER_REQUIRED, ITEM_CLOSED, OVERALLOCATED, PERIOD_CLOSED.
    """
    only(FINANCE, stamp)
    dealer, findings = existing(log, Dealer, command.dealer_id), Findings()
    findings.require(command.reason.strip(), ReasonRequired(dealer=dealer.key))
    findings.field(command.amount >= 1, "amount", "at least 1")
    findings.add(*not_second(log, command.second_approver, ("FIN",), stamp))
    findings.refuse()
    require_open(log, stamp.today, dealer.key, stamp)
    account = log.get(DealerAccount, dealer.key, stamp.currency)
    account.require_open(command.item, command.amount)
    doc = next_number(log, monthly("BDW", stamp.today), stamp)
    account.record(
        account_events.BadDebtWrittenOff(
            stamp.by,
            stamp.at,
            doc=doc,
            item=command.item,
            amount=command.amount,
            reason=command.reason,
            approvals=(stamp.by.user, command.second_approver),
            accounting_date=stamp.today,
        )
    )
    return {"doc": doc, "open": account.open()}


@dataclass(frozen=True, kw_only=True)
class RaiseDispute:
    """Say that part of an open document (minor units) is disputed. It stays owed meanwhile."""

    dealer_id: str
    doc_no: str
    amount: int
    code: str
    evidence: list[str]


def raise_dispute(log: Log, stamp: Stamp, command: RaiseDispute) -> dict[str, Any]:
    """Raise a dispute; for finance, and for the dealer's own users.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, ITEM_CLOSED, AMOUNT_EXCEEDS_OPEN,
    ALREADY_DISPUTED.
    """
    own(command.dealer_id, stamp, "FIN")
    existing(log, Dealer, command.dealer_id)
    findings = Findings()
    known = command.code in DISPUTE_CODES
    findings.field(known, "code", f"one of {', '.join(DISPUTE_CODES)}")
    findings.field(command.amount >= 1, "amount", "at least 1")
    findings.field(any(one.strip() for one in command.evidence), "evidence", "at least one")
    findings.refuse()
    account = log.get(DealerAccount, command.dealer_id, stamp.currency)
    dispute(account, command.doc_no, command.amount, command.code, tuple(command.evidence), stamp)
    return {"doc": command.doc_no, "disputed": command.amount}


@dataclass(frozen=True, kw_only=True)
class ResolveDispute:
    """Say how a dispute of a document ended. What it corrects is a document of its own."""

    dealer_id: str
    doc_no: str
    outcome: Literal["ACCEPTED", "REJECTED", "WITHDRAWN"]
    credit_note: str | None = None


def resolve_dispute(log: Log, stamp: Stamp, command: ResolveDispute) -> dict[str, Any]:
    """Resolve a dispute. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, ITEM_CLOSED, NOT_DISPUTED.
    """
    only(FINANCE, stamp)
    existing(log, Dealer, command.dealer_id)
    if command.credit_note is not None:
        note, findings = existing(log, Invoice, command.credit_note), Findings()
        theirs = note.known.kind == RED and note.known.dealer == command.dealer_id
        findings.field(theirs, "credit_note", "a credit note of this dealer")
        findings.refuse()
    account = log.get(DealerAccount, command.dealer_id, stamp.currency)
    if account.find(command.doc_no) is None:
        raise ItemClosed(doc=command.doc_no)
    resolve(account, command.doc_no, command.outcome, command.credit_note, stamp)
    return {"doc": command.doc_no, "outcome": command.outcome}


def dispute(
    account: DealerAccount,
    doc: str,
    amount: int,
    code: str,
    evidence: tuple[str, ...],
    stamp: Stamp,
) -> None:
    """Mark a document as disputed; raises ItemClosed, AmountExceedsOpen, AlreadyDisputed."""
    item = account.items.get(doc)
    if item is None:
        raise ItemClosed(doc=doc)
    if item.disputed:
        raise AlreadyDisputed(doc=doc, disputed=item.disputed)
    if amount > item.open:
        raise AmountExceedsOpen(doc=doc, amount=amount, open=item.open)
    account.record(
        account_events.DisputeRaised(
            stamp.by,
            stamp.at,
            item=doc,
            amount=amount,
            code=code,
            evidence=evidence,
            accounting_date=stamp.today,
        )
    )


def resolve(
    account: DealerAccount, doc: str, outcome: str, credit_note: str | None, stamp: Stamp
) -> None:
    """Take the mark away, whether the document is still open or not; raises NotDisputed."""
    item = account.find(doc)
    if item is None or not item.disputed:
        raise NotDisputed(doc=doc)
    account.record(
        account_events.DisputeResolved(
            stamp.by,
            stamp.at,
            item=doc,
            amount=item.disputed,
            outcome=outcome,
            credit_note=credit_note,
            accounting_date=stamp.today,
        )
    )


def not_second(
    log: Log, user: str, roles: tuple[str, ...], stamp: Stamp
) -> list[SecondApproverRequired]:
    """Say why somebody cannot be the second person: unknown, of another role, or the same one."""
    known = log.get(User, user)
    fine = known.exists and known.role in roles and user != stamp.by.user
    needed = " or ".join(roles)
    return [] if fine else [SecondApproverRequired(user=user, required=needed)]
