"""What a rule is given: a sighting, and what was known of its object at that moment."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from domain.cases.detection_policy import RULES, DetectionPolicy, Thresholds
from domain.channel.book import Buyer, Movement
from domain.channel.dealer_stock import DealerStock
from domain.goods.product import Product
from domain.goods.product_terms import ProductTerms
from domain.goods.serial_number import SerialNumber
from domain.goods.sighting import Sighting
from domain.goods.trail import Sight, Stay
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A device (``unit``) or a quantity of a lot, seen on a day.

    It is taken before the sighting is recorded: ``then`` and ``sights`` are what was known of the
    device at the moment of the sighting, which for a late fact is not what is known today.
    ``reporter`` is the dealer whose report it is; ``received`` says whether that dealer ever had
    the device. ``buyer`` is set for a reported sale, ``retro`` where a past fact is judged again.
    """

    sku: str
    product: ProductTerms
    sighting: Sighting
    day: date
    at: datetime
    currency: str
    policy: int
    thresholds: Thresholds
    unit: SerialNumber | None = None
    then: Stay | None = None
    sights: tuple[Sight, ...] = ()
    registered: bool = False
    lot: str | None = None
    qty: int = 1
    reporter: str | None = None
    received: bool = False
    buyer: Buyer | None = None
    retro: bool = False

    @property
    def place(self) -> tuple[str, str | None, str, date]:
        """Product line, hospital, region and day: what a right to sell is asked about."""
        hospital, region = self.sighting.hospital, self.sighting.region_code
        return self.product.product_line, hospital, region, self.day

    @property
    def weight(self) -> Decimal:
        """How far the sighting is to be believed, 0 to 1."""
        return self.sighting.weight

    @property
    def name(self) -> str:
        """What was seen: product and serial number, or product and lot."""
        part = self.unit.serial if self.unit is not None else self.lot or ""
        return f"{self.sku}/{part}"


def seen_unit(
    log: Log,
    unit: SerialNumber,
    sku: str,
    sighting: Sighting,
    day: date,
    stamp: Stamp,
    **more: Any,
) -> Seen:
    """Take what is known of a device before its sighting is recorded."""
    at = stamp.moment_of(day)
    known = {
        "unit": unit,
        "then": unit.then(at),
        "sights": unit.sights_at(at),
        "registered": unit.in_register,
    }
    return _seen(log, sku, stamp, sighting=sighting, day=day, at=at, **known, **more)


def seen_lot(log: Log, goods: Movement, sighting: Sighting, stamp: Stamp, **more: Any) -> Seen:
    """Take goods of a lot that were seen on a day."""
    at = stamp.moment_of(goods.day)
    known = {"lot": goods.lot, "qty": goods.qty, "day": goods.day}
    return _seen(log, goods.sku, stamp, sighting=sighting, at=at, **known, **more)


def reported_by(stock: DealerStock, name: str) -> dict[str, Any]:
    """Whose report it is, and whether that dealer ever had the device ("sku/serial")."""
    return {"reporter": stock.key, "received": name in stock.had}


def _seen(log: Log, sku: str, stamp: Stamp, **known: Any) -> Seen:
    policy = log.get(DetectionPolicy, RULES)
    return Seen(
        sku=sku,
        product=existing(log, Product, sku).known,
        currency=stamp.currency,
        policy=policy.version,
        thresholds=policy.thresholds,
        **known,
    )
