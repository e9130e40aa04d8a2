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
from domain.kernel.stamp import Stamp

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
    delivered_on: date | None = None
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
    moved_at: datetime | None = None
    """When it was last shipped, returned or moved by its owner."""

    def fold(self, event: Event) -> None:
        """Apply a fact, and keep where it put the device."""
        super().fold(event)
        stay = self._stay(event.occurred_at)
        place = bisect_right(self.trail, stay.at, key=lambda one: one.at)
        last = self.trail[place - 1] if place else None
        if last is None or msgspec.structs.replace(last, at=stay.at, version=self.version) != stay:
            self.trail.insert(place, stay)

    def keep_sight(self, sighting: Sighting, at: datetime, *, use: bool = False) -> None:
        """Remember a sighting, unless it is of before the last move (a fold, not a command)."""
        if self.moved_at is None or at >= self.moved_at:
            self.sights.append(Sight(self.version + 1, sighting, at, use))
            del self.sights[:-SIGHTS]

    def forget_sights(self, at: datetime) -> None:
        """Let what was seen so far be history (a fold, not a command)."""
        self.moved_at = at
        self.sights.clear()

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

    def before(self, sight: Sight) -> Stay:
        """Where it stood at the moment of a sighting, as known before that was told."""
        earlier = [one for one in self.trail if one.at <= sight.at and one.version < sight.version]
        return earlier[-1] if earlier else Stay(sight.at, 0, "")

    def moved_after(self, at: datetime) -> bool:
        """Whether it was moved after an instant, so that a fact of that instant comes late."""
        return bool(self.trail) and self.trail[-1].at > at

    def moment_of(self, day: date, stamp: Stamp) -> datetime:
        """When something of a day moved it: within the day, and not before what moved it last."""
        at = stamp.moment_of(day)
        return max(at, self.trail[-1].at) if self.trail else at

    def sights_at(self, at: datetime) -> tuple[Sight, ...]:
        """What was seen since the last move, if an instant is not of before it."""
        return tuple(self.sights) if self.moved_at is None or at >= self.moved_at else ()

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
