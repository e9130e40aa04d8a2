"""Keeping books: after every command, what it recorded is posted to the general ledger.

Facts of one document in one command make one entry. Money that comes in and is applied by the
same command never was an advance, so it only passes through that account.
"""

from __future__ import annotations

from datetime import date

import msgspec

from domain.books import chart
from domain.books.period import Period, period_of
from domain.books.posting import Draft, together
from domain.books.roll import Roll
from domain.flows.books.awaiting import note_waiting
from domain.flows.books.dating import posting_day
from domain.kernel.aggregate import Journal, Log
from domain.kernel.stamp import Stamp
from domain.policies.posting import RULES

ACCOUNTS = frozenset({"Account", "Deposits", "SecurityDeposit", "Rebate"})
"""Streams that begin with a dealer's id."""


class Entry(msgspec.Struct):
    """An entry in the making: what its first fact was, and what all of them post."""

    draft: Draft
    cause: str
    source: str
    dealer: str
    day: date


def keep_books(log: Log, recorded: Journal, stamp: Stamp) -> None:
    """Post what was recorded. Raises PeriodClosed for money that is dated into a closed period."""
    entries: dict[tuple[str, str, date], Entry] = {}
    for stream, version, event in recorded:
        rule = RULES.get(type(event))
        draft = rule(event) if rule else None
        if draft is None or not draft.lines:
            continue
        category, _, key = stream.partition("/")
        dealer = key.partition("/")[0] if category in ACCOUNTS else draft.dealer
        day = draft.day or stamp.today
        entry = entries.get((draft.doc, dealer, day))
        if entry is None:
            source = f"{stream}/{version}"
            entries[draft.doc, dealer, day] = Entry(draft, event.TOPIC, source, dealer, day)
        else:
            lines = entry.draft.lines + draft.lines
            entry.draft = msgspec.structs.replace(entry.draft, lines=lines)
    for entry in entries.values():
        _post(log, entry, stamp)
    note_waiting(log, recorded, stamp.automatic("books"))


def _post(log: Log, entry: Entry, stamp: Stamp) -> None:
    day, effective = entry.day, entry.draft.effective
    if entry.draft.day is None:
        day = posting_day(log, entry.day, "", stamp)
        effective = entry.day if day != entry.day else None
    lines = together(entry.draft.lines, chart.ADVANCES)
    if not lines:
        return
    period, automatic = period_of(day), stamp.automatic("books")
    log.get(Roll, stamp.currency).enter(entry.dealer, period, automatic)
    log.get(Period, period).post(
        Period.EntryPosted(
            stamp.by,
            stamp.at,
            number=0,
            day=day,
            doc=entry.draft.doc,
            cause=entry.cause,
            source=entry.source,
            lines=lines,
            dealer=entry.dealer,
            effective=effective,
        )
    )
