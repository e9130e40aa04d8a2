"""A lot (batch): its dates, registration and status. It is usable through its expiry date."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.goods.sighting import Sighting
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import AlreadyExists
from domain.kernel.stamp import Stamp

RELEASED, RECALLED = "RELEASED", "RECALLED"


class Lot(Aggregate):
    """One lot; the stream is ``Lot/{sku}/{lot}``."""

    CATEGORY: ClassVar[str] = "Lot"
    STATE_VERSION: ClassVar[int] = 2

    manufacture_date: date | None = None
    expiry: date | None = None
    registration_no: str = ""
    status: str = ""
    recall: str | None = None
    """Recall that covers it."""
    seen: dict[str, int] = msgspec.field(default_factory=dict)
    """Base units that were seen in the market, by region (GB/T 2260), slash, hospital or ""."""

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

    class Observed(Event, frozen=True, kw_only=True):
        """Goods of it were seen somewhere, base units. It is evidence, and changes nothing."""

        TOPIC = "lot.observed"
        sighting: Sighting
        qty: int

        def apply(self, lot: Lot) -> None:
            """Count what was seen, place by place."""
            place = f"{self.sighting.region_code}/{self.sighting.hospital or ''}"
            lot.seen[place] = lot.seen.get(place, 0) + self.qty

    class StatusChanged(Event, frozen=True, kw_only=True):
        """Quality decided otherwise about the whole lot, or a recall covers it or does no more."""

        TOPIC = "lot.status_changed"
        before: str
        status: str
        reason: str
        recall: str | None = None

        def apply(self, lot: Lot) -> None:
            """Set it."""
            lot.status, lot.recall = self.status, self.recall

    # What is asked about it.

    @property
    def known(self) -> bool:
        """Whether it was made or bought, as far as we know."""
        return self.manufacture_date is not None

    # What may be asked of it.

    def create(self, made: date, expiry: date, registration_no: str, stamp: Stamp) -> None:
        """Make the lot known; said twice alike, it is said once. Raises AlreadyExists."""
        if (self.manufacture_date, self.expiry, self.registration_no) == (
            made,
            expiry,
            registration_no,
        ):
            return
        if self.known:
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

    def observe(self, sighting: Sighting, qty: int, stamp: Stamp) -> None:
        """See goods of it somewhere. Never refused."""
        self.record(self.Observed(stamp.by, stamp.at, sighting=sighting, qty=qty))

    def cover(self, recall: str, stamp: Stamp) -> None:
        """Let a recall cover it, once."""
        if self.recall != recall:
            changed = self.StatusChanged(
                stamp.by,
                stamp.at,
                before=self.status,
                status=RECALLED,
                reason=recall,
                recall=recall,
            )
            self.record(changed)

    def uncover(self, recall: str, stamp: Stamp) -> None:
        """Let a recall that is over cover it no more."""
        if self.recall == recall:
            self.record(
                self.StatusChanged(
                    stamp.by, stamp.at, before=self.status, status=RELEASED, reason=recall
                )
            )
