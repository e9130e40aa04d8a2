"""Dealing: what changes in a dealer's standing, and the orders that wait for it or must stop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.accounts.dealer_account import DealerAccount
from domain.accounts.deposit_account import DepositAccount
from domain.flows.orders.confirming import (
    LICENCE_HOLDS,
    STATUS_HOLDS,
    check_and_confirm,
    recheck_waiting,
    situation,
    standing,
)
from domain.goods.product import Product
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.order import Order
from domain.orders.order_book import OrderBook
from domain.parties.customer import Customer, Permit
from domain.parties.dealer import CrossRegionException, Dealer, Licence
from domain.parties.refusals import OpenBalance
from domain.policies.checks.dealers import dealer_licence, dealer_status
from domain.policies.checks.situation import Check


@dataclass(frozen=True, kw_only=True)
class RenewLicence:
    """Enter a dealer's renewed licence or filing, once it is verified."""

    dealer_id: str
    type: str
    no: str
    device_class: str
    scope_codes: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    document_hash: str


def renew_licence(log: Log, stamp: Stamp, command: RenewLicence) -> dict[str, Any]:
    """Renew a licence; orders that waited for it go on in the same append.

    Refuses NOT_FOUND, VALIDATION_FAILED, DATE_RANGE, MASTER_DATA_MISSING.
    """
    dealer, findings = existing(log, Dealer, command.dealer_id), Findings()
    findings.identifier(command.no, "no")
    findings.field(command.device_class in ("I", "II", "III"), "device_class", "I, II or III")
    findings.field(command.scope_codes, "scope_codes", "at least one catalogue code")
    findings.dates(command.valid_from, command.valid_to, "valid_to")
    findings.field(command.document_hash.strip(), "document_hash", "the licence's document")
    findings.refuse()
    licence = Licence(
        command.type,
        command.no,
        command.device_class,
        command.scope_codes,
        command.valid_from,
        command.valid_to,
        command.document_hash,
    )
    dealer.renew(licence, stamp)
    orders = recheck_waiting(log, dealer.key, LICENCE_HOLDS, "licence-recheck", stamp)
    return {"dealer_id": dealer.key, "no": command.no, "orders": orders}


@dataclass(frozen=True, kw_only=True)
class WatchLicences:
    """Hold the dealer's orders whose goods its licences no longer cover. For the scheduler."""

    dealer_id: str


def watch_licences(log: Log, stamp: Stamp, command: WatchLicences) -> dict[str, Any]:
    """Look at a dealer's open orders again (INV-DL-4): warn of nothing, hold what the law holds.

    Refuses NOT_FOUND, MASTER_DATA_MISSING.
    """
    dealer = existing(log, Dealer, command.dealer_id)
    orders = _stop(log, dealer, (dealer_licence,), "licence-watch", stamp)
    days = sorted(
        (one.valid_to - stamp.today).days for one in dealer.licences if one.valid_to is not None
    )
    return {"dealer_id": dealer.key, "orders": orders, "days_left": days}


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
    orders = _stop(log, dealer, (dealer_status,), "suspension", stamp)
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
    """End a dealer's contract. Nothing may be open."""

    dealer_id: str
    reason: str


def terminate_dealer(log: Log, stamp: Stamp, command: TerminateDealer) -> dict[str, Any]:
    """Terminate a dealer.

    Refuses NOT_FOUND, INVALID_STATE, OPEN_BALANCE, VALIDATION_FAILED.
    """
    dealer = _with_reason(log, command.dealer_id, command.reason)
    account = log.get(DealerAccount, dealer.key, stamp.currency)
    deposits = log.get(DepositAccount, dealer.key, stamp.currency)
    orders = [
        so
        for so in sorted(log.get(OrderBook, dealer.key).open)
        if any(line.delivered < line.wanted for line in existing(log, Order, so).lines.values())
    ]
    clear = not (account.items or account.unapplied or deposits.held or orders)
    findings = Findings()
    findings.require(
        clear, OpenBalance(dealer=dealer.key, documents=sorted(account.items), orders=orders)
    )
    findings.refuse()
    dealer.terminate(command.reason, stamp)
    return {"dealer_id": dealer.key, "status": dealer.status}


@dataclass(frozen=True, kw_only=True)
class GrantCrossRegionException:
    """Let a dealer sell a quantity outside its territory (跨区特批), for a time.

    Either ``product_line`` or ``sku``; either ``region_code`` (GB/T 2260) or ``hospital``.
    """

    exception: str
    dealer_id: str
    qty_max: int
    valid_from: date
    valid_to: date
    product_line: str | None = None
    sku: str | None = None
    region_code: str | None = None
    hospital: str | None = None
    victim_consent: str | None = None


def grant_exception(log: Log, stamp: Stamp, command: GrantCrossRegionException) -> dict[str, Any]:
    """Grant an exception.

    Refuses NOT_FOUND, VALIDATION_FAILED, DATE_RANGE, ALREADY_EXISTS.
    """
    dealer, findings = existing(log, Dealer, command.dealer_id), Findings()
    findings.identifier(command.exception, "exception")
    findings.field(command.qty_max >= 1, "qty_max", "at least 1")
    findings.dates(command.valid_from, command.valid_to, "valid_to")
    one = (command.product_line is None) != (command.sku is None)
    findings.field(one, "sku", "either a product line or a product")
    place = (command.region_code is None) != (command.hospital is None)
    findings.field(place, "region_code", "either a region or a hospital")
    if command.sku is not None:
        findings.known(log, Product, command.sku, "sku")
    if command.region_code is not None:
        findings.region(command.region_code, "region_code")
    if command.hospital is not None:
        findings.known(log, Customer, command.hospital, "hospital")
    if command.victim_consent is not None:
        findings.known(log, Dealer, command.victim_consent, "victim_consent")
    findings.refuse()
    said = {name: value for name, value in vars(command).items() if name != "dealer_id"}
    dealer.except_(CrossRegionException(**said, approved_by=stamp.by.user), stamp)
    return {"dealer_id": dealer.key, "exception": command.exception}


@dataclass(frozen=True, kw_only=True)
class RegisterPermit:
    """Enter a hospital's verified permit for large equipment (大型医用设备配置许可)."""

    customer_id: str
    permit: Permit


def register_permit(log: Log, stamp: Stamp, command: RegisterPermit) -> dict[str, Any]:
    """Enter a permit.

    Refuses NOT_FOUND, VALIDATION_FAILED, DATE_RANGE.
    """
    customer, findings = existing(log, Customer, command.customer_id), Findings()
    findings.identifier(command.permit.no, "permit.no")
    findings.identifier(command.permit.catalogue_code, "permit.catalogue_code")
    findings.dates(command.permit.valid_from, command.permit.valid_to, "permit.valid_to")
    findings.refuse()
    customer.permit(command.permit, stamp)
    return {"customer_id": customer.key, "no": command.permit.no}


def _stop(
    log: Log, dealer: Dealer, checks: tuple[Check, ...], cause: str, stamp: Stamp
) -> list[dict[str, Any]]:
    """Hold the dealer's orders, confirmed ones too, that these checks no longer let pass."""
    told = []
    for so in sorted(log.get(OrderBook, dealer.key).open):
        order = existing(log, Order, so)
        if not any(line.open for line in order.lines.values()):
            continue
        now = situation(log, order, stamp)
        results = tuple(result for check in checks for result in check(now))
        if order.raised_by(results):
            check_and_confirm(log, order, cause, stamp)
            told.append(standing(order))
    return told


def _with_reason(log: Log, dealer_id: str, reason: str) -> Dealer:
    dealer, findings = existing(log, Dealer, dealer_id), Findings()
    findings.field(reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    return dealer
