"""The roll: which dealers have an account, which periods have entries, what waits to be booked."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp

COUNT, RETENTION = "COUNT", "RETENTION"
"""What waits: a count for its approval, the rest of a price for its day."""


class Waiting(msgspec.Struct, frozen=True):
    """Something that will be booked: what it is, and from which day on."""

    kind: str
    day: date


class Roll(Aggregate):
    """One currency's roll; the stream is ``Roll/{currency}``."""

    CATEGORY: ClassVar[str] = "Roll"

    dealers: dict[str, bool] = msgspec.field(default_factory=dict)
    """Dealers with an account, in the order in which they got it."""
    periods: dict[str, bool] = msgspec.field(default_factory=dict)
    """Periods with entries, in the order in which they got them."""
    waiting: dict[str, Waiting] = msgspec.field(default_factory=dict)
    """What waits to be booked, by its document."""

    # What can happen to a roll. Topics and fields are stored: add, never rename.

    class AccountOpened(Event, frozen=True, kw_only=True):
        """Something was posted to a dealer's account for the first time."""

        TOPIC = "roll.account_opened"
        dealer: str

        def apply(self, roll: Roll) -> None:
            """Enter it."""
            roll.dealers[self.dealer] = True

    class PeriodBegun(Event, frozen=True, kw_only=True):
        """Something was posted into a period for the first time."""

        TOPIC = "roll.period_begun"
        period: str

        def apply(self, roll: Roll) -> None:
            """Enter it."""
            roll.periods[self.period] = True

    class Awaited(Event, frozen=True, kw_only=True):
        """A document waits to be booked, from a day on."""

        TOPIC = "roll.awaited"
        doc: str
        kind: str
        day: date

        def apply(self, roll: Roll) -> None:
            """Remember it."""
            roll.waiting[self.doc] = Waiting(self.kind, self.day)

    class Booked(Event, frozen=True, kw_only=True):
        """It does not wait any more."""

        TOPIC = "roll.booked"
        doc: str

        def apply(self, roll: Roll) -> None:
            """Forget it."""
            roll.waiting.pop(self.doc, None)

    # What is asked about it.

    def due(self, kind: str, day: date) -> list[str]:
        """Documents of a kind that wait since before the end of a day, in their order."""
        return [doc for doc, one in self.waiting.items() if one.kind == kind and one.day <= day]

    # What may be asked of it.

    def wait(self, doc: str, kind: str, day: date, stamp: Stamp) -> None:
        """Let a document wait; letting it wait again alike records nothing."""
        if self.waiting.get(doc) != Waiting(kind, day):
            self.record(self.Awaited(stamp.by, stamp.at, doc=doc, kind=kind, day=day))

    def book(self, doc: str, stamp: Stamp) -> None:
        """Say that it does not wait any more; where it does not, nothing is recorded."""
        if doc in self.waiting:
            self.record(self.Booked(stamp.by, stamp.at, doc=doc))

    def enter(self, dealer: str, period: str, stamp: Stamp) -> None:
        """Enter a dealer and a period; what is entered already records nothing."""
        if dealer and dealer not in self.dealers:
            self.record(self.AccountOpened(stamp.by, stamp.at, dealer=dealer))
        if period not in self.periods:
            self.record(self.PeriodBegun(stamp.by, stamp.at, period=period))
