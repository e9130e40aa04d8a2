"""Granting: what a dealer may sell where and until when, and the exceptions from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import msgspec

from domain.flows.orders.confirming import RIGHT_HOLDS, recheck_waiting, stop
from domain.goods.product import Product
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import NotFound, Refusal
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.customer import Customer
from domain.parties.dealer import Dealer
from domain.parties.dealer_terms import Authorisation, CrossRegionException
from domain.parties.refusals import SubdealerTerritoryNotSubset, TerritoryOverlapExclusive
from domain.parties.territory import Grant, Territory
from domain.policies.checks.dealers import address_and_territory, product_authorisation
from domain.policies.territory import overlaps, within

RIGHTS = (product_authorisation, address_and_territory)
"""Checks that look at what a dealer may sell where."""


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
    _check_form(right, findings)
    findings.refuse()
    territory = log.get(Territory, right.product_line)
    findings.add(*_trespasses(log, dealer, right, territory))
    findings.refuse()
    _enter(log, dealer, right, stamp)
    orders = recheck_waiting(log, dealer.key, RIGHT_HOLDS, "territory-recheck", stamp)
    return {"dealer_id": command.dealer_id, "version": right.version, "orders": orders}


@dataclass(frozen=True, kw_only=True)
class AmendTerritory:
    """Change a dealer's right to a product line from a day on.

    ``authorisation`` is the right as it will be, from its ``valid_from`` on, under a new version.
    """

    dealer_id: str
    authorisation: Authorisation


def amend_territory(log: Log, stamp: Stamp, command: AmendTerritory) -> dict[str, Any]:
    """Amend a right: the old one ends the day before. Past sales are judged by the old one.

    Refuses NOT_FOUND, VALIDATION_FAILED, DATE_RANGE, TERRITORY_OVERLAP_EXCLUSIVE,
    SUBDEALER_TERRITORY_NOT_SUBSET, MASTER_DATA_MISSING.
    """
    right, findings = command.authorisation, Findings()
    dealer = existing(log, Dealer, command.dealer_id)
    _check_form(right, findings)
    findings.refuse()
    old = _in_force(dealer, right.product_line, right.valid_from)
    newest = max((one.version for one in old), default=0)
    findings.field(right.version > newest, "authorisation.version", f"above {newest}")
    territory = log.get(Territory, right.product_line)
    findings.add(*_trespasses(log, dealer, right, territory))
    findings.refuse()
    last = right.valid_from - timedelta(days=1)
    ended = _end(log, dealer, old, last, "AMENDED", stamp)
    _enter(log, dealer, right, stamp)
    ended += _end_below(log, dealer, right.product_line, last, stamp)
    orders = recheck_waiting(log, dealer.key, RIGHT_HOLDS, "territory-recheck", stamp)
    orders += _stop_all(log, dealer, ended, stamp)
    return {"dealer_id": dealer.key, "version": right.version, "ended": ended, "orders": orders}


@dataclass(frozen=True, kw_only=True)
class RevokeTerritory:
    """End a dealer's right to a product line; ``last_day`` is its last day, today at the least."""

    dealer_id: str
    product_line: str
    last_day: date
    reason: str


def revoke_territory(log: Log, stamp: Stamp, command: RevokeTerritory) -> dict[str, Any]:
    """Revoke a right, and with it what sub-dealers hold of it (INV-DL-2).

    Refuses NOT_FOUND, VALIDATION_FAILED, MASTER_DATA_MISSING.
    """
    dealer, findings = existing(log, Dealer, command.dealer_id), Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    past = command.last_day < stamp.today
    findings.field(not past, "last_day", "not past: what was sold was sold by right")
    findings.refuse()
    old = _in_force(dealer, command.product_line, command.last_day + timedelta(days=1))
    if not old:
        raise NotFound(kind="Authorisation", id=f"{dealer.key}/{command.product_line}")
    ended = _end(log, dealer, old, command.last_day, command.reason, stamp)
    ended += _end_below(log, dealer, command.product_line, command.last_day, stamp)
    orders = _stop_all(log, dealer, ended, stamp)
    return {"dealer_id": dealer.key, "ended": ended, "orders": orders}


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
class CloseException:
    """End a dealer's leave to sell outside its territory, from today on."""

    dealer_id: str
    exception: str
    reason: str


def close_exception(log: Log, stamp: Stamp, command: CloseException) -> dict[str, Any]:
    """Close an exception. What was used of it stays used.

    Refuses NOT_FOUND, VALIDATION_FAILED, MASTER_DATA_MISSING.
    """
    dealer, findings = existing(log, Dealer, command.dealer_id), Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    if command.exception not in dealer.exceptions:
        raise NotFound(kind="Exception", id=command.exception)
    dealer.close_exception(command.exception, command.reason, stamp)
    orders = stop(log, dealer, RIGHTS, "exception-closed", stamp)
    left = dealer.remaining(command.exception)
    return {"dealer_id": dealer.key, "exception": command.exception, "left": left, "orders": orders}


def _check_form(right: Authorisation, findings: Findings) -> None:
    findings.identifier(right.product_line, "authorisation.product_line")
    findings.dates(right.valid_from, right.valid_to, "authorisation.valid_to")
    findings.field(right.region_codes, "authorisation.region_codes", "at least one region")
    for place, code in enumerate(right.region_codes):
        findings.region(code, f"authorisation.region_codes[{place}]")


def _in_force(dealer: Dealer, product_line: str, day: date) -> list[Authorisation]:
    """Rights to a product line that last until a day or longer."""
    mine = (one for one in dealer.authorisations if one.product_line == product_line)
    return [one for one in mine if one.valid_to >= day]


def _enter(log: Log, dealer: Dealer, right: Authorisation, stamp: Stamp) -> None:
    """Give a right, and draw it on the map."""
    dealer.grant(right, stamp)
    territory = log.get(Territory, right.product_line)
    territory.enter(Grant(dealer.key, dealer.known.level, right), stamp)


def end_all(log: Log, dealer: Dealer, reason: str, stamp: Stamp) -> list[str]:
    """Let all rights of a dealer end today, and what sub-dealers hold of them: whose they were."""
    after, ended = stamp.today + timedelta(days=1), []
    for line in dict.fromkeys(one.product_line for one in dealer.authorisations):
        ended += _end(log, dealer, _in_force(dealer, line, after), stamp.today, reason, stamp)
        ended += _end_below(log, dealer, line, stamp.today, stamp)
    return list(dict.fromkeys(ended))


def _end(
    log: Log,
    dealer: Dealer,
    rights: list[Authorisation],
    last_day: date,
    reason: str,
    stamp: Stamp,
) -> list[str]:
    """Let rights end, on the map too: whose they were."""
    for right in rights:
        dealer.revoke(right, last_day, reason, stamp)
        territory = log.get(Territory, right.product_line)
        territory.end(Grant(dealer.key, dealer.known.level, right), last_day, stamp)
    return [dealer.key] if rights else []


def _end_below(log: Log, dealer: Dealer, line: str, last_day: date, stamp: Stamp) -> list[str]:
    """Let what sub-dealers hold end with the right that it lay inside, level by level."""
    ended: list[str] = []
    after = last_day + timedelta(days=1)
    holders = dict.fromkeys(one.dealer for one in log.get(Territory, line).grants)
    for name in holders:
        child = existing(log, Dealer, name)
        if child.known.parent != dealer.key:
            continue
        mine = _in_force(dealer, line, after)
        lost = [
            one
            for one in _in_force(child, line, after)
            if not any(within(log, _from(one, after), right) for right in mine)
        ]
        ended += _end(log, child, lost, last_day, f"the right of {dealer.key} ended", stamp)
        ended += _end_below(log, child, line, last_day, stamp) if lost else []
    return ended


def _from(right: Authorisation, day: date) -> Authorisation:
    """What is left of a right from a day on."""
    return msgspec.structs.replace(right, valid_from=max(right.valid_from, day))


def _stop_all(log: Log, dealer: Dealer, ended: list[str], stamp: Stamp) -> list[dict[str, Any]]:
    """Hold the orders of everybody who lost a right."""
    told: list[dict[str, Any]] = []
    for name in dict.fromkeys([dealer.key, *ended]):
        told += stop(log, existing(log, Dealer, name), RIGHTS, "territory-change", stamp)
    return told


def _trespasses(
    log: Log, dealer: Dealer, right: Authorisation, territory: Territory
) -> list[Refusal]:
    found: list[Refusal] = []
    for grant in territory.grants:
        rival = grant.dealer != dealer.key and grant.level == dealer.known.level
        exclusive = right.exclusive or grant.authorisation.exclusive
        if rival and exclusive and overlaps(log, right, grant.authorisation):
            found.append(TerritoryOverlapExclusive(dealer=grant.dealer, line=right.product_line))
    if dealer.known.parent is not None:
        parent = existing(log, Dealer, dealer.known.parent)
        rights = [one for one in parent.authorisations if one.product_line == right.product_line]
        if not any(within(log, right, one) for one in rights):
            found.append(SubdealerTerritoryNotSubset(parent=parent.key, line=right.product_line))
    return found
