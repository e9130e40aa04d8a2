"""Detecting: judging a sighting in the append that records it, and raising the alarm at once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from domain.cases.dealer_conduct import DealerConduct
from domain.cases.diversion_case import Alert, DiversionCase, ScorePart
from domain.flows.company.numbering import next_number
from domain.goods.product import Product
from domain.goods.serial_events import WITH_US
from domain.goods.serial_number import SerialNumber
from domain.goods.shipment import Shipment
from domain.goods.sighting import Sighting
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.parties.dealer import Dealer
from domain.policies import diversion, pricing, territory


def judge_presence(
    log: Log, unit: SerialNumber, sighting: Sighting, day: date, stamp: Stamp
) -> str | None:
    """R03 and R04: seen in the market, and on our shelf or not in our register. Returns a case."""
    if not unit.in_register:
        rule = diversion.R04
    elif unit.state in WITH_US:
        rule = diversion.R03
    else:
        return None
    product = existing(log, Product, unit.sku).known
    parts = diversion.score_parts(rule, sighting.weight, product.list_price)
    facts = {
        "register_state": unit.state or None,
        "register_warehouse": unit.warehouse,
    }
    return _raise(log, unit, rule, parts, facts, sighting, day, stamp)


def judge_use(
    log: Log, unit: SerialNumber, sighting: Sighting, day: date, stamp: Stamp
) -> str | None:
    """R01: use of a device where its holder had no right to sell it. Returns a case."""
    if unit.dealer is None or unit.passport is None:
        return None
    product = existing(log, Product, unit.sku).known
    place = (product.product_line, sighting.hospital, sighting.region_code, day)
    verdict = territory.judge(log, unit.dealer, *place)
    if verdict.lawful:
        return None
    exception = _exception(log, unit, product.product_line, sighting, day)
    if exception is not None and exception.left:
        dealer = existing(log, Dealer, unit.dealer)
        dealer.consume(exception.name, unit.serial, 1, stamp.automatic("diversion"))
        return None
    return _accuse(log, unit, diversion.R01, unit.dealer, sighting, day, stamp, exception)


def judge_chain(
    log: Log, unit: SerialNumber, seller: str, sighting: Sighting, day: date, stamp: Stamp
) -> str | None:
    """R06: sold by a dealer that never had it, as far as our register knows. Returns a case."""
    if unit.dealer is None or unit.passport is None:
        return None
    return _accuse(log, unit, diversion.R06, seller, sighting, day, stamp)


def _accuse(  # noqa: PLR0913 - whom, of which unit, by which rule, on what evidence
    log: Log,
    unit: SerialNumber,
    rule: str,
    suspect: str,
    sighting: Sighting,
    day: date,
    stamp: Stamp,
    exception: _Exception | None = None,
) -> str | None:
    """Raise an alert about a unit that we shipped to a dealer."""
    if unit.dealer is None or unit.passport is None:
        return None
    product = existing(log, Product, unit.sku).known
    place = (product.product_line, sighting.hospital, sighting.region_code, day)
    holders = [one.key for one in territory.chain(log, unit.dealer)]
    victim = territory.exclusive_dealer(log, *place)
    victim = None if victim in holders else victim
    p_source = unit.passport.unit_price
    p_local = _local_price(log, unit.sku, sighting.region_code, victim, day, stamp)
    gap = diversion.price_gap(p_source, p_local) if p_local is not None else None
    alerted = log.get(DealerConduct, unit.dealer).units_within(diversion.REPEAT_DAYS, day)
    parts = diversion.score_parts(
        rule,
        sighting.weight,
        product.list_price,
        victim=victim,
        gap_pct=gap,
        units_alerted=len(alerted | {unit.key}),
        exception=exception.name if exception else None,
    )
    shipment = log.get(Shipment, unit.passport.shp)
    facts = {
        "source_dealer": unit.passport.dealer,
        "suspect_dealer": suspect,
        "responsible_dealer": holders[-1],
        "authorised_regions": unit.passport.authorised_regions,
        "territory_version": unit.passport.territory_version,
        "victim_dealer": victim,
        "shp": unit.passport.shp,
        "so": unit.passport.so,
        "invoice": shipment.invoice,
        "p_source": p_source,
        "p_local": p_local,
        "gap_pct": gap,
        "exception_id": exception.name if exception else None,
        "exception_state": exception.state if exception else None,
    }
    return _raise(log, unit, rule, parts, facts, sighting, day, stamp)


class _Exception(NamedTuple):
    """An exception that covers a place: what is left of it, or why nothing is."""

    name: str
    left: int
    state: str


def _exception(
    log: Log, unit: SerialNumber, product_line: str, sighting: Sighting, day: date
) -> _Exception | None:
    """The exception for a use: one with quantity left, else one used up or expired lately."""
    dealer = log.get(Dealer, unit.dealer or "")
    hospital, region = sighting.hospital, sighting.region_code
    last = None
    for back in range(diversion.EXCEPTION_DAYS + 1):
        then = day - timedelta(days=back)
        for one in territory.exceptions(dealer, unit.sku, product_line, hospital, region, then):
            left = dealer.remaining(one.exception) if not back else 0
            found = _Exception(one.exception, left, "EXPIRED" if back else "EXHAUSTED")
            if left:
                return found
            last = last or found
        if last is not None:
            return last
    return None


def _local_price(
    log: Log, sku: str, region: str, victim: str | None, day: date, stamp: Stamp
) -> Decimal | None:
    """Tier price of the place: what the dealer with the rights there would have paid."""
    if victim is None:
        return None
    tier = existing(log, Dealer, victim).known.tier
    quote = pricing.quote(log, pricing.Question(sku, region, tier, 1, day, stamp.currency))
    return quote.row.price if quote else None


def _raise(  # noqa: PLR0913 - an alert says what, by which rule, how grave and on what evidence
    log: Log,
    unit: SerialNumber,
    rule: str,
    parts: tuple[ScorePart, ...],
    facts: dict[str, Any],
    sighting: Sighting,
    day: date,
    stamp: Stamp,
) -> str:
    system = stamp.automatic("diversion")
    family = diversion.FAMILY[rule]
    known = unit.cases.get(family)
    if known is not None:
        existing(log, DiversionCase, known).add_evidence(rule, sighting, system)
        return known
    name = next_number(log, "DIV", stamp)
    points = diversion.score(parts)
    grade = diversion.severity(points)
    alert = Alert(
        rule=rule,
        sku=unit.sku,
        di=unit.di,
        serial=unit.serial,
        severity=grade,
        score=points,
        parts=parts,
        observed_region=sighting.region_code,
        observed_on=day,
        observed_hospital=sighting.hospital,
        source=sighting.source,
        weight=sighting.weight,
        due_at=diversion.due_at(grade, stamp.at),
        **facts,
    )
    log.get(DiversionCase, name).raise_alert(alert, sighting, system)
    unit.link(family, name, system)
    if alert.source_dealer is not None:
        log.get(DealerConduct, alert.source_dealer).note(unit.key, name, day, system)
    return name
