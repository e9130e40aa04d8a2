"""A series of document numbers without gaps: every number is taken, claimed or voided by an event.

Auditors read a hole in a series as a missing document.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

from domain.company.refusals import NumberTaken
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp


class NumberSeries(Aggregate):
    """One series; the stream is ``Series/{prefix}``, its numbers are ``{prefix}-{n}``."""

    CATEGORY: ClassVar[str] = "Series"

    next: int = 1
    ahead: set[int] = msgspec.field(default_factory=set)
    """Numbers above ``next`` that are used already."""

    # What can happen to a series. Topics and fields are stored: add, never rename.

    class NumberTaken(Event, frozen=True, kw_only=True):
        """A number became a document's."""

        TOPIC = "number_series.taken"
        number: int

        def apply(self, series: NumberSeries) -> None:
            """Use the number."""
            series.use(self.number)

    class NumberVoided(Event, frozen=True, kw_only=True):
        """A number will never be a document's, and why."""

        TOPIC = "number_series.voided"
        number: int
        reason: str

        def apply(self, series: NumberSeries) -> None:
            """Use the number up."""
            series.use(self.number)

    # What is asked about it.

    def is_used(self, number: int) -> bool:
        """Whether a number is taken or void."""
        return number < self.next or number in self.ahead

    def name(self, number: int) -> str:
        """Full document number: at least three digits, four without a period in the prefix."""
        width = 3 if "-" in self.key else 4
        return f"{self.key}-{number:0{width}}"

    def use(self, number: int) -> None:
        """Count a number as used (a fold, not a command)."""
        self.ahead.add(number)
        while self.next in self.ahead:
            self.ahead.remove(self.next)
            self.next += 1

    # What may be asked of it.

    def take(self, stamp: Stamp) -> str:
        """Give the lowest free number away."""
        number = self.next
        self.record(self.NumberTaken(stamp.by, stamp.at, number=number))
        return self.name(number)

    def claim(self, number: int, stamp: Stamp) -> None:
        """Give a number away that a client chose; raises NumberTaken."""
        if self.is_used(number):
            raise NumberTaken(number=self.name(number))
        self.record(self.NumberTaken(stamp.by, stamp.at, number=number))

    def void(self, number: int, reason: str, stamp: Stamp) -> str:
        """Declare a free number void; raises NumberTaken."""
        if self.is_used(number):
            raise NumberTaken(number=self.name(number))
        self.record(self.NumberVoided(stamp.by, stamp.at, number=number, reason=reason))
        return self.name(number)
