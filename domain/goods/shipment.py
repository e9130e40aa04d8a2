"""A shipment: what leaves one warehouse for one receiver, picked, reviewed, sent and signed for."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.goods import shipment_events as happened
from domain.goods.package import Consignee, Discrepancy, Package, ShippedItem
from domain.goods.refusals import PodBeforeShip, ReviewMissing, SamePersonReview, ScanMismatch
from domain.goods.shipment_events import (
    IN_TRANSIT,
    PICKED,
    PLANNED,
    READY,
    RETURNING,
)
from domain.kernel.aggregate import Aggregate
from domain.kernel.refusal import AlreadyExists, InvalidState
from domain.kernel.stamp import Stamp
from domain.orders.refusals import AlreadyShipped


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
    """The last invoice for it."""
    invoices: list[str] = msgspec.field(default_factory=list)
    items: list[ShippedItem] = msgspec.field(default_factory=list)
    """The sales record of what was sent."""
    signed: list[Package] = msgspec.field(default_factory=list)
    """What the receiver signed for."""
    signed_on: date | None = None
    returns: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    """Quantities that were asked to come back, by return, then by product and part."""

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

    def claimed(self, part: str) -> int:
        """Quantity of a product and part that was asked to come back so far."""
        return sum(parts.get(part, 0) for parts in self.returns.values())

    # What may be asked of it.

    def plan(
        self, warehouse: str, packages: tuple[Package, ...], to: Consignee, stamp: Stamp
    ) -> None:
        """Decide what goes together; raises AlreadyExists."""
        if self.exists:
            raise AlreadyExists(kind="Shipment", id=self.shp)
        self.record(
            happened.Planned(
                stamp.by, stamp.at, warehouse=warehouse, packages=packages, consignee=to
            )
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
        self.require(PLANNED)
        if missing or extra:
            raise ScanMismatch(missing=missing, unexpected=extra)
        self.record(happened.PickConfirmed(stamp.by, stamp.at, picker=picker, scans=scans))

    def review(self, reviewer: str, result: str, stamp: Stamp) -> None:
        """Pass the second check; raises InvalidState or SamePersonReview."""
        self.require(PICKED)
        if reviewer == self.picker or stamp.by.user == self.picked_by:
            raise SamePersonReview(picker=self.picker)
        self.record(happened.OutboundReviewed(stamp.by, stamp.at, reviewer=reviewer, result=result))

    def check_ready(self) -> None:
        """Raise ReviewMissing or InvalidState unless it may be sent."""
        if self.state in (PLANNED, PICKED):
            raise ReviewMissing(shp=self.shp, state=self.state)
        self.require(READY)

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
            happened.GoodsShipped(
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

    def deliver(  # noqa: PLR0913 - a proof of delivery has this many particulars
        self,
        signed_at: date,
        signatory: str,
        region_code: str,
        document_hash: str,
        gps: str | None,
        signed: tuple[Package, ...],
        missing: tuple[Package, ...],
        discrepancies: tuple[Discrepancy, ...],
        stamp: Stamp,
    ) -> None:
        """Hand over what was signed for; raises InvalidState or PodBeforeShip."""
        self.require(IN_TRANSIT)
        if self.shipped_on is not None and signed_at < self.shipped_on:
            raise PodBeforeShip(shipped_on=self.shipped_on, signed_at=signed_at)
        self.record(
            happened.DeliveryConfirmed(
                stamp.by,
                stamp.at,
                consignee=self.known,
                signed_at=signed_at,
                signatory=signatory,
                region_code=region_code,
                document_hash=document_hash,
                packages=signed,
                gps=gps,
                missing=missing,
            )
        )
        if discrepancies:
            told = happened.DiscrepancyRecorded(stamp.by, stamp.at, discrepancies=discrepancies)
            self.record(told)

    def cancel(self, reason: str, stamp: Stamp) -> None:
        """Forget it before it has left; raises AlreadyShipped."""
        if self.state not in (PLANNED, PICKED, READY):
            raise AlreadyShipped(shp=self.shp, state=self.state)
        self.record(happened.Cancelled(stamp.by, stamp.at, reason=reason))

    def lose(self, claim_no: str, reason: str, cost: int, stamp: Stamp) -> None:
        """Give it up on its way; raises InvalidState."""
        self.require(IN_TRANSIT, RETURNING)
        self.record(
            happened.Lost(
                stamp.by,
                stamp.at,
                claim_no=claim_no,
                reason=reason,
                packages=tuple(self.packages),
                cost=cost,
            )
        )

    def refuse(self, reason: str, stamp: Stamp) -> None:
        """Turn it round; raises InvalidState."""
        self.require(IN_TRANSIT)
        packages = tuple(self.packages)
        self.record(happened.Refused(stamp.by, stamp.at, reason=reason, packages=packages))

    def come_back(self, warehouse: str, stamp: Stamp) -> None:
        """Take refused goods in; raises InvalidState."""
        self.require(RETURNING)
        self.record(happened.CameBack(stamp.by, stamp.at, warehouse=warehouse))

    def bill(self, invoice: str, stamp: Stamp) -> None:
        """Remember the invoice."""
        self.record(happened.Billed(stamp.by, stamp.at, invoice=invoice))

    def require(self, *states: str) -> None:
        """Raise InvalidState unless it is in one of the states."""
        if self.state not in states:
            raise InvalidState(shp=self.shp, state=self.state, required=states)
