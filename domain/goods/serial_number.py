"""One physical device: where it is, whose it is, and everything that was seen of it."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.goods.passport import Passport
from domain.goods.refusals import SerialDuplicate, SerialNotAvailable
from domain.goods.sighting import Sighting
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp

MADE = "MADE"
IN_STOCK = "IN_STOCK"
RESERVED = "RESERVED"
SHIPPED = "SHIPPED"
AT_DEALER = "AT_DEALER"
AT_HOSPITAL = "AT_HOSPITAL"
INSTALLED = "INSTALLED"

WITH_US = (MADE, IN_STOCK, RESERVED)
"""States in which a device cannot be seen in the market."""


class SerialNumber(Aggregate):
    """One device; the stream is ``Serial/{di}/{serial}``. Unknown ones begin with a sighting."""

    CATEGORY: ClassVar[str] = "Serial"

    sku: str = ""
    state: str = ""
    """Empty for a device that is not in our register."""
    manufacture_date: date | None = None
    registration_no: str = ""
    warehouse: str | None = None
    order: str | None = None
    passport: Passport | None = None
    dealer: str | None = None
    hospital: str | None = None
    region: str | None = None
    cases: dict[str, str] = msgspec.field(default_factory=dict)
    """Diversion cases about this device, by family of rules."""

    # What can happen to a device. Topics and fields are stored: add, never rename.

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
            unit.state, unit.warehouse = IN_STOCK, self.warehouse

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

    # What is asked about it.

    @property
    def di(self) -> str:
        """Device identifier (GTIN-14)."""
        return self.key.partition("/")[0]

    @property
    def serial(self) -> str:
        """Serial number as on the label."""
        return self.key.partition("/")[2]

    @property
    def in_register(self) -> bool:
        """Whether we made or bought it, as far as we know."""
        return bool(self.state)

    # What may be asked of it.

    def register(self, sku: str, made: date, registration_no: str, stamp: Stamp) -> None:
        """Enter the device; a (di, serial) is never used twice: raises SerialDuplicate."""
        if self.in_register:
            raise SerialDuplicate(serial=self.serial)
        self.record(
            self.Registered(
                stamp.by, stamp.at, sku=sku, manufacture_date=made, registration_no=registration_no
            )
        )

    def stock(self, warehouse: str, document: str, stamp: Stamp) -> None:
        """Put the device on a shelf; raises SerialNotAvailable unless it was just made."""
        if self.state != MADE:
            raise SerialNotAvailable(serial=self.serial, state=self.state)
        self.record(self.Stocked(stamp.by, stamp.at, warehouse=warehouse, document=document))

    def reserve(self, so: str, stamp: Stamp) -> None:
        """Set it aside for an order; raises SerialNotAvailable."""
        if self.state != IN_STOCK or self.warehouse is None:
            raise SerialNotAvailable(serial=self.serial, state=self.state)
        self.record(self.Reserved(stamp.by, stamp.at, warehouse=self.warehouse, so=so))

    def release(self, so: str, reason: str, stamp: Stamp) -> None:
        """Free it again; raises SerialNotAvailable unless it is set aside for that order."""
        if self.state != RESERVED or self.order != so or self.warehouse is None:
            raise SerialNotAvailable(serial=self.serial, state=self.state)
        self.record(
            self.Released(stamp.by, stamp.at, warehouse=self.warehouse, so=so, reason=reason)
        )

    def ship(self, passport: Passport, stamp: Stamp) -> None:
        """Let it leave; raises SerialNotAvailable unless it is set aside for that order."""
        if self.state != RESERVED or self.order != passport.so or self.warehouse is None:
            raise SerialNotAvailable(serial=self.serial, state=self.state, order=self.order)
        self.record(self.Shipped(stamp.by, stamp.at, warehouse=self.warehouse, passport=passport))

    def deliver(
        self, shp: str, receiver: str, region: str, stamp: Stamp, *, at_hospital: bool
    ) -> None:
        """Hand it over; raises SerialNotAvailable unless it is on the way."""
        if self.state != SHIPPED:
            raise SerialNotAvailable(serial=self.serial, state=self.state)
        self.record(
            self.Delivered(
                stamp.by,
                stamp.at,
                shp=shp,
                receiver=receiver,
                region_code=region,
                at_hospital=at_hospital,
            )
        )

    def install(self, hospital: str, on: date, sighting: Sighting, stamp: Stamp) -> None:
        """Find it installed. The caller has asked whether its state allows that."""
        self.record(
            self.Installed(
                stamp.by,
                stamp.at,
                sku=self.sku,
                hospital=hospital,
                installed_on=on,
                sighting=sighting,
                dealer=self.dealer,
            )
        )

    def observe(self, sku: str, sighting: Sighting, stamp: Stamp) -> None:
        """See it somewhere. Never refused."""
        self.record(
            self.Observed(
                stamp.by,
                stamp.at,
                sku=sku,
                sighting=sighting,
                register_state=self.state or "UNKNOWN",
            )
        )

    def link(self, family: str, case: str, stamp: Stamp) -> None:
        """Remember a case, once."""
        if self.cases.get(family) != case:
            self.record(self.CaseLinked(stamp.by, stamp.at, family=family, case=case))
