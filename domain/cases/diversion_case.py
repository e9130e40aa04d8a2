"""A diversion case (窜货): what was seen where it should not be, and what was made of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import msgspec

from domain.cases import case_events as happened
from domain.cases.alert import Alert
from domain.cases.case_terms import (
    ALERTED,
    APPEAL_DAYS,
    APPEALED,
    AWAITING,
    CLOSED,
    CONFIRMED,
    DECIDED,
    ENDED,
    INVESTIGATING,
    REOPENED,
    RESPONDED,
    RESPONSE_DAYS,
    SANCTIONED,
    STRONG,
    SUPPRESSED,
    TRIAGED,
    Decision,
    Exhibit,
    Sanction,
)
from domain.cases.refusals import AppealPeriodOver, AppealPeriodRunning, NoNewEvidence
from domain.goods.sighting import Sighting
from domain.kernel.aggregate import Aggregate
from domain.kernel.refusal import InvalidState
from domain.kernel.stamp import Stamp

ANSWERABLE = (TRIAGED, INVESTIGATING, AWAITING, RESPONDED)
"""States in which a case may be decided."""


class DiversionCase(Aggregate):
    """One case; the stream is ``DiversionCase/{case}``. Re-observations add evidence to it."""

    CATEGORY: ClassVar[str] = "DiversionCase"

    status: str = ""
    alert: Alert | None = None
    evidence: list[Sighting] = msgspec.field(default_factory=list)
    withdrawn: list[Sighting] = msgspec.field(default_factory=list)
    """Sightings that were declared errors."""
    exhibits: list[Exhibit] = msgspec.field(default_factory=list)
    news: bool = False
    """Whether evidence came after the case was last decided."""
    investigator: str | None = None
    asked: str | None = None
    """Dealer that was asked to answer."""
    response_due: date | None = None
    heard: bool = False
    supporters: dict[str, str] = msgspec.field(default_factory=dict)
    """Outcomes that second persons agreed with, by user."""
    decision: Decision | None = None
    sanctions: list[Sanction] = msgspec.field(default_factory=list)
    judges: list[str] = msgspec.field(default_factory=list)
    """Everybody who ever had a part in deciding it or in its sanctions."""
    appeal_until: date | None = None
    overturned: bool = False
    merged_into: str | None = None

    # What is asked about it.

    @property
    def known(self) -> Alert:
        """The alert as it is judged now."""
        assert self.alert is not None  # noqa: S101 - a case begins with its alert
        return self.alert

    @property
    def ended(self) -> bool:
        """Whether nobody works on it any more."""
        return self.status in ENDED

    @property
    def counted(self) -> list[Sighting]:
        """Sightings that were not withdrawn."""
        return [one for one in self.evidence if one not in self.withdrawn]

    def shows(self, sighting: Sighting) -> bool:
        """Whether it is evidence already; an index beside the state follows what is added to it."""
        index, done = self.__dict__.get("shown_", (set[Sighting](), 0))
        index.update(self.evidence[done:])
        self.__dict__["shown_"] = index, len(self.evidence)
        return sighting in index

    def regions(self) -> set[str]:
        """Regions of its sightings."""
        return {one.region_code for one in self.counted}

    def proven(self) -> bool:
        """Whether there are two independent observations, or one of weight 0.9 or more.

        Independent are observations of different sources or observers; what has no weight counts
        for nothing.
        """
        weights: dict[tuple[str, str], Decimal] = {}
        for one in self.counted:
            _weigh(weights, (one.source, one.observer or ""), one.weight)
        for exhibit in self.exhibits:
            _weigh(weights, (exhibit.kind, exhibit.captured_by), exhibit.weight)
        return len(weights) > 1 or any(weight >= STRONG for weight in weights.values())

    @property
    def confirmed(self) -> bool:
        """Whether it was confirmed, and stands."""
        decided = self.decision is not None and self.decision.outcome == CONFIRMED
        return decided and not self.overturned

    def unheard(self, day: date) -> bool:
        """Whether the dealer that answers for it was not heard, and has time to speak yet."""
        if self.known.responsible_dealer is None or self.heard:
            return False
        return self.response_due is None or day <= self.response_due

    # What may be asked of it.

    def raise_alert(self, alert: Alert, sighting: Sighting, stamp: Stamp) -> None:
        """Open the case with its first evidence."""
        self.record(happened.AlertRaised(stamp.by, stamp.at, alert=alert, sighting=sighting))

    def suppress(
        self, alert: Alert, sighting: Sighting, explanation: str, detail: str, stamp: Stamp
    ) -> None:
        """Keep what was seen, and why it is no alarm."""
        self.record(
            happened.AlertSuppressed(
                stamp.by,
                stamp.at,
                alert=alert,
                sighting=sighting,
                explanation=explanation,
                detail=detail,
            )
        )

    def add_evidence(self, rule: str, sighting: Sighting, stamp: Stamp) -> None:
        """Add what was seen again; the same sighting is added once."""
        if not self.shows(sighting):
            self.record(happened.EvidenceAdded(stamp.by, stamp.at, rule=rule, sighting=sighting))

    def add_exhibit(self, exhibit: Exhibit, stamp: Stamp) -> None:
        """Add a document; the same one is added once."""
        if exhibit not in self.exhibits:
            self.record(happened.ExhibitAdded(stamp.by, stamp.at, exhibit=exhibit))

    def withdraw(self, sighting: Sighting, reason: str, stamp: Stamp) -> None:
        """Do not count a sighting any more."""
        if sighting in self.counted:
            self.record(
                happened.EvidenceWithdrawn(stamp.by, stamp.at, sighting=sighting, reason=reason)
            )

    def rescore(self, facts: dict[str, Any], cause: str, stamp: Stamp) -> None:
        """Judge the alert by new facts; what leaves score, severity and code alone is no news."""
        old = self.known
        alert = msgspec.structs.replace(old, **facts)
        if (alert.score, alert.severity, alert.code) == (old.score, old.severity, old.code):
            return
        self.record(
            happened.AlertRescored(
                stamp.by,
                stamp.at,
                alert=alert,
                severity_before=old.severity,
                score_before=old.score,
                cause=cause,
            )
        )

    def triage(self, note: str, stamp: Stamp) -> None:
        """Decide that it is a case; raises InvalidState."""
        self.require(ALERTED, REOPENED)
        self.record(happened.Triaged(stamp.by, stamp.at, note=note))

    def assign(self, investigator: str, stamp: Stamp) -> None:
        """Name an investigator; raises InvalidState for what is decided or over."""
        self.require(TRIAGED, REOPENED, INVESTIGATING, AWAITING, RESPONDED)
        begins = self.status in (TRIAGED, REOPENED)
        if investigator != self.investigator or begins:
            status = INVESTIGATING if begins else self.status
            self.record(
                happened.Assigned(stamp.by, stamp.at, investigator=investigator, status=status)
            )

    def request_response(self, dealer: str, due: date | None, stamp: Stamp) -> None:
        """Ask a dealer what it says; raises InvalidState."""
        self.require(TRIAGED, INVESTIGATING)
        until = due or stamp.today + timedelta(days=RESPONSE_DAYS)
        self.record(happened.ResponseRequested(stamp.by, stamp.at, dealer=dealer, due=until))

    def respond(self, dealer: str, text: str, documents: tuple[str, ...], stamp: Stamp) -> None:
        """Hear the dealer; raises InvalidState unless it was asked."""
        self.require(AWAITING)
        self.record(
            happened.ResponseSubmitted(
                stamp.by, stamp.at, dealer=dealer, text=text, documents=documents
            )
        )

    def support(self, outcome: str, stamp: Stamp) -> None:
        """Agree with an outcome; raises InvalidState."""
        self.require(*ANSWERABLE)
        if self.supporters.get(stamp.by.user) != outcome:
            self.record(happened.DecisionSupported(stamp.by, stamp.at, outcome=outcome))

    def decide(self, decision: Decision, stamp: Stamp) -> None:
        """Decide it; raises InvalidState."""
        self.require(*ANSWERABLE)
        before = self.decision if self.confirmed else None
        self.record(happened.CaseDecided(stamp.by, stamp.at, decision=decision, before=before))

    def sanction(self, dealer: str, sanctions: tuple[Sanction, ...], stamp: Stamp) -> None:
        """Let consequences follow; raises InvalidState."""
        until = stamp.today + timedelta(days=APPEAL_DAYS)
        self.record(
            happened.SanctionsApplied(
                stamp.by, stamp.at, dealer=dealer, sanctions=sanctions, appeal_until=until
            )
        )

    def appeal(self, dealer: str, grounds: str, documents: tuple[str, ...], stamp: Stamp) -> None:
        """Hear an appeal; raises InvalidState or AppealPeriodOver."""
        self.require(SANCTIONED)
        if self.appeal_until is None or stamp.today > self.appeal_until:
            raise AppealPeriodOver(case=self.key, until=self.appeal_until)
        self.record(
            happened.AppealFiled(
                stamp.by, stamp.at, dealer=dealer, grounds=grounds, documents=documents
            )
        )

    def decide_appeal(self, outcome: str, reason: str, stamp: Stamp) -> None:
        """Decide an appeal; raises InvalidState."""
        self.require(APPEALED)
        self.record(
            happened.AppealDecided(
                stamp.by, stamp.at, outcome=outcome, reason=reason, decision=self.decision
            )
        )

    def close(self, reason: str, stamp: Stamp) -> None:
        """Do nothing more; raises InvalidState or AppealPeriodRunning."""
        self.require(DECIDED, SANCTIONED)
        if self.appeal_until is not None and stamp.today <= self.appeal_until:
            raise AppealPeriodRunning(case=self.key, until=self.appeal_until)
        self.record(happened.CaseClosed(stamp.by, stamp.at, reason=reason))

    def reopen(self, reason: str, stamp: Stamp) -> None:
        """Begin again; raises InvalidState, or NoNewEvidence."""
        self.require(CLOSED, DECIDED, SANCTIONED, SUPPRESSED)
        if not self.news and self.status != SUPPRESSED:
            raise NoNewEvidence(case=self.key, status=self.status)
        self.record(happened.CaseReopened(stamp.by, stamp.at, reason=reason))

    def merge(self, into: str, stamp: Stamp) -> None:
        """Let another case go on for it; raises InvalidState."""
        self.require(ALERTED, REOPENED, TRIAGED, INVESTIGATING)
        if self.confirmed:
            raise InvalidState(case=self.key, status=self.status, outcome=CONFIRMED)
        self.record(happened.CaseMerged(stamp.by, stamp.at, into=into))

    def require(self, *states: str) -> None:
        """Raise InvalidState unless it is in one of these states."""
        if self.status not in states:
            raise InvalidState(case=self.key, status=self.status, required=states)


def _weigh(
    weights: dict[tuple[str, str], Decimal], whose: tuple[str, str], weight: Decimal
) -> None:
    """Let the strongest of one observer's observations count."""
    if weight > weights.get(whose, Decimal(0)):
        weights[whose] = weight
