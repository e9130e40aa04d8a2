"""A shipment: what leaves one warehouse for one receiver, picked, reviewed, sent and signed for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

import msgspec

from domain.goods.refusals import PodBeforeShip, ReviewMissing, SamePersonReview, ScanMismatch
from domain.goods.shelf import Goods
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import AlreadyExists, InvalidState
from domain.kernel.stamp import Stamp
from domain.parties.api_key import SERVICE

PLANNED, PICKED, READY = "PLANNED", "PICKED", "READY"
IN_TRANSIT, DELIVERED = "IN_TRANSIT", "DELIVERED"


class Package(msgspec.Struct, frozen=True, omit_defaults=True):
    """Goods of one order line in a shipment."""

    so: str
    line_no: int
    sku: str
    goods: Goods


class Consignee(msgspec.Struct, frozen=True):
    """Who receives, and where (GB/T 2260 region)."""

    dealer: str
    dealer_name: str
    receiver: str
    address_id: str
    region_code: str
    at_hospital: bool = False


class ShippedItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the sales record that GSP asks for: product, registration, goods, price, cost."""

    so: str
    line_no: int
    sku: str
    name: str
    registration_no: str
    goods: Goods
    unit_price: Decimal
    unit_cost: int


class Shipment(Aggregate):
    """One shipment; the stream is ``Shipment/{shp}``."""

    CATEGORY: ClassVar[str] = "Shipment"

    state: str = ""
    warehouse: str = ""
    packages: list[Package] = msgspec.field(default_factory=list)
    consignee: Consignee | None = None
    picker: str = ""
    picked_by: str = ""
    """User who entered the pick, where that was a person."""
    shipped_on: date | None = None
    invoice: str | None = None

    # What can happen to a shipment. Topics and fields are stored: add, never rename.

    class Planned(Event, frozen=True, kw_only=True):
        """It was decided what goes together."""

        TOPIC = "shipment.planned"
        warehouse: str
        packages: tuple[Package, ...]
        consignee: Consignee

        def apply(self, shipment: Shipment) -> None:
            """Plan it."""
            shipment.state, shipment.warehouse = PLANNED, self.warehouse
            shipment.packages, shipment.consignee = list(self.packages), self.consignee

    class PickConfirmed(Event, frozen=True, kw_only=True):
        """Somebody took the goods off the shelf and scanned them."""

        TOPIC = "shipment.pick_confirmed"
        picker: str
        scans: tuple[str, ...]

        def apply(self, shipment: Shipment) -> None:
            """Pick it."""
            shipment.state, shipment.picker = PICKED, self.picker
            shipment.picked_by = "" if self.by.role == SERVICE else self.by.user

    class OutboundReviewed(Event, frozen=True, kw_only=True):
        """Somebody else checked the goods against the papers."""

        TOPIC = "shipment.outbound_reviewed"
        reviewer: str
        result: str

        def apply(self, shipment: Shipment) -> None:
            """Let it go."""
            shipment.state = READY

    class GoodsShipped(Event, frozen=True, kw_only=True):
        """The goods left. The sales record can be printed from this event alone."""

        TOPIC = "shipment.goods_shipped"
        warehouse: str
        consignee: Consignee
        items: tuple[ShippedItem, ...]
        carrier: str
        waybill: str
        packages: int
        shipped_on: date

        def apply(self, shipment: Shipment) -> None:
            """Send it."""
            shipment.state, shipment.shipped_on = IN_TRANSIT, self.shipped_on

    class DeliveryConfirmed(Event, frozen=True, kw_only=True):
        """The receiver signed."""

        TOPIC = "shipment.delivery_confirmed"
        consignee: Consignee
        signed_at: date
        signatory: str
        region_code: str
        document_hash: str
        packages: tuple[Package, ...]
        gps: str | None = None

        def apply(self, shipment: Shipment) -> None:
            """Hand it over."""
            shipment.state = DELIVERED

    class Billed(Event, frozen=True, kw_only=True):
        """An invoice was posted for the shipment."""

        TOPIC = "shipment.billed"
        invoice: str

        def apply(self, shipment: Shipment) -> None:
            """Remember the invoice."""
            shipment.invoice = self.invoice

    # What is asked about it.

    @property
    def shp(self) -> str:
        """The shipment's number."""
        return self.key

    @property
    def known(self) -> Consignee:
        """The receiver of a planned shipment."""
        assert self.consignee is not None  # noqa: S101 - only existing shipments are asked
        return self.consignee

    def orders(self) -> list[str]:
        """Orders in the shipment, in the order of its lines."""
        return list(dict.fromkeys(package.so for package in self.packages))

    # What may be asked of it.

    def plan(
        self, warehouse: str, packages: tuple[Package, ...], to: Consignee, stamp: Stamp
    ) -> None:
        """Decide what goes together; raises AlreadyExists."""
        if self.exists:
            raise AlreadyExists(kind="Shipment", id=self.shp)
        self.record(
            self.Planned(stamp.by, stamp.at, warehouse=warehouse, packages=packages, consignee=to)
        )

    def pick(
        self,
        picker: str,
        scans: tuple[str, ...],
        missing: list[str],
        extra: list[str],
        stamp: Stamp,
    ) -> None:
        """Confirm the pick; raises InvalidState, or ScanMismatch with what differs."""
        self._require(PLANNED)
        if missing or extra:
            raise ScanMismatch(missing=missing, unexpected=extra)
        self.record(self.PickConfirmed(stamp.by, stamp.at, picker=picker, scans=scans))

    def review(self, reviewer: str, result: str, stamp: Stamp) -> None:
        """Pass the second check; raises InvalidState or SamePersonReview."""
        self._require(PICKED)
        if reviewer == self.picker or stamp.by.user == self.picked_by:
            raise SamePersonReview(picker=self.picker)
        self.record(self.OutboundReviewed(stamp.by, stamp.at, reviewer=reviewer, result=result))

    def check_ready(self) -> None:
        """Raise ReviewMissing or InvalidState unless it may be sent."""
        if self.state in (PLANNED, PICKED):
            raise ReviewMissing(shp=self.shp, state=self.state)
        self._require(READY)

    def ship(
        self,
        items: tuple[ShippedItem, ...],
        carrier: str,
        waybill: str,
        packages: int,
        stamp: Stamp,
    ) -> None:
        """Send it; raises ReviewMissing or InvalidState."""
        self.check_ready()
        self.record(
            self.GoodsShipped(
                stamp.by,
                stamp.at,
                warehouse=self.warehouse,
                consignee=self.known,
                items=items,
                carrier=carrier,
                waybill=waybill,
                packages=packages,
                shipped_on=stamp.today,
            )
        )

    def deliver(
        self,
        signed_at: date,
        signatory: str,
        region_code: str,
        document_hash: str,
        gps: str | None,
        stamp: Stamp,
    ) -> None:
        """Hand it over; raises InvalidState or PodBeforeShip."""
        self._require(IN_TRANSIT)
        if self.shipped_on is not None and signed_at < self.shipped_on:
            raise PodBeforeShip(shipped_on=self.shipped_on, signed_at=signed_at)
        self.record(
            self.DeliveryConfirmed(
                stamp.by,
                stamp.at,
                consignee=self.known,
                signed_at=signed_at,
                signatory=signatory,
                region_code=region_code,
                document_hash=document_hash,
                packages=tuple(self.packages),
                gps=gps,
            )
        )

    def bill(self, invoice: str, stamp: Stamp) -> None:
        """Remember the invoice."""
        self.record(self.Billed(stamp.by, stamp.at, invoice=invoice))

    def _require(self, state: str) -> None:
        if self.state != state:
            raise InvalidState(shp=self.shp, state=self.state, required=state)
