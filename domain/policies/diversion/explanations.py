"""Explanations: why a sighting that looks like diversion is none. Asked before an alarm is raised.

Each reason answers with its code and the facts behind it, or with None. Leave to sell elsewhere
(an exception with quantity left) comes before all of them and is used up by the flow.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from domain.cases.detection_policy import RULES, DetectionPolicy
from domain.channel.dealer_stock import DealerStock
from domain.goods.goods_return import APPROVED, GoodsReturn
from domain.goods.shipment import Shipment
from domain.kernel.aggregate import Log
from domain.orders.contract import Contract
from domain.orders.contract_terms import TENDER, ContractTerms
from domain.parties.customer import Customer
from domain.policies import territory
from domain.policies.diversion import places
from domain.policies.diversion.accusing import bound
from domain.policies.diversion.seen import Seen

Reason = tuple[str, str]


def explain(log: Log, seen: Seen, holder: str) -> Reason | None:
    """Return the first legitimate explanation of a use outside of the holder's territory."""
    for reason in REASONS:
        found = reason(log, seen, holder)
        if found is not None:
            return found
    return None


def territory_changed(log: Log, seen: Seen, holder: str) -> Reason | None:
    """Bought while the holder had the right, and used within the days of grace after it ended."""
    received = seen.unit.delivered_on if seen.unit is not None else None
    if received is None:
        return None
    line, hospital, region, day = seen.place
    for dealer in territory.chain(log, holder):
        for right in dealer.authorisations:
            last = right.valid_to
            soon = last < day <= last + timedelta(days=seen.thresholds.grace_days)
            before = received <= last
            there = right.product_line == line and territory.covers(right, hospital, region)
            if there and soon and before:
                return "TERRITORY_CHANGED", f"{dealer.key} had the right until {last}"
    return None


def hospital_group(log: Log, seen: Seen, _: str) -> Reason | None:
    """The contract names the hospital as a branch of its customer."""
    contract, terms = _contract(log, seen)
    if terms is None or seen.sighting.hospital not in terms.branches:
        return None
    return "HOSPITAL_GROUP", f"{contract} names {seen.sighting.hospital}"


def lent(_: Log, seen: Seen, __: str) -> Reason | None:
    """The device is on loan or shown, until a day that has not passed."""
    passport = bound(seen).passport
    if passport is None or not passport.lent:
        return None
    until = passport.loan_until
    return ("LOAN", f"lent until {until}") if until is not None and seen.day <= until else None


def relocated(_: Log, seen: Seen, __: str) -> Reason | None:
    """Its owner moved it there, long after its acceptance, under a document."""
    unit = seen.unit
    move = unit.relocation if unit is not None else None
    if unit is None or move is None or move.hospital != seen.sighting.hospital:
        return None
    if unit.accepted_on is None:
        return None
    months = _months_between(unit.accepted_on, move.moved_on)
    if months < seen.thresholds.relocation_months:
        return None
    return "RELOCATED", f"moved by its owner on {move.moved_on}: {move.document_hash}"


def service_centre(log: Log, seen: Seen, _: str) -> Reason | None:
    """It is at a repair depot."""
    region = seen.sighting.region_code
    centres = log.get(DetectionPolicy, RULES).service_centres
    mine = next((one for one in centres if territory.contains(one, region)), None)
    unused = seen.sighting.hospital is None
    return ("SERVICE_CENTRE", f"repair depot in {mine}") if mine and unused else None


def emergency(log: Log, seen: Seen, _: str) -> Reason | None:
    """The government ordered the allocation."""
    line, _hospital, region, day = seen.place
    for one in log.get(DetectionPolicy, RULES).emergencies.values():
        in_time = one.valid_from <= day <= one.valid_to
        if one.product_line == line and in_time and territory.contains(one.region_code, region):
            return "EMERGENCY", f"{one.no}: {one.document_hash}"
    return None


def coming_back(log: Log, seen: Seen, _: str) -> Reason | None:
    """Its return was approved and is on the way."""
    passport, unit = bound(seen).passport, seen.unit
    if passport is None or unit is None:
        return None
    for rma, parts in log.get(Shipment, passport.shp).returns.items():
        on_the_way = log.get(GoodsReturn, rma).state == APPROVED
        if on_the_way and parts.get(f"{seen.sku}/{unit.serial}"):
            return "RETURN_IN_PROGRESS", rma
    return None


def at_the_border(log: Log, seen: Seen, holder: str) -> Reason | None:
    """The position lies just across a border, and the hospital's own address does not."""
    here = places.parsed(seen.sighting.gps)
    if seen.sighting.hospital is None or here is None:
        return None
    hospital = log.get(Customer, seen.sighting.hospital)
    there = places.parsed(hospital.gps)
    if there is None or places.distance_km(here, there) >= seen.thresholds.border_km:
        return None
    line, _hospital, _region, day = seen.place
    lawful = territory.judge(log, holder, line, hospital.key, hospital.region_code, day).lawful
    return ("BORDER", f"{hospital.key} lies in {hospital.region_code}") if lawful else None


def tender_places(log: Log, seen: Seen, _: str) -> Reason | None:
    """A tender was signed in one place for deliveries to several."""
    contract, terms = _contract(log, seen)
    if terms is None or terms.type != TENDER:
        return None
    region = seen.sighting.region_code
    named = any(territory.contains(one, region) for one in terms.delivery_regions)
    return ("TENDER_PLACES", f"{contract} delivers to {region}") if named else None


REASONS: tuple[Callable[[Log, Seen, str], Reason | None], ...] = (
    territory_changed,
    hospital_group,
    lent,
    relocated,
    service_centre,
    emergency,
    coming_back,
    at_the_border,
    tender_places,
)


def typing_error(log: Log, seen: Seen) -> Reason | None:
    """One character away from a device of the dealer that reports it: a task, not an alarm."""
    if seen.reporter is None or seen.unit is None:
        return None
    wrong, prefix = seen.unit.serial, f"{seen.sku}/"
    held = log.get(DealerStock, seen.reporter).held
    mine = sorted(one.removeprefix(prefix) for one in held if one.startswith(prefix))
    meant = next((one for one in mine if one_apart(wrong, one)), None)
    return ("PROBABLE_TYPO", f"{seen.reporter} has {meant}") if meant else None


def one_apart(first: str, second: str) -> bool:
    """Whether one character was changed, added or left out."""
    short, long = sorted((first, second), key=len)
    if first == second or len(long) - len(short) > 1:
        return False
    place = next((at for at, one in enumerate(short) if one != long[at]), len(short))
    same_length = len(short) == len(long)
    return short[place + same_length :] == long[place + 1 :]


def _contract(log: Log, seen: Seen) -> tuple[str, ContractTerms | None]:
    passport = bound(seen).passport
    name = passport.contract if passport is not None else None
    return name or "", log.get(Contract, name).terms if name else None


def _months_between(first: date, last: date) -> int:
    months = (last.year - first.year) * 12 + last.month - first.month
    return months - (last.day < first.day)
