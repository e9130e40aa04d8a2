"""Securing: a dealer's security deposit (保证金), received, paid back, and taken for a penalty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.accounts.security_deposit import SecurityDeposit
from domain.flows.accounts.referring import book_reference, booked_before
from domain.flows.books.dating import check_days, require_open
from domain.flows.company.acting import FINANCE, only
from domain.flows.company.numbering import next_number
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import LARGEST_AMOUNT
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.dealer import Dealer


@dataclass(frozen=True, kw_only=True)
class ReceiveSecurityDeposit:
    """Enter money that secures a dealer's conduct, minor units.

    It is posted on its value date; ``accounting_date`` is for one that lies in a closed period.
    """

    dealer_id: str
    bank_ref: str
    value_date: date
    amount: int
    accounting_date: date | None = None


def receive_security_deposit(
    log: Log, stamp: Stamp, command: ReceiveSecurityDeposit
) -> dict[str, Any]:
    """Receive a security deposit. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, DUPLICATE_BANK_REF, FUTURE_DATED,
    PERIOD_CLOSED.
    """
    only(FINANCE, stamp)
    existing(log, Dealer, command.dealer_id)
    findings = Findings()
    findings.identifier(command.bank_ref, "bank_ref")
    findings.field(1 <= command.amount <= LARGEST_AMOUNT, "amount", f"1 to {LARGEST_AMOUNT}")
    day = check_days(command.value_date, command.accounting_date, stamp, findings)
    findings.add(*booked_before(log, command.bank_ref))
    findings.refuse()
    require_open(log, day, "", stamp)
    doc = next_number(log, "SEC", stamp)
    book_reference(log, command.bank_ref, doc, stamp)
    deposit = log.get(SecurityDeposit, command.dealer_id, stamp.currency)
    deposit.receive(doc, command.bank_ref, command.amount, day, stamp)
    return {"doc": doc, "held": deposit.held}


@dataclass(frozen=True, kw_only=True)
class RefundSecurityDeposit:
    """Pay a security deposit back, or part of it."""

    dealer_id: str
    amount: int
    bank_ref: str


def refund_security_deposit(
    log: Log, stamp: Stamp, command: RefundSecurityDeposit
) -> dict[str, Any]:
    """Refund a security deposit. For finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, DUPLICATE_BANK_REF, DEPOSIT_EXCEEDED,
    PERIOD_CLOSED.
    """
    only(FINANCE, stamp)
    existing(log, Dealer, command.dealer_id)
    findings = Findings()
    findings.identifier(command.bank_ref, "bank_ref")
    findings.field(command.amount >= 1, "amount", "at least 1")
    findings.add(*booked_before(log, command.bank_ref))
    findings.refuse()
    require_open(log, stamp.today, "", stamp)
    deposit = log.get(SecurityDeposit, command.dealer_id, stamp.currency)
    doc = next_number(log, "SEC", stamp)
    deposit.refund(doc, command.bank_ref, command.amount, stamp)
    book_reference(log, command.bank_ref, doc, stamp)
    return {"doc": doc, "held": deposit.held}
