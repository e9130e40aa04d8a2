"""Signing: a dealer confirms its statement, and finance signs it off (对账确认)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from domain.accounts.dealer_account import DealerAccount
from domain.accounts.entry import OPENING
from domain.accounts.statement import Statement
from domain.books.refusals import NotLatestPeriod
from domain.flows.accounts.stating import is_stale, own_statement, standing
from domain.flows.books.dating import not_over
from domain.flows.company.acting import FINANCE, only
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import InvalidState
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.contract import Contract
from domain.parties.user import User

DEEMED_AFTER = 10
"""Working days after which a contract may take silence for a yes."""

_SATURDAY = 5


@dataclass(frozen=True, kw_only=True)
class ConfirmStatement:
    """Confirm a version as the dealer, with its seal: the balance, less what is in dispute."""

    dealer_id: str
    period: str
    version: int
    e_seal: str


def confirm_statement(log: Log, stamp: Stamp, command: ConfirmStatement) -> dict[str, Any]:
    """Confirm a statement; for the dealer's own users, and for services on their behalf.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, NOT_LATEST_VERSION, ALREADY_SIGNED.
    """
    statement = own_statement(log, command.dealer_id, command.period, stamp)
    findings = Findings()
    findings.field(command.e_seal.strip(), "e_seal", "the dealer's seal")
    findings.refuse()
    statement.confirm(command.version, command.e_seal, stamp)
    return standing(statement)


@dataclass(frozen=True, kw_only=True)
class DeemConfirmed:
    """Take a dealer's silence for a yes, because its contract says so, after ten working days."""

    dealer_id: str
    period: str
    contract_id: str


def deem_confirmed(log: Log, stamp: Stamp, command: DeemConfirmed) -> dict[str, Any]:
    """Deem a statement confirmed.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, INVALID_STATE.
    """
    only(("FIN", "SERVICE", "SYSTEM"), stamp)
    statement = existing(log, Statement, command.dealer_id, command.period)
    contract, findings = existing(log, Contract, command.contract_id), Findings()
    terms = contract.terms
    mine = terms is not None and terms.dealer == command.dealer_id
    findings.field(mine, "contract_id", "a contract of this dealer")
    says = terms is not None and terms.deemed_confirmation and contract.in_force(stamp.today)
    findings.field(says, "contract_id", "a contract in force that takes silence for a yes")
    findings.refuse()
    issued = statement.issued_on or stamp.entered
    over = working_days(issued, stamp.entered) > DEEMED_AFTER
    if not over:
        raise InvalidState(issued_on=issued, working_days=DEEMED_AFTER)
    statement.deem_confirmed(contract.key, stamp)
    return standing(statement)


@dataclass(frozen=True, kw_only=True)
class SignOffStatement:
    """Sign a confirmed statement for finance; the month of the account is settled by it."""

    dealer_id: str
    period: str
    version: int
    signer: str | None = None


def sign_off_statement(log: Log, stamp: Stamp, command: SignOffStatement) -> dict[str, Any]:
    """Sign a statement off. For finance, and not for whoever prepared it.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, NOT_LATEST_VERSION, ALREADY_SIGNED,
    PREPARER_SIGNS, DISPUTE_OPEN, INVALID_STATE, PERIOD_NOT_OVER, NOT_LATEST_PERIOD.
    """
    only(FINANCE, stamp)
    statement, findings = existing(log, Statement, command.dealer_id, command.period), Findings()
    findings.add(*not_over(command.period, stamp))
    signer = command.signer or stamp.by.user
    _check_signer(log, signer, stamp, findings)
    account = log.get(DealerAccount, command.dealer_id, stamp.currency)
    unsigned = _unsettled_before(account, command.period)
    findings.require(not unsigned, NotLatestPeriod(period=command.period, open=unsigned))
    findings.refuse()
    if not statement.signed_version and is_stale(log, statement, stamp):
        raise InvalidState(period=command.period, reason="something was posted after this version")
    statement.sign_off(command.version, signer, stamp)
    account.lock_month(command.period, stamp)
    return standing(statement) | {"confirmed": statement.confirmed_amount}


def working_days(since: date, until: date) -> int:
    """Count weekdays after a day and until another, that included; holidays are not known."""
    days = (since + timedelta(days=one) for one in range(1, (until - since).days + 1))
    return sum(1 for day in days if day.weekday() < _SATURDAY)


def _unsettled_before(account: DealerAccount, period: str) -> list[str]:
    """Earlier months in which something was posted, and which nobody has settled."""
    return sorted(
        one
        for one, month in account.months.items()
        if one < period
        and not account.is_locked(one)
        and any(entry.kind != OPENING for entry in month.lines)
    )


def _check_signer(log: Log, signer: str, stamp: Stamp, findings: Findings) -> None:
    """Whoever signs does it in person; a service names the person of finance who did."""
    if signer != stamp.by.user:
        known = log.get(User, signer)
        of_finance = stamp.by.role == "SERVICE" and known.exists and known.role == "FIN"
        findings.field(of_finance, "signer", "whoever signs is of finance, and does it in person")
