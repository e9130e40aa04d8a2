"""Parts A and B: the entries of a month, the figures that they come to, and the lines in detail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from domain.accounts import account_events as account
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.entry import Entry
from domain.accounts.invoice import Invoice
from domain.policies import stating
from projections.money.ageing import ageing
from replays.past import Past
from replays.statements.values import Ageing, DetailLine, OpenDocument


class Entered(msgspec.Struct, frozen=True):
    """An entry with the fact that made it."""

    entry: Entry
    event: account.AccountEvent


def entered(past: Past, dealer: str, currency: str, until: str) -> list[Entered]:
    """Entries of a dealer's account up to a month, that included, in the order of record."""
    stream = f"{DealerAccount.CATEGORY}/{dealer}/{currency}"
    return [
        Entered(entry, event)
        for event in past.events(stream)
        for entry in event.entries()
        if f"{entry.day:%Y-%m}" <= until
    ]


def opening_of(found: Iterable[Entered], period: str) -> int:
    """Balance that all earlier months come to."""
    return sum(one.entry.amount for one in found if f"{one.entry.day:%Y-%m}" < period)


def details(past: Past, found: list[Entered], opening: int) -> list[DetailLine]:
    """Lines of a month in the order of a statement, with the balance after each document."""
    by_entry = {id(one.entry): one.event for one in found}
    lines, balance = [], opening
    for entry in stating.in_order(one.entry for one in found):
        balance += entry.amount
        lines += _of(past, entry, by_entry[id(entry)], balance)
    return lines


def _of(past: Past, entry: Entry, event: account.AccountEvent, balance: int) -> list[DetailLine]:
    """An invoice or a note is told line by line, all else in one."""
    invoice = past.get(Invoice, entry.doc)
    line = DetailLine(
        day=entry.day,
        type=entry.kind,
        doc=entry.doc,
        text=entry.text,
        gross=entry.amount,
        balance=balance,
        fapiao=invoice.fapiao,
        so=entry.so,
        shp=entry.shp,
        effective=entry.effective,
    )
    replace = msgspec.structs.replace
    if isinstance(event, account.InvoicePosted):
        return [
            replace(
                line,
                sku=one.sku,
                qty=one.qty,
                unit_price=one.unit_price,
                net=one.net,
                vat=one.vat,
                gross=one.net + one.vat,
                lots=one.lots,
                serials=one.serials,
            )
            for one in event.lines
        ]
    if isinstance(event, account.CreditNotePosted) and entry.goods:
        told = [
            replace(
                line,
                sku=one.sku,
                qty=-(one.qty or 0),
                net=-one.net,
                vat=-one.vat,
                gross=-one.net - one.vat,
                lots=(one.lot,) if one.lot else (),
                serials=one.serials,
            )
            for one in event.lines
        ]
        # What the invoice had no room for is money that is not applied: it is not in the balance.
        return told if sum(one.gross for one in told) == entry.amount else [line]
    return [line]


def open_documents(found: list[Entered], on: date) -> list[OpenDocument]:
    """What is open of each document by these entries; due first comes first."""
    open_: dict[str, int] = {}
    due: dict[str, date] = {}
    for one in found:
        open_[one.entry.item] = open_.get(one.entry.item, 0) + one.entry.amount
        if one.entry.doc == one.entry.item:
            due[one.entry.doc] = getattr(one.event, "due", one.entry.day)
        due.setdefault(one.entry.item, one.entry.day)
    left = [
        OpenDocument(doc=doc, due=due[doc], open=amount, days_overdue=max(0, (on - due[doc]).days))
        for doc, amount in open_.items()
        if amount
    ]
    return sorted(left, key=lambda one: (one.due, one.doc))


def aged(documents: Iterable[OpenDocument], on: date) -> Ageing:
    """Sum open documents up by days overdue."""
    return Ageing(**ageing(({"due": one.due, "open": one.open} for one in documents), on))
