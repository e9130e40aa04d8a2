"""Dunning (催收): reminding dealers of what is overdue, level by level.

Level 1 from 7 days overdue, 2 from 15, 3 from 30 (rebates count for nothing; the overdue check
stops supply), 4 from 60. A document's level rises by one at a time, at most once in 7 days; what is
disputed of it is not claimed, and small amounts are left alone, as the overdue check leaves them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.accounts import account_events
from domain.accounts.credit_line import CreditLine
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.ledger import Dunned, OpenItem
from domain.accounts.refusals import DisputedAmountOnly
from domain.books.roll import Roll
from domain.flows.company.acting import FINANCE, SCHEDULER, only
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import FutureDated, InvalidState
from domain.kernel.stamp import Stamp
from domain.parties.dealer import Dealer

LEVELS = ((60, 4), (30, 3), (15, 2), (7, 1))
"""Days overdue from which each level is deserved, the highest first."""

CHANNELS = {1: "MAIL", 2: "MANAGER_CALL", 3: "FORMAL_LETTER", 4: "LEGAL"}
REST_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class RunDunning:
    """Remind every dealer of what is overdue on a day. For the scheduler."""

    as_of: date


def run_dunning(log: Log, stamp: Stamp, command: RunDunning) -> dict[str, Any]:
    """Run dunning; running it again on the same day reminds nobody twice.

    Refuses FORBIDDEN_ROLE, FUTURE_DATED.
    """
    only(SCHEDULER, stamp)
    if command.as_of > stamp.entered:
        raise FutureDated(field="as_of", day=command.as_of)
    automatic, letters = stamp.automatic("dunning"), []
    for dealer in log.get(Roll, stamp.currency).dealers:
        for level, docs in _due(log, dealer, command.as_of, stamp).items():
            remind(log, dealer, level, docs, command.as_of, automatic)
            letters.append({"dealer": dealer, "level": level, "docs": [one.doc for one in docs]})
    return {"as_of": command.as_of, "letters": letters}


@dataclass(frozen=True, kw_only=True)
class IssueDunning:
    """Remind one dealer now of a document, out of turn.

    The level follows its last, unless that letter is younger than seven days: then it is sent anew.
    """

    dealer_id: str
    doc_no: str


def issue_dunning(log: Log, stamp: Stamp, command: IssueDunning) -> dict[str, Any]:
    """Issue a reminder. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, INVALID_STATE, DISPUTED_AMOUNT_ONLY.
    """
    only(FINANCE, stamp)
    existing(log, Dealer, command.dealer_id)
    account = log.get(DealerAccount, command.dealer_id, stamp.currency)
    item = account.items.get(command.doc_no)
    if item is None or item.due >= stamp.today:
        raise InvalidState(doc=command.doc_no, due=item.due if item else None)
    if item.open <= item.disputed:
        raise DisputedAmountOnly(doc=command.doc_no, disputed=item.disputed)
    rested = item.dunned is None or (stamp.today - item.dunned).days >= REST_DAYS
    level = min(item.level + rested, max(CHANNELS))
    docs = (_claimed(command.doc_no, item, stamp.today),)
    remind(log, command.dealer_id, level, docs, stamp.today, stamp)
    return {"dealer": command.dealer_id, "level": level}


def remind(
    log: Log, dealer: str, level: int, docs: tuple[Dunned, ...], day: date, stamp: Stamp
) -> None:
    """Send a reminder: a fact of the account, which followers of the log turn into a letter."""
    log.get(DealerAccount, dealer, stamp.currency).record(
        account_events.DunningIssued(
            stamp.by,
            stamp.at,
            level=level,
            docs=docs,
            channel=CHANNELS[level],
            accounting_date=day,
        )
    )


def _due(log: Log, dealer: str, day: date, stamp: Stamp) -> dict[int, tuple[Dunned, ...]]:
    """Documents to remind a dealer of, by level."""
    minimum = log.get(CreditLine, dealer, stamp.currency).limit.overdue_minimum
    found: dict[int, tuple[Dunned, ...]] = {}
    account = log.get(DealerAccount, dealer, stamp.currency)
    for doc in account.oldest_first():
        item = account.items[doc]
        level = _next_level(item, day)
        if level and item.open - item.disputed >= minimum:
            found[level] = (*found.get(level, ()), _claimed(doc, item, day))
    return found


def _next_level(item: OpenItem, day: date) -> int:
    late = (day - item.due).days
    deserved = next((level for days, level in LEVELS if late >= days), 0)
    rested = item.dunned is None or (day - item.dunned).days >= REST_DAYS
    return item.level + 1 if deserved > item.level and rested else 0


def _claimed(doc: str, item: OpenItem, day: date) -> Dunned:
    return Dunned(doc, item.open - item.disputed, (day - item.due).days)
