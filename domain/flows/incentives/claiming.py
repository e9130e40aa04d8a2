"""Claiming: what a dealer asks of us under a promotion, what we agree to, and how it is paid."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.invoice import Invoice
from domain.accounts.refusals import ItemOfOtherDealer
from domain.company.unique_key import UniqueKey
from domain.flows.accounts.noting import CreditTerms, post_note
from domain.flows.accounts.referring import book_reference, booked_before
from domain.flows.books.dating import require_open
from domain.flows.company.acting import FINANCE, only, own
from domain.flows.company.numbering import monthly, next_number
from domain.incentives.claim import PRICE_PROTECTION, Claim, Refused
from domain.incentives.incentive_book import IncentiveBook
from domain.incentives.policy_terms import GOODS_RATE
from domain.incentives.promotion import PRICE_TYPES, SERVICE_TYPES, Promotion
from domain.incentives.refusals import (
    ClaimDuplicate,
    ClaimLate,
    ComplianceBlock,
    EvidenceMissing,
    InvoiceMissing,
    NotEnrolled,
    OutOfPeriod,
)
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import LARGEST_AMOUNT, share
from domain.kernel.refusal import Refusal
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings

LATE_DAYS = 60
REJECTIONS = (
    "EVIDENCE_MISSING",
    "OUT_OF_SCOPE",
    "OUT_OF_PERIOD",
    "AMOUNT_TOO_HIGH",
    "DUPLICATE",
    "COMPLIANCE_BLOCK",
)
"""Codes of reasons not to agree to part of a claim."""


@dataclass(frozen=True, kw_only=True)
class SubmitClaim:
    """Ask for money under a promotion (minor units), with the hashes of documents as evidence.

    Of the kinds that the promotion names each needs a document: how many are ``missing`` is
    answered, and is for the review to judge. A claim for a service names the dealer's own invoice
    (``invoice_ref``) at its settlement at the latest. Nothing may be ``for_professionals`` of
    health.
    """

    promotion_id: str
    amount: int
    evidence: list[str]
    dealer_id: str | None = None
    invoice_ref: str = ""
    products: list[str] = field(default_factory=list)
    for_professionals: bool = False


def submit_claim(log: Log, stamp: Stamp, command: SubmitClaim) -> dict[str, Any]:
    """Submit a claim: for a dealer's own users, and for services on a dealer's behalf.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, EVIDENCE_MISSING, COMPLIANCE_BLOCK,
    NOT_ENROLLED, OUT_OF_PERIOD, CLAIM_LATE, CLAIM_DUPLICATE, CAP_EXCEEDED, BUDGET_EXCEEDED.
    """
    dealer = command.dealer_id or stamp.by.dealer or ""
    own(dealer, stamp)
    promotion = existing(log, Promotion, command.promotion_id)
    evidence = list(dict.fromkeys(one.strip() for one in command.evidence if one.strip()))
    findings = _form(promotion, dealer, command, evidence)
    findings.add(*_not_now(promotion, dealer, stamp))
    findings.add(*_used(log, evidence))
    findings.add(*promotion.no_room(dealer, command.amount))
    findings.refuse()
    name = next_number(log, "CL", stamp)
    promotion.commit(dealer, name, command.amount, stamp.automatic("promotion"))
    for one in evidence:
        log.get(UniqueKey, "evidence", _key(one)).claim(name, ClaimDuplicate, stamp)
    claim = log.get(Claim, name)
    claim.submit(
        Claim.Submitted(
            stamp.by,
            stamp.at,
            dealer=dealer,
            promotion=promotion.key,
            claimed=command.amount,
            evidence=tuple(evidence),
            day=stamp.today,
            invoice_ref=command.invoice_ref,
            products=tuple(command.products),
        )
    )
    log.get(IncentiveBook, dealer).await_claim(name, command.amount, stamp.automatic("claims"))
    missing = len(promotion.known.evidence) - len(evidence)
    return {"claim": name, "state": claim.state} | ({"missing": missing} if missing > 0 else {})


@dataclass(frozen=True, kw_only=True)
class BeginClaimReview:
    """Begin to look at a claim."""

    claim: str


def begin_claim_review(log: Log, stamp: Stamp, command: BeginClaimReview) -> dict[str, Any]:
    """Begin the review of a claim. For sales managers.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, SELF_APPROVAL, INVALID_STATE.
    """
    only(("MGR",), stamp)
    claim = existing(log, Claim, command.claim)
    claim.begin_review(stamp)
    return {"claim": claim.key, "state": claim.state}


@dataclass(frozen=True, kw_only=True)
class ReviewClaim:
    """Decide a claim: how much is agreed to, and for which reasons the rest is not. Minor units."""

    claim: str
    approved: int
    rejected: list[Refused] = field(default_factory=list)


def review_claim(log: Log, stamp: Stamp, command: ReviewClaim) -> dict[str, Any]:
    """Review a claim. For sales managers.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, SELF_APPROVAL, INVALID_STATE,
    PERIOD_CLOSED.
    """
    only(("MGR",), stamp)
    claim, findings = existing(log, Claim, command.claim), Findings()
    findings.field(0 <= command.approved <= claim.net, "approved", f"0 to {claim.net}")
    for place, one in enumerate(command.rejected):
        findings.field(one.amount >= 1, f"rejected[{place}].amount", "at least 1")
        known = one.code in REJECTIONS
        findings.field(known, f"rejected[{place}].code", f"one of {', '.join(REJECTIONS)}")
    findings.refuse()
    require_open(log, stamp.today, claim.dealer, stamp)
    claim.review(command.approved, tuple(command.rejected), stamp)
    log.get(IncentiveBook, claim.dealer).await_claim(claim.key, 0, stamp.automatic("claims"))
    if claim.promotion:
        promotion = existing(log, Promotion, claim.promotion)
        refused = claim.net - command.approved
        promotion.give_back(claim.dealer, claim.key, refused, stamp.automatic("promotion"))
    return {"claim": claim.key, "state": claim.state, "approved": claim.approved}


@dataclass(frozen=True, kw_only=True)
class SettleClaim:
    """Pay what was approved of a claim, or part of it (minor units).

    OFFSET settles invoices, the named one first. CREDIT_NOTE is a red-letter note with VAT: claims
    about prices are paid by it, or in GOODS. A service's claim needs the dealer's ``invoice_ref``;
    CASH our ``bank_ref``.
    """

    claim: str
    method: Literal["OFFSET", "CREDIT_NOTE", "GOODS", "CASH"]
    amount: int | None = None
    invoice: str | None = None
    red_info_no: str = ""
    invoice_ref: str = ""
    bank_ref: str = ""


def settle_claim(log: Log, stamp: Stamp, command: SettleClaim) -> dict[str, Any]:
    """Settle a claim. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, INVALID_STATE, ALREADY_SETTLED,
    EXCEEDS_APPROVED, INVOICE_MISSING, ITEM_OF_OTHER_DEALER, RED_INFO_MISSING,
    DUPLICATE_BANK_REF, PERIOD_CLOSED.
    """
    only(FINANCE, stamp)
    claim, findings = existing(log, Claim, command.claim), Findings()
    amount = claim.approved - claim.settled if command.amount is None else command.amount
    claim.require_payable(amount)
    findings.field(amount >= 1, "amount", "at least 1")
    if command.invoice is not None:
        invoice = existing(log, Invoice, command.invoice)
        mine = invoice.known.dealer == claim.dealer
        findings.require(mine, ItemOfOtherDealer(doc=invoice.doc, dealer=claim.dealer))
    _check_method(log, claim, command, findings)
    findings.refuse()
    require_open(log, stamp.today, claim.dealer, stamp)
    doc, cash = _pay(log, claim, command, amount, stamp), command.method == "CASH"
    if cash:
        book_reference(log, command.bank_ref, doc, stamp)
    claim.settle(command.method, doc, amount, stamp, command.bank_ref if cash else "")
    return {"claim": claim.key, "state": claim.state, "doc": doc, "amount": amount}


def _pay(log: Log, claim: Claim, command: SettleClaim, amount: int, stamp: Stamp) -> str:
    if command.method == "CREDIT_NOTE":
        terms = CreditTerms(
            dealer=claim.dealer,
            kind="CLAIM",
            invoice=command.invoice or "",
            net=amount,
            vat=share(amount, int(GOODS_RATE * 100), 100_00),
            tax_rate=GOODS_RATE,
            red_info_no=command.red_info_no,
            claim=claim.key,
        )
        return post_note(log, terms, stamp)
    doc = next_number(log, monthly("CS", stamp.today), stamp)
    if command.method == "OFFSET":
        account = log.get(DealerAccount, claim.dealer, stamp.currency)
        account.record(
            account_events.ClaimSettled(
                stamp.by,
                stamp.at,
                doc=doc,
                claim=claim.key,
                amount=amount,
                allocations=account.spread(amount, command.invoice),
                accounting_date=stamp.today,
            )
        )
    return doc


def _form(promotion: Promotion, dealer: str, command: SubmitClaim, evidence: list[str]) -> Findings:
    """What is wrong with a claim in itself, whenever it is handed in."""
    terms, findings = promotion.known, Findings()
    findings.field(dealer, "dealer_id", "the dealer that claims")
    findings.field(1 <= command.amount <= LARGEST_AMOUNT, "amount", f"1 to {LARGEST_AMOUNT}")
    for place, sku in enumerate(command.products):
        fine = not terms.products or sku in terms.products
        findings.field(fine, f"products[{place}]", f"one of {', '.join(terms.products)}")
    findings.require(evidence, EvidenceMissing(promotion=promotion.key))
    findings.require(not command.for_professionals, ComplianceBlock(promotion=promotion.key))
    return findings


def _not_now(promotion: Promotion, dealer: str, stamp: Stamp) -> list[Refusal]:
    """Why a dealer claims nothing under a promotion today."""
    terms, found = promotion.known, list[Refusal]()
    if dealer not in promotion.enrolled:
        found.append(NotEnrolled(promotion=promotion.key, dealer=dealer))
    if stamp.today < terms.valid_from:
        found.append(OutOfPeriod(promotion=promotion.key, valid_from=terms.valid_from))
    if stamp.today > terms.valid_to + timedelta(days=LATE_DAYS):
        found.append(ClaimLate(promotion=promotion.key, valid_to=terms.valid_to))
    return found


def _check_method(log: Log, claim: Claim, command: SettleClaim, findings: Findings) -> None:
    """A service is paid against its own invoice, a price by a red letter (INV-CL-4)."""
    kind = existing(log, Promotion, claim.promotion).known.type if claim.promotion else ""
    service, cash = kind in SERVICE_TYPES, command.method == "CASH"
    named = command.invoice_ref.strip() or claim.invoice_ref
    findings.require(not (service and cash) or named, InvoiceMissing(claim=claim.key))
    fits = command.method != "CREDIT_NOTE" or not service
    findings.field(fits, "method", "a service is paid by its own invoice, never by a red letter")
    about_prices = claim.kind == PRICE_PROTECTION or kind in PRICE_TYPES
    fits = command.method in ("CREDIT_NOTE", "GOODS") or not about_prices
    findings.field(fits, "method", "CREDIT_NOTE: a claim about prices carries VAT")
    if cash:
        findings.identifier(command.bank_ref, "bank_ref")
        findings.add(*booked_before(log, command.bank_ref))


def _used(log: Log, evidence: list[str]) -> list[ClaimDuplicate]:
    found = []
    for one in evidence:
        key = log.get(UniqueKey, "evidence", _key(one))
        if key.exists:
            found.append(ClaimDuplicate(evidence=one))
    return found


def _key(evidence: str) -> str:
    """Evidence names a stream: a slash in it must not begin another part of the name."""
    return evidence.replace("/", "|")[:128]
