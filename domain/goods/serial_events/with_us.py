"""What can happen to a device that is with us. Topics and fields are stored: add, never rename."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.goods.serial_events.states import (
    IN_STOCK,
    IN_TRANSFER,
    LOST,
    MADE,
    QUARANTINED,
    RESERVED,
    SCRAPPED,
)
from domain.kernel.event import Event

if TYPE_CHECKING:
    from domain.goods.serial_number import SerialNumber


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
