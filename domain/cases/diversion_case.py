"""A diversion case (窜货): what was seen where it should not be, scored, with its evidence."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

import msgspec

from domain.goods.sighting import Sighting
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp

ALERTED = "ALERTED"


class ScorePart(msgspec.Struct, frozen=True):
    """One summand of a score, and why."""

    reason: str
    points: int


class Alert(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything a reader of an alert needs, as of the day it was raised.

    ``p_source`` is what the source dealer paid per unit net, ``p_local`` the tier price of the
    place; ``gap_pct = (p_local - p_source) / p_local``.
    """

    rule: str
    sku: str
    di: str
    serial: str
    severity: str
    score: int
    parts: tuple[ScorePart, ...]
    observed_region: str
    observed_on: date
    source: str
    weight: Decimal
    due_at: datetime
    observed_hospital: str | None = None
    register_state: str | None = None
    register_warehouse: str | None = None
    source_dealer: str | None = None
    suspect_dealer: str | None = None
    responsible_dealer: str | None = None
    authorised_regions: tuple[str, ...] = ()
    territory_version: int | None = None
    victim_dealer: str | None = None
    shp: str | None = None
    so: str | None = None
    invoice: str | None = None
    p_source: Decimal | None = None
    p_local: Decimal | None = None
    gap_pct: Decimal | None = None
    exception_id: str | None = None
    exception_state: str | None = None
    """EXHAUSTED or EXPIRED, where an exception for the place exists."""


class DiversionCase(Aggregate):
    """One case; the stream is ``DiversionCase/{case}``. Re-observations add evidence to it."""

    CATEGORY: ClassVar[str] = "DiversionCase"

    status: str = ""
    alert: Alert | None = None
    evidence: list[Sighting] = msgspec.field(default_factory=list)

    # What can happen to a case. Topics and fields are stored: add, never rename.

    class AlertRaised(Event, frozen=True, kw_only=True):
        """A rule fired."""

        TOPIC = "diversion.alert_raised"
        alert: Alert
        sighting: Sighting

        def apply(self, case: DiversionCase) -> None:
            """Open the case."""
            case.status, case.alert = ALERTED, self.alert
            case.evidence.append(self.sighting)

    class EvidenceAdded(Event, frozen=True, kw_only=True):
        """The same thing was seen again."""

        TOPIC = "diversion.evidence_added"
        rule: str
        sighting: Sighting

        def apply(self, case: DiversionCase) -> None:
            """Keep it."""
            case.evidence.append(self.sighting)

    # What may be asked of it.

    def raise_alert(self, alert: Alert, sighting: Sighting, stamp: Stamp) -> None:
        """Open the case with its first evidence."""
        self.record(self.AlertRaised(stamp.by, stamp.at, alert=alert, sighting=sighting))

    def add_evidence(self, rule: str, sighting: Sighting, stamp: Stamp) -> None:
        """Add what was seen again; the same sighting is added once."""
        if sighting not in self.evidence:
            self.record(self.EvidenceAdded(stamp.by, stamp.at, rule=rule, sighting=sighting))
