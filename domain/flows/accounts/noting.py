"""Noting: credit notes that are not for returned goods, at the invoice's own price and tax rate."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import msgspec

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.invoice import BLUE, RED, Invoice, TaxDocument
from domain.accounts.ledger import CreditedLine, InvoiceLine
from domain.accounts.refusals import (
    ExceedsInvoiced,
    ItemOfOtherDealer,
    RedInfoMissing,
    TaxMismatch,
)
from domain.flows.books.dating import require_open
from domain.flows.company.acting import FINANCE, only
from domain.flows.company.numbering import monthly, next_number
from domain.flows.goods.devices import devices
from domain.flows.orders.confirming import CREDIT_HOLDS, recheck_waiting
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import share
from domain.kernel.refusal import FutureDated
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.billing_events import LineCredited
from domain.orders.order import Order


class CreditTerms(msgspec.Struct, frozen=True, kw_only=True):
    """A credit note to be posted. Without an invoice it settles what is due first. Minor units."""

    dealer: str
    kind: str
    invoice: str
    net: int
    vat: int
    tax_rate: Decimal
    red_info_no: str
    lines: tuple[CreditedLine, ...] = ()
    policy: str | None = None
    claim: str | None = None
    dispute: str | None = None
    effective: date | None = None


@dataclass(frozen=True, kw_only=True)
class NotedLine:
    """What is credited of an invoiced line: net minor units, and units where it is for units."""

    so_line: int
    net: int
    qty: int | None = None


@dataclass(frozen=True, kw_only=True)
class PostCreditNote:
    """Credit part of an invoice: for a PRICE that was wrong, or a SHORT_DELIVERY.

    VAT follows from the invoice's rate; ``vat`` may say what it must come to. A note for an invoice
    without lines (from before the log) names ``net`` and ``tax_rate``.
    """

    dealer_id: str
    kind: Literal["PRICE", "SHORT_DELIVERY"]
    invoice: str
    red_info_no: str
    lines: list[NotedLine] = field(default_factory=list)
    net: int | None = None
    tax_rate: Decimal | None = None
    vat: int | None = None
    effective_date: date | None = None


def post_credit_note(log: Log, stamp: Stamp, command: PostCreditNote) -> dict[str, Any]:
    """Post a credit note. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, RED_INFO_MISSING, ITEM_OF_OTHER_DEALER,
    EXCEEDS_INVOICED, TAX_MISMATCH, FUTURE_DATED, PERIOD_CLOSED.
    """
    only(FINANCE, stamp)
    invoice, findings = existing(log, Invoice, command.invoice), Findings()
    mine = invoice.known.dealer == command.dealer_id
    findings.require(mine, ItemOfOtherDealer(doc=invoice.doc, dealer=command.dealer_id))
    findings.field(invoice.known.kind == BLUE, "invoice", "an invoice, not a credit note")
    ahead = command.effective_date is not None and command.effective_date > stamp.today
    findings.require(not ahead, FutureDated(effective_date=command.effective_date))
    named = command.red_info_no.strip()
    findings.require(named, RedInfoMissing(kind=command.kind))
    lines = _lines(log, invoice, command, findings)
    net, vat = sum(one.net for one in lines), sum(one.vat for one in lines)
    if not invoice.known.lines:
        net = command.net or 0
        rate = Decimal(-1) if command.tax_rate is None else command.tax_rate
        findings.field(net >= 1, "net", "at least 1, for an invoice without lines")
        findings.between(rate, 0, 100, "tax_rate")
        findings.refuse()
        vat = share(net, int(rate * 100), 100_00)
    agrees = command.vat is None or command.vat == vat
    findings.require(agrees, TaxMismatch(vat=command.vat, by_lines=vat))
    findings.refuse()
    doc = post_note(
        log,
        CreditTerms(
            dealer=command.dealer_id,
            kind=command.kind,
            invoice=invoice.doc,
            net=net,
            vat=vat,
            tax_rate=command.tax_rate or Decimal(0),
            red_info_no=command.red_info_no,
            lines=lines,
            effective=command.effective_date,
        ),
        stamp,
    )
    return {"doc": doc, "net": net, "vat": vat, "gross": net + vat}


def post_note(log: Log, terms: CreditTerms, stamp: Stamp) -> str:
    """Post a credit note: it settles its invoice first, then what is due first; the number.

    Raises RedInfoMissing, PeriodClosed, ExceedsInvoiced.
    """
    if not terms.red_info_no.strip():
        raise RedInfoMissing(kind=terms.kind)
    require_open(log, stamp.today, terms.dealer, stamp)
    account = log.get(DealerAccount, terms.dealer, stamp.currency)
    doc, gross = next_number(log, monthly("CN", stamp.today), stamp), terms.net + terms.vat
    if terms.invoice:
        known = log.get(Invoice, terms.invoice)
        if terms.kind in ("PRICE", "SHORT_DELIVERY"):
            known.credit(doc, terms.lines, gross, stamp)
            _tell_order(log, known, doc, terms.lines, stamp)
    settled = {one.doc: one.amount for one in account.spread(gross, terms.invoice or None)}
    if terms.kind in ("PRICE", "SHORT_DELIVERY"):
        settled = {one: amount for one, amount in settled.items() if one == terms.invoice}
    account.record(
        account_events.CreditNotePosted(
            stamp.by,
            stamp.at,
            doc=doc,
            kind=terms.kind,
            invoice=terms.invoice,
            lines=terms.lines,
            net=terms.net,
            vat=terms.vat,
            gross=gross,
            settled=settled.pop(terms.invoice, 0),
            others=settled,
            accounting_date=stamp.today,
            effective_date=terms.effective or stamp.today,
            red_info_no=terms.red_info_no,
            policy=terms.policy,
            claim=terms.claim,
            dispute=terms.dispute,
        )
    )
    issue_red(log, doc, terms.dealer, gross, stamp)
    recheck_waiting(log, terms.dealer, CREDIT_HOLDS, "credit-recheck", stamp)
    return doc


def _tell_order(
    log: Log, invoice: Invoice, doc: str, lines: tuple[CreditedLine, ...], stamp: Stamp
) -> None:
    """Let an order know what no longer waits for its acceptance."""
    for one in lines:
        if one.deferred:
            log.get(Order, invoice.known.so).record(
                LineCredited(
                    stamp.by,
                    stamp.at,
                    line_no=one.so_line or 0,
                    doc=doc,
                    qty=0,
                    gross=one.net + one.vat,
                    milestone=invoice.known.milestone,
                    deferred=one.deferred,
                )
            )


def issue_red(log: Log, doc: str, dealer: str, gross: int, stamp: Stamp) -> None:
    """Issue a credit note as a tax document of its own, which gets a red-letter fapiao."""
    terms = TaxDocument(
        dealer=dealer, gross=gross, due=stamp.today, kind=RED, posted_on=stamp.today
    )
    log.get(Invoice, doc).issue(terms, stamp)


def _lines(
    log: Log, invoice: Invoice, command: PostCreditNote, findings: Findings
) -> tuple[CreditedLine, ...]:
    """Lines of the note, at the invoice's rates (INV-AC-6)."""
    found, known = [], bool(invoice.known.lines)
    findings.field(not known or command.net is None, "net", "follows from the lines")
    findings.field(not known or command.lines, "lines", "at least one line of the invoice")
    seen: set[int] = set()
    for place, one in enumerate(command.lines):
        line, where = invoice.line(one.so_line), f"lines[{place}]"
        findings.field(line is not None, f"{where}.so_line", "a line of the invoice")
        findings.field(one.so_line not in seen, f"{where}.so_line", "each line once")
        findings.field(one.net >= 1, f"{where}.net", "at least 1")
        findings.field(one.qty is None or one.qty >= 1, f"{where}.qty", "at least 1")
        seen.add(one.so_line)
        if line is None:
            continue
        before = invoice.credited_qty.get(one.so_line, 0)
        many = before + (one.qty or 0) > line.qty
        findings.require(
            not many, ExceedsInvoiced(so_line=one.so_line, qty=line.qty, credited=before)
        )
        other = command.tax_rate is not None and command.tax_rate != line.tax_rate
        findings.require(not other, TaxMismatch(tax_rate=command.tax_rate, of_line=line.tax_rate))
        found.append(credited_line(log, invoice, line, one.net, one.qty))
    return tuple(found)


def credited_line(
    log: Log, invoice: Invoice, line: InvoiceLine, net: int, qty: int | None
) -> CreditedLine:
    """Return what is credited of an invoiced line, with VAT at its rate.

    What still waits for an acceptance is taken back from that first: it is no revenue yet.
    """
    vat = share(net, int(line.tax_rate * 100), 100_00)
    promised = min(net, _promised(log, invoice, line)) if line.deferred else 0
    return CreditedLine(line.sku, net, vat, line.tax_rate, line.so_line, qty, deferred=promised)


def _promised(log: Log, invoice: Invoice, line: InvoiceLine) -> int:
    """Net amount of an invoiced line that waits for the acceptance of its own devices."""
    order = log.get(Order, invoice.known.so)
    waiting = order.lines[line.so_line].deferred.value if line.so_line in order.lines else 0
    units = devices(log, line.sku, line.serials)
    accepted = sum(one.accepted_on is not None for one in units)
    open_here = share(line.net, len(units) - accepted, len(units)) if units else line.net
    taken = invoice.credited_net.get(line.so_line, 0)
    return min(waiting, max(0, open_here - taken))
