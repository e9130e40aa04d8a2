"""Reconciliation (对账): balances, open items, and the entries that statements are made of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import BigInteger, Column, Computed, Date, Index

from domain.accounts import account_events
from domain.accounts.credit_line import OUTSIDE, CreditLine
from domain.accounts.deposit_account import DepositAccount
from projections.columns import Price, count, key, movement_table, state_table, text
from projections.effects import Add, Append, Change, Fact, Projection, Put, events_in

TYPES = "OPENING, INVOICE, PAYMENT, DEPOSIT, CREDIT_NOTE, WRITE_OFF, PENALTY or ADJUSTMENT"

dealer_balance = state_table(
    "dealer_balance",
    "What each dealer owes and what credit it uses. Amounts in minor units.",
    key("dealer", "Dealer."),
    key("currency", "Currency (ISO 4217)."),
    count("open", "Open items, gross."),
    count("unapplied", "Money received and not yet applied."),
    count("ordered", "Confirmed orders that have not left us."),
    count("shipped", "Shipped or delivered and not yet invoiced."),
    count("deposits", "Order deposits not yet applied."),
    count("disputed", "Open items in dispute."),
    count("credit_limit", "Credit limit."),
    Column(
        "exposure",
        BigInteger,
        Computed('"open" + ordered + shipped - unapplied - deposits', persisted=True),
        comment="open + ordered + shipped - unapplied - deposits.",
    ),
    Column(
        "available",
        BigInteger,
        Computed(
            'credit_limit - ("open" + ordered + shipped - unapplied - deposits)', persisted=True
        ),
        comment="credit_limit - exposure.",
    ),
    Column("limit_from", Date, comment="First day of the limit."),
    Column("limit_to", Date, comment="Last day of the limit."),
)

open_items = state_table(
    "open_items",
    "Every invoice with what is still open of it. Amounts in minor units.",
    key("doc", "Document."),
    text("dealer", "Dealer."),
    text("currency", "Currency (ISO 4217)."),
    count("gross", "Gross amount."),
    count("open", "Still open."),
    Column("due", Date, comment="Due date."),
    Column("accounting_date", Date, comment="Date that decides the period."),
    text("so", "Order."),
    text("shp", "Shipment."),
    Index("ix_open_items_dealer", "dealer", "due"),
)

ledger_entries = movement_table(
    "ledger_entries",
    "Every entry of a dealer's account, so that a balance at any time is a sum. Minor units.",
    text("dealer", "Dealer."),
    text("currency", "Currency (ISO 4217)."),
    text("period", "Calendar month of the accounting date (YYYY-MM)."),
    Column("accounting_date", Date, comment="Date that decides the period."),
    text("doc", "Document of the entry."),
    text(
        "type", "OPENING, INVOICE, PAYMENT, DEPOSIT, CREDIT_NOTE, WRITE_OFF, PENALTY or ADJUSTMENT."
    ),
    text("item", "Invoice that the entry concerns."),
    text("so", "Order."),
    text("shp", "Shipment."),
    text("text", "What it is, for a reader."),
    count("debit", "Increases what the dealer owes."),
    count("credit", "Decreases what the dealer owes."),
    text("actor", "Who recorded it."),
    Index("ix_ledger_entries_dealer", "dealer", "currency", "period", "position"),
)

dealer_statement_lines = movement_table(
    "dealer_statement_lines",
    "Detail lines of statements: one for each invoiced line and each other document.",
    text("dealer", "Dealer."),
    text("currency", "Currency (ISO 4217)."),
    text("period", "Calendar month of the accounting date (YYYY-MM)."),
    Column("accounting_date", Date, comment="Date that decides the period."),
    text("doc", "Document."),
    text(
        "type", "OPENING, INVOICE, PAYMENT, DEPOSIT, CREDIT_NOTE, WRITE_OFF, PENALTY or ADJUSTMENT."
    ),
    text("so", "Order."),
    text("shp", "Shipment."),
    text("sku", "Product."),
    Column("qty", BigInteger, comment="Base units."),
    Column("unit_price", Price, comment="Agreed price per unit."),
    count("net", "Net amount."),
    count("vat", "VAT."),
    count("gross", "Gross amount; negative for what decreases the balance."),
    Index("ix_dealer_statement_lines_dealer", "dealer", "currency", "period", "position"),
)


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    event = fact.event
    match event:
        case account_events.OpenItemOpeningSet():
            yield from _opened(fact, "OPENING", "open at the beginning")
            yield _line(fact, 0, "OPENING", event.doc, event.gross)
        case account_events.InvoicePosted():
            said = " + ".join(f"{one.qty} x {one.sku}" for one in event.lines)
            yield from _opened(fact, "INVOICE", f"{event.so}: {said}")
            yield from _invoiced(fact)
        case account_events.PaymentReceived(amount=amount):
            yield Add(dealer_balance, _account(fact), {"unapplied": amount})
        case account_events.CashApplied(receipt=receipt):
            for seq, one in enumerate(event.allocations):
                yield from _settled(fact, seq, "PAYMENT", receipt, one.doc, one.amount)
            applied = sum(one.amount for one in event.allocations)
            yield Add(dealer_balance, _account(fact), {"unapplied": -applied})
        case account_events.SmallDifferenceWrittenOff(doc=doc, item=item, amount=amount):
            yield from _settled(fact, 0, "WRITE_OFF", doc, item, amount)
        case account_events.DepositApplied(deposit=deposit, doc=doc, amount=amount):
            yield from _settled(fact, 0, "DEPOSIT", deposit, doc, amount)
        case account_events.CreditNotePosted():
            yield from _credited(fact)
        case account_events.PenaltyCharged(case=case):
            yield from _owed(fact, "PENALTY", f"penalty, {case}")
        case account_events.AdjustmentPosted(amount=amount, reason=reason) if amount > 0:
            yield from _owed(fact, "ADJUSTMENT", reason)
        case account_events.AdjustmentPosted(doc=doc, allocations=allocations, unapplied=rest):
            for seq, one in enumerate(allocations):
                yield from _settled(fact, seq, "ADJUSTMENT", doc, one.doc, one.amount)
            yield Add(dealer_balance, _account(fact), {"unapplied": rest})
        case DepositAccount.Received(amount=amount):
            yield Add(dealer_balance, _account(fact), {"deposits": amount})
        case (
            DepositAccount.Applied(amount=amount)
            | DepositAccount.Refunded(amount=amount)
            | DepositAccount.Forfeited(amount=amount)
        ):
            yield Add(dealer_balance, _account(fact), {"deposits": -amount})
        case CreditLine.LimitSet(limit=limit):
            valid = {"limit_from": limit.valid_from, "limit_to": limit.valid_to}
            yield Put(dealer_balance, _account(fact), {"credit_limit": limit.amount} | valid)
        case CreditLine.Moved(source=source, target=target, amount=amount):
            if source != OUTSIDE:
                yield Add(dealer_balance, _account(fact), {source.lower(): -amount})
            if target != OUTSIDE:
                yield Add(dealer_balance, _account(fact), {target.lower(): amount})


def _opened(fact: Fact, kind: str, said: str) -> Iterable[Change]:
    event = fact.event
    refs = {"so": getattr(event, "so", None), "shp": getattr(event, "shp", None)}
    dated = {"accounting_date": event.accounting_date}
    item = {"gross": event.gross, "open": event.gross, "due": event.due}
    yield Put(open_items, {"doc": event.doc}, _account(fact) | item | dated | refs)
    yield Add(dealer_balance, _account(fact), {"open": event.gross})
    entry = _entry(fact, kind, event.doc, event.doc, said)
    yield Append(ledger_entries, entry | refs | {"debit": event.gross})


def _owed(fact: Fact, kind: str, said: str) -> Iterable[Change]:
    """A document without lines and without VAT is owed."""
    event = fact.event
    dated = {"accounting_date": event.accounting_date}
    item = {"gross": event.amount, "open": event.amount, "due": event.due}
    yield Put(open_items, {"doc": event.doc}, _account(fact) | item | dated)
    yield Add(dealer_balance, _account(fact), {"open": event.amount})
    entry = _entry(fact, kind, event.doc, event.doc, said)
    yield Append(ledger_entries, entry | {"debit": event.amount})
    yield _line(fact, 0, kind, event.doc, event.amount)


def _settled(fact: Fact, seq: int, kind: str, doc: str, item: str, amount: int) -> Iterable[Change]:
    yield Add(open_items, {"doc": item}, {"open": -amount})
    yield Add(dealer_balance, _account(fact), {"open": -amount})
    entry = _entry(fact, kind, doc, item, f"{kind.lower()} of {item}")
    yield Append(ledger_entries, entry | {"credit": amount}, seq)
    yield _line(fact, seq, kind, doc, -amount)


def _credited(fact: Fact) -> Iterable[Change]:
    """A credit note settles its invoice first; what that has no room for is not applied."""
    event = fact.event
    rest = event.gross - event.settled
    said = f"{event.kind.lower()} of {event.invoice}"
    entry = _entry(fact, "CREDIT_NOTE", event.doc, event.invoice, said)
    yield Append(ledger_entries, entry | {"credit": event.settled})
    if event.settled:
        yield Add(open_items, {"doc": event.invoice}, {"open": -event.settled})
    yield Add(dealer_balance, _account(fact), {"open": -event.settled, "unapplied": rest})
    for seq, one in enumerate(event.lines):
        gross = -(one.net + one.vat)
        line = {"sku": one.sku, "qty": -(one.qty or 0), "net": -one.net, "vat": -one.vat}
        head = _dated(fact) | {"doc": event.doc, "type": "CREDIT_NOTE"}
        yield Append(dealer_statement_lines, head | line | {"gross": gross}, seq)


def _invoiced(fact: Fact) -> Iterable[Change]:
    event = fact.event
    for seq, one in enumerate(event.lines):
        line = {
            "so": event.so,
            "shp": event.shp,
            "sku": one.sku,
            "qty": one.qty,
            "unit_price": one.unit_price,
            "net": one.net,
            "vat": one.vat,
            "gross": one.net + one.vat,
        }
        head = _dated(fact) | {"doc": event.doc, "type": "INVOICE"}
        yield Append(dealer_statement_lines, head | line, seq)


def _line(fact: Fact, seq: int, kind: str, doc: str, gross: int) -> Append:
    line = {"doc": doc, "type": kind, "gross": gross}
    return Append(dealer_statement_lines, _dated(fact) | line, seq)


def _entry(fact: Fact, kind: str, doc: str, item: str, said: str) -> dict[str, object]:
    told = {"doc": doc, "type": kind, "item": item, "text": said, "actor": fact.event.by.user}
    return _dated(fact) | told


def _dated(fact: Fact) -> dict[str, object]:
    day: date = fact.event.accounting_date
    return _account(fact) | {"accounting_date": day, "period": f"{day:%Y-%m}"}


def _account(fact: Fact) -> dict[str, object]:
    dealer, currency = fact.key
    return {"dealer": dealer, "currency": currency}


PROJECTION = Projection(
    name="reconciliation",
    version=4,
    tables=(dealer_balance, open_items, ledger_entries, dealer_statement_lines),
    reads=frozenset(
        {
            *events_in(account_events),
            *events_in(DepositAccount),
            CreditLine.LimitSet,
            CreditLine.Moved,
        }
    ),
    effects=effects,
)
