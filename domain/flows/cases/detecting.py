"""Detecting: judging what was seen in the append that records it, and raising the alarm at once."""

from __future__ import annotations

from collections.abc import Callable

from domain.cases.dealer_conduct import DealerConduct
from domain.channel.book import Movement
from domain.flows.cases.raising import act, surviving
from domain.goods.serial_number import SerialNumber
from domain.goods.shipment import Shipment
from domain.goods.sighting import Sighting
from domain.kernel.aggregate import Log
from domain.kernel.stamp import Stamp
from domain.policies.diversion.accusing import bound, is_bound
from domain.policies.diversion.channel import chain_break, unregistered
from domain.policies.diversion.clone import duplicate, impossible_travel
from domain.policies.diversion.delivering import ship_to_mismatch
from domain.policies.diversion.finding import Finding, Verdict
from domain.policies.diversion.lots import foreign_lot
from domain.policies.diversion.presence import state_conflict, unknown
from domain.policies.diversion.seen import Seen, seen_lot
from domain.policies.diversion.use import out_of_territory
from domain.policies.diversion.watching import service_geography
from domain.policies.territory import PROVINCE

Rule = Callable[[Log, Seen], Verdict | None]

ON_SCAN: tuple[Rule, ...] = (unknown, state_conflict, duplicate, impossible_travel)
"""A device was seen somewhere."""

ON_USE: tuple[Rule, ...] = (*ON_SCAN, out_of_territory)
"""A device was installed, or its warranty was registered."""

ON_SALE: tuple[Rule, ...] = (unregistered, duplicate, out_of_territory)
"""A dealer reported the sale of a device that it held."""

ON_FOREIGN_SALE: tuple[Rule, ...] = (unknown, state_conflict, chain_break, unregistered, duplicate)
"""A dealer reported the sale of a device that it did not hold."""

ON_LOT_SCAN: tuple[Rule, ...] = (unknown, foreign_lot)
"""Goods of a lot were seen somewhere."""

ON_LOT_SALE: tuple[Rule, ...] = (unknown, unregistered, foreign_lot)
"""A dealer reported the sale of goods of a lot."""


def judge(log: Log, rules: tuple[Rule, ...], seen: Seen, stamp: Stamp) -> list[str]:
    """Apply rules in their order: the cases that they raised or strengthened."""
    found = [act(log, rule(log, seen), seen, stamp) for rule in rules]
    return list(dict.fromkeys(case for case in found if case is not None))


def judge_service(log: Log, seen: Seen, stamp: Stamp) -> list[str]:
    """Judge a request for service; one outside of the dealer's territory counts against it."""
    cases = judge(log, ON_SCAN, seen, stamp)
    if is_bound(seen) and seen.unit is not None:
        holder, use = bound(seen).dealer or "", out_of_territory(log, seen)
        if isinstance(use, Finding) and "code" not in use.facts:
            conduct = log.get(DealerConduct, holder)
            province = seen.sighting.region_code[:PROVINCE]
            conduct.note_service(seen.unit.key, province, seen.day, stamp.automatic("diversion"))
    return cases + judge(log, (service_geography,), seen, stamp)


def judge_delivery(
    log: Log, shipment: Shipment, sighting: Sighting, units: list[Seen], stamp: Stamp
) -> list[str]:
    """Judge where a shipment was signed for: its devices, and its lots (R02)."""
    to, day, cases = shipment.known, shipment.signed_on or stamp.today, []
    lots = [
        seen_lot(log, Movement(one.sku, one.goods.qty, day, one.goods.lot), sighting, stamp)
        for one in shipment.signed
        if one.goods.lot
    ]
    for seen in (*units, *lots):
        verdict = ship_to_mismatch(log, seen, to.dealer, shipment.shp, to.region_code)
        cases.append(act(log, verdict, seen, stamp))
    return [case for case in dict.fromkeys(cases) if case is not None]


def withdraw(log: Log, unit: SerialNumber, sighting: Sighting, reason: str, stamp: Stamp) -> None:
    """Let no case about a device count a sighting that was declared an error."""
    for name in dict.fromkeys(unit.cases.values()):
        surviving(log, name).withdraw(sighting, reason, stamp)
