"""Stating (对账): statements of a month, version by version, until somebody signs one.

A statement is issued as of now: what was recorded before it is in it, whatever its dates. What
comes late makes a new version, for as long as nobody has signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.accounts import statement_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.refusals import AlreadySigned, NothingToState
from domain.accounts.statement import Statement
from domain.books.period import period_of
from domain.books.refusals import PeriodClosed
from domain.books.roll import Roll
from domain.flows.company.acting import FINANCE, only, own
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import InvalidState
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.dealer import Dealer
from domain.policies import stating

_PERIOD = len("2026-03")


@dataclass(frozen=True, kw_only=True)
class IssueStatement:
    """Issue a dealer's statement of a month (YYYY-MM), as everything is known now.

    ``version`` is the one that is expected; ``known_at`` may say that it is today's knowledge.
    What was known earlier can be read at any time, but not issued any more.
    """

    dealer_id: str
    period: str
    version: int | None = None
    known_at: date | None = None


def issue_statement(log: Log, stamp: Stamp, command: IssueStatement) -> dict[str, Any]:
    """Issue a statement; where nothing has changed since the last version, that one stands.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, NOTHING_TO_STATE, ALREADY_SIGNED,
    PERIOD_CLOSED.
    """
    only(FINANCE, stamp)
    dealer, findings = existing(log, Dealer, command.dealer_id), Findings()
    _check_period(command.period, stamp, findings)
    today = command.known_at in (None, stamp.entered)
    findings.field(today, "known_at", f"{stamp.entered}: a statement is issued as of now")
    statement = log.get(Statement, dealer.key, command.period)
    expected = command.version in (None, statement.version_no, statement.version_no + 1)
    findings.field(expected, "version", f"{statement.version_no + 1} is the next one")
    findings.refuse()
    return issue(log, dealer.key, command.period, stamp)


@dataclass(frozen=True, kw_only=True)
class SupersedeStatement:
    """Replace the latest version of a statement, because something has changed since."""

    dealer_id: str
    period: str
    reason: str


def supersede_statement(log: Log, stamp: Stamp, command: SupersedeStatement) -> dict[str, Any]:
    """Issue the next version.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, INVALID_STATE, ALREADY_SIGNED,
    NOTHING_TO_STATE.
    """
    only(FINANCE, stamp)
    statement, findings = existing(log, Statement, command.dealer_id, command.period), Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    before = statement.version_no
    told = issue(log, command.dealer_id, command.period, stamp)
    if statement.version_no == before:
        raise InvalidState(period=command.period, version=before, reason="nothing has changed")
    return told


@dataclass(frozen=True, kw_only=True)
class IssueStatements:
    """Issue the statements of a month for every dealer with a balance or a movement."""

    period: str


def issue_statements(log: Log, stamp: Stamp, command: IssueStatements) -> dict[str, Any]:
    """Issue what has changed, and what was never issued; signed ones stand.

    Refuses FORBIDDEN_ROLE, VALIDATION_FAILED.
    """
    only(("FIN", "SERVICE", "SYSTEM"), stamp)
    findings = Findings()
    _check_period(command.period, stamp, findings)
    findings.refuse()
    issued = []
    for dealer in log.get(Roll, stamp.currency).dealers:
        statement = log.get(Statement, dealer, command.period)
        settled = log.get(DealerAccount, dealer, stamp.currency).is_locked(command.period)
        if settled or not has_content(log, dealer, command.period, stamp):
            continue
        before = statement.version_no
        issue(log, dealer, command.period, stamp)
        if statement.version_no > before:
            issued.append({"dealer": dealer, "version": statement.version_no})
    return {"period": command.period, "issued": issued}


def issue(log: Log, dealer: str, period: str, stamp: Stamp) -> dict[str, Any]:
    """Issue the next version, unless its content is that of the last; raises NothingToState."""
    account = log.get(DealerAccount, dealer, stamp.currency)
    statement = log.get(Statement, dealer, period)
    if statement.signed_version:
        raise AlreadySigned(period=period, version=statement.signed_version)
    if account.has_ended(period):  # it cannot have changed
        if not statement.exists:
            raise PeriodClosed(period=period, dealer=dealer)
        return standing(statement) | {"digest": statement.digest}
    if not has_content(log, dealer, period, stamp):
        raise NothingToState(dealer=dealer, period=period)
    lines, opening = account.lines(period), account.balance_before(period)
    made = stating.figures(opening, lines)
    statement.issue(
        statement_events.Issued(
            stamp.by,
            stamp.at,
            number=0,
            currency=stamp.currency,
            known_at=stamp.entered,
            figures=made,
            digest=stating.digest(dealer, period, stamp.currency, opening, lines),
            documents=stating.documents(lines),
        )
    )
    return standing(statement) | {"digest": statement.digest}


def is_stale(log: Log, statement: Statement, stamp: Stamp) -> bool:
    """Whether something was posted after the latest version."""
    account, period = log.get(DealerAccount, statement.dealer, stamp.currency), statement.period
    opening = account.balance_before(period)
    if account.has_ended(period):
        return opening + account.month(period).net != statement.closing
    now = stating.digest(statement.dealer, period, stamp.currency, opening, account.lines(period))
    return now != statement.digest


def has_content(log: Log, dealer: str, period: str, stamp: Stamp) -> bool:
    """Whether a dealer has a balance or a movement in a month."""
    account = log.get(DealerAccount, dealer, stamp.currency)
    return bool(account.lines(period)) or account.balance_before(period) != 0


@dataclass(frozen=True, kw_only=True)
class ViewStatement:
    """Say that the dealer has looked at a version."""

    dealer_id: str
    period: str
    version: int


def view_statement(log: Log, stamp: Stamp, command: ViewStatement) -> dict[str, Any]:
    """View a statement; for the dealer's own users, and for services on their behalf.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, NOT_LATEST_VERSION.
    """
    statement = own_statement(log, command.dealer_id, command.period, stamp)
    statement.view(command.version, stamp)
    return standing(statement)


def own_statement(log: Log, dealer: str, period: str, stamp: Stamp, *others: str) -> Statement:
    """Return a dealer's statement to its own users, services, and people of other roles."""
    own(dealer, stamp, *others)
    return existing(log, Statement, dealer, period)


def standing(statement: Statement) -> dict[str, Any]:
    """Where a statement stands, for the answer."""
    return {
        "dealer": statement.dealer,
        "period": statement.period,
        "version": statement.version_no,
        "state": statement.state,
        "closing": statement.closing,
        "confirmed_amount": statement.confirmed_amount,
    }


def _check_period(period: str, stamp: Stamp, findings: Findings) -> None:
    fine = len(period) == _PERIOD and period[4] == "-" and period.replace("-", "").isdigit()
    fine = fine and "01" <= period[5:] <= "12"
    findings.field(fine, "period", "YYYY-MM")
    findings.field(not fine or period <= period_of(stamp.entered), "period", "not in the future")
