"""A lot (batch): its dates, registration and status. It is usable through its expiry date."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import AlreadyExists
from domain.kernel.stamp import Stamp

RELEASED = "RELEASED"


class Lot(Aggregate):
    """One lot; the stream is ``Lot/{sku}/{lot}``."""

    CATEGORY: ClassVar[str] = "Lot"

    manufacture_date: date | None = None
    expiry: date | None = None
    registration_no: str = ""
    status: str = ""

    # What can happen to a lot. Topics and fields are stored: add, never rename.

    class Created(Event, frozen=True, kw_only=True):
        """The lot is known."""

        TOPIC = "lot.created"
        manufacture_date: date
        expiry: date
        registration_no: str
        status: str

        def apply(self, lot: Lot) -> None:
            """Set the fields."""
            lot.manufacture_date, lot.expiry = self.manufacture_date, self.expiry
            lot.registration_no, lot.status = self.registration_no, self.status

    # What may be asked of it.

    def create(self, made: date, expiry: date, registration_no: str, stamp: Stamp) -> None:
        """Make the lot known; said twice alike, it is said once. Raises AlreadyExists."""
        if (self.manufacture_date, self.expiry, self.registration_no) == (
            made,
            expiry,
            registration_no,
        ):
            return
        if self.exists:
            raise AlreadyExists(kind="Lot", id=self.key)
        self.record(
            self.Created(
                stamp.by,
                stamp.at,
                manufacture_date=made,
                expiry=expiry,
                registration_no=registration_no,
                status=RELEASED,
            )
        )
