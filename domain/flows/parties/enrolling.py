"""Enrolling: dealers with their rights, licences and credit; customers; addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from domain.accounts.credit_line import CreditLine, Limit
from domain.accounts.dealer_account import DealerAccount
from domain.company.unique_key import UniqueKey
from domain.flows.orders.confirming import (
    CREDIT_HOLDS,
    recheck_waiting,
    stop,
)
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.kernel.validation import MOST_DAYS, Findings
from domain.parties.address import Address
from domain.parties.customer import Customer, Permit
from domain.parties.dealer import Dealer
from domain.parties.dealer_terms import MAX_LEVEL, DealerProfile
from domain.parties.refusals import (
    LevelTooDeep,
    ParentCycle,
    SubdealerTerritoryNotSubset,
    UsccDuplicate,
)
from domain.policies import credit
from domain.policies.checks.deals import credit_exposure
from domain.policies.diversion.places import parsed
from domain.policies.territory import chain, within


@dataclass(frozen=True, kw_only=True)
class RegisterDealer:
    """Make a dealer known that is active already, or change the profile of any."""

    dealer_id: str
    profile: DealerProfile


def register_dealer(log: Log, stamp: Stamp, command: RegisterDealer) -> dict[str, Any]:
    """Register a dealer.

    Refuses VALIDATION_FAILED, USCC_DUPLICATE, LEVEL_TOO_DEEP, PARENT_CYCLE,
    SUBDEALER_TERRITORY_NOT_SUBSET.
    """
    check_profile(log, command.dealer_id, command.profile, stamp)
    dealer = log.get(Dealer, command.dealer_id)
    before = dealer.profile.parent if dealer.profile is not None else None
    dealer.register(command.profile, stamp)
    move(log, dealer, before, stamp)
    return {"dealer_id": command.dealer_id}


@dataclass(frozen=True, kw_only=True)
class RegisterSubDealer:
    """Make a dealer known that buys from another one, of the same sales region."""

    dealer_id: str
    parent_id: str
    legal_name: str
    uscc: str
    tier: str


def register_sub_dealer(log: Log, stamp: Stamp, command: RegisterSubDealer) -> dict[str, Any]:
    """Register a sub-dealer, one level below its parent.

    Refuses NOT_FOUND, VALIDATION_FAILED, USCC_DUPLICATE, LEVEL_TOO_DEEP, PARENT_CYCLE,
    SUBDEALER_TERRITORY_NOT_SUBSET.
    """
    parent = existing(log, Dealer, command.parent_id).known
    profile = DealerProfile(
        legal_name=command.legal_name,
        uscc=command.uscc,
        tier=command.tier,
        sales_region=parent.sales_region,
        level=parent.level + 1,
        parent=command.parent_id,
    )
    wanted = RegisterDealer(dealer_id=command.dealer_id, profile=profile)
    return register_dealer(log, stamp, wanted) | {"level": profile.level}


def move(log: Log, dealer: Dealer, before: str | None, stamp: Stamp) -> None:
    """Tell the dealer that it bought from, and the one that it buys from now."""
    parent = dealer.known.parent
    if before is not None and before != parent:
        existing(log, Dealer, before).let_go(dealer.key, stamp)
    if parent is not None:
        existing(log, Dealer, parent).take_on(dealer.key, stamp)


def check_profile(log: Log, dealer_id: str, profile: DealerProfile, stamp: Stamp) -> None:
    """Refuse a profile that does not fit into the channel, and take its code (USCC) for it."""
    findings = Findings()
    findings.identifier(dealer_id, "dealer_id")
    findings.identifier(profile.uscc, "profile.uscc")
    findings.field(profile.legal_name.strip(), "profile.legal_name", "a name must be given")
    findings.identifier(profile.tier, "profile.tier")
    findings.identifier(profile.sales_region, "profile.sales_region")
    terms = profile.payment_terms_days
    fine = 0 <= terms <= MOST_DAYS
    findings.field(fine, "profile.payment_terms_days", f"0 to {MOST_DAYS} days")
    protected = 0 <= profile.price_protection_days <= MOST_DAYS
    findings.field(protected, "profile.price_protection_days", f"0 to {MOST_DAYS} days")
    deepest = profile.level + _depth(log, dealer_id)
    findings.require(deepest <= MAX_LEVEL, LevelTooDeep(level=deepest))
    if profile.parent is not None:
        above = [one.key for one in chain(log, profile.parent)]
        circle = dealer_id in (profile.parent, *above)
        findings.require(not circle, ParentCycle(dealer_id=dealer_id))
        if not circle and findings.known(log, Dealer, profile.parent, "profile.parent"):
            parent = log.get(Dealer, profile.parent).known.level
            findings.field(profile.level == parent + 1, "profile.level", "one below its parent's")
            _keep_inside(log, dealer_id, log.get(Dealer, profile.parent), findings, stamp)
    else:
        findings.field(profile.level == 1, "profile.level", "1 without a parent")
    findings.refuse()
    log.get(UniqueKey, "uscc", profile.uscc).claim(dealer_id, UsccDuplicate, stamp)


def _depth(log: Log, dealer_id: str) -> int:
    """How many levels of dealers there are below one."""
    below = log.get(Dealer, dealer_id).below
    return max((1 + _depth(log, one) for one in below), default=0)


def _keep_inside(
    log: Log, dealer_id: str, parent: Dealer, findings: Findings, stamp: Stamp
) -> None:
    """What a dealer holds must lie inside of what its new parent holds."""
    for right in log.get(Dealer, dealer_id).authorisations:
        mine = [one for one in parent.authorisations if one.product_line == right.product_line]
        ended = right.valid_to < stamp.today
        fine = ended or any(within(log, right, one) for one in mine)
        line = right.product_line
        findings.require(fine, SubdealerTerritoryNotSubset(parent=parent.key, line=line))


@dataclass(frozen=True, kw_only=True)
class RegisterAddress:
    """Make an address known. ``receiving_entity_id`` is the dealer or customer that signs there."""

    address_id: str
    region_code: str
    receiving_entity_id: str
    kind: Literal["REGISTERED_WAREHOUSE", "HOSPITAL"]


def register_address(log: Log, stamp: Stamp, command: RegisterAddress) -> dict[str, Any]:
    """Register an address.

    Refuses VALIDATION_FAILED.
    """
    findings = Findings()
    findings.identifier(command.address_id, "address_id")
    findings.identifier(command.receiving_entity_id, "receiving_entity_id")
    findings.region(command.region_code, "region_code")
    findings.refuse()
    address = log.get(Address, command.address_id)
    address.register(command.region_code, command.receiving_entity_id, command.kind, stamp)
    return {"address_id": command.address_id}


@dataclass(frozen=True, kw_only=True)
class RegisterCustomer:
    """Make a hospital, clinic or imaging centre known."""

    customer_id: str
    name: str
    type: Literal["HOSPITAL_3A", "HOSPITAL_2", "CLINIC", "IMAGING_CENTRE"]
    region_code: str
    address_id: str
    gps: str | None = None
    """Position, "latitude,longitude" in degrees."""


def register_customer(log: Log, stamp: Stamp, command: RegisterCustomer) -> dict[str, Any]:
    """Register a customer with its address.

    Refuses VALIDATION_FAILED.
    """
    findings = Findings()
    findings.identifier(command.customer_id, "customer_id")
    findings.identifier(command.address_id, "address_id")
    findings.field(command.name.strip(), "name", "a name must be given")
    findings.region(command.region_code, "region_code")
    placed = command.gps is None or parsed(command.gps) is not None
    findings.field(placed, "gps", '"latitude,longitude" in degrees')
    findings.refuse()
    customer = log.get(Customer, command.customer_id)
    said = {name: value for name, value in vars(command).items() if name != "customer_id"}
    customer.register(Customer.Registered(stamp.by, stamp.at, **said))
    address = log.get(Address, command.address_id)
    address.register(command.region_code, command.customer_id, "HOSPITAL", stamp)
    return {"customer_id": command.customer_id}


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


@dataclass(frozen=True, kw_only=True)
class GrantTemporaryLimit:
    """Grant an amount (minor units) on top of a dealer's limit, for a time (days inclusive)."""

    dealer_id: str
    amount: int
    valid_from: date
    valid_to: date
    basis: str


def grant_temporary_limit(log: Log, stamp: Stamp, command: GrantTemporaryLimit) -> dict[str, Any]:
    """Grant a temporary limit, and look again at orders that wait for credit.

    Refuses NOT_FOUND, DATE_RANGE, VALIDATION_FAILED, MASTER_DATA_MISSING.
    """
    dealer, findings = existing(log, Dealer, command.dealer_id), Findings()
    findings.field(command.amount >= 1, "amount", "at least 1")
    findings.field(command.basis.strip(), "basis", "a basis must be given")
    findings.dates(command.valid_from, command.valid_to, "valid_to")
    findings.refuse()
    limit = Limit(command.amount, command.valid_from, command.valid_to)
    log.get(CreditLine, dealer.key, stamp.currency).grant(limit, command.basis, stamp)
    orders = recheck_waiting(log, dealer.key, CREDIT_HOLDS, "credit-recheck", stamp)
    return {"dealer_id": dealer.key, "orders": orders}


@dataclass(frozen=True, kw_only=True)
class SetCreditLimit:
    """Decide a dealer's credit limit in minor units, for a time (both days inclusive).

    An invoice of at least ``overdue_minimum`` open counts as overdue after ``grace_days``.
    """

    dealer_id: str
    limit: int
    valid_from: date
    valid_to: date
    grace_days: int = 3
    overdue_minimum: int = 1_000_00
    basis: str = ""


def set_credit_limit(log: Log, stamp: Stamp, command: SetCreditLimit) -> dict[str, Any]:
    """Set a limit; orders that waited for credit go on, and those beyond it are held (INV-SO-12).

    A limit below the exposure is allowed, with a warning.

    Refuses NOT_FOUND, DATE_RANGE, VALIDATION_FAILED, MASTER_DATA_MISSING.
    """
    findings = Findings()
    dealer = existing(log, Dealer, command.dealer_id)
    findings.field(command.limit >= 0, "limit", "at least 0")
    findings.field(0 <= command.grace_days <= MOST_DAYS, "grace_days", f"0 to {MOST_DAYS} days")
    findings.field(command.overdue_minimum >= 0, "overdue_minimum", "at least 0")
    findings.dates(command.valid_from, command.valid_to, "valid_to")
    findings.refuse()
    limit = Limit(
        command.limit,
        command.valid_from,
        command.valid_to,
        command.grace_days,
        command.overdue_minimum,
    )
    line = log.get(CreditLine, command.dealer_id, stamp.currency)
    before = line.limit_on(stamp.today)
    line.set_limit(limit, command.basis, stamp)
    orders = recheck_waiting(log, command.dealer_id, CREDIT_HOLDS, "credit-recheck", stamp)
    if line.limit_on(stamp.today) < before:
        orders += stop(log, dealer, (credit_exposure,), "limit-reduced", stamp)
    account = log.get(DealerAccount, command.dealer_id, stamp.currency)
    beyond = credit.exposure(account, line) > line.limit_on(stamp.today)
    answer = {"dealer_id": command.dealer_id, "limit": command.limit, "orders": orders}
    return answer | ({"warning": "LIMIT_BELOW_EXPOSURE"} if beyond else {})
