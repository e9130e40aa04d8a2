"""One product in one warehouse: what is here, what is claimed, and for whom."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.goods.refusals import (
    InsufficientAtp,
    LotNotSellable,
    NotReserved,
    ReservationNotFound,
    SerialDuplicate,
    SerialNotAvailable,
)
from domain.goods.shelf import Goods, Shelf
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp


class Arrival(Event, frozen=True, kw_only=True):
    """What all arrivals of goods say. ``unit_cost`` in minor units."""

    goods: Goods
    unit_cost: int

    def apply(self, item: StockItem) -> None:
        """Put the goods on the shelf."""
        item.shelf.add(self.goods)


class StockItem(Aggregate):
    """One product in one warehouse; the stream is ``Stock/{wh}/{sku}``."""

    CATEGORY: ClassVar[str] = "Stock"

    shelf: Shelf = msgspec.field(default_factory=Shelf)
    safety_stock: int = 0
    posted: bool = False

    # What can happen to a stock item. Topics and fields are stored: add, never rename.

    class OpeningSet(Arrival, frozen=True, kw_only=True):
        """Goods that were here when the log began."""

        TOPIC = "stock.opening_set"

    class Received(Arrival, frozen=True, kw_only=True):
        """Goods came in from ``source`` (PURCHASE, PRODUCTION) under a document."""

        TOPIC = "stock.received"
        source: str
        source_ref: str
        inspector: str

        def apply(self, item: StockItem) -> None:
            """Put the goods on the shelf."""
            item.shelf.add(self.goods)
            item.posted = True

    class Reserved(Event, frozen=True, kw_only=True):
        """Goods are claimed for ``ref``; ``considered`` is the trace of the choice."""

        TOPIC = "stock.reserved"
        ref: str
        line: int
        goods: Goods
        considered: tuple[str, ...] = ()

        def apply(self, item: StockItem) -> None:
            """Claim the goods."""
            item.posted = True
            item.shelf.claim(self.goods, self.ref)

    class ReservationReleased(Event, frozen=True, kw_only=True):
        """A claim was given up."""

        TOPIC = "stock.reservation_released"
        ref: str
        goods: Goods
        reason: str

        def apply(self, item: StockItem) -> None:
            """Free the goods."""
            item.shelf.unclaim(self.goods, self.ref)

    class Issued(Event, frozen=True, kw_only=True):
        """Claimed goods left under a document."""

        TOPIC = "stock.issued"
        ref: str
        document: str
        goods: Goods
        unit_cost: int

        def apply(self, item: StockItem) -> None:
            """Take the goods off the shelf."""
            item.shelf.unclaim(self.goods, self.ref)
            item.shelf.remove(self.goods)

    class ParametersSet(Event, frozen=True, kw_only=True):
        """Planning parameters were decided. Quantities in base units."""

        TOPIC = "stock.parameters_set"
        safety_stock: int
        valid_from: date

        def apply(self, item: StockItem) -> None:
            """Set the parameters."""
            item.safety_stock = self.safety_stock

    # What is asked about it.

    @property
    def warehouse(self) -> str:
        """The warehouse's id."""
        return self.key.partition("/")[0]

    @property
    def sku(self) -> str:
        """The product's code."""
        return self.key.partition("/")[2]

    # What may be asked of it.

    def open(self, goods: Goods, unit_cost: int, stamp: Stamp) -> None:
        """Set what was here at the beginning; raises SerialDuplicate."""
        self._refuse_known(goods)
        self.record(self.OpeningSet(stamp.by, stamp.at, goods=goods, unit_cost=unit_cost))

    def receive(
        self, goods: Goods, unit_cost: int, source: str, ref: str, inspector: str, stamp: Stamp
    ) -> None:
        """Take goods in; raises SerialDuplicate."""
        self._refuse_known(goods)
        self.record(
            self.Received(
                stamp.by,
                stamp.at,
                goods=goods,
                unit_cost=unit_cost,
                source=source,
                source_ref=ref,
                inspector=inspector,
            )
        )

    def reserve(
        self, ref: str, line: int, goods: Goods, considered: tuple[str, ...], stamp: Stamp
    ) -> None:
        """Claim goods; raises SerialNotAvailable, LotNotSellable or InsufficientAtp."""
        for serial in goods.serials:
            unit = self.shelf.units.get(serial)
            if unit is None or unit.reserved_for:
                raise SerialNotAvailable(serial=serial, warehouse=self.warehouse)
        if not goods.serials:
            bucket = self.shelf.lots.get(goods.lot or "")
            if bucket is None:
                raise LotNotSellable(lot=goods.lot, warehouse=self.warehouse)
            if bucket.available < goods.qty:
                raise InsufficientAtp(lot=goods.lot, wanted=goods.qty, available=bucket.available)
        self.record(
            self.Reserved(
                stamp.by, stamp.at, ref=ref, line=line, goods=goods, considered=considered
            )
        )

    def release(self, ref: str, reason: str, stamp: Stamp) -> list[Goods]:
        """Give up all claims of a reference; raises ReservationNotFound."""
        claims = list(self.shelf.reservations.get(ref, []))
        if not claims:
            raise ReservationNotFound(ref=ref, sku=self.sku)
        for goods in claims:
            self.record(
                self.ReservationReleased(stamp.by, stamp.at, ref=ref, goods=goods, reason=reason)
            )
        return claims

    def issue(self, ref: str, document: str, goods: Goods, unit_cost: int, stamp: Stamp) -> None:
        """Let claimed goods leave; raises NotReserved."""
        if not self.shelf.holds(ref, goods):
            raise NotReserved(ref=ref, lot=goods.lot, serials=goods.serials)
        self.record(
            self.Issued(
                stamp.by, stamp.at, ref=ref, document=document, goods=goods, unit_cost=unit_cost
            )
        )

    def plan(self, safety_stock: int, stamp: Stamp) -> None:
        """Decide planning parameters."""
        if safety_stock != self.safety_stock:
            self.record(
                self.ParametersSet(
                    stamp.by, stamp.at, safety_stock=safety_stock, valid_from=stamp.today
                )
            )

    def _refuse_known(self, goods: Goods) -> None:
        for serial in goods.serials:
            if serial in self.shelf.units:
                raise SerialDuplicate(serial=serial, warehouse=self.warehouse)
