"""Enrolling: dealers with their rights, licences and credit; customers; addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from domain.accounts.credit_line import CreditLine, Limit
from domain.company.unique_key import UniqueKey
from domain.flows.orders.confirming import (
    CREDIT_HOLDS,
    LICENCE_HOLDS,
    RIGHT_HOLDS,
    recheck_waiting,
)
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import Refusal
from domain.kernel.stamp import Stamp
from domain.kernel.validation import MOST_DAYS, Findings
from domain.parties.address import Address
from domain.parties.customer import Customer
from domain.parties.dealer import MAX_LEVEL, Authorisation, Dealer, DealerProfile, Licence
from domain.parties.refusals import (
    LevelTooDeep,
    ParentCycle,
    SubdealerTerritoryNotSubset,
    TerritoryOverlapExclusive,
    UsccDuplicate,
)
from domain.parties.territory import Grant, Territory
from domain.policies.territory import chain, inside, overlaps


@dataclass(frozen=True, kw_only=True)
class RegisterDealer:
    """Make a dealer known, active from now on, or change its profile."""

    dealer_id: str
    profile: DealerProfile


def register_dealer(log: Log, stamp: Stamp, command: RegisterDealer) -> dict[str, Any]:
    """Register a dealer.

    Refuses VALIDATION_FAILED, USCC_DUPLICATE, LEVEL_TOO_DEEP, PARENT_CYCLE.
    """
    profile, findings = command.profile, Findings()
    findings.identifier(command.dealer_id, "dealer_id")
    findings.identifier(profile.uscc, "profile.uscc")
    findings.field(profile.legal_name.strip(), "profile.legal_name", "a name must be given")
    findings.identifier(profile.tier, "profile.tier")
    findings.identifier(profile.sales_region, "profile.sales_region")
    terms = profile.payment_terms_days
    fine = 0 <= terms <= MOST_DAYS
    findings.field(fine, "profile.payment_terms_days", f"0 to {MOST_DAYS} days")
    findings.require(profile.level <= MAX_LEVEL, LevelTooDeep(level=profile.level))
    if profile.parent is not None:
        above = [one.key for one in chain(log, profile.parent)]
        circle = command.dealer_id in (profile.parent, *above)
        findings.require(not circle, ParentCycle(dealer_id=command.dealer_id))
        if not circle and findings.known(log, Dealer, profile.parent, "profile.parent"):
            parent = log.get(Dealer, profile.parent).known.level
            findings.field(profile.level == parent + 1, "profile.level", "one below its parent's")
    else:
        findings.field(profile.level == 1, "profile.level", "1 without a parent")
    findings.refuse()
    log.get(UniqueKey, "uscc", profile.uscc).claim(command.dealer_id, UsccDuplicate, stamp)
    log.get(Dealer, command.dealer_id).register(profile, stamp)
    return {"dealer_id": command.dealer_id}


@dataclass(frozen=True, kw_only=True)
class GrantTerritory:
    """Let a dealer sell a product line in regions, for a time (both days inclusive)."""

    dealer_id: str
    authorisation: Authorisation


def grant_territory(log: Log, stamp: Stamp, command: GrantTerritory) -> dict[str, Any]:
    """Grant a right.

    Refuses NOT_FOUND, VALIDATION_FAILED, DATE_RANGE, TERRITORY_OVERLAP_EXCLUSIVE,
    SUBDEALER_TERRITORY_NOT_SUBSET.
    """
    right, findings = command.authorisation, Findings()
    dealer = existing(log, Dealer, command.dealer_id)
    findings.identifier(right.product_line, "authorisation.product_line")
    findings.dates(right.valid_from, right.valid_to, "authorisation.valid_to")
    findings.field(right.region_codes, "authorisation.region_codes", "at least one region")
    for place, code in enumerate(right.region_codes):
        findings.region(code, f"authorisation.region_codes[{place}]")
    findings.refuse()
    territory = log.get(Territory, right.product_line)
    findings.add(*_trespasses(log, dealer, right, territory))
    findings.refuse()
    dealer.grant(right, stamp)
    territory.enter(Grant(dealer.key, dealer.known.level, right), stamp)
    orders = recheck_waiting(log, dealer.key, RIGHT_HOLDS, "territory-recheck", stamp)
    return {"dealer_id": command.dealer_id, "version": right.version, "orders": orders}


def _trespasses(
    log: Log, dealer: Dealer, right: Authorisation, territory: Territory
) -> list[Refusal]:
    found: list[Refusal] = []
    for grant in territory.grants:
        rival = grant.dealer != dealer.key and grant.level == dealer.known.level
        exclusive = right.exclusive or grant.authorisation.exclusive
        if rival and exclusive and overlaps(right, grant.authorisation):
            found.append(TerritoryOverlapExclusive(dealer=grant.dealer, line=right.product_line))
    if dealer.known.parent is not None:
        parent = existing(log, Dealer, dealer.known.parent)
        rights = [one for one in parent.authorisations if one.product_line == right.product_line]
        if not any(inside(right, one) for one in rights):
            found.append(SubdealerTerritoryNotSubset(parent=parent.key, line=right.product_line))
    return found


@dataclass(frozen=True, kw_only=True)
class RegisterLicence:
    """Enter a dealer's verified distribution licence or filing."""

    dealer_id: str
    licence: Licence


def register_licence(log: Log, stamp: Stamp, command: RegisterLicence) -> dict[str, Any]:
    """Enter a licence.

    Refuses NOT_FOUND, VALIDATION_FAILED, DATE_RANGE.
    """
    licence, findings = command.licence, Findings()
    dealer = existing(log, Dealer, command.dealer_id)
    findings.identifier(licence.no, "licence.no")
    findings.field(licence.device_class in ("I", "II", "III"), "licence.device_class", "I to III")
    findings.dates(licence.valid_from, licence.valid_to, "licence.valid_to")
    findings.refuse()
    dealer.license(licence, stamp)
    orders = recheck_waiting(log, dealer.key, LICENCE_HOLDS, "licence-recheck", stamp)
    return {"dealer_id": command.dealer_id, "no": licence.no, "orders": orders}


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


def register_customer(log: Log, stamp: Stamp, command: RegisterCustomer) -> dict[str, Any]:
    """Register a customer with its address.

    Refuses VALIDATION_FAILED.
    """
    findings = Findings()
    findings.identifier(command.customer_id, "customer_id")
    findings.identifier(command.address_id, "address_id")
    findings.field(command.name.strip(), "name", "a name must be given")
    findings.region(command.region_code, "region_code")
    findings.refuse()
    customer = log.get(Customer, command.customer_id)
    customer.register(command.name, command.type, command.region_code, command.address_id, stamp)
    address = log.get(Address, command.address_id)
    address.register(command.region_code, command.customer_id, "HOSPITAL", stamp)
    return {"customer_id": command.customer_id}


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
    """Set a limit, and look again at orders that wait for credit.

    Refuses NOT_FOUND, DATE_RANGE, VALIDATION_FAILED.
    """
    findings = Findings()
    existing(log, Dealer, command.dealer_id)
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
    log.get(CreditLine, command.dealer_id, stamp.currency).set_limit(limit, command.basis, stamp)
    orders = recheck_waiting(log, command.dealer_id, CREDIT_HOLDS, "credit-recheck", stamp)
    return {"dealer_id": command.dealer_id, "limit": command.limit, "orders": orders}
