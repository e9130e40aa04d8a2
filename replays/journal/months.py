"""Months of a ledger: entries by day, and what every account holds at the end of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

import msgspec

from domain.books.posting import Posting
from replays.journal.entries import JournalEntry
from replays.journal.naming import BY_DEALER

Account = tuple[str, str]
"""An account's number, and the dealer whose part of it is meant; empty for the whole."""


class Month(msgspec.Struct, frozen=True):
    """A period: its entries in order of day and number, and the balances at its end.

    Balances are debits less credits since the first entry of the ledger, in minor units, by
    account in order of number. An account includes those below it.
    """

    period: str
    entries: tuple[JournalEntry, ...]
    closing: dict[Account, int]


def months(entries: Iterable[JournalEntry]) -> list[Month]:
    """Sort entries, in any order and of any number of periods, into months."""
    in_order = sorted(entries, key=attrgetter("period", "day", "number"))
    held: dict[Account, int] = defaultdict(int)
    found = []
    for period, group in groupby(in_order, key=attrgetter("period")):
        posted = tuple(group)
        for entry in posted:
            for line in entry.lines:
                for account in _touched(entry, line):
                    held[account] += line.debit - line.credit
        found.append(Month(period, posted, dict(sorted(held.items()))))
    return found


def account_of(entry: JournalEntry, line: Posting) -> Account:
    """Account that a line is posted to."""
    dealer = line.dealer or entry.dealer
    return line.account, dealer if line.account in BY_DEALER else ""


def _touched(entry: JournalEntry, line: Posting) -> Iterator[Account]:
    account = account_of(entry, line)
    yield account
    if account[1]:
        yield line.account, ""
