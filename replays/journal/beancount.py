"""Whole periods as a beancount ledger: what ``bean-check`` accepts is balanced and complete.

Grammar: the beancount language syntax (beancount 3). A balance is asserted without tolerance:
by default beancount overlooks a difference of one cent.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from domain.books.chart import CHART
from domain.books.period import last_day
from replays.journal.entries import JournalEntry
from replays.journal.lines import decimal
from replays.journal.months import Account, Month, account_of, months
from replays.journal.naming import LINK, account_name, escaped


def as_beancount(entries: Iterable[JournalEntry], currency: str, company: str) -> bytes:
    """Write the entries of whole periods as one ledger, UTF-8. ``company`` is its title.

    Every account is opened on the first day; one transaction per entry; on the day after each
    period, at whose start beancount looks, what every account holds by these entries. Without
    entries there are only the options.
    """
    told = months(entries)
    blocks = [[f'option "title" {_quoted(company)}', f'option "operating_currency" "{currency}"']]
    if told:
        first = told[0].entries[0].day
        blocks += [[f"{first} commodity {currency}"]]
        blocks += [list(_opened(told[-1].closing, first, currency))]
    for month in told:
        blocks += [list(_transaction(entry, currency)) for entry in month.entries]
        blocks += [list(_balances(month, currency))]
    return "\n\n".join("\n".join(block) for block in blocks).encode() + b"\n"


def _opened(accounts: Iterable[Account], day: date, currency: str) -> Iterator[str]:
    for number, dealer in accounts:
        yield f"{day} open {account_name(number, dealer)} {currency}"
        yield f'  number: "{number}"'
        yield f"  name: {_quoted(CHART[number])}"
        if dealer:
            yield f"  dealer: {_quoted(dealer)}"


def _transaction(entry: JournalEntry, currency: str) -> Iterator[str]:
    payee = f"{_quoted(entry.dealer)} " if entry.dealer else ""
    link = f" ^{escaped(entry.doc, LINK)}" if entry.doc else ""
    yield f"{entry.day} * {payee}{_quoted(f'{entry.cause} {entry.doc}')}{link}"
    yield f'  entry_no: "{entry.entry_no}"'
    yield f"  doc: {_quoted(entry.doc)}"
    yield f"  source: {_quoted(entry.source)}"
    yield f"  position: {entry.position}"
    if entry.effective:
        yield f"  effective: {entry.effective}"
    for line in entry.lines:
        amount = decimal(line.debit - line.credit)
        yield f"  {account_name(*account_of(entry, line))}  {amount} {currency}"


def _balances(month: Month, currency: str) -> Iterator[str]:
    day = last_day(month.period) + timedelta(days=1)
    for account, held in month.closing.items():
        yield f"{day} balance {account_name(*account)}  {decimal(held)} ~ 0.00 {currency}"


def _quoted(text: str) -> str:
    """Write a string of the language; control characters, which it cannot hold, become spaces."""
    held = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text)
    escapes = held.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escapes}"'
