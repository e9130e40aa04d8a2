"""Sales line by line, returns as negatives, before rebates: what was invoiced, what is revenue.

Devices that are accepted after installation are invoiced first and become revenue later, so each
basis has rows of its own; sums are taken over one of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Date, Index, Integer

from domain.accounts import account_events as account
from domain.accounts.account_events.invoiced import SALES_KINDS
from projections.columns import count, movement_table, text
from projections.effects import Append, Change, Fact, Projection

sales_facts = movement_table(
    "sales_facts",
    "Sales line by line, once for each basis: sum one basis at a time. Minor units, base units.",
    text("basis", "INVOICED or RECOGNISED (revenue; also accepted installations)."),
    text("dealer", "Dealer."),
    text("currency", "Currency (ISO 4217)."),
    text("period", "Calendar month (YYYY-MM)."),
    Column("accounting_date", Date, comment="Date that decides the period."),
    text("so", "Order; empty for credit notes."),
    Column("so_line", Integer, comment="Line of the order, where it is known."),
    text("doc", "Document."),
    text("invoice", "Invoice that it concerns."),
    text("kind", "INVOICE, ACCEPTANCE, RETURN, PRICE or SHORT_DELIVERY."),
    text("sku", "Product."),
    count("qty", "Base units; negative for returns."),
    count("net", "Amount without VAT; negative for credit notes."),
    count("cost", "Standard cost of what became an expense; 0 where revenue is deferred."),
    Index("ix_sales_facts_period", "basis", "period", "dealer"),
)


INVOICED, RECOGNISED = "INVOICED", "RECOGNISED"

Sold = dict[str, Any]


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    dealer, currency = fact.key
    day = fact.event.accounting_date
    when = {"period": f"{day:%Y-%m}", "accounting_date": day}
    for seq, sold in enumerate(_sold(fact.event)):
        yield Append(sales_facts, {"dealer": dealer, "currency": currency} | when | sold, seq)


def _sold(event: Any) -> Iterable[Sold]:
    match event:
        case account.InvoicePosted(doc=doc, so=so, lines=lines):
            for one in lines:
                about = {"doc": doc, "invoice": doc, "so": so, "so_line": one.so_line}
                figures = {"qty": one.sold, "net": one.net, "cost": one.cost}
                told = about | {"kind": "INVOICE", "sku": one.sku} | figures
                yield told | {"basis": INVOICED}
                if not one.deferred:
                    yield told | {"basis": RECOGNISED}
        case account.RevenueReleased(so=so, so_line=line_no, trigger=trigger, sku=sku):
            about = {"doc": trigger, "so": so, "so_line": line_no}
            figures = {"qty": event.qty, "net": event.net, "cost": event.cost}
            yield about | {"kind": "ACCEPTANCE", "sku": sku, "basis": RECOGNISED} | figures
        case account.CreditNotePosted(kind=kind) if kind in SALES_KINDS:
            yield from _taken_back(event)


def _taken_back(event: account.CreditNotePosted) -> Iterable[Sold]:
    about = {"doc": event.doc, "invoice": event.invoice or None, "kind": event.kind}
    for one in event.lines:
        told = about | {"so_line": one.so_line, "sku": one.sku, "qty": -one.sold}
        yield told | {"basis": INVOICED, "net": -one.net, "cost": -one.cost}
        recognised = one.net - one.deferred
        if recognised:
            yield told | {"basis": RECOGNISED, "net": -recognised, "cost": -one.cost}
    if not event.lines:  # of an invoice from before the log
        for basis in (INVOICED, RECOGNISED):
            yield about | {"basis": basis, "net": -event.net}


PROJECTION = Projection(
    name="sales",
    version=3,
    tables=(sales_facts,),
    reads=frozenset({account.InvoicePosted, account.RevenueReleased, account.CreditNotePosted}),
    effects=effects,
)
