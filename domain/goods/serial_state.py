"""What is known of one physical device, and what may be asked about it."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime

import msgspec

from domain.goods.passport import Passport
from domain.goods.sighting import Sighting
from domain.goods.trail import Relocation, Sight, Stay
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event

SIGHTS = 20
"""Latest sightings that a device's state keeps; the log keeps all."""


class SerialState(Aggregate):
    """Where a device is and was, whose it is, and what was seen of it lately."""

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
    grade: str = "A"
    """B for a device that was refurbished."""
    warranty_from: date | None = None
    warranty_to: date | None = None
    cases: dict[str, str] = msgspec.field(default_factory=dict)
    """Diversion cases about this device, by family of rules."""
    delivered_at: datetime | None = None
    accepted_on: date | None = None
    warranty_over: bool = False
    sold_by: str | None = None
    """Dealer that reported its sale to a hospital."""
    relocation: Relocation | None = None
    credited_to: str | None = None
    """Dealer that returned it and got its money back."""
    recall: str | None = None
    trail: list[Stay] = msgspec.field(default_factory=list)
    """Where it stood since when, in the order of business time."""
    sights: list[Sight] = msgspec.field(default_factory=list)
    """Where it was seen since it was last shipped or moved, the latest last."""

    def fold(self, event: Event) -> None:
        """Apply a fact, and keep where it put the device."""
        super().fold(event)
        stay = self._stay(event.occurred_at)
        last = self.trail[-1] if self.trail else None
        if last is None or msgspec.structs.replace(last, at=stay.at, version=self.version) != stay:
            self.trail.insert(bisect_right(self.trail, stay.at, key=lambda one: one.at), stay)

    def keep_sight(self, sighting: Sighting) -> None:
        """Remember a sighting (a fold, not a command)."""
        self.sights.append(Sight(self.version + 1, sighting))
        del self.sights[:-SIGHTS]

    def stand(self, stay: Stay) -> None:
        """Stand where it stood once (a fold, not a command)."""
        self.state, self.dealer, self.hospital = stay.state, stay.dealer, stay.hospital
        self.region, self.warehouse, self.order = stay.region, stay.warehouse, stay.order
        self.passport = stay.passport

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

    def then(self, at: datetime) -> Stay:
        """Where it stood at an instant of business time; nowhere before anything is known."""
        place = bisect_right(self.trail, at, key=lambda one: one.at)
        return self.trail[place - 1] if place else Stay(at, 0, "")

    def moved_after(self, at: datetime) -> bool:
        """Whether it was moved after an instant, so that a fact of that instant comes late."""
        return bool(self.trail) and self.trail[-1].at > at

    def under_warranty(self, day: date) -> bool:
        """Whether warranty pays on a day (both days inclusive)."""
        since, until = self.warranty_from, self.warranty_to
        return since is not None and until is not None and since <= day <= until

    def _stay(self, at: datetime) -> Stay:
        return Stay(
            at,
            self.version,
            self.state,
            self.dealer,
            self.hospital,
            self.region,
            self.warehouse,
            self.order,
            self.passport,
        )
