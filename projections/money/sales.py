"""Sales: recognised revenue line by line, returns as negatives, before rebates."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Boolean, Column, Date, Index

from domain.accounts import account_events as account
from projections.columns import count, movement_table, text
from projections.effects import Append, Change, Fact, Projection

sales_facts = movement_table(
    "sales_facts",
    "Recognised sales: invoices, accepted installations, credit notes. Minor units, base units.",
    text("dealer", "Dealer."),
    text("currency", "Currency (ISO 4217)."),
    text("period", "Calendar month of recognition (YYYY-MM)."),
    Column("recognised_on", Date, comment="Accounting date of the recognition."),
    text("so", "Order."),
    text("doc", "Document."),
    text("sku", "Product."),
    count("qty", "Base units; negative for returns."),
    count("net", "Revenue without VAT; negative for credit notes."),
    count("cost", "Standard cost of what became an expense."),
    Column("is_return", Boolean, comment="Whether it takes a sale back."),
    Index("ix_sales_facts_period", "period", "dealer"),
)


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    event = fact.event
    match event:
        case account.InvoicePosted():
            for seq, one in enumerate(event.lines):
                if not one.deferred:
                    refs = {"so": event.so, "doc": event.doc, "sku": one.sku}
                    yield _sale(fact, seq, refs, one.sold, one.net, one.cost)
        case account.RevenueReleased():
            refs = {"so": event.so, "doc": event.trigger, "sku": event.sku}
            yield _sale(fact, 0, refs, event.qty, event.net, event.cost)
        case account.CreditNotePosted(kind="RETURN" | "PRICE" | "SHORT_DELIVERY"):
            for seq, line in enumerate(event.lines):
                net = line.net - line.deferred
                if net:
                    refs = {"doc": event.doc, "sku": line.sku}
                    yield _sale(fact, seq, refs, -line.sold, -net, -line.cost)
            if not event.lines:  # of an invoice from before the log
                yield _sale(fact, 0, {"doc": event.doc}, 0, -event.net, 0)


def _sale(fact: Fact, seq: int, refs: dict[str, str], qty: int, net: int, cost: int) -> Append:
    dealer, currency = fact.key
    day, back = fact.event.accounting_date, getattr(fact.event, "kind", "") == "RETURN"
    when = {"period": f"{day:%Y-%m}", "recognised_on": day, "is_return": back}
    figures = {"qty": qty, "net": net, "cost": cost}
    return Append(
        sales_facts, {"dealer": dealer, "currency": currency, **when, **refs, **figures}, seq
    )


PROJECTION = Projection(
    name="sales",
    version=1,
    tables=(sales_facts,),
    reads=frozenset({account.InvoicePosted, account.RevenueReleased, account.CreditNotePosted}),
    effects=effects,
)
