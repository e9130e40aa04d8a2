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

    confirmed: dict[str, date] = msgspec.field(default_factory=dict)
    """Days on which cases against the dealer were confirmed."""
    services: dict[str, list[date]] = msgspec.field(default_factory=dict)
    """Days on which service was asked for its units outside of its territory, by province."""

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

    class CaseConfirmed(Event, frozen=True, kw_only=True):
        """A case against the dealer was confirmed."""

        TOPIC = "conduct.case_confirmed"
        case: str
        decided_on: date

        def apply(self, conduct: DealerConduct) -> None:
            """Note it."""
            conduct.confirmed[self.case] = self.decided_on

    class CaseOverturned(Event, frozen=True, kw_only=True):
        """What was confirmed did not stand on appeal."""

        TOPIC = "conduct.case_overturned"
        case: str

        def apply(self, conduct: DealerConduct) -> None:
            """Forget it."""
            conduct.confirmed.pop(self.case, None)

    class ServiceSeen(Event, frozen=True, kw_only=True):
        """Service was asked for one of its units outside of its territory (GB/T 2260 province)."""

        TOPIC = "conduct.service_seen"
        unit: str
        province: str
        seen_on: date

        def apply(self, conduct: DealerConduct) -> None:
            """Note it."""
            conduct.services.setdefault(self.province, []).append(self.seen_on)

    # What is asked about it.

    def units_within(self, days: int, until: date) -> set[str]:
        """Units alerted in the days up to and including one."""
        return {
            unit for unit, day in self.units.items() if until - timedelta(days=days) <= day <= until
        }

    def confirmed_within(self, days: int, until: date) -> str | None:
        """Return the latest case that was confirmed in the days up to and including one."""
        first = until - timedelta(days=days)
        late = [(day, case) for case, day in self.confirmed.items() if first <= day <= until]
        return max(late)[1] if late else None

    def times_confirmed(self, days: int, until: date) -> int:
        """How many cases were confirmed in the days up to and including one."""
        first = until - timedelta(days=days)
        return sum(first <= day <= until for day in self.confirmed.values())

    def services_within(self, province: str, days: int, until: date) -> int:
        """How often service was asked for in a province in the days up to and including one."""
        first = until - timedelta(days=days)
        return sum(first <= day <= until for day in self.services.get(province, ()))

    # What may be asked of it.

    def note(self, unit: str, case: str, observed_on: date, stamp: Stamp) -> None:
        """Note an alerted unit."""
        self.record(
            self.UnitAlerted(stamp.by, stamp.at, unit=unit, case=case, observed_on=observed_on)
        )

    def confirm(self, case: str, stamp: Stamp) -> None:
        """Note a case that was confirmed."""
        self.record(self.CaseConfirmed(stamp.by, stamp.at, case=case, decided_on=stamp.today))

    def overturn(self, case: str, stamp: Stamp) -> None:
        """Forget a case that did not stand."""
        if case in self.confirmed:
            self.record(self.CaseOverturned(stamp.by, stamp.at, case=case))

    def note_service(self, unit: str, province: str, seen_on: date, stamp: Stamp) -> None:
        """Note a request for service in a province."""
        self.record(
            self.ServiceSeen(stamp.by, stamp.at, unit=unit, province=province, seen_on=seen_on)
        )
