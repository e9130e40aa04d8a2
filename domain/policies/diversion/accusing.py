"""Accusing: what an alert says of whom, with prices and rights as they were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from domain.cases.dealer_conduct import DealerConduct
from domain.goods.shipment import Shipment
from domain.goods.trail import Stay
from domain.kernel.aggregate import Log, existing
from domain.parties.dealer import Dealer
from domain.policies import pricing, territory
from domain.policies.diversion import scoring
from domain.policies.diversion.finding import Finding, Subject
from domain.policies.diversion.seen import Seen


def accuse(
    log: Log, seen: Seen, rule: str, suspect: str, left: LeftOver | None = None, **more: Any
) -> Finding:
    """Find a rule broken with a device that we shipped to a dealer."""
    then, unit = bound(seen), seen.unit
    assert then.passport is not None and then.dealer is not None  # noqa: S101, PT018 - it is bound
    holders = [one.key for one in territory.chain(log, then.dealer)]
    victim = victim_of(log, seen, holders)
    p_source, p_local = then.passport.unit_price, local_price(log, seen, victim)
    gap = scoring.price_gap(p_source, p_local) if p_local is not None else None
    source = then.passport.dealer
    conduct = log.get(DealerConduct, source)
    alerted = conduct.units_within(scoring.REPEAT_DAYS, seen.day)
    parts = scoring.score_parts(
        rule,
        seen.weight,
        seen.product.list_price,
        victim=victim,
        gap_pct=gap,
        units_alerted=len(alerted | {unit.key if unit is not None else ""}),
        confirmed=conduct.confirmed_within(scoring.CONFIRMED_DAYS, seen.day),
        exception=left.name if left else None,
    )
    shipment = log.get(Shipment, then.passport.shp)
    facts = {
        "source_dealer": source,
        "suspect_dealer": suspect,
        "responsible_dealer": holders[-1],
        "authorised_regions": then.passport.authorised_regions,
        "territory_version": then.passport.territory_version,
        "victim_dealer": victim,
        "shp": then.passport.shp,
        "so": then.passport.so,
        "invoice": shipment.invoice,
        "p_source": p_source,
        "p_local": p_local,
        "gap_pct": gap,
        "exception_id": left.name if left else None,
        "exception_state": left.state if left else None,
    }
    return Finding(rule=rule, subject=Subject(unit=unit), parts=parts, facts=facts | more)


def report(
    log: Log,
    seen: Seen,
    rule: str,
    subject: Subject,
    left: LeftOver | None = None,
    **more: Any,
) -> Finding:
    """Find a rule broken with something that is bound to no dealer, or to several."""
    source = more.get("source_dealer")
    confirmed = None
    if source is not None:
        conduct = log.get(DealerConduct, source)
        confirmed = conduct.confirmed_within(scoring.CONFIRMED_DAYS, seen.day)
    parts = scoring.score_parts(
        rule,
        seen.weight,
        seen.product.list_price,
        confirmed=confirmed,
        exception=left.name if left else None,
    )
    return Finding(rule=rule, subject=subject, parts=parts, facts=more)


def bound(seen: Seen) -> Stay:
    """Where the device stood at the moment of the sighting."""
    assert seen.then is not None  # noqa: S101 - rules about devices ask for one
    return seen.then


def is_bound(seen: Seen) -> bool:
    """Whether it is a device that was at a dealer then, as far as we know."""
    then = seen.then
    return then is not None and then.dealer is not None and then.passport is not None


def victim_of(log: Log, seen: Seen, holders: list[str]) -> str | None:
    """Return the dealer with exclusive rights at the place, unless the holder's own chain has."""
    victim = territory.exclusive_dealer(log, *seen.place)
    return None if victim in holders else victim


def local_price(log: Log, seen: Seen, victim: str | None) -> Decimal | None:
    """Tier price of the place: what the dealer with the rights there would have paid."""
    if victim is None:
        return None
    tier = existing(log, Dealer, victim).known.tier
    region = seen.sighting.region_code
    asked = pricing.Question(seen.sku, region, tier, 1, seen.day, seen.currency)
    return pricing.net_price(log, asked)


class LeftOver(NamedTuple):
    """An exception that covers a place: what is left of it, or why nothing is."""

    dealer: str
    name: str
    left: int
    state: str


def exception_for(log: Log, seen: Seen, holder: str) -> LeftOver | None:
    """The exception for a use, of its holder or of a dealer above it.

    One with enough left comes first, else the first that is used up or expired lately.
    """
    found = [one for dealer in territory.chain(log, holder) for one in _exceptions(seen, dealer)]
    enough = next((one for one in found if one.left >= seen.qty), None)
    return enough or min(found, key=lambda one: one.state == "EXPIRED", default=None)


def _exceptions(seen: Seen, dealer: Dealer) -> Iterator[LeftOver]:
    """Exceptions of a dealer for a place: in force that day, then expired not long before it."""
    line, hospital, region, day = seen.place
    for back in range(scoring.EXCEPTION_DAYS + 1):
        then, told = day - timedelta(days=back), False
        for one in territory.exceptions(dealer, seen.sku, line, hospital, region, then):
            left = dealer.remaining(one.exception) if not back else 0
            yield LeftOver(dealer.key, one.exception, left, "EXPIRED" if back else "EXHAUSTED")
            told = True
        if told:
            return
