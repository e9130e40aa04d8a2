"""Dating: the accounting date of a posting, where its own day may lie in a closed period.

What a person dates must lie in an open period. What follows from goods is never refused for its
date: it is posted on the day on which it came in, and says which day it concerns.
"""

from __future__ import annotations

from datetime import date

from domain.accounts.dealer_account import DealerAccount
from domain.books.period import Period, last_day, period_of
from domain.books.refusals import PeriodClosed, PeriodNotOver
from domain.books.roll import Roll
from domain.kernel.aggregate import Log
from domain.kernel.refusal import FutureDated
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings


def check_days(
    value_date: date, accounting_date: date | None, stamp: Stamp, findings: Findings
) -> date:
    """Return the day on which money of a value date counts; both are known, in their order."""
    for name, day in (("value_date", value_date), ("accounting_date", accounting_date)):
        ahead = day is not None and day > stamp.entered
        findings.require(not ahead, FutureDated(field=name, day=day))
    backwards = accounting_date is not None and accounting_date < value_date
    findings.field(not backwards, "accounting_date", "not before the value date")
    return accounting_date or value_date


def not_over(period: str, stamp: Stamp) -> list[PeriodNotOver]:
    """Say that a month is not over yet, where it is not."""
    last = last_day(period)
    return [] if stamp.entered > last else [PeriodNotOver(period=period, last_day=last)]


def posting_day(log: Log, day: date, dealer: str, stamp: Stamp) -> date:
    """Return a day, or the one of recording where the day's period is closed."""
    return day if is_open(log, day, dealer, stamp) else stamp.entered


def require_open(log: Log, day: date, dealer: str, stamp: Stamp) -> None:
    """Refuse PERIOD_CLOSED for a day in a closed period, or in a settled month of a dealer."""
    if not is_open(log, day, dealer, stamp):
        raise PeriodClosed(period=period_of(day), day=day, dealer=dealer or None)


def is_open(log: Log, day: date, dealer: str, stamp: Stamp) -> bool:
    """Whether something can be posted on a day: not before a period that was closed."""
    period = period_of(day)
    later = (one for one in log.get(Roll, stamp.currency).periods if one > period)
    if any(log.get(Period, one).is_closed for one in later):
        return False
    if not log.get(Period, period).takes(stamp.by.role):
        return False
    return not dealer or not log.get(DealerAccount, dealer, stamp.currency).is_locked(period)
