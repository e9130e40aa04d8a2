"""A dealer's conduct: which of its units were found diverted, and when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp


class DealerConduct(Aggregate):
    """One dealer's record; the stream is ``Conduct/{dealer}``."""

    CATEGORY: ClassVar[str] = "Conduct"

    units: dict[str, date] = msgspec.field(default_factory=dict)
    """Last day on which a unit ("di/serial") of the dealer raised an alert."""

    # What can happen to a record. Topics and fields are stored: add, never rename.

    class UnitAlerted(Event, frozen=True, kw_only=True):
        """A unit that the dealer had bought raised an alert."""

        TOPIC = "conduct.unit_alerted"
        unit: str
        case: str
        observed_on: date

        def apply(self, conduct: DealerConduct) -> None:
            """Note it."""
            conduct.units[self.unit] = self.observed_on

    # What is asked about it.

    def units_within(self, days: int, until: date) -> set[str]:
        """Units alerted in the days up to and including one."""
        return {
            unit for unit, day in self.units.items() if until - timedelta(days=days) <= day <= until
        }

    # What may be asked of it.

    def note(self, unit: str, case: str, observed_on: date, stamp: Stamp) -> None:
        """Note an alerted unit."""
        self.record(
            self.UnitAlerted(stamp.by, stamp.at, unit=unit, case=case, observed_on=observed_on)
        )
