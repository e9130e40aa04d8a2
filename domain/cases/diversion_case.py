"""A diversion case (窜货): what was seen where it should not be, scored, with its evidence."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

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
    lot: str | None = None
    received: int | None = None
    """What came to the dealer of the lot, base units; ``sold`` what left it."""
    sold: int | None = None
    excess: int | None = None
    family_gap: int | None = None
    """What counts of the dealer's family miss of the lot."""
    code: str | None = None
    """INTRA_FAMILY, while an unreported transfer in the family explains it."""


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

    class AlertRescored(Event, frozen=True, kw_only=True):
        """New facts made the alert graver, or less grave."""

        TOPIC = "diversion.alert_rescored"
        alert: Alert
        severity_before: str
        score_before: int
        cause: str

        def apply(self, case: DiversionCase) -> None:
            """Judge it as it is now."""
            case.alert = self.alert

    # What is asked about it.

    @property
    def known(self) -> Alert:
        """The alert as it is judged now."""
        assert self.alert is not None  # noqa: S101 - a case begins with its alert
        return self.alert

    # What may be asked of it.

    def raise_alert(self, alert: Alert, sighting: Sighting, stamp: Stamp) -> None:
        """Open the case with its first evidence."""
        self.record(self.AlertRaised(stamp.by, stamp.at, alert=alert, sighting=sighting))

    def add_evidence(self, rule: str, sighting: Sighting, stamp: Stamp) -> None:
        """Add what was seen again; the same sighting is added once."""
        if sighting not in self.evidence:
            self.record(self.EvidenceAdded(stamp.by, stamp.at, rule=rule, sighting=sighting))

    def rescore(self, facts: dict[str, Any], cause: str, stamp: Stamp) -> None:
        """Judge the alert by new facts; what leaves score, severity and code alone is no news."""
        old = self.known
        alert = msgspec.structs.replace(old, **facts)
        if (alert.score, alert.severity, alert.code) == (old.score, old.severity, old.code):
            return
        self.record(
            self.AlertRescored(
                stamp.by,
                stamp.at,
                alert=alert,
                severity_before=old.severity,
                score_before=old.score,
                cause=cause,
            )
        )
