"""Clones: one number in two places (R05, R10)."""

from __future__ import annotations

from datetime import timedelta

from domain.goods.serial_events import SOLD, USED
from domain.goods.sighting import Sighting
from domain.kernel.aggregate import Log
from domain.policies.diversion import R05, R10, places
from domain.policies.diversion.accusing import accuse, is_bound, report
from domain.policies.diversion.finding import Subject, Verdict
from domain.policies.diversion.seen import Seen


def duplicate(log: Log, seen: Seen) -> Verdict | None:
    """R05: seen at two hospitals without a move or a return between, or claimed by two dealers."""
    here, then = seen.sighting.hospital, seen.then
    if seen.unit is None or then is None:
        return None
    known = {one.sighting.hospital for one in seen.sights} | {then.hospital}
    elsewhere = sorted(one for one in known if one and one != here)
    if here is not None and elsewhere:
        return _found(log, seen, R05, f"at {', '.join(elsewhere)} and at {here}")
    sold = then.state in (SOLD, *USED) and seen.unit.sold_by is not None
    if seen.reporter is not None and sold and seen.unit.sold_by != seen.reporter:
        note = f"sold by {seen.unit.sold_by} and by {seen.reporter}"
        return _found(log, seen, R05, note)
    return None


def impossible_travel(log: Log, seen: Seen) -> Verdict | None:
    """R10: two sightings that are farther apart than anybody travels in the time between them."""
    if seen.unit is None:
        return None
    for one in reversed(seen.sights):
        apart = _apart(seen, one.sighting)
        if apart is not None:
            hours = seen.thresholds.travel_hours
            note = f"{apart:.0f} km within {hours} h of {one.sighting.region_code}"
            return _found(log, seen, R10, note)
    return None


def _apart(seen: Seen, other: Sighting) -> float | None:
    """Kilometres between two sightings, where they are too many for the time between them."""
    here, there = seen.sighting, other
    if here.at is None or there.at is None:
        return None
    soon = abs(here.at - there.at) <= timedelta(hours=seen.thresholds.travel_hours)
    start, end = (places.position(one.region_code, one.gps) for one in (there, here))
    if not soon or start is None or end is None:
        return None
    km = places.distance_km(start, end)
    return km if km > seen.thresholds.travel_km else None


def _found(log: Log, seen: Seen, rule: str, note: str) -> Verdict:
    if is_bound(seen) and seen.then is not None:
        return accuse(log, seen, rule, seen.then.dealer or "", note=note)
    return report(log, seen, rule, Subject(unit=seen.unit), note=note)
