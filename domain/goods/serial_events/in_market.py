"""What can happen to a device once it is sent. Topics and fields are stored: add, never rename."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.channel.book import Buyer
from domain.goods.passport import Passport
from domain.goods.serial_events.states import (
    AT_DEALER,
    AT_HOSPITAL,
    IN_SERVICE,
    INSTALLED,
    QUARANTINED,
    SHIPPED,
    SOLD,
)
from domain.goods.sighting import Sighting
from domain.goods.trail import Relocation
from domain.kernel.event import Event

if TYPE_CHECKING:
    from domain.goods.serial_number import SerialNumber


class Shipped(Event, frozen=True, kw_only=True):
    """The device left us, with its passport."""

    TOPIC = "serial.shipped"
    warehouse: str
    passport: Passport

    def apply(self, unit: SerialNumber) -> None:
        """Send it."""
        unit.state, unit.warehouse, unit.credited_to = SHIPPED, None, None
        unit.forget_sights(self.occurred_at)
        unit.passport, unit.dealer = self.passport, self.passport.dealer


class Delivered(Event, frozen=True, kw_only=True):
    """The receiver signed for the device."""

    TOPIC = "serial.delivered"
    shp: str
    receiver: str
    region_code: str
    at_hospital: bool = False
    signed_on: date | None = None

    def apply(self, unit: SerialNumber) -> None:
        """Hand it over."""
        unit.state = AT_HOSPITAL if self.at_hospital else AT_DEALER
        unit.delivered_on = self.signed_on
        if self.at_hospital:
            unit.hospital, unit.region = self.receiver, self.region_code


class SoldOn(Event, frozen=True, kw_only=True):
    """Its dealer reported its sale: to another dealer, to a hospital, or to somebody by name."""

    TOPIC = "serial.sold_on"
    seller: str
    buyer: Buyer
    sold_on: date
    sighting: Sighting

    def apply(self, unit: SerialNumber) -> None:
        """Let it be the buyer's."""
        if self.buyer.dealer is not None:
            unit.dealer = self.buyer.dealer
        else:
            unit.state, unit.hospital = SOLD, self.buyer.hospital
            unit.sold_by = self.seller
            unit.region = self.sighting.region_code or None
            unit.keep_sight(self.sighting, self.occurred_at, use=True)


class Installed(Event, frozen=True, kw_only=True):
    """The device was found installed at a hospital."""

    TOPIC = "serial.installed"
    sku: str
    hospital: str
    installed_on: date
    sighting: Sighting
    dealer: str | None = None

    def apply(self, unit: SerialNumber) -> None:
        """Place it there."""
        unit.state, unit.hospital = INSTALLED, self.hospital
        unit.region = self.sighting.region_code
        unit.keep_sight(self.sighting, self.occurred_at, use=True)


class Returned(Event, frozen=True, kw_only=True):
    """The device came back from a customer, into quarantine."""

    TOPIC = "serial.returned"
    warehouse: str
    document: str
    dealer: str | None

    def apply(self, unit: SerialNumber) -> None:
        """Take it back."""
        unit.state, unit.warehouse, unit.order = QUARANTINED, self.warehouse, None
        unit.dealer = unit.hospital = unit.region = unit.relocation = None
        unit.forget_sights(self.occurred_at)


class GivenBack(Event, frozen=True, kw_only=True):
    """An inspected device went back to the dealer that had returned it."""

    TOPIC = "serial.given_back"
    document: str
    dealer: str

    def apply(self, unit: SerialNumber) -> None:
        """Hand it over."""
        unit.state, unit.warehouse, unit.dealer = AT_DEALER, None, self.dealer


class Accepted(Event, frozen=True, kw_only=True):
    """The hospital accepted the device; its warranty runs (both days inclusive)."""

    TOPIC = "serial.accepted"
    document: str
    accepted_at: date
    signatory: str
    warranty_from: date | None = None
    warranty_to: date | None = None

    def apply(self, unit: SerialNumber) -> None:
        """Start its service."""
        unit.state, unit.accepted_on = IN_SERVICE, self.accepted_at
        unit.warranty_from, unit.warranty_to = self.warranty_from, self.warranty_to


class Relocated(Event, frozen=True, kw_only=True):
    """Its owner moved the device to another hospital, under a document."""

    TOPIC = "serial.relocated"
    source: str
    target: str
    region_code: str
    document_hash: str
    moved_on: date

    def apply(self, unit: SerialNumber) -> None:
        """Place it there; what was seen of it elsewhere is history."""
        unit.hospital, unit.region = self.target, self.region_code
        unit.relocation = Relocation(self.target, self.moved_on, self.document_hash)
        unit.forget_sights(self.occurred_at)


class WarrantyExpired(Event, frozen=True, kw_only=True):
    """The last day of warranty is over."""

    TOPIC = "serial.warranty_expired"
    warranty_to: date

    def apply(self, unit: SerialNumber) -> None:
        """Note it."""
        unit.warranty_over = True
