"""Territory: whether a place lies in a region, and who had the right to sell there.

Region codes are GB/T 2260: a code contains another when, without trailing ``00`` pairs, it is a
prefix of it. Names are never compared.
"""

from __future__ import annotations

from datetime import date

import msgspec

from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.goods.warehouse import Warehouse
from domain.kernel.aggregate import Log
from domain.parties.customer import Customer
from domain.parties.dealer import Dealer
from domain.parties.dealer_terms import Authorisation, CrossRegionException
from domain.parties.territory import Territory

PROVINCE = 2
"""Digits of a code that name the province."""


class Verdict(msgspec.Struct, frozen=True):
    """Whether a sale was lawful: by whose right and why, or by nobody's."""

    lawful: bool
    dealer: str | None = None
    reason: str = ""
    version: int | None = None


def contains(region: str, place: str) -> bool:
    """Whether a region code contains a place's code."""
    prefix = region
    while len(prefix) > PROVINCE and prefix.endswith("00"):
        prefix = prefix[:-2]
    return place.startswith(prefix)


def chain(log: Log, dealer: str) -> list[Dealer]:
    """Return a dealer and its parents, the most specific first."""
    found: list[Dealer] = []
    name: str | None = dealer
    while name is not None:
        one = log.get(Dealer, name)
        if one.profile is None or one in found:
            break
        found.append(one)
        name = one.profile.parent
    return found


def covers(authorisation: Authorisation, hospital: str | None, region: str) -> str:
    """Why a right covers a place: HOSPITAL, REGION, or "" where it does not.

    What is said of a hospital beats the region; exclusion beats inclusion.
    """
    if hospital in authorisation.hospitals_exclude:
        return ""
    if hospital in authorisation.hospitals_include:
        return "HOSPITAL"
    if any(contains(code, region) for code in authorisation.region_codes):
        return "REGION"
    return ""


def judge(
    log: Log, holder: str, product_line: str, hospital: str | None, region: str, day: date
) -> Verdict:
    """Whether the holder of a unit, or a parent, had the right to sell it there on a day."""
    for dealer in chain(log, holder):
        for right in dealer.authorised(product_line, day):
            reason = covers(right, hospital, region)
            if reason:
                outside = dealer.key != holder and reason == "REGION"
                why = "SUBDEALER_OUT_OF_AREA" if outside else reason
                return Verdict(lawful=True, dealer=dealer.key, reason=why, version=right.version)
    return Verdict(lawful=False)


def exclusive_dealer(
    log: Log, product_line: str, hospital: str | None, region: str, day: date
) -> str | None:
    """Return the dealer with exclusive rights at a place, nearest the maker, or None."""
    holders = [
        (grant.level, grant.dealer)
        for grant in log.get(Territory, product_line).on(day)
        if grant.authorisation.exclusive and covers(grant.authorisation, hospital, region)
    ]
    return min(holders)[1] if holders else None


def overlaps(log: Log, first: Authorisation, second: Authorisation) -> bool:
    """Whether two rights to the same product line meet in a place or a hospital on some day."""
    days = first.valid_from <= second.valid_to and second.valid_from <= first.valid_to
    places = any(
        contains(one, other) or contains(other, one)
        for one in first.region_codes
        for other in second.region_codes
    )
    named = (*first.hospitals_include, *second.hospitals_include)
    hospitals = any(_at(log, first, one) and _at(log, second, one) for one in named)
    return days and (places or hospitals)


def within(log: Log, inner: Authorisation, outer: Authorisation) -> bool:
    """Whether a right lies inside another, hospital by hospital too.

    What the outer right includes by name counts; what it excludes must not be covered.
    """
    named = all(_at(log, outer, one) for one in inner.hospitals_include)
    barred = any(_at(log, inner, one) for one in outer.hospitals_exclude)
    return inside(inner, outer) and named and not barred


def _at(log: Log, right: Authorisation, hospital: str) -> bool:
    return bool(covers(right, hospital, log.get(Customer, hospital).region_code))


def inside(inner: Authorisation, outer: Authorisation) -> bool:
    """Whether a right lies wholly inside another of the same product line."""
    days = outer.valid_from <= inner.valid_from and inner.valid_to <= outer.valid_to
    return days and all(
        any(contains(code, place) for code in outer.region_codes) for place in inner.region_codes
    )


def exceptions(
    dealer: Dealer, sku: str, product_line: str, hospital: str | None, region: str, day: date
) -> list[CrossRegionException]:
    """Return the exceptions of a dealer that cover a sale, used up or not."""
    return [
        one
        for one in dealer.exceptions.values()
        if leave_covers(one, hospital, region) and one.speaks_of(sku, product_line, day)
    ]


def leave_covers(leave: CrossRegionException, hospital: str | None, region: str) -> bool:
    """Whether a leave to sell elsewhere speaks of a place."""
    named = leave.hospital is not None and leave.hospital == hospital
    return named or (leave.region_code is not None and contains(leave.region_code, region))


def sales_region(log: Log, region_code: str) -> str | None:
    """Sales region of a place: that of the warehouse that serves it first; None for none."""
    service = log.get(CompanyPolicy, COMPANY).service(region_code)
    return log.get(Warehouse, service.ranking[0]).sales_region if service else None
