"""What can happen to a device. Topics and fields are stored: add, never rename."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.channel.book import Buyer
from domain.goods.passport import Passport
from domain.goods.sighting import Sighting
from domain.kernel.event import Event

if TYPE_CHECKING:
    from domain.goods.serial_number import SerialNumber

MADE, IN_STOCK, RESERVED, IN_TRANSFER = "MADE", "IN_STOCK", "RESERVED", "IN_TRANSFER"
QUARANTINED, SHIPPED, AT_DEALER = "QUARANTINED", "SHIPPED", "AT_DEALER"
AT_HOSPITAL, INSTALLED, IN_SERVICE = "AT_HOSPITAL", "INSTALLED", "IN_SERVICE"
SCRAPPED, LOST, SOLD = "SCRAPPED", "LOST", "SOLD"

WITH_US = (MADE, IN_STOCK, RESERVED, IN_TRANSFER, QUARANTINED, SCRAPPED)
"""States in which a device cannot be seen in the market."""

WITH_CUSTOMER = (SHIPPED, AT_DEALER, SOLD, AT_HOSPITAL, INSTALLED, IN_SERVICE)
"""States from which a device may come back."""


class Registered(Event, frozen=True, kw_only=True):
    """The device exists: made by us or bought."""

    TOPIC = "serial.registered"
    sku: str
    manufacture_date: date
    registration_no: str

    def apply(self, unit: SerialNumber) -> None:
        """Enter the register."""
        unit.sku, unit.state = self.sku, MADE
        unit.manufacture_date = self.manufacture_date
        unit.registration_no = self.registration_no


class Stocked(Event, frozen=True, kw_only=True):
    """The device is on a shelf, under a document."""

    TOPIC = "serial.stocked"
    warehouse: str
    document: str

    def apply(self, unit: SerialNumber) -> None:
        """Put it in the warehouse."""
        unit.state, unit.warehouse, unit.order = IN_STOCK, self.warehouse, None


class Reserved(Event, frozen=True, kw_only=True):
    """The device is set aside for an order."""

    TOPIC = "serial.reserved"
    warehouse: str
    so: str

    def apply(self, unit: SerialNumber) -> None:
        """Bind it to the order."""
        unit.state, unit.order = RESERVED, self.so


class Released(Event, frozen=True, kw_only=True):
    """The device is free again."""

    TOPIC = "serial.released"
    warehouse: str
    so: str
    reason: str

    def apply(self, unit: SerialNumber) -> None:
        """Unbind it."""
        unit.state, unit.order = IN_STOCK, None


class Shipped(Event, frozen=True, kw_only=True):
    """The device left us, with its passport."""

    TOPIC = "serial.shipped"
    warehouse: str
    passport: Passport

    def apply(self, unit: SerialNumber) -> None:
        """Send it."""
        unit.state, unit.warehouse = SHIPPED, None
        unit.passport, unit.dealer = self.passport, self.passport.dealer


class Delivered(Event, frozen=True, kw_only=True):
    """The receiver signed for the device."""

    TOPIC = "serial.delivered"
    shp: str
    receiver: str
    region_code: str
    at_hospital: bool = False

    def apply(self, unit: SerialNumber) -> None:
        """Hand it over."""
        unit.state = AT_HOSPITAL if self.at_hospital else AT_DEALER
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
            unit.region = self.sighting.region_code or None


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


class Observed(Event, frozen=True, kw_only=True):
    """The device was seen somewhere. It changes no state; it is evidence."""

    TOPIC = "serial.observed"
    sku: str
    sighting: Sighting
    register_state: str

    def apply(self, unit: SerialNumber) -> None:
        """Know the product, at least."""
        unit.sku = unit.sku or self.sku


class CaseLinked(Event, frozen=True, kw_only=True):
    """A diversion case speaks of this device."""

    TOPIC = "serial.case_linked"
    family: str
    case: str

    def apply(self, unit: SerialNumber) -> None:
        """Remember the case."""
        unit.cases[self.family] = self.case


class Dispatched(Event, frozen=True, kw_only=True):
    """The device is on its way between two of our warehouses."""

    TOPIC = "serial.dispatched"
    warehouse: str
    to: str

    def apply(self, unit: SerialNumber) -> None:
        """Send it."""
        unit.state, unit.warehouse, unit.order = IN_TRANSFER, None, self.to


class Quarantined(Event, frozen=True, kw_only=True):
    """The device waits for inspection in a warehouse, or is locked there."""

    TOPIC = "serial.quarantined"
    warehouse: str
    cause: str
    document: str

    def apply(self, unit: SerialNumber) -> None:
        """Set it apart."""
        unit.state, unit.warehouse, unit.order = QUARANTINED, self.warehouse, None


class Restocked(Event, frozen=True, kw_only=True):
    """The device was inspected and may be sold; ``grade`` B where it was refurbished."""

    TOPIC = "serial.restocked"
    warehouse: str
    document: str
    grade: str = "A"

    def apply(self, unit: SerialNumber) -> None:
        """Put it back."""
        unit.state, unit.grade = IN_STOCK, self.grade
        unit.passport = unit.dealer = unit.hospital = unit.region = unit.order = None


class Refurbished(Event, frozen=True, kw_only=True):
    """The device was made good; once quality releases it, it is sold as grade B."""

    TOPIC = "serial.refurbished"
    document: str

    def apply(self, unit: SerialNumber) -> None:
        """Grade it."""
        unit.grade = "B"


class Returned(Event, frozen=True, kw_only=True):
    """The device came back from a customer, into quarantine."""

    TOPIC = "serial.returned"
    warehouse: str
    document: str
    dealer: str | None

    def apply(self, unit: SerialNumber) -> None:
        """Take it back."""
        unit.state, unit.warehouse, unit.order = QUARANTINED, self.warehouse, None
        unit.dealer = unit.hospital = unit.region = None


class GivenBack(Event, frozen=True, kw_only=True):
    """An inspected device went back to the dealer that had returned it."""

    TOPIC = "serial.given_back"
    document: str
    dealer: str

    def apply(self, unit: SerialNumber) -> None:
        """Hand it over."""
        unit.state, unit.warehouse, unit.dealer = AT_DEALER, None, self.dealer


class Lost(Event, frozen=True, kw_only=True):
    """The device was lost on its way, or not found in a count."""

    TOPIC = "serial.lost"
    document: str
    reason: str

    def apply(self, unit: SerialNumber) -> None:
        """Give it up."""
        unit.state, unit.warehouse, unit.order = LOST, None, None


class Found(Event, frozen=True, kw_only=True):
    """A device that was given up, or that the book did not have here, was found in a count."""

    TOPIC = "serial.found"
    warehouse: str
    document: str

    def apply(self, unit: SerialNumber) -> None:
        """Put it on the shelf."""
        unit.state, unit.warehouse = IN_STOCK, self.warehouse


class Scrapped(Event, frozen=True, kw_only=True):
    """The device was destroyed, or went back to its supplier. Its number is never used again."""

    TOPIC = "serial.scrapped"
    document: str
    reason: str

    def apply(self, unit: SerialNumber) -> None:
        """End it."""
        unit.state, unit.warehouse = SCRAPPED, None


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
        unit.state = IN_SERVICE
        unit.warranty_from, unit.warranty_to = self.warranty_from, self.warranty_to
