"""One physical device: where it is, whose it is, and everything that was seen of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from domain.channel.book import Buyer
from domain.goods import serial_events as happened
from domain.goods.passport import Passport
from domain.goods.refusals import SerialDuplicate, SerialNotAvailable
from domain.goods.serial_events import (
    IN_STOCK,
    IN_TRANSFER,
    INSTALLED,
    LOST,
    MADE,
    QUARANTINED,
    RESERVED,
    SHIPPED,
    USED,
    WITH_CUSTOMER,
)
from domain.goods.serial_state import SerialState
from domain.goods.sighting import Sighting
from domain.kernel.stamp import Stamp


class SerialNumber(SerialState):
    """One device; the stream is ``Serial/{di}/{serial}``. Unknown ones begin with a sighting."""

    CATEGORY: ClassVar[str] = "Serial"

    # What may be asked of it.

    def register(self, sku: str, made: date, registration_no: str, stamp: Stamp) -> None:
        """Enter the device; a (di, serial) is never used twice: raises SerialDuplicate."""
        if self.in_register:
            raise SerialDuplicate(serial=self.serial)
        self.record(
            happened.Registered(
                stamp.by, stamp.at, sku=sku, manufacture_date=made, registration_no=registration_no
            )
        )

    def stock(self, warehouse: str, document: str, stamp: Stamp) -> None:
        """Put the device on a shelf; raises SerialNotAvailable unless it was just made."""
        if self.state != MADE:
            raise SerialNotAvailable(serial=self.serial, state=self.state)
        self.record(happened.Stocked(stamp.by, stamp.at, warehouse=warehouse, document=document))

    def reserve(self, so: str, stamp: Stamp) -> None:
        """Set it aside for an order; raises SerialNotAvailable."""
        if self.state != IN_STOCK or self.warehouse is None:
            raise SerialNotAvailable(serial=self.serial, state=self.state)
        self.record(happened.Reserved(stamp.by, stamp.at, warehouse=self.warehouse, so=so))

    def release(self, so: str, reason: str, stamp: Stamp) -> None:
        """Free it again; raises SerialNotAvailable unless it is set aside for that order."""
        if self.state != RESERVED or self.order != so or self.warehouse is None:
            raise SerialNotAvailable(serial=self.serial, state=self.state)
        self.record(
            happened.Released(stamp.by, stamp.at, warehouse=self.warehouse, so=so, reason=reason)
        )

    def ship(self, passport: Passport, stamp: Stamp) -> None:
        """Let it leave; raises SerialNotAvailable unless it is set aside for that order."""
        if self.state != RESERVED or self.order != passport.so or self.warehouse is None:
            raise SerialNotAvailable(serial=self.serial, state=self.state, order=self.order)
        self.record(
            happened.Shipped(stamp.by, stamp.at, warehouse=self.warehouse, passport=passport)
        )

    def deliver(
        self, shp: str, receiver: str, region: str, on: date, stamp: Stamp, *, at_hospital: bool
    ) -> None:
        """Hand it over; raises SerialNotAvailable unless it is on the way."""
        if self.state != SHIPPED:
            raise SerialNotAvailable(serial=self.serial, state=self.state)
        self.record(
            happened.Delivered(
                stamp.by,
                self.moment_of(on, stamp),
                shp=shp,
                receiver=receiver,
                region_code=region,
                at_hospital=at_hospital,
                signed_on=on,
            )
        )

    def install(self, hospital: str, on: date, sighting: Sighting, stamp: Stamp) -> None:
        """Find it installed. The caller has asked whether its state allows that."""
        self.record(
            happened.Installed(
                stamp.by,
                self.moment_of(on, stamp),
                sku=self.sku,
                hospital=hospital,
                installed_on=on,
                sighting=sighting,
                dealer=self.dealer,
            )
        )

    def sell_on(self, buyer: Buyer, on: date, sighting: Sighting, stamp: Stamp) -> None:
        """Let its dealer sell it. The caller has asked whether it is the dealer's."""
        self.record(
            happened.SoldOn(
                stamp.by,
                self.moment_of(on, stamp),
                seller=self.dealer or "",
                buyer=buyer,
                sold_on=on,
                sighting=sighting,
            )
        )

    def observe(
        self, sku: str, sighting: Sighting, stamp: Stamp, at: datetime | None = None
    ) -> None:
        """See it somewhere, now or at an instant that is past. Never refused."""
        self.record(
            happened.Observed(
                stamp.by,
                at or stamp.at,
                sku=sku,
                sighting=sighting,
                register_state=self.state or "UNKNOWN",
            )
        )

    def relocate(self, move: happened.Relocated) -> None:
        """Let its owner move it; raises SerialNotAvailable unless it stands at a hospital."""
        self._require(*USED)
        self.record(move)

    def expire_warranty(self, stamp: Stamp) -> None:
        """Note that its warranty is over, once."""
        until = self.warranty_to
        if until is not None and until < stamp.today and not self.warranty_over:
            self.record(happened.WarrantyExpired(stamp.by, stamp.at, warranty_to=until))

    def note_credit(self, rma: str, credit_note: str, dealer: str, stamp: Stamp) -> None:
        """Note that its money was given back."""
        self.record(
            happened.ReturnCredited(
                stamp.by, stamp.at, rma=rma, credit_note=credit_note, dealer=dealer
            )
        )

    def flag(self, recall: str, stamp: Stamp) -> None:
        """Let a recall cover it, once."""
        if self.recall != recall:
            self.record(happened.RecallFlagged(stamp.by, stamp.at, recall=recall))

    def unflag(self, recall: str, action: str, stamp: Stamp) -> None:
        """Note what a recall did to it; what another recall asks for stays."""
        if self.recall == recall:
            self.record(happened.RecallActionDone(stamp.by, stamp.at, recall=recall, action=action))

    def link(self, family: str, case: str, stamp: Stamp) -> None:
        """Remember a case, once."""
        if self.cases.get(family) != case:
            self.record(happened.CaseLinked(stamp.by, stamp.at, family=family, case=case))

    def dispatch(self, to: str, stamp: Stamp) -> None:
        """Send it to another warehouse; raises SerialNotAvailable unless set aside for that."""
        self._require(RESERVED, ref=to)
        here = self.warehouse or ""
        self.record(happened.Dispatched(stamp.by, stamp.at, warehouse=here, to=to))

    def arrive(self, warehouse: str, document: str, stamp: Stamp) -> None:
        """Take it in from a transfer, or from making; raises SerialNotAvailable."""
        self._require(IN_TRANSFER, MADE)
        self.record(happened.Stocked(stamp.by, stamp.at, warehouse=warehouse, document=document))

    def quarantine(self, warehouse: str, cause: str, document: str, stamp: Stamp) -> None:
        """Set it apart in a warehouse; raises SerialNotAvailable."""
        self._require(MADE, IN_STOCK, IN_TRANSFER, SHIPPED)
        self.record(
            happened.Quarantined(
                stamp.by, stamp.at, warehouse=warehouse, cause=cause, document=document
            )
        )

    def restock(self, document: str, grade: str, stamp: Stamp) -> None:
        """Let it be sold again; raises SerialNotAvailable unless it was set apart."""
        self._require(QUARANTINED)
        here = self.warehouse or ""
        self.record(
            happened.Restocked(stamp.by, stamp.at, warehouse=here, document=document, grade=grade)
        )

    def come_back(self, warehouse: str, document: str, stamp: Stamp) -> None:
        """Take it back from a customer; raises SerialNotAvailable."""
        self._require(*WITH_CUSTOMER)
        self.record(
            happened.Returned(
                stamp.by, stamp.at, warehouse=warehouse, document=document, dealer=self.dealer
            )
        )

    def lose(self, document: str, reason: str, stamp: Stamp) -> None:
        """Give it up; raises SerialNotAvailable."""
        self._require(SHIPPED, IN_TRANSFER, IN_STOCK, QUARANTINED)
        self.record(happened.Lost(stamp.by, stamp.at, document=document, reason=reason))

    def find(self, warehouse: str, document: str, stamp: Stamp) -> None:
        """Find it in a count; raises SerialNotAvailable unless it was given up or only made."""
        self._require(LOST, MADE)
        self.record(happened.Found(stamp.by, stamp.at, warehouse=warehouse, document=document))

    def scrap(self, document: str, reason: str, stamp: Stamp) -> None:
        """Destroy it; raises SerialNotAvailable unless it was set apart."""
        self._require(QUARANTINED)
        self.record(happened.Scrapped(stamp.by, stamp.at, document=document, reason=reason))

    def accept(self, acceptance: happened.Accepted) -> None:
        """Start its service; raises SerialNotAvailable unless it is installed."""
        self._require(INSTALLED)
        self.record(acceptance)

    def _require(self, *states: str, ref: str | None = None) -> None:
        if self.state not in states or (ref is not None and self.order != ref):
            raise SerialNotAvailable(serial=self.serial, state=self.state or None, order=self.order)
