"""Appointing: a dealer's way from its application to its end.

``APPLICANT → UNDER_REVIEW → QUALIFIED → ACTIVE ⇄ SUSPENDED → TERMINATED → WOUND_UP``. A dealer that
is not active may be prepared: its rights and papers are entered, its orders are held.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.accounts.dealer_account import DealerAccount
from domain.accounts.deposit_account import DepositAccount
from domain.accounts.security_deposit import SecurityDeposit
from domain.flows.company.acting import only
from domain.flows.goods.securing import only_quality
from domain.flows.orders.confirming import STATUS_HOLDS, recheck_waiting, stop
from domain.flows.parties.enrolling import check_profile, move
from domain.flows.parties.granting import end_all
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.order import Order
from domain.orders.order_book import OrderBook
from domain.orders.refusals import LicenceMissing
from domain.parties.dealer import Dealer
from domain.parties.dealer_terms import DealerProfile
from domain.parties.refusals import OpenBalance
from domain.policies.checks.dealers import dealer_status


@dataclass(frozen=True, kw_only=True)
class ApplyDealer:
    """Let a company apply to become a dealer; with a ``parent`` in its profile, a sub-dealer."""

    dealer_id: str
    profile: DealerProfile


def apply_dealer(log: Log, stamp: Stamp, command: ApplyDealer) -> dict[str, Any]:
    """Enter an application.

    Refuses VALIDATION_FAILED, USCC_DUPLICATE, LEVEL_TOO_DEEP, PARENT_CYCLE, ALREADY_EXISTS,
    SUBDEALER_TERRITORY_NOT_SUBSET.
    """
    check_profile(log, command.dealer_id, command.profile, stamp)
    dealer = log.get(Dealer, command.dealer_id)
    dealer.apply_for(command.profile, stamp)
    move(log, dealer, None, stamp)
    return _standing(dealer)


@dataclass(frozen=True, kw_only=True)
class CompleteFirstReview:
    """Say what the first review (首营审核) of a dealer found; ``missing`` is empty if it passed."""

    dealer_id: str
    document_hash: str
    missing: str = ""


def complete_first_review(log: Log, stamp: Stamp, command: CompleteFirstReview) -> dict[str, Any]:
    """Qualify a dealer, or send it back for what is missing. For the quality manager.

    Refuses NOT_FOUND, INVALID_STATE, QC_ROLE_REQUIRED, LICENCE_MISSING, VALIDATION_FAILED.
    """
    dealer, findings = existing(log, Dealer, command.dealer_id), Findings()
    only_quality(stamp)
    findings.field(command.document_hash.strip(), "document_hash", "the review's document")
    valid = [one for one in dealer.licences if one.valid_on(stamp.today)]
    findings.require(valid or command.missing, LicenceMissing(dealer=dealer.key))
    findings.refuse()
    dealer.review(command.missing.strip(), command.document_hash, stamp)
    return _standing(dealer)


@dataclass(frozen=True, kw_only=True)
class ActivateDealer:
    """Let a qualified dealer buy."""

    dealer_id: str


def activate_dealer(log: Log, stamp: Stamp, command: ActivateDealer) -> dict[str, Any]:
    """Activate a dealer; orders that waited for it go on. For sales managers.

    Refuses NOT_FOUND, INVALID_STATE, FORBIDDEN_ROLE, MASTER_DATA_MISSING.
    """
    dealer = existing(log, Dealer, command.dealer_id)
    only(("MGR",), stamp)
    dealer.activate(stamp)
    orders = recheck_waiting(log, dealer.key, STATUS_HOLDS, "activation", stamp)
    return _standing(dealer) | {"orders": orders}


@dataclass(frozen=True, kw_only=True)
class ChangeTier:
    """Let a dealer buy at the prices of another tier from now on."""

    dealer_id: str
    tier: str
    reason: str


def change_tier(log: Log, stamp: Stamp, command: ChangeTier) -> dict[str, Any]:
    """Change a tier. Orders that were placed keep the prices of their day.

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED.
    """
    findings = Findings()
    findings.identifier(command.tier, "tier")
    findings.refuse()
    dealer = _with_reason(log, command.dealer_id, command.reason)
    dealer.change_tier(command.tier, command.reason, stamp)
    return _standing(dealer) | {"tier": dealer.known.tier}


@dataclass(frozen=True, kw_only=True)
class SuspendDealer:
    """Stop a dealer's purchases for the time being."""

    dealer_id: str
    reason: str


def suspend_dealer(log: Log, stamp: Stamp, command: SuspendDealer) -> dict[str, Any]:
    """Suspend a dealer; its open orders are held.

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED, MASTER_DATA_MISSING.
    """
    dealer = _with_reason(log, command.dealer_id, command.reason)
    dealer.suspend(command.reason, stamp)
    orders = stop(log, dealer, (dealer_status,), "suspension", stamp)
    return {"dealer_id": dealer.key, "status": dealer.status, "orders": orders}


@dataclass(frozen=True, kw_only=True)
class ReinstateDealer:
    """Let a suspended dealer buy again."""

    dealer_id: str
    reason: str


def reinstate_dealer(log: Log, stamp: Stamp, command: ReinstateDealer) -> dict[str, Any]:
    """Reinstate a dealer; its orders go on.

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED, MASTER_DATA_MISSING.
    """
    dealer = _with_reason(log, command.dealer_id, command.reason)
    dealer.reinstate(command.reason, stamp)
    orders = recheck_waiting(log, dealer.key, STATUS_HOLDS, "reinstatement", stamp)
    return {"dealer_id": dealer.key, "status": dealer.status, "orders": orders}


@dataclass(frozen=True, kw_only=True)
class TerminateDealer:
    """End a dealer's contract. No order may be open; money may, until the dealer is wound up."""

    dealer_id: str
    reason: str


def terminate_dealer(log: Log, stamp: Stamp, command: TerminateDealer) -> dict[str, Any]:
    """Terminate a dealer; its rights, and what its sub-dealers hold of them, end today.

    Refuses NOT_FOUND, INVALID_STATE, OPEN_BALANCE, VALIDATION_FAILED, MASTER_DATA_MISSING.
    """
    dealer, findings = _with_reason(log, command.dealer_id, command.reason), Findings()
    orders = [so for so in _orders(log, dealer) if _undelivered(existing(log, Order, so))]
    findings.require(not orders, OpenBalance(dealer=dealer.key, orders=orders))
    findings.refuse()
    dealer.terminate(command.reason, stamp)
    ended = end_all(log, dealer, command.reason, stamp)
    return _standing(dealer) | {"ended": ended}


@dataclass(frozen=True, kw_only=True)
class WindUpDealer:
    """Be done with a terminated dealer. Nothing may be open, neither orders nor money."""

    dealer_id: str
    reason: str


def wind_up_dealer(log: Log, stamp: Stamp, command: WindUpDealer) -> dict[str, Any]:
    """Wind a dealer up.

    Refuses NOT_FOUND, INVALID_STATE, OPEN_BALANCE, VALIDATION_FAILED.
    """
    dealer, findings = _with_reason(log, command.dealer_id, command.reason), Findings()
    account = log.get(DealerAccount, dealer.key, stamp.currency)
    held = log.get(DepositAccount, dealer.key, stamp.currency).held
    secured = log.get(SecurityDeposit, dealer.key, stamp.currency).held
    money = account.items or account.unapplied or held or secured
    clear = not (money or _orders(log, dealer))
    documents = sorted([*account.items, *account.unapplied])
    orders = _orders(log, dealer)
    findings.require(clear, OpenBalance(dealer=dealer.key, documents=documents, orders=orders))
    findings.refuse()
    dealer.wind_up(command.reason, stamp)
    return _standing(dealer)


def _orders(log: Log, dealer: Dealer) -> list[str]:
    return sorted(log.get(OrderBook, dealer.key).open)


def _undelivered(order: Order) -> bool:
    return any(line.delivered < line.wanted for line in order.lines.values())


def _with_reason(log: Log, dealer_id: str, reason: str) -> Dealer:
    dealer, findings = existing(log, Dealer, dealer_id), Findings()
    findings.field(reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    return dealer


def _standing(dealer: Dealer) -> dict[str, Any]:
    return {"dealer_id": dealer.key, "status": dealer.status}
