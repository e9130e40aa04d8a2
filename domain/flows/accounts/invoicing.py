"""Invoicing: what a milestone of the billing plan makes due, for the goods that reached it.

A deposit makes no invoice of its own: its share is billed with the first milestone after it, and
the order's deposit settles that invoice in the same step.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.deposit_account import DepositAccount
from domain.accounts.invoice import Invoice, TaxDocument
from domain.accounts.ledger import InvoiceLine
from domain.accounts.refusals import ExceedsDelivered, NotBillable, TaxMismatch
from domain.flows.accounts.earning import earn
from domain.flows.books.dating import posting_day, require_open
from domain.flows.company.acting import FINANCE, only
from domain.flows.company.numbering import monthly, next_number
from domain.flows.orders.confirming import settle_credit
from domain.goods.package import Package
from domain.goods.shipment import Shipment
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.billing_events import LineInvoiced
from domain.orders.order import Order
from domain.orders.order_line import Line
from domain.orders.order_terms import AT_ACCEPTANCE, AT_POD, AT_SHIP, RETENTION
from domain.policies import billing


@dataclass(frozen=True, kw_only=True)
class LineQuantity:
    """How many base units of a line."""

    line_no: int
    qty: int


@dataclass(frozen=True, kw_only=True)
class PostInvoice:
    """Invoice a milestone of an order by hand, where it is due and was not invoiced yet.

    ``quantities`` invoice only part of what is due; ``vat`` (minor units) is what the document's
    VAT must come to.
    """

    so_id: str
    milestone: Literal["SHIP", "POD", "ACCEPTANCE", "RETENTION"]
    quantities: list[LineQuantity] = field(default_factory=list)
    vat: int | None = None


def post_invoice(log: Log, stamp: Stamp, command: PostInvoice) -> dict[str, Any]:
    """Post an invoice. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, NOT_BILLABLE, EXCEEDS_DELIVERED, TAX_MISMATCH,
    VALIDATION_FAILED, PERIOD_CLOSED.
    """
    only(FINANCE, stamp)
    order, findings = existing(log, Order, command.so_id), Findings()
    require_open(log, stamp.today, order.known.dealer, stamp)
    due = {
        line_no: qty
        for line_no, line in order.lines.items()
        if (qty := reached(order, line, command.milestone, stamp)) > 0
    }
    named = [one.line_no for one in command.quantities]
    findings.field(len(set(named)) == len(named), "quantities", "each line once")
    for place, one in enumerate(command.quantities):
        where, most = f"quantities[{place}]", due.get(one.line_no, 0)
        findings.field(one.line_no in order.lines, f"{where}.line_no", "a line of the order")
        findings.field(one.qty >= 1, f"{where}.qty", "at least 1")
        beyond = ExceedsDelivered(line_no=one.line_no, qty=one.qty, due=most)
        findings.require(one.qty <= most, beyond)
    kept = command.milestone == RETENTION and is_disputed(log, order)
    findings.require(
        not kept, NotBillable(so=order.so, milestone=RETENTION, reason="an invoice is in dispute")
    )
    findings.refuse()
    due = {one.line_no: one.qty for one in command.quantities} or due
    vat = sum(one.vat for one in _lines(order, command.milestone, due, None))
    wrong = command.vat is not None and command.vat != vat
    findings.require(not wrong, TaxMismatch(vat=command.vat, by_lines=vat))
    findings.refuse()
    before = {line_no: order.lines[line_no].deferred.value for line_no in due}
    doc = bill(log, order, command.milestone, due, None, stamp)
    if doc is None:
        raise NotBillable(so=order.so, milestone=command.milestone, state=order.state)
    if command.milestone == AT_ACCEPTANCE:
        for line_no, value in before.items():
            earn(log, order, line_no, value, doc, stamp, units=0)
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
    lines = _lines(order, milestone, due, shipment)
    gross = sum(one.net + one.vat for one in lines)
    if not gross:
        return None
    terms, automatic = order.known, stamp.automatic("invoicing")
    day = posting_day(log, stamp.today, terms.dealer, stamp)
    doc = next_number(log, monthly("INV", day), stamp)
    due_days = next(one.due_days for one in terms.billing_plan if one.milestone == milestone)
    posted = account_events.InvoicePosted(
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
        due=day + timedelta(days=due_days),
        accounting_date=day,
        effective_date=stamp.today if day != stamp.today else None,
    )
    log.get(DealerAccount, terms.dealer, terms.currency).owe(posted)
    _issue(log, posted, terms.dealer, automatic)
    for line in lines:
        _tell_line(order, line, doc, milestone, automatic)
    settle_credit(log, order, stamp)
    if shipment is not None:
        shipment.bill(doc, automatic)
    _apply_deposit(log, order, posted, automatic)
    return doc


def _issue(log: Log, posted: account_events.InvoicePosted, dealer: str, stamp: Stamp) -> None:
    terms = TaxDocument(
        dealer=dealer,
        gross=posted.gross,
        due=posted.due,
        posted_on=posted.accounting_date,
        so=posted.so,
        shp=posted.shp,
        milestone=posted.milestone,
        lines=posted.lines,
    )
    log.begin(Invoice, posted.doc).issue(terms, stamp)


def _tell_line(order: Order, line: InvoiceLine, doc: str, milestone: str, stamp: Stamp) -> None:
    order.record(
        LineInvoiced(
            stamp.by,
            stamp.at,
            line_no=line.so_line,
            doc=doc,
            qty=line.qty,
            milestone=milestone,
            gross=line.net + line.vat,
            expensed=0 if line.deferred else line.sold,
            cost=line.cost,
            deferred=line.net if line.deferred else 0,
            waiting=line.sold if line.deferred and milestone != AT_ACCEPTANCE else 0,
        )
    )


def quantities(packages: Iterable[Package]) -> dict[int, int]:
    """Base units by line."""
    found: dict[int, int] = {}
    for package in packages:
        found[package.line_no] = found.get(package.line_no, 0) + package.goods.qty
    return found


def reached(order: Order, line: Line, milestone: str, stamp: Stamp) -> int:
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


def _lines(
    order: Order, milestone: str, due: dict[int, int], shipment: Shipment | None
) -> tuple[InvoiceLine, ...]:
    share = billing.shares(order.known, milestone)
    if share is None:
        return ()
    found = []
    for line_no, qty in due.items():
        line = order.lines[line_no]
        before = line.billing(milestone)
        amounts = billing.between(line.amounts(before, before + qty), *share)
        # What the hospital must accept is promised until it does (CAS 14: transfer of control).
        deferred = line.terms.installation_required and milestone != RETENTION
        first = qty - _billed_before(line, qty)
        found.append(
            InvoiceLine(
                so_line=line_no,
                sku=line.terms.sku,
                qty=qty,
                unit_price=line.terms.unit_price,
                net=amounts.net,
                vat=amounts.vat,
                tax_rate=line.terms.tax_rate,
                cost=0 if deferred else line.dispatched.part(first),
                deferred=deferred,
                billed_before=qty - first,
                **_sent(order, line_no, shipment),
            )
        )
    return tuple(found)


def _sent(order: Order, line_no: int, shipment: Shipment | None) -> dict[str, tuple[str, ...]]:
    """Lots and serial numbers that a shipment brought for a line."""
    packages = shipment.packages if shipment else ()
    goods = [one.goods for one in packages if (one.so, one.line_no) == (order.so, line_no)]
    lots = dict.fromkeys(one.lot for one in goods if one.lot)
    serials = tuple(serial for one in goods for serial in one.serials)
    return {"lots": tuple(lots), "serials": serials}


def _billed_before(line: Line, qty: int) -> int:
    """Units of the next ``qty`` of which an earlier milestone was invoiced already."""
    fresh = line.shipped - line.returned - line.expensed - line.deferred.qty
    return qty - max(0, min(qty, fresh))


def is_disputed(log: Log, order: Order) -> bool:
    """Whether an invoice of an order is in dispute."""
    account = log.get(DealerAccount, order.known.dealer, order.known.currency)
    billed = (account.find(doc) for doc in order.invoices)
    return any(item.disputed for item in billed if item is not None)


def _apply_deposit(
    log: Log, order: Order, posted: account_events.InvoicePosted, stamp: Stamp
) -> None:
    terms = order.known
    deposits = log.get(DepositAccount, terms.dealer, terms.currency)
    account = log.get(DealerAccount, terms.dealer, terms.currency)
    for deposit, amount in deposits.apply_to(order.so, posted.doc, posted.gross, stamp):
        account.record(
            account_events.DepositApplied(
                stamp.by,
                stamp.at,
                deposit=deposit,
                doc=posted.doc,
                amount=amount,
                accounting_date=posted.accounting_date,
                effective_date=posted.effective_date,
            )
        )
