"""Standing: whether a dealer was licensed and a product registered when goods were shipped.

Checks that stand before every shipment are asked again for its day: as the papers were
known then, and as they are known now. Everything else is as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, tzinfo

import msgspec

from domain.flows.goods.shipping import loaded
from domain.goods.product import Product
from domain.goods.shipment import Shipment
from domain.goods.shipment_events import GoodsShipped
from domain.kernel.aggregate import A, existing
from domain.kernel.refusal import NotFound
from domain.kernel.stamp import Stamp
from domain.orders.check import CheckResult, Evidence
from domain.orders.order import Order
from domain.parties.dealer import Dealer
from domain.policies import checks
from domain.policies.checks.dealers import dealer_licence
from domain.policies.checks.products import product_registration
from domain.policies.checks.situation import Situation
from eventlog.codec import Codec
from eventlog.reader import Reader
from replays.past import Past

PAPERS = (dealer_licence, product_registration)
"""Checks of the dealer's licence and the product's registration, which tell the days they hold."""


class Judged(msgspec.Struct, frozen=True):
    """What a check of an order finds: the hold that it calls for (empty where it passes)."""

    so: str
    check: str
    hold: str
    inputs: Evidence


class Standing(msgspec.Struct, frozen=True):
    """A shipment with what its papers said on its day, as known then and as known now."""

    shp: str
    dealer: str
    shipped_on: date
    position: int
    known_then: tuple[Judged, ...]
    known_now: tuple[Judged, ...]

    @property
    def changed(self) -> bool:
        """Whether what is known now says otherwise than what was known then."""
        return self.known_then != self.known_now


class Hindsight(Past):
    """The past, but with papers as they are known now."""

    def __init__(self, reader: Reader, codec: Codec, upto: int) -> None:
        super().__init__(reader, codec, upto=upto)
        self._now = Past(reader, codec)

    def get(self, aggregate_type: type[A], *key: str) -> A:
        """Return a dealer or a product as of now, everything else as it was."""
        if aggregate_type in (Dealer, Product):
            return self._now.get(aggregate_type, *key)
        return super().get(aggregate_type, *key)


def standing(reader: Reader, codec: Codec, shp: str, zone: tzinfo) -> Standing:
    """Judge a shipment's papers for its day; raises NotFound for one that has not left."""
    for row in reader.stream(Shipment.of(shp).stream):
        event = codec.read(row)
        if isinstance(event, GoodsShipped):
            stamp = Stamp(event.by, event.occurred_at, event.shipped_on, zone=zone)
            before = row.position - 1
            then, now = Past(reader, codec, upto=before), Hindsight(reader, codec, before)
            return Standing(
                shp,
                event.consignee.dealer,
                event.shipped_on,
                row.position,
                tuple(_judged(then, shp, stamp)),
                tuple(_judged(now, shp, stamp)),
            )
    raise NotFound(kind="Shipment", id=shp)


def _judged(log: Past, shp: str, stamp: Stamp) -> Iterator[Judged]:
    shipment = existing(log, Shipment, shp)
    for so in shipment.orders():
        order = existing(log, Order, so)
        situation = Situation(log, order, loaded(log, shipment, order), stamp)
        found: tuple[CheckResult, ...] = checks.run(PAPERS, situation)
        yield from (Judged(so, one.check, one.hold, one.inputs) for one in found)
