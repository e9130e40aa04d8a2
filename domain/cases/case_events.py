"""What can happen to a diversion case. Topics and fields are stored: add, never rename."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.cases.alert import Alert
from domain.cases.case_terms import (
    ALERTED,
    APPEALED,
    AWAITING,
    CLOSED,
    CONFIRMED,
    DECIDED,
    INVESTIGATING,
    MERGED,
    OVERTURNED,
    REOPENED,
    RESPONDED,
    SANCTIONED,
    SUPPRESSED,
    TRIAGED,
    Decision,
    Exhibit,
    Sanction,
)
from domain.goods.sighting import Sighting
from domain.kernel.event import Event

if TYPE_CHECKING:
    from domain.cases.diversion_case import DiversionCase


class AlertRaised(Event, frozen=True, kw_only=True):
    """A rule fired."""

    TOPIC = "diversion.alert_raised"
    alert: Alert
    sighting: Sighting

    def apply(self, case: DiversionCase) -> None:
        """Open the case."""
        case.status, case.alert = ALERTED, self.alert
        case.evidence.append(self.sighting)


class AlertSuppressed(Event, frozen=True, kw_only=True):
    """A rule would have fired, but there is a legitimate explanation."""

    TOPIC = "diversion.alert_suppressed"
    alert: Alert
    sighting: Sighting
    explanation: str
    detail: str

    def apply(self, case: DiversionCase) -> None:
        """Keep what was seen, and why it is no alarm."""
        case.status, case.alert = SUPPRESSED, self.alert
        case.evidence.append(self.sighting)


class EvidenceAdded(Event, frozen=True, kw_only=True):
    """The same thing was seen again."""

    TOPIC = "diversion.evidence_added"
    rule: str
    sighting: Sighting

    def apply(self, case: DiversionCase) -> None:
        """Keep it."""
        case.evidence.append(self.sighting)
        case.news = True


class ExhibitAdded(Event, frozen=True, kw_only=True):
    """A person added a document, a photo or a statement."""

    TOPIC = "diversion.exhibit_added"
    exhibit: Exhibit

    def apply(self, case: DiversionCase) -> None:
        """Keep it."""
        case.exhibits.append(self.exhibit)
        case.news = True


class EvidenceWithdrawn(Event, frozen=True, kw_only=True):
    """A sighting was declared an error. It stays in the log, and counts no more."""

    TOPIC = "diversion.evidence_withdrawn"
    sighting: Sighting
    reason: str

    def apply(self, case: DiversionCase) -> None:
        """Do not count it."""
        case.withdrawn.append(self.sighting)


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


class Triaged(Event, frozen=True, kw_only=True):
    """Somebody looked at the alert and decided that it is a case."""

    TOPIC = "diversion.triaged"
    note: str

    def apply(self, case: DiversionCase) -> None:
        """Go on."""
        case.status = TRIAGED


class Assigned(Event, frozen=True, kw_only=True):
    """An investigator was named; ``status`` is where the case stands from then on."""

    TOPIC = "diversion.assigned"
    investigator: str
    status: str = INVESTIGATING

    def apply(self, case: DiversionCase) -> None:
        """Let them begin."""
        case.investigator, case.status = self.investigator, self.status


class ResponseRequested(Event, frozen=True, kw_only=True):
    """The dealer was asked what it says to it, until a day (inclusive)."""

    TOPIC = "diversion.response_requested"
    dealer: str
    due: date

    def apply(self, case: DiversionCase) -> None:
        """Wait for it."""
        case.status, case.response_due, case.asked = AWAITING, self.due, self.dealer


class ResponseSubmitted(Event, frozen=True, kw_only=True):
    """The dealer answered."""

    TOPIC = "diversion.response_submitted"
    dealer: str
    text: str
    documents: tuple[str, ...] = ()

    def apply(self, case: DiversionCase) -> None:
        """It was heard."""
        case.status, case.heard = RESPONDED, True


class DecisionSupported(Event, frozen=True, kw_only=True):
    """A second person agrees with an outcome, so that a concerned manager does not decide alone."""

    TOPIC = "diversion.decision_supported"
    outcome: str

    def apply(self, case: DiversionCase) -> None:
        """Remember who agreed with what."""
        case.supporters[self.by.user] = self.outcome


class CaseDecided(Event, frozen=True, kw_only=True):
    """The case was decided, by whom, on which evidence, and of how much.

    ``before`` is the decision that stood until then, where it was reopened.
    """

    TOPIC = "diversion.case_decided"
    decision: Decision
    before: Decision | None = None

    def apply(self, case: DiversionCase) -> None:
        """Close the question; what was imposed stands only while the case is confirmed."""
        case.status, case.decision, case.news = DECIDED, self.decision, False
        case.judges.extend(self.decision.deciders)
        case.overturned = False
        if self.decision.outcome != CONFIRMED:
            case.sanctions.clear()


class SanctionsApplied(Event, frozen=True, kw_only=True):
    """What follows for the dealer; it may appeal until a day (inclusive)."""

    TOPIC = "diversion.sanctions_applied"
    dealer: str
    sanctions: tuple[Sanction, ...]
    appeal_until: date

    def apply(self, case: DiversionCase) -> None:
        """Remember them."""
        case.status = SANCTIONED
        case.sanctions.extend(self.sanctions)
        case.appeal_until = self.appeal_until
        case.judges.append(self.by.user)


class AppealFiled(Event, frozen=True, kw_only=True):
    """The dealer appealed."""

    TOPIC = "diversion.appeal_filed"
    dealer: str
    grounds: str
    documents: tuple[str, ...] = ()

    def apply(self, case: DiversionCase) -> None:
        """Wait for a decision."""
        case.status = APPEALED


class AppealDecided(Event, frozen=True, kw_only=True):
    """The appeal was decided: UPHELD (the decision stands) or OVERTURNED."""

    TOPIC = "diversion.appeal_decided"
    outcome: str
    reason: str
    decision: Decision | None = None

    def apply(self, case: DiversionCase) -> None:
        """No second appeal."""
        case.status, case.appeal_until = SANCTIONED, None
        case.overturned = self.outcome == OVERTURNED
        if case.overturned:
            case.sanctions.clear()


class CaseClosed(Event, frozen=True, kw_only=True):
    """Nothing more is done about it."""

    TOPIC = "diversion.case_closed"
    reason: str

    def apply(self, case: DiversionCase) -> None:
        """Close it."""
        case.status = CLOSED


class CaseReopened(Event, frozen=True, kw_only=True):
    """New evidence came after the case was closed, decided or explained."""

    TOPIC = "diversion.case_reopened"
    reason: str

    def apply(self, case: DiversionCase) -> None:
        """Begin again; who agreed with what is of the past."""
        case.status, case.heard, case.response_due = REOPENED, False, None
        case.appeal_until = None
        case.supporters.clear()


class CaseMerged(Event, frozen=True, kw_only=True):
    """It is about the same thing as another case, which goes on alone."""

    TOPIC = "diversion.case_merged"
    into: str

    def apply(self, case: DiversionCase) -> None:
        """Point to the other."""
        case.status, case.merged_into = MERGED, self.into
