"""Whole periods as an hledger journal, for ``hledger check --strict`` and its further checks.

Grammar: the hledger manual, section "Journal"; the oldest version it is meant for is 1.25.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from domain.books.chart import CHART
from domain.books.period import last_day
from replays.journal.entries import JournalEntry
from replays.journal.lines import decimal
from replays.journal.months import Account, Month, account_of, months
from replays.journal.naming import account_name

HOUSE = "house"
"""Payee of what concerns no dealer, and of the balances."""
TYPES = {"Assets": "A", "Liabilities": "L", "Equity": "E", "Income": "R", "Expenses": "X"}
"""hledger's letters for the kinds of accounts."""
_UNSAFE = re.compile(r"[^\w./-]")


def as_hledger(entries: Iterable[JournalEntry], currency: str) -> bytes:
    """Write the entries of whole periods as one journal, UTF-8, in order of days.

    Currency, accounts and payees are declared; one transaction per entry; after the last one of
    each period what every account, with those below it, holds by these entries. Signs that mean
    something to hledger are written as in a URL (``%2C``).
    """
    told = months(entries)
    blocks = [["decimal-mark .", f"commodity 1000.00 {currency}"]]
    if told:
        dealers = {entry.dealer for month in told for entry in month.entries if entry.dealer}
        blocks += [[f"payee {name}" for name in [HOUSE, *sorted(map(_plain, dealers))]]]
        blocks += [[_declared(account) for account in told[-1].closing]]
    for month in told:
        blocks += [list(_transaction(entry, currency)) for entry in month.entries]
        blocks += [list(_balances(month, currency))]
    return "\n\n".join("\n".join(block) for block in blocks).encode() + b"\n"


def _declared(account: Account) -> str:
    name = account_name(*account)
    kind = TYPES[name.partition(":")[0]]
    return f"account {name}  ; type:{kind}, number:{account[0]}, name:{_plain(CHART[account[0]])}"


def _transaction(entry: JournalEntry, currency: str) -> Iterator[str]:
    payee = _plain(entry.dealer) if entry.dealer else HOUSE
    yield f"{entry.day} * ({_plain(entry.doc)}) {payee} | {_plain(entry.cause)}"
    yield f"    ; entry_no:{entry.entry_no}"
    yield f"    ; source:{_plain(entry.source)}"
    yield f"    ; position:{entry.position}"
    if entry.effective:
        yield f"    ; effective:{entry.effective}"
    for line in entry.lines:
        amount = decimal(line.debit - line.credit)
        yield f"    {account_name(*account_of(entry, line))}  {amount} {currency}"


def _balances(month: Month, currency: str) -> Iterator[str]:
    yield f"{last_day(month.period)} * ({month.period}) {HOUSE} | balances"
    for account, held in month.closing.items():
        yield f"    {account_name(*account)}  0.00 {currency} =* {decimal(held)} {currency}"


def _plain(text: str) -> str:
    return _UNSAFE.sub(lambda sign: quote(sign[0], safe=""), text)
