"""Delivering: the receiver signs, the invoice follows in the same append."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from domain.accounts.credit_line import OUTSIDE, SHIPPED, CreditLine
from domain.accounts.dealer_account import DealerAccount, InvoiceLine
from domain.flows.company.numbering import monthly, next_number
from domain.flows.goods.shipping import part_of_line
from domain.flows.orders.ordering import POD_IN_FULL
from domain.goods.product import Product
from domain.goods.refusals import PodDocRequired
from domain.goods.serial_number import SerialNumber
from domain.goods.shipment import Package, Shipment
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import FutureDated
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.order import Order
from domain.orders.order_events import LineDelivered, LineInvoiced


@dataclass(frozen=True, kw_only=True)
class ConfirmDelivery:
    """Enter a signed proof of delivery. ``region_code`` is where it was signed (GB/T 2260)."""

    shp_id: str
    signed_at: date
    signatory: str
    region_code: str
    document_hash: str
    gps: str | None = None


def confirm_delivery(log: Log, stamp: Stamp, command: ConfirmDelivery) -> dict[str, Any]:
    """Confirm a delivery and invoice it.

    Refuses NOT_FOUND, INVALID_STATE, POD_DOC_REQUIRED, POD_BEFORE_SHIP, FUTURE_DATED,
    VALIDATION_FAILED.
    """
    shipment, findings = existing(log, Shipment, command.shp_id), Findings()
    findings.require(command.document_hash.strip(), PodDocRequired(shp=command.shp_id))
    findings.field(command.signatory.strip(), "signatory", "somebody must have signed")
    findings.region(command.region_code, "region_code")
    ahead = command.signed_at > stamp.today
    findings.require(not ahead, FutureDated(field="signed_at", signed_at=command.signed_at))
    findings.refuse()
    shipment.deliver(
        command.signed_at,
        command.signatory,
        command.region_code,
        command.document_hash,
        command.gps,
        stamp,
    )
    for package in shipment.packages:
        _hand_over(log, shipment, package, command.region_code, stamp)
    invoices = [
        _invoice(log, existing(log, Order, so), shipment, stamp.automatic("invoicing"))
        for so in shipment.orders()
    ]
    return {"shp": shipment.shp, "state": shipment.state, "invoices": invoices}


def _hand_over(log: Log, shipment: Shipment, package: Package, region: str, stamp: Stamp) -> None:
    to = shipment.known
    di = existing(log, Product, package.sku).base_di
    for serial in package.goods.serials:
        unit = log.get(SerialNumber, di, serial)
        unit.deliver(shipment.shp, to.receiver, region, stamp, at_hospital=to.at_hospital)
    existing(log, Order, package.so).record(
        LineDelivered(
            stamp.by,
            stamp.at,
            line_no=package.line_no,
            shp=shipment.shp,
            qty=package.goods.qty,
        )
    )


def _invoice(log: Log, order: Order, shipment: Shipment, stamp: Stamp) -> str:
    """Post the invoice that the proof of delivery makes due, for what was signed."""
    terms = order.known
    doc = next_number(log, monthly("INV", stamp.today), stamp)
    lines = _invoice_lines(order, shipment)
    gross = sum(one.net + one.vat for one in lines)
    due_days = next(one.due_days for one in terms.billing_plan if one.milestone == POD_IN_FULL)
    account = log.get(DealerAccount, terms.dealer, terms.currency)
    account.post_invoice(
        DealerAccount.InvoicePosted(
            stamp.by,
            stamp.at,
            doc=doc,
            so=order.so,
            shp=shipment.shp,
            milestone=POD_IN_FULL,
            lines=lines,
            net=sum(one.net for one in lines),
            vat=sum(one.vat for one in lines),
            gross=gross,
            due=stamp.today + timedelta(days=due_days),
            accounting_date=stamp.today,
        )
    )
    log.get(CreditLine, terms.dealer, terms.currency).move(order.so, SHIPPED, OUTSIDE, gross, stamp)
    for line in lines:
        order.record(LineInvoiced(stamp.by, stamp.at, line_no=line.so_line, doc=doc, qty=line.qty))
    shipment.bill(doc, stamp)
    return doc


def _invoice_lines(order: Order, shipment: Shipment) -> tuple[InvoiceLine, ...]:
    signed: dict[int, int] = {}
    for package in shipment.packages:
        if package.so == order.so:
            signed[package.line_no] = signed.get(package.line_no, 0) + package.goods.qty
    lines = []
    for line_no, qty in signed.items():
        line = order.lines[line_no]
        amounts = part_of_line(line, line.invoiced, line.invoiced + qty)
        lines.append(
            InvoiceLine(
                so_line=line_no,
                sku=line.terms.sku,
                qty=qty,
                unit_price=line.terms.unit_price,
                net=amounts.net,
                vat=amounts.vat,
                tax_rate=line.terms.tax_rate,
            )
        )
    return tuple(lines)
