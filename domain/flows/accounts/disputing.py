"""Disputing: a line of a statement that the dealer does not accept, and how it ends.

What is accepted becomes a credit note of the day of acceptance; the statement stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from domain.accounts import account_events, statement_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.invoice import BLUE, Invoice
from domain.accounts.ledger import CreditedLine
from domain.accounts.statement import Statement
from domain.accounts.statement_terms import Dispute
from domain.channel.book import Movement
from domain.channel.dealer_stock import DealerStock
from domain.flows.accounts.noting import CreditTerms, credited_line, post_note
from domain.flows.accounts.putting_right import DISPUTE_CODES, dispute, resolve
from domain.flows.accounts.stating import own_statement, standing
from domain.flows.books.dating import require_open
from domain.flows.company.acting import FINANCE, only
from domain.flows.company.numbering import monthly, next_number
from domain.goods.shipment import Shipment
from domain.incentives.policy_terms import GOODS_RATE
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import without_vat
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings

QTY_SHORT = "QTY_SHORT"


@dataclass(frozen=True, kw_only=True)
class DisputeLine:
    """Dispute part of a document on a statement, as the dealer. ``amount`` gross, minor units.

    ``sku`` and ``qty`` say which goods it is about, where it is about goods.
    """

    dealer_id: str
    period: str
    version: int
    line_id: str
    amount: int
    code: str
    evidence: str
    sku: str = ""
    qty: int = 0


def dispute_line(log: Log, stamp: Stamp, command: DisputeLine) -> dict[str, Any]:
    """Dispute a line; for the dealer's own users, and for services on their behalf.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, NOT_LATEST_VERSION, ALREADY_SIGNED,
    ALREADY_DISPUTED, AMOUNT_EXCEEDS_LINE, AMOUNT_EXCEEDS_OPEN.
    """
    statement = own_statement(log, command.dealer_id, command.period, stamp)
    findings = Findings()
    known = command.code in DISPUTE_CODES
    findings.field(known, "code", f"one of {', '.join(DISPUTE_CODES)}")
    findings.field(command.amount >= 1, "amount", "at least 1")
    findings.field(command.evidence.strip(), "evidence", "what speaks for it")
    short = command.code == QTY_SHORT
    named = command.sku and command.qty >= 1
    findings.field(not short or named, "qty", "a product and how many of it are missing")
    invoice = log.get(Invoice, command.line_id)
    if short and named and invoice.terms is not None:
        line = invoice.line_of(command.sku)
        most = line.qty if line else 0
        findings.field(command.qty <= most, "qty", f"at most {most}, as the invoice says")
    findings.refuse()
    statement.dispute(
        statement_events.LineDisputed(
            stamp.by,
            stamp.at,
            number=command.version,
            line=command.line_id,
            amount=command.amount,
            code=command.code,
            evidence=(command.evidence,),
            sku=command.sku,
            qty=command.qty,
        )
    )
    account = log.get(DealerAccount, command.dealer_id, stamp.currency)
    if command.line_id in account.items:
        # What was paid of it is in the statement and not open any more: it can be disputed too.
        still = min(command.amount, account.items[command.line_id].open)
        dispute(account, command.line_id, still, command.code, (command.evidence,), stamp)
    return standing(statement)


@dataclass(frozen=True, kw_only=True)
class RespondDispute:
    """Answer a dispute, and decide nothing yet."""

    dealer_id: str
    period: str
    line_id: str
    answer: str


def respond_dispute(log: Log, stamp: Stamp, command: RespondDispute) -> dict[str, Any]:
    """Respond to a dispute. For finance and sales managers.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, INVALID_STATE.
    """
    only((*FINANCE, "MGR"), stamp)
    statement, findings = existing(log, Statement, command.dealer_id, command.period), Findings()
    findings.field(command.answer.strip(), "answer", "an answer")
    findings.refuse()
    statement.open_dispute(command.line_id)
    statement.record(
        statement_events.DisputeAnswered(
            stamp.by, stamp.at, line=command.line_id, answer=command.answer
        )
    )
    return standing(statement)


@dataclass(frozen=True, kw_only=True)
class AcceptDispute:
    """Agree with the dealer: a credit note of today corrects the document.

    What is no invoice cannot be credited: an adjustment corrects it, and needs no ``red_info_no``.
    """

    dealer_id: str
    period: str
    line_id: str
    red_info_no: str = ""
    version: int | None = None


def accept_dispute(log: Log, stamp: Stamp, command: AcceptDispute) -> dict[str, Any]:
    """Accept a dispute. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, INVALID_STATE, NOT_LATEST_VERSION, RED_INFO_MISSING,
    EXCEEDS_INVOICED, PERIOD_CLOSED.
    """
    only(FINANCE, stamp)
    statement = existing(log, Statement, command.dealer_id, command.period)
    if command.version is not None:
        statement.latest(command.version)
    found = statement.open_dispute(command.line_id)
    invoice = log.get(Invoice, command.line_id)
    account = log.get(DealerAccount, command.dealer_id, stamp.currency)
    if invoice.exists and invoice.known.kind == BLUE:
        doc = post_note(log, _note(log, invoice, found, command), stamp)
    else:
        doc = _adjust(log, account, found, command, stamp)
    item = account.find(command.line_id)
    if item is not None and item.disputed:
        resolve(account, command.line_id, "ACCEPTED", doc, stamp)
    statement.record(
        statement_events.DisputeAccepted(
            stamp.by, stamp.at, line=command.line_id, amount=found.amount, credit_note=doc
        )
    )
    if found.code == QTY_SHORT and invoice.exists and found.sku:
        _correct_book(log, invoice, found, doc, stamp)
    return standing(statement) | {"doc": doc}


@dataclass(frozen=True, kw_only=True)
class RejectDispute:
    """Do not agree with the dealer: the document stands."""

    dealer_id: str
    period: str
    line_id: str
    reason: str


def reject_dispute(log: Log, stamp: Stamp, command: RejectDispute) -> dict[str, Any]:
    """Reject a dispute. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, INVALID_STATE.
    """
    only(FINANCE, stamp)
    statement, findings = existing(log, Statement, command.dealer_id, command.period), Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    statement.reject(command.line_id, command.reason, stamp)
    account = log.get(DealerAccount, command.dealer_id, stamp.currency)
    item = account.find(command.line_id)
    if item is not None and item.disputed:
        resolve(account, command.line_id, "REJECTED", None, stamp)
    return standing(statement)


def _note(log: Log, invoice: Invoice, found: Dispute, command: AcceptDispute) -> CreditTerms:
    """Credit note of a dispute: its gross amount, at the rates of the lines that it is about."""
    named = invoice.line_of(found.sku)
    left, lines, rate = found.amount, list[CreditedLine](), GOODS_RATE
    for line in (named,) if named is not None else invoice.known.lines:
        rate = line.tax_rate
        part = left if line is named else min(left, line.net + line.vat)
        amounts = without_vat(part, rate)
        if part:
            made = credited_line(log, invoice, line, amounts.net, found.qty or None)
            lines.append(msgspec.structs.replace(made, vat=amounts.vat))
        left -= part
    whole = without_vat(found.amount, rate)
    net = sum(one.net for one in lines) if lines else whole.net
    return CreditTerms(
        dealer=command.dealer_id,
        kind="SHORT_DELIVERY" if found.code == QTY_SHORT else "PRICE",
        invoice=invoice.doc,
        net=net,
        vat=found.amount - net,
        tax_rate=rate,
        red_info_no=command.red_info_no,
        lines=tuple(lines),
        dispute=f"{command.period}/{command.line_id}",
    )


def _adjust(
    log: Log, account: DealerAccount, found: Dispute, command: AcceptDispute, stamp: Stamp
) -> str:
    """Adjustment of a dispute about what is no invoice: a penalty, a credit note, an adjustment."""
    require_open(log, stamp.today, command.dealer_id, stamp)
    doc = next_number(log, monthly("ADJ", stamp.today), stamp)
    against = command.line_id if command.line_id in account.items else None
    account.adjust(
        account_events.AdjustmentPosted(
            stamp.by,
            stamp.at,
            doc=doc,
            amount=-found.amount,
            reason=f"{found.code} {command.period}/{command.line_id}",
            approvals=(stamp.by.user,),
            accounting_date=stamp.today,
            due=stamp.today,
        ),
        against,
    )
    return doc


def _correct_book(log: Log, invoice: Invoice, found: Dispute, doc: str, stamp: Stamp) -> None:
    """Goods that never came are not in the dealer's book either (INV-DS-1)."""
    shipment = log.get(Shipment, invoice.known.shp)
    lot = next((one.goods.lot for one in shipment.packages if one.sku == found.sku), None)
    moved = Movement(found.sku, -found.qty, stamp.today, lot or "")
    stock = log.get(DealerStock, invoice.known.dealer)
    stock.adjust(moved, QTY_SHORT, doc, stamp.automatic("channel"))
