"""Crediting: the money of returned goods goes back, at the price and tax rate of their invoice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.accounts.dealer_account import DealerAccount
from domain.accounts.ledger import CreditedLine
from domain.accounts.refusals import ExceedsInvoiced, RedInfoMissing
from domain.flows.company.numbering import monthly, next_number
from domain.goods.goods_return import (
    CREDITED,
    GoodsReturn,
)
from domain.goods.shipment import Shipment
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import FutureDated, NotFound
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.line_events import LineCredited
from domain.orders.order import Order


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
    """Credit a return.

    Refuses NOT_FOUND, EXCEEDS_INVOICED, RED_INFO_MISSING, INVALID_STATE, FUTURE_DATED.
    """
    rma, findings = existing(log, GoodsReturn, command.rma_id), Findings()
    findings.require(command.red_info_no.strip(), RedInfoMissing(rma=rma.key))
    ahead = command.effective_date is not None and command.effective_date > stamp.today
    findings.require(not ahead, FutureDated(effective_date=command.effective_date))
    findings.require(rma.state != CREDITED, ExceedsInvoiced(rma=rma.key, by=rma.credit_note))
    findings.refuse()
    rma.require("RECEIVED", "INSPECTED")
    shipment = existing(log, Shipment, rma.shipment)
    if command.invoice not in {doc for order in _orders(log, shipment) for doc in order.invoices}:
        raise NotFound(kind="Invoice", id=command.invoice)
    mine = shipment.invoices
    findings.require(not mine or command.invoice in mine, ExceedsInvoiced(invoices=mine))
    findings.refuse()
    doc = next_number(log, monthly("CN", stamp.today), stamp)
    lines = _credited(log, rma, doc, stamp)
    gross = sum(one.net + one.vat for one in lines)
    account = log.get(DealerAccount, rma.dealer, stamp.currency)
    item = account.items.get(command.invoice)
    account.credit(
        DealerAccount.CreditNotePosted(
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
    rma.credit(doc, command.invoice, stamp)
    return _standing(rma) | {"credit_note": doc, "gross": gross}


def _orders(log: Log, shipment: Shipment) -> list[Order]:
    return [existing(log, Order, so) for so in shipment.orders()]


def _credited(log: Log, rma: GoodsReturn, doc: str, stamp: Stamp) -> list[CreditedLine]:
    """Lines of the credit note; each order line counts what was credited of it (INV-RM-1)."""
    lines = []
    for one in rma.lines:
        order = existing(log, Order, one.so)
        line = order.lines[one.line_no]
        if line.credited + one.qty > line.invoiced:
            raise ExceedsInvoiced(so=order.so, line_no=one.line_no, qty=one.qty)
        amounts = line.amounts(line.credited, line.credited + one.qty)
        if line.credited_gross + amounts.gross > line.billed:
            raise ExceedsInvoiced(so=order.so, line_no=one.line_no, billed=line.billed)
        credited = LineCredited(
            stamp.by,
            stamp.at,
            line_no=one.line_no,
            doc=doc,
            qty=one.qty,
            gross=amounts.gross,
        )
        order.record(credited)
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
            )
        )
    return lines


def _standing(rma: GoodsReturn) -> dict[str, Any]:
    return {"rma_id": rma.key, "state": rma.state}
