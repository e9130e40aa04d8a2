"""What a what-if answers: which decisions would have gone another way, and what that rests on."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from domain.orders.check import Evidence
from eventlog.rows import instant_of
from replays.whatif.inquiry import Fact, Inquiry

STRICTER, LOOSER, OTHERWISE = "STRICTER", "LOOSER", "OTHERWISE"
"""Stopped, refused or accused, or on more grounds; the contrary of that; done in another way."""

ASSUMPTIONS = (
    "First order: each decision is taken again on the history as it was, this policy changed.",
    "Nothing that would have followed from another decision is played on.",
    "What is decided several times appears as often; totals count each document once.",
    "Today's rules decide. What they cannot repeat is listed as unexplained, and not compared.",
    "A command that was refused left no event, and is not taken again.",
)


class Outcome(msgspec.Struct, frozen=True):
    """How a decision goes: the verdict in words, how strict that is, and the evidence for it."""

    verdict: str
    strictness: int = 0
    evidence: Evidence = {}


class Retaken(msgspec.Struct, frozen=True, kw_only=True):
    """A decision taken again: as recorded, repeated under the policy as it was, and as supposed.

    ``amount`` is what it was about, minor units.
    """

    fact: Fact
    decision: str
    document: str
    dealer: str
    amount: int
    recorded: Outcome
    repeated: Outcome
    supposed: Outcome

    @property
    def explained(self) -> bool:
        """Whether its repetition gives what was recorded, as far as evidence was recorded."""
        evidence = self.recorded.evidence
        same = self.recorded.verdict == self.repeated.verdict
        return same and (not evidence or evidence == self.repeated.evidence)

    @property
    def direction(self) -> str:
        """Where the supposed decision leads, against the recorded one."""
        more = self.supposed.strictness - self.repeated.strictness
        return STRICTER if more > 0 else LOOSER if more < 0 else OTHERWISE


class Supposition(msgspec.Struct, frozen=True):
    """The change that is assumed: of which policy, whose, and what it would have been."""

    policy: str
    about: Evidence
    text: str


class Flip(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that would have gone another way. ``amount`` in minor units."""

    position: int
    occurred_at: datetime
    recorded_at: datetime
    decision: str
    direction: str
    document: str
    dealer: str
    amount: int
    then: str
    now: str
    evidence_then: Evidence
    evidence_now: Evidence


class Unexplained(msgspec.Struct, frozen=True, kw_only=True):
    """A decision whose repetition under the unchanged policy does not give what was recorded."""

    position: int
    occurred_at: datetime
    recorded_at: datetime
    decision: str
    document: str
    dealer: str
    recorded: str
    repeated: str
    evidence_recorded: Evidence
    evidence_repeated: Evidence


class Total(msgspec.Struct, frozen=True):
    """Flips in one direction. The amount counts each document once, at its largest."""

    direction: str
    decisions: int
    documents: int
    amount: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that would have been decided otherwise, as far as the log is known.

    ``position`` is how far the log was read, ``retaken`` how many decisions were taken again.
    """

    supposed: Supposition
    position: int
    since: date | None
    until: date | None
    retaken: int
    flips: tuple[Flip, ...]
    totals: tuple[Total, ...]
    unexplained: tuple[Unexplained, ...]
    assumptions: tuple[str, ...]


class Tally:
    """Gathers decisions taken again, and reports on them."""

    def __init__(self) -> None:
        self._retaken = 0
        self._flips: list[Flip] = []
        self._unexplained: list[Unexplained] = []

    def add(self, one: Retaken) -> None:
        """Count a decision; keep it where it flips, or cannot be explained."""
        self._retaken += 1
        if not one.explained:
            self._unexplained.append(_unexplained(one))
        elif one.repeated.verdict != one.supposed.verdict:
            self._flips.append(_flip(one))

    def report(
        self, supposed: Supposition, position: int, inquiry: Inquiry, assumptions: tuple[str, ...]
    ) -> Report:
        """Return everything that was found."""
        directions = (STRICTER, LOOSER, OTHERWISE)
        totals = (_total(one, self._flips) for one in directions)
        return Report(
            supposed=supposed,
            position=position,
            since=inquiry.since,
            until=inquiry.until,
            retaken=self._retaken,
            flips=tuple(self._flips),
            totals=tuple(one for one in totals if one.decisions),
            unexplained=tuple(self._unexplained),
            assumptions=(*ASSUMPTIONS, *assumptions),
        )


def _flip(one: Retaken) -> Flip:
    return Flip(
        position=one.fact.position,
        occurred_at=one.fact.event.occurred_at,
        recorded_at=instant_of(one.fact.row.recorded_at),
        decision=one.decision,
        direction=one.direction,
        document=one.document,
        dealer=one.dealer,
        amount=one.amount,
        then=one.recorded.verdict,
        now=one.supposed.verdict,
        evidence_then=one.repeated.evidence,
        evidence_now=one.supposed.evidence,
    )


def _unexplained(one: Retaken) -> Unexplained:
    return Unexplained(
        position=one.fact.position,
        occurred_at=one.fact.event.occurred_at,
        recorded_at=instant_of(one.fact.row.recorded_at),
        decision=one.decision,
        document=one.document,
        dealer=one.dealer,
        recorded=one.recorded.verdict,
        repeated=one.repeated.verdict,
        evidence_recorded=one.recorded.evidence,
        evidence_repeated=one.repeated.evidence,
    )


def _total(direction: str, flips: list[Flip]) -> Total:
    mine = [one for one in flips if one.direction == direction]
    amounts: dict[str, int] = {}
    for one in mine:
        amounts[one.document] = max(one.amount, amounts.get(one.document, 0))
    return Total(direction, len(mine), len(amounts), sum(amounts.values()))
