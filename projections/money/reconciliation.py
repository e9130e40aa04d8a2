"""Reconciliation (对账): balances, open items, and the entries that statements are made of."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, Column, Computed, Date, Index

from domain.accounts import account_events
from domain.accounts.credit_line import OUTSIDE, CreditLine
from domain.accounts.deposit_account import DepositAccount
from domain.accounts.entry import CREDIT_KINDS, INVOICE, KINDS, Entry
from domain.accounts.security_deposit import SecurityDeposit
from projections.columns import Price, count, key, movement_table, state_table, text
from projections.effects import Add, Append, Change, Fact, Projection, Put, events_in

TYPES = ", ".join(KINDS)

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
    count("security_deposit", "Security deposit; it never nets a balance."),
    count("disputed", "What was disputed of documents and not decided yet."),
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
    "Every document that was ever owed, with what is still open of it. Amounts in minor units.",
    key("doc", "Document."),
    text("dealer", "Dealer."),
    text("currency", "Currency (ISO 4217)."),
    text("type", "OPENING, INVOICE, PENALTY or ADJUSTMENT."),
    count("gross", "Gross amount."),
    count("open", "Still open."),
    count("disputed", "Disputed and not decided."),
    text("dispute_code", "Why it is disputed."),
    Column("due", Date, comment="Due date."),
    Column("accounting_date", Date, comment="Date that decides the period."),
    Column("dunning_level", BigInteger, comment="Level of the last dunning letter."),
    Column("dunned_on", Date, comment="Day of the last dunning letter."),
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
    Column("effective_date", Date, comment="Day of an earlier, closed period that it concerns."),
    text("doc", "Document of the entry."),
    text("type", f"{TYPES}."),
    text("item", "Document whose open amount it changes."),
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
    "Detail lines of statements: one for each line of goods and each other entry.",
    text("dealer", "Dealer."),
    text("currency", "Currency (ISO 4217)."),
    text("period", "Calendar month of the accounting date (YYYY-MM)."),
    Column("accounting_date", Date, comment="Date that decides the period."),
    Column("effective_date", Date, comment="Day of an earlier, closed period that it concerns."),
    text("doc", "Document."),
    text("type", f"{TYPES}."),
    text("item", "Document that it settles, for what settles one."),
    text("so", "Order."),
    text("shp", "Shipment."),
    text("sku", "Product."),
    text("lots", "Lots, separated by commas."),
    text("serials", "Serial numbers, separated by commas."),
    Column("qty", BigInteger, comment="Base units."),
    Column("unit_price", Price, comment="Agreed price per unit."),
    count("net", "Net amount."),
    count("vat", "VAT."),
    count("gross", "Gross amount; negative for what decreases the balance."),
    Index("ix_dealer_statement_lines_dealer", "dealer", "currency", "period", "position"),
)

order_deposits = state_table(
    "order_deposits",
    "Deposits that dealers paid for orders, with what no invoice has taken yet. Minor units.",
    key("doc", "Deposit."),
    key("so", "Order that it is held for."),
    text("dealer", "Dealer."),
    text("currency", "Currency (ISO 4217)."),
    count("received", "Received for the order, or moved to it."),
    count("open", "Not yet applied, refunded, moved or forfeited."),
)

GOODS = (account_events.InvoicePosted, account_events.CreditNotePosted)


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    event = fact.event
    if isinstance(event, account_events.AccountEvent):
        yield from _entered(fact)
        yield from _noted(fact)
    elif fact.stream.startswith("Deposits/"):
        yield from _deposited(fact)
    match event:
        case SecurityDeposit.Received(amount=amount):
            yield Add(dealer_balance, _account(fact), {"security_deposit": amount})
        case SecurityDeposit.Refunded(amount=amount) | SecurityDeposit.Taken(amount=amount):
            yield Add(dealer_balance, _account(fact), {"security_deposit": -amount})
        case CreditLine.LimitSet(limit=limit):
            valid = {"limit_from": limit.valid_from, "limit_to": limit.valid_to}
            yield Put(dealer_balance, _account(fact), {"credit_limit": limit.amount} | valid)
        case CreditLine.Moved(source=source, target=target, amount=amount):
            if source != OUTSIDE:
                yield Add(dealer_balance, _account(fact), {source.lower(): -amount})
            if target != OUTSIDE:
                yield Add(dealer_balance, _account(fact), {target.lower(): amount})


def _entered(fact: Fact) -> Iterable[Change]:
    """Entries move the balance and the item that they concern, and stand on the statement."""
    event, entries = fact.event, fact.event.entries()
    # What a note could not settle is money that is not applied: its lines are not in the balance.
    owed = abs(sum(entry.amount for entry in entries))
    told_by_goods = isinstance(event, GOODS) and owed == event.gross
    for seq, entry in enumerate(entries):
        if entry.doc == entry.item and entry.amount > 0:
            yield Put(open_items, {"doc": entry.doc}, _item(fact, entry))
        yield Add(open_items, {"doc": entry.item}, {"open": entry.amount})
        yield Add(dealer_balance, _account(fact), {"open": entry.amount})
        side = "debit" if entry.amount > 0 else "credit"
        told = {"doc": entry.doc, "item": entry.item, "text": entry.text, "shp": entry.shp or None}
        row = _dated(fact, entry) | told | {"so": entry.so or None, "actor": event.by.user}
        yield Append(ledger_entries, row | {side: abs(entry.amount)}, seq)
        if not told_by_goods:
            line = {"doc": entry.doc, "item": entry.item, "gross": entry.amount}
            yield Append(dealer_statement_lines, _dated(fact, entry) | line, seq)
    if told_by_goods:
        yield from _goods(fact)


def _item(fact: Fact, entry: Entry) -> dict[str, object]:
    terms = {"gross": entry.amount, "due": fact.event.due, "type": entry.kind}
    where = {"so": entry.so or None, "shp": entry.shp or None}
    return _account(fact) | terms | where | {"accounting_date": entry.day}


def _goods(fact: Fact) -> Iterable[Change]:
    """Line by line: what was invoiced, or credited; a note without lines is one line."""
    event = fact.event
    invoiced = isinstance(event, account_events.InvoicePosted)
    sign, kind = 1 if invoiced else -1, INVOICE if invoiced else CREDIT_KINDS[event.kind]
    day = event.accounting_date
    period, earlier = {"period": f"{day:%Y-%m}"}, {"effective_date": event.earlier}
    head = _account(fact) | period | earlier | {"accounting_date": day, "type": kind}
    head |= {"doc": event.doc, "item": None if invoiced else event.invoice or None}
    for seq, one in enumerate(event.lines):
        line = {
            "so": event.so if invoiced else None,
            "shp": event.shp if invoiced else None,
            "sku": one.sku,
            "qty": sign * (one.qty or 0),
            "unit_price": one.unit_price if invoiced else None,
            "lots": ", ".join(one.lots) if invoiced else one.lot,
            "serials": ", ".join(one.serials),
            "net": sign * one.net,
            "vat": sign * one.vat,
            "gross": sign * (one.net + one.vat),
        }
        yield Append(dealer_statement_lines, head | line, seq)
    if not event.lines:
        amounts = {"net": -event.net, "vat": -event.vat, "gross": -event.gross}
        yield Append(dealer_statement_lines, head | amounts)


def _noted(fact: Fact) -> Iterable[Change]:
    """Money that settles nothing yet, and what is noted of documents."""
    event, balance = fact.event, _account(fact)
    match event:
        case account_events.PaymentReceived(amount=amount):
            yield Add(dealer_balance, balance, {"unapplied": amount})
        case (
            account_events.PaymentReversed(amount=amount)
            | account_events.MoneyRefunded(amount=amount)
        ):
            yield Add(dealer_balance, balance, {"unapplied": -amount})
        case account_events.MoneyNetted(amount=amount):
            yield Add(dealer_balance, balance, {"unapplied": amount})
        case account_events.CashApplied(allocations=parts):
            yield Add(dealer_balance, balance, {"unapplied": -sum(one.amount for one in parts)})
        case account_events.CashUnapplied(allocations=parts):
            yield Add(dealer_balance, balance, {"unapplied": sum(one.amount for one in parts)})
        case (
            account_events.CreditNotePosted(unapplied=rest)
            | account_events.AdjustmentPosted(unapplied=rest)
            | account_events.ClaimSettled(unapplied=rest)
        ) if rest:
            yield Add(dealer_balance, balance, {"unapplied": rest})
        case account_events.DisputeRaised(item=item, amount=amount, code=code):
            yield Put(open_items, {"doc": item}, {"dispute_code": code})
            yield Add(open_items, {"doc": item}, {"disputed": amount})
            yield Add(dealer_balance, balance, {"disputed": amount})
        case account_events.DisputeResolved(item=item, amount=amount):
            yield Put(open_items, {"doc": item}, {"dispute_code": None})
            yield Add(open_items, {"doc": item}, {"disputed": -amount})
            yield Add(dealer_balance, balance, {"disputed": -amount})
        case account_events.DunningIssued(level=level, docs=docs, accounting_date=day):
            for one in docs:
                letter = {"dunning_level": level, "dunned_on": day}
                yield Put(open_items, {"doc": one.doc}, letter)


def _deposited(fact: Fact) -> Iterable[Change]:
    event, more = fact.event, {"dealer": fact.key[0], "currency": fact.key[1]}
    held = {"doc": event.doc, "so": event.so}
    if isinstance(event, DepositAccount.Received):
        yield Put(order_deposits, held, more)
        yield Add(order_deposits, held, {"received": event.amount, "open": event.amount})
        yield Add(dealer_balance, _account(fact), {"deposits": event.amount})
        return
    yield Add(order_deposits, held, {"open": -event.amount})
    if isinstance(event, DepositAccount.Transferred):
        moved = {"doc": event.doc, "so": event.to_so}
        yield Put(order_deposits, moved, more)
        yield Add(order_deposits, moved, {"received": event.amount, "open": event.amount})
    else:
        yield Add(dealer_balance, _account(fact), {"deposits": -event.amount})


def _dated(fact: Fact, entry: Entry) -> dict[str, object]:
    when = {"accounting_date": entry.day, "period": f"{entry.day:%Y-%m}"}
    return _account(fact) | when | {"effective_date": entry.effective, "type": entry.kind}


def _account(fact: Fact) -> dict[str, object]:
    dealer, currency = fact.key
    return {"dealer": dealer, "currency": currency}


PROJECTION = Projection(
    name="reconciliation",
    version=5,
    tables=(dealer_balance, open_items, ledger_entries, dealer_statement_lines, order_deposits),
    reads=frozenset(
        {
            *events_in(account_events),
            *events_in(DepositAccount),
            *events_in(SecurityDeposit),
            CreditLine.LimitSet,
            CreditLine.Moved,
        }
    ),
    effects=effects,
)
