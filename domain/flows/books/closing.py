"""Closing: a period is closed softly, then for good, and opened again only while finance lets it.

A period is closed when its months are over, its rebates accrued, its statements issued, and what
dealers owe is what the control account says. Disputes do not stop it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.dealer_lines import DealerLines
from domain.accounts.statement import Statement
from domain.books import chart
from domain.books.period import Period, last_day
from domain.books.refusals import (
    AccrualNotRun,
    ControlMismatch,
    CountNotApproved,
    GlExported,
    NotLatestPeriod,
    OpenDifferencesAboveLimit,
    StatementNotIssued,
)
from domain.books.roll import COUNT, Roll
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.accounts.putting_right import not_second
from domain.flows.accounts.stating import has_content, is_stale
from domain.flows.books.dating import not_over
from domain.flows.books.handing_over import end_when_taken
from domain.flows.company.acting import FINANCE, only
from domain.flows.incentives.accruing import policies_of
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import ReasonRequired, Refusal
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.dealer import Dealer


@dataclass(frozen=True, kw_only=True)
class SoftClosePeriod:
    """Leave a period (YYYY-MM) to finance: nobody else posts into it any more."""

    period: str


def soft_close_period(log: Log, stamp: Stamp, command: SoftClosePeriod) -> dict[str, Any]:
    """Close a period softly. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, INVALID_STATE, PERIOD_NOT_OVER.
    """
    only(FINANCE, stamp)
    period, findings = existing(log, Period, command.period), Findings()
    findings.add(*not_over(period.key, stamp))
    findings.refuse()
    log.get(Roll, stamp.currency).enter("", period.key, stamp.automatic("closing"))
    period.soft_close(stamp)
    return _standing(period)


@dataclass(frozen=True, kw_only=True)
class ClosePeriod:
    """Close a period (YYYY-MM) for good.

    Dealers among ``exceptions`` may lack a statement, or have differences that nobody has
    explained: finance accepts that.
    """

    period: str
    scope: str = "ALL"
    exceptions: list[str] = field(default_factory=list)


def close_period(log: Log, stamp: Stamp, command: ClosePeriod) -> dict[str, Any]:
    """Close a period; every dealer's month is settled with it. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, INVALID_STATE, PERIOD_NOT_OVER,
    ACCRUAL_NOT_RUN, COUNT_NOT_APPROVED, STATEMENT_NOT_ISSUED, OPEN_DIFFERENCES_ABOVE_LIMIT,
    CONTROL_MISMATCH, NOT_LATEST_PERIOD.
    """
    only(FINANCE, stamp)
    period, findings = existing(log, Period, command.period), Findings()
    findings.field(command.scope == "ALL", "scope", "ALL: a period is closed for everyone")
    findings.add(*not_over(period.key, stamp))
    roll, automatic = log.get(Roll, stamp.currency), stamp.automatic("closing")
    earlier = [log.get(Period, one) for one in sorted(roll.periods) if one < period.key]
    left = [one.key for one in earlier if not one.is_closed and not _is_opening(one)]
    findings.require(not left, NotLatestPeriod(period=period.key, open=left))
    exceptions = frozenset(command.exceptions)
    for place, dealer in enumerate(command.exceptions):
        findings.known(log, Dealer, dealer, f"exceptions[{place}]")
    findings.refuse()
    findings.add(*_missing(log, period, exceptions, stamp))
    receivables = _receivables(log, stamp)
    ledger = _control(log, stamp)
    findings.require(receivables == ledger, ControlMismatch(ledger=ledger, dealers=receivables))
    findings.refuse()
    balance = _balance_at_end(log, period.key, stamp)
    roll.enter("", period.key, automatic)
    period.close(balance, tuple(sorted(exceptions)), stamp)
    for dealer in roll.dealers:
        log.get(DealerAccount, dealer, stamp.currency).lock_month(period.key, automatic)
    end_when_taken(log, period, automatic)
    return _standing(period) | {"receivables": balance, "unapplied": _unapplied(log, stamp)}


@dataclass(frozen=True, kw_only=True)
class ReopenPeriod:
    """Open the latest closed period again (反结账), for a reason, with an administrator."""

    period: str
    reason: str
    second_approver: str


def reopen_period(log: Log, stamp: Stamp, command: ReopenPeriod) -> dict[str, Any]:
    """Reopen a period: signatures under its statements, and later ones, do not stand any more.

    For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, REASON_REQUIRED, SECOND_APPROVER_REQUIRED, GL_EXPORTED,
    NOT_LATEST_PERIOD, INVALID_STATE.
    """
    only(FINANCE, stamp)
    period, findings = existing(log, Period, command.period), Findings()
    findings.require(command.reason.strip(), ReasonRequired(period=period.key))
    findings.add(*not_second(log, command.second_approver, ("ADM",), stamp))
    findings.require(period.state != "EXPORTED", GlExported(period=period.key))
    later = [
        one
        for one in log.get(Roll, stamp.currency).periods
        if one > period.key and log.get(Period, one).is_closed
    ]
    findings.require(not later, NotLatestPeriod(period=period.key, closed=later))
    findings.refuse()
    period.reopen(command.reason, command.second_approver, stamp)
    automatic, told = stamp.automatic("closing"), []
    for dealer in log.get(Roll, stamp.currency).dealers:
        account = log.get(DealerAccount, dealer, stamp.currency)
        for month in account.settled_from(period.key):
            account.record(
                account_events.MonthReopened(
                    automatic.by, automatic.at, period=month, accounting_date=stamp.today
                )
            )
            log.get(Statement, dealer, month).reopen(automatic)
        if log.get(Statement, dealer, period.key).exists:
            told.append(dealer)
    return _standing(period) | {"dealers": told}


def _missing(log: Log, period: Period, exceptions: frozenset[str], stamp: Stamp) -> list[Refusal]:
    found: list[Refusal] = []
    dealers = list(log.get(Roll, stamp.currency).dealers)
    if not period.accrued and any(_earns(log, one, period.key) for one in dealers):
        found.append(AccrualNotRun(period=period.key))
    counts = log.get(Roll, stamp.currency).due(COUNT, last_day(period.key))
    if counts:
        found.append(CountNotApproved(period=period.key, sheets=counts))
    limit = log.get(CompanyPolicy, COMPANY).limits.open_difference
    for dealer in dealers:
        if dealer in exceptions:
            continue
        statement = log.get(Statement, dealer, period.key)
        missing = not statement.exists and has_content(log, dealer, period.key, stamp)
        if missing or (statement.exists and is_stale(log, statement, stamp)):
            stale = {"version": statement.version_no} if statement.exists else {}
            found.append(StatementNotIssued(period=period.key, dealer=dealer, **stale))
        theirs = log.get(DealerLines, dealer, period.key)
        above, current = theirs.open_difference, theirs.compared_with(statement.version_no)
        if above > limit or not current:
            old = {} if current else {"not_compared": statement.version_no}
            found.append(OpenDifferencesAboveLimit(dealer=dealer, amount=above, limit=limit, **old))
    return found


def _earns(log: Log, dealer: str, period: str) -> bool:
    return any(period in terms.months for terms, _ in policies_of(log, dealer))


def _unapplied(log: Log, stamp: Stamp) -> dict[str, int]:
    """Money of dealers that settles nothing yet, minor units: listed at every closing."""
    dealers = log.get(Roll, stamp.currency).dealers
    held = {
        one: sum(log.get(DealerAccount, one, stamp.currency).unapplied.values()) for one in dealers
    }
    return {dealer: amount for dealer, amount in held.items() if amount}


def _receivables(log: Log, stamp: Stamp) -> int:
    """What all dealers owe by their own accounts, minor units."""
    dealers = log.get(Roll, stamp.currency).dealers
    return sum(log.get(DealerAccount, one, stamp.currency).open() for one in dealers)


def _control(log: Log, stamp: Stamp) -> int:
    """What they owe by the control account (INV-AC-4)."""
    periods = log.get(Roll, stamp.currency).periods
    return sum(log.get(Period, one).balance(chart.RECEIVABLES) for one in periods)


def _balance_at_end(log: Log, period: str, stamp: Stamp) -> int:
    periods = (one for one in log.get(Roll, stamp.currency).periods if one <= period)
    return sum(log.get(Period, one).balance(chart.RECEIVABLES) for one in periods)


def _is_opening(period: Period) -> bool:
    """Whether a period holds nothing but what the log began with: it needs no closing."""
    opened = period.debits.get(chart.OPENING, 0) + period.credits.get(chart.OPENING, 0)
    return opened == sum(period.debits.values())


def _standing(period: Period) -> dict[str, Any]:
    return {"period": period.key, "state": period.state, "revision": period.revision}
