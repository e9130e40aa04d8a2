"""Lines of a batch, as finance's system gets them: one per posting, amounts as decimal text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from domain.books.chart import CHART
from replays.journal.entries import JournalEntry


class JournalLine(msgspec.Struct, frozen=True, kw_only=True):
    """One posting. The receiver de-duplicates by ``entry_no`` and ``line``, which counts from 1.

    ``debit`` and ``credit`` have two places and a point, one of them is ``0.00``. ``dealer`` is
    empty where an entry has none. ``source_event`` is stream and version of the fact behind it.
    ``account_name`` is that of the chart: to rename an account changes what is exported again.
    """

    batch: str
    entry_no: str
    line: int
    day: date = msgspec.field(name="date")
    account: str
    account_name: str
    debit: str
    credit: str
    currency: str
    dealer: str
    doc: str
    effective_date: date | None
    source_event: str
    position: int


def lines_of(batch: str, entries: Iterable[JournalEntry], currency: str) -> Iterator[JournalLine]:
    """Yield the lines of a batch. An account that is not in the chart is a KeyError."""
    for entry in entries:
        for number, posting in enumerate(entry.lines, 1):
            yield JournalLine(
                batch=batch,
                entry_no=entry.entry_no,
                line=number,
                day=entry.day,
                account=posting.account,
                account_name=CHART[posting.account],
                debit=decimal(posting.debit),
                credit=decimal(posting.credit),
                currency=currency,
                dealer=posting.dealer or entry.dealer,
                doc=entry.doc,
                effective_date=entry.effective,
                source_event=entry.source,
                position=entry.position,
            )


def decimal(minor: int) -> str:
    """Write minor units as a decimal number of two places: ``-1234.50``."""
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100}.{abs(minor) % 100:02}"
