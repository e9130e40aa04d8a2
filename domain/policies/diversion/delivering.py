"""Delivering: signed for elsewhere than the order said (R02)."""

from __future__ import annotations

from typing import Any

from domain.channel.dealer_stock import DealerStock
from domain.kernel.aggregate import Log
from domain.policies import territory
from domain.policies.diversion import R02
from domain.policies.diversion.accusing import accuse, is_bound, report
from domain.policies.diversion.finding import Subject, Verdict
from domain.policies.diversion.seen import Seen


def ship_to_mismatch(log: Log, seen: Seen, dealer: str, shp: str, ship_to: str) -> Verdict | None:
    """R02: the region of the signature is another than that of the order's address.

    A coarser code that contains the other says the same place.
    """
    signed = seen.sighting.region_code
    if territory.contains(ship_to, signed) or territory.contains(signed, ship_to):
        return None
    note = f"to be delivered in {ship_to}"
    if is_bound(seen):
        return accuse(log, seen, R02, dealer, note=note)
    subject = Subject(stock=log.get(DealerStock, dealer), key=seen.name)
    facts: dict[str, Any] = {
        "source_dealer": dealer,
        "suspect_dealer": dealer,
        "responsible_dealer": dealer,
    }
    return report(log, seen, R02, subject, lot=seen.lot or "", shp=shp, note=note, **facts)
