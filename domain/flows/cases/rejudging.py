"""Judging again: what the rules of today find in the facts of the past."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from domain.channel.book import Movement
from domain.channel.dealer_stock import DealerStock
from domain.flows.cases.detecting import ON_SCAN, ON_USE, judge
from domain.flows.cases.raising import act
from domain.flows.cases.serving import REGISTRATION
from domain.flows.company.acting import only
from domain.goods.holders import Holders
from domain.goods.product import Product
from domain.goods.serial_number import SerialNumber
from domain.goods.serial_register import SerialRegister
from domain.goods.sighting import Sighting
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.policies.diversion import lots
from domain.policies.diversion.seen import seen_lot, seen_unit

JUDGING = ("MGR", "SERVICE")
SOURCE = "RETRO"


@dataclass(frozen=True, kw_only=True)
class DetectAgain:
    """Judge again, by the rules as they are now, what is known of a product's devices and lots."""

    sku: str


def detect_again(log: Log, stamp: Stamp, command: DetectAgain) -> dict[str, Any]:
    """Find in past facts what the rules did not find when they came; for sales managers.

    Every sighting of a device since it was last shipped or moved is judged as of its own moment,
    and every dealer's book of a lot as it stands. What is found is labelled ``retro``. A case that
    exists, open or closed, is left alone, and no exception is used up.

    Refuses NOT_FOUND, FORBIDDEN_ROLE.
    """
    product = existing(log, Product, command.sku)
    only(JUDGING, stamp)
    cases = [
        case
        for serial in log.get(SerialRegister, product.key).serials
        for case in _unit(log, log.get(SerialNumber, product.base_di, serial), stamp)
    ]
    for lot, dealers in log.get(Holders, product.key).lots.items():
        cases += _books(log, product.key, lot, dealers, stamp) if lot else []
    return {"sku": product.key, "cases": list(dict.fromkeys(cases))}


def _unit(log: Log, unit: SerialNumber, stamp: Stamp) -> list[str]:
    found: list[str] = []
    sights = list(unit.sights)
    for place, one in enumerate(sights):
        used = one.use or one.sighting.source == REGISTRATION
        day = stamp.day_of(one.at)
        seen = seen_unit(log, unit, unit.sku, one.sighting, day, stamp, retro=True)
        known = {"at": one.at, "then": unit.before(one), "sights": tuple(sights[:place])}
        rules = ON_USE if used else ON_SCAN
        found += judge(log, rules, msgspec.structs.replace(seen, **known), stamp)
    return found


def _books(log: Log, sku: str, lot: str, dealers: list[str], stamp: Stamp) -> list[str]:
    found = []
    sighting = Sighting(lot, "", SOURCE, Decimal(1), observer=stamp.by.user)
    for dealer in dealers:
        stock = log.get(DealerStock, dealer)
        goods = Movement(sku, 0, stamp.today, lot)
        seen = seen_lot(log, goods, sighting, stamp, reporter=stock.key, retro=True)
        found.append(act(log, lots.lot_balance(log, seen), seen, stamp))
    return [case for case in found if case is not None]
