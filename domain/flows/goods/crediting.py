"""Crediting: the money of returned goods goes back, at the price and tax rate of their invoice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.invoice import Invoice
from domain.accounts.ledger import CreditedLine
from domain.accounts.refusals import ExceedsInvoiced, RedInfoMissing
from domain.flows.accounts.noting import issue_red
from domain.flows.books.dating import require_open
from domain.flows.company.numbering import monthly, next_number
from domain.flows.orders.confirming import CREDIT_HOLDS, recheck_waiting, settle_credit
from domain.goods.goods_return import CREDITED, INSPECTED, RECEIVED, GoodsReturn
from domain.goods.product import Product
from domain.goods.serial_number import SerialNumber
from domain.goods.shipment import Shipment
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import Amounts, share
from domain.kernel.refusal import FutureDated, NotFound
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.billing_events import LineCredited
from domain.orders.order import Order
from domain.orders.order_terms import AT_POD, AT_SHIP, RETENTION
from domain.policies import billing


@dataclass(frozen=True, kw_only=True)
class CreditReturn:
    """Give the money of returned goods back, at the price and tax rate of their invoice.

    ``red_info_no`` is the tax office's confirmation (红字信息确认单); ``effective_date`` the day
    on which the goods came back, where that is another.
    """

    rma_id: str
    invoice: str
    red_info_no: str
    effective_date: date | None = None


def credit_return(log: Log, stamp: Stamp, command: CreditReturn) -> dict[str, Any]:
    """Credit what an invoice billed of a return; each invoice of the goods in its own note.

    Refuses NOT_FOUND, EXCEEDS_INVOICED, RED_INFO_MISSING, INVALID_STATE, FUTURE_DATED,
    PERIOD_CLOSED.
    """
    rma, findings = existing(log, GoodsReturn, command.rma_id), Findings()
    findings.require(command.red_info_no.strip(), RedInfoMissing(rma=rma.key))
    ahead = command.effective_date is not None and command.effective_date > stamp.today
    findings.require(not ahead, FutureDated(effective_date=command.effective_date))
    earlier = rma.credits.get(command.invoice)
    findings.require(earlier is None, ExceedsInvoiced(rma=rma.key, by=earlier))
    findings.refuse()
    rma.require(RECEIVED, INSPECTED, CREDITED)
    shipment = existing(log, Shipment, rma.shipment)
    order = _billed_order(log, shipment, command.invoice)
    milestone, mine = order.invoices[command.invoice], shipment.invoices
    theirs = mine and milestone in {AT_SHIP, AT_POD} and command.invoice not in mine
    findings.require(not theirs, ExceedsInvoiced(invoices=mine))
    of_it = [one for one in rma.lines if one.so == order.so]
    findings.require(of_it, ExceedsInvoiced(rma=rma.key, so=order.so))
    findings.refuse()
    require_open(log, stamp.today, rma.dealer, stamp)
    doc = next_number(log, monthly("CN", stamp.today), stamp)
    invoice = log.get(Invoice, command.invoice)
    lines = _credited(log, order, rma, invoice, doc, stamp)
    gross = sum(one.net + one.vat for one in lines)
    account = log.get(DealerAccount, rma.dealer, stamp.currency)
    item = account.items.get(command.invoice)
    account.record(
        account_events.CreditNotePosted(
            stamp.by,
            stamp.at,
            doc=doc,
            kind="RETURN",
            invoice=command.invoice,
            lines=tuple(lines),
            net=sum(one.net for one in lines),
            vat=sum(one.vat for one in lines),
            gross=gross,
            settled=min(gross, item.open if item else 0),
            accounting_date=stamp.today,
            effective_date=command.effective_date or stamp.today,
            red_info_no=command.red_info_no,
            rma=rma.key,
        )
    )
    invoice.credit(doc, lines, gross, stamp)
    issue_red(log, doc, rma.dealer, gross, stamp)
    settle_credit(log, order, stamp)
    recheck_waiting(log, rma.dealer, CREDIT_HOLDS, "credit-recheck", stamp)
    rma.credit(doc, command.invoice, stamp)
    for one in of_it:
        if one.serial is not None:
            di = existing(log, Product, one.sku).base_di
            unit = log.get(SerialNumber, di, one.serial)
            unit.note_credit(rma.key, doc, rma.dealer, stamp)
    return _standing(rma) | {"credit_note": doc, "gross": gross}


def _billed_order(log: Log, shipment: Shipment, invoice: str) -> Order:
    """Order of a shipment that an invoice billed."""
    for so in shipment.orders():
        order = existing(log, Order, so)
        if invoice in order.invoices:
            return order
    raise NotFound(kind="Invoice", id=invoice)


def _credited(
    log: Log, order: Order, rma: GoodsReturn, invoice: Invoice, doc: str, stamp: Stamp
) -> list[CreditedLine]:
    """Lines of the credit note; each order line counts what was credited of it (INV-RM-1).

    What came back before a later milestone was billed is not billed for it any more: the first
    credit note of the goods says so.
    """
    milestone = order.invoices[invoice.doc]
    lines, first = list[CreditedLine](), milestone == billing.milestones(order.known)[0]
    for one in rma.lines:
        if one.so != order.so:
            continue
        line = order.lines[one.line_no]
        amounts = billing.credited(order.known, line, milestone, one.qty)
        if amounts is None:
            raise ExceedsInvoiced(so=order.so, line_no=one.line_no, qty=one.qty)
        amounts = _left(invoice, one.line_no, amounts, lines)
        kept = one.qty if one.accepted else 0
        waived = billing.waived(order.known, line, one.qty, kept) if first else {}
        deferred = line.terms.installation_required and not one.accepted
        promised = amounts.net if deferred and milestone != RETENTION else 0
        order.record(
            LineCredited(
                stamp.by,
                stamp.at,
                line_no=one.line_no,
                doc=doc,
                qty=one.qty,
                gross=amounts.gross,
                milestone=milestone,
                waived=waived,
                waived_gross=billing.gross(order.known, line, waived),
                deferred=promised,
                waiting=one.qty if promised and first else 0,
            )
        )
        product = existing(log, Product, one.sku).known
        lines.append(
            CreditedLine(
                one.sku,
                amounts.net,
                amounts.vat,
                line.terms.tax_rate,
                one.line_no,
                one.qty,
                one.lot,
                (one.serial,) if one.serial else (),
                promised,
                one.expensed * product.std_cost if first else 0,
                again=not first,
            )
        )
    return lines


def _left(
    invoice: Invoice, so_line: int, amounts: Amounts, credited: list[CreditedLine]
) -> Amounts:
    """Amounts of returned goods, or the rest of their line that a price credit has left of it."""
    billed = invoice.line(so_line)
    if billed is None:
        return amounts
    mine = sum(one.net for one in credited if one.so_line == so_line)
    left = max(0, billed.net - invoice.credited_net.get(so_line, 0) - mine)
    if amounts.net <= left:
        return amounts
    vat = share(left, int(billed.tax_rate * 100), 100_00)
    return Amounts(left, vat, left + vat)


def _standing(rma: GoodsReturn) -> dict[str, Any]:
    return {"rma_id": rma.key, "state": rma.state}
