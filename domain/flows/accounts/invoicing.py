"""Invoicing: what a milestone of the billing plan makes due, for the goods that reached it.

A deposit makes no invoice of its own: its share is billed with the first milestone after it, and
the order's deposit settles that invoice in the same step.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.deposit_account import DepositAccount
from domain.accounts.ledger import InvoiceLine
from domain.accounts.refusals import NotBillable
from domain.flows.company.numbering import monthly, next_number
from domain.flows.orders.confirming import settle_credit
from domain.goods.package import Package
from domain.goods.shipment import Shipment
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.orders.line_events import LineInvoiced
from domain.orders.order import Order
from domain.orders.order_line import Line
from domain.orders.order_terms import AT_ACCEPTANCE, AT_POD, AT_SHIP, RETENTION
from domain.policies import billing


@dataclass(frozen=True, kw_only=True)
class PostInvoice:
    """Invoice a milestone of an order by hand, where it is due and was not invoiced yet."""

    so_id: str
    milestone: Literal["SHIP", "POD", "ACCEPTANCE", "RETENTION"]


def post_invoice(log: Log, stamp: Stamp, command: PostInvoice) -> dict[str, Any]:
    """Post an invoice.

    Refuses NOT_FOUND, NOT_BILLABLE.
    """
    order = existing(log, Order, command.so_id)
    due = {
        line_no: qty
        for line_no, line in order.lines.items()
        if (qty := _reached(order, line, command.milestone, stamp)) > 0
    }
    doc = bill(log, order, command.milestone, due, None, stamp)
    if doc is None:
        raise NotBillable(so=order.so, milestone=command.milestone, state=order.state)
    return {"so": order.so, "invoice": doc}


def bill(
    log: Log,
    order: Order,
    milestone: str,
    due: dict[int, int],
    shipment: Shipment | None,
    stamp: Stamp,
) -> str | None:
    """Post the invoice of a milestone for quantities by line; None where nothing is due."""
    lines = _lines(order, milestone, due)
    gross = sum(one.net + one.vat for one in lines)
    if not gross:
        return None
    terms, automatic = order.known, stamp.automatic("invoicing")
    doc = next_number(log, monthly("INV", stamp.today), stamp)
    due_days = next(one.due_days for one in terms.billing_plan if one.milestone == milestone)
    account = log.get(DealerAccount, terms.dealer, terms.currency)
    account.post_invoice(
        account_events.InvoicePosted(
            automatic.by,
            automatic.at,
            doc=doc,
            so=order.so,
            shp=shipment.shp if shipment else "",
            milestone=milestone,
            lines=lines,
            net=sum(one.net for one in lines),
            vat=sum(one.vat for one in lines),
            gross=gross,
            due=stamp.today + timedelta(days=due_days),
            accounting_date=stamp.today,
        )
    )
    for line in lines:
        told = LineInvoiced(
            automatic.by,
            automatic.at,
            line_no=line.so_line,
            doc=doc,
            qty=line.qty,
            milestone=milestone,
            gross=line.net + line.vat,
        )
        order.record(told)
    settle_credit(log, order, stamp)
    if shipment is not None:
        shipment.bill(doc, automatic)
    _apply_deposit(log, order, doc, gross, automatic)
    return doc


def quantities(packages: Iterable[Package]) -> dict[int, int]:
    """Base units by line."""
    found: dict[int, int] = {}
    for package in packages:
        found[package.line_no] = found.get(package.line_no, 0) + package.goods.qty
    return found


def _reached(order: Order, line: Line, milestone: str, stamp: Stamp) -> int:
    """Quantity of a line that has reached a milestone and was not invoiced for it."""
    reached = {
        AT_SHIP: line.shipped,
        AT_POD: line.delivered,
        AT_ACCEPTANCE: line.accepted,
        RETENTION: _retained(order, line, stamp),
    }
    return reached[milestone] - line.milestones.get(milestone, 0)


def _retained(order: Order, line: Line, stamp: Stamp) -> int:
    """Quantity whose retention time (质保金) is over, counted from the last delivery."""
    plan = {one.milestone: one.due_days for one in order.known.billing_plan}
    if RETENTION not in plan or order.delivered_on is None:
        return 0
    over = stamp.today > order.delivered_on + timedelta(days=plan[RETENTION])
    kept = line.delivered - line.waived.get(RETENTION, 0)
    done = min(line.accepted, kept) if line.terms.installation_required else kept
    return done if over else 0


def _lines(order: Order, milestone: str, due: dict[int, int]) -> tuple[InvoiceLine, ...]:
    share = billing.shares(order.known, milestone)
    if share is None:
        return ()
    found = []
    for line_no, qty in due.items():
        line = order.lines[line_no]
        before = line.billing(milestone)
        amounts = billing.between(line.amounts(before, before + qty), *share)
        found.append(
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
    return tuple(found)


def _apply_deposit(log: Log, order: Order, doc: str, gross: int, stamp: Stamp) -> None:
    terms = order.known
    deposits = log.get(DepositAccount, terms.dealer, terms.currency)
    account = log.get(DealerAccount, terms.dealer, terms.currency)
    for deposit, amount in deposits.apply_to(order.so, doc, gross, stamp):
        account.apply_deposit(deposit, doc, amount, stamp.today, stamp)
