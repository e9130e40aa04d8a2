"""Sightings judged again: goods in use, or lots seen, where nobody may have had the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from domain.cases.alert import Alert
from domain.cases.case_events import AlertRaised, AlertSuppressed, EvidenceAdded
from domain.cases.case_terms import SUPPRESSED
from domain.cases.detection_policy import RULES, DetectionPolicy
from domain.cases.diversion_case import DiversionCase
from domain.company.unique_key import UniqueKey
from domain.flows.cases.detecting import Rule
from domain.flows.cases.raising import EXPLAINED, surviving
from domain.goods.sighting import Sighting
from domain.kernel.aggregate import Log
from domain.kernel.money import minor_units
from domain.orders.check import Evidence
from domain.parties.dealer_events import ExceptionConsumed
from domain.policies.diversion import FAMILY, R01, R09, scoring
from domain.policies.diversion.finding import ExceptionUsed, Explained, Finding, Verdict
from domain.policies.diversion.lots import CASE, foreign_lot
from domain.policies.diversion.seen import Seen
from domain.policies.diversion.use import out_of_territory
from replays.whatif.inquiry import Fact, Inquiry
from replays.whatif.overlay import Overlay
from replays.whatif.report import Outcome, Retaken
from replays.whatif.seeing import BOOKED, SEEN, Looked, SaleReported, look

SIGHTING = "SIGHTING"
TOLD = frozenset(
    one.TOPIC for one in (AlertRaised, AlertSuppressed, EvidenceAdded, ExceptionConsumed)
)
"""What becomes of a sighting that no right covers."""

NO_ALERT, ALERT, SILENCED, USED = "NO_ALERT", "ALERT", "EXPLAINED", "EXCEPTION_USED"
GRADES = (scoring.LOW, scoring.MEDIUM, scoring.HIGH, scoring.CRITICAL)
BY: dict[str, Rule] = {R01: out_of_territory, R09: foreign_lot}
"""Rules about territory."""


class Sightings:
    """Takes judgements about a product line's territory again."""

    topics = SEEN | BOOKED | TOLD

    def __init__(self, inquiry: Inquiry, overlay: Overlay, product_line: str) -> None:
        self._inquiry, self._overlay, self._line = inquiry, overlay, product_line

    def take(self, fact: Fact, command: Sequence[Fact]) -> Iterator[Retaken]:
        """Judge again what an event saw."""
        if fact.row.topic not in SEEN:
            return
        was = self._overlay.was
        looked = look(self._inquiry, was, fact, command, self._line)
        if looked is None:
            return
        seen, verdict = looked.seen, _verdict(was, looked)
        repeated = _outcome(verdict, seen)
        after = _following(fact, command)
        case, recorded = _recorded(was, looked, verdict, after)
        silent = recorded.verdict == NO_ALERT and _told_before(was, verdict, seen, after)
        if silent or repeated.verdict.startswith(f"{recorded.verdict} "):
            recorded = repeated  # more evidence in a case does not say how grave it was found
        yield Retaken(
            fact=fact,
            decision=SIGHTING,
            document=case or seen.name,
            dealer=(seen.then.dealer if seen.then is not None else seen.reporter) or "",
            amount=_worth(seen),
            recorded=recorded,
            repeated=repeated,
            supposed=_outcome(_verdict(self._overlay, looked), seen),
        )


def _following(fact: Fact, command: Sequence[Fact]) -> list[Fact]:
    """What a command recorded after a sighting and before the next one."""
    later = (one for one in command if one.position > fact.position)
    sold = fact.row.topic == SaleReported.TOPIC  # of a device, an observation may tell it again
    ends = {SaleReported.TOPIC} if sold else SEEN
    return list(takewhile(lambda one: one.row.topic not in ends, later))


def _verdict(log: Log, looked: Looked) -> Verdict | None:
    found = BY[looked.rule](log, looked.seen)
    in_force = log.get(DetectionPolicy, RULES).in_force(looked.rule)
    return found if in_force else None


def _outcome(verdict: Verdict | None, seen: Seen) -> Outcome:
    """What a verdict comes to, with the place that it is about."""
    place: Evidence = {"region": seen.sighting.region_code, "hospital": seen.sighting.hospital}
    match verdict:
        case ExceptionUsed(rule=rule, exception=exception):
            return _used(rule, exception)
        case Explained(finding=finding, code=code, detail=detail):
            return _silenced(finding.rule, code, detail)
        case Finding(rule=rule, score=score, facts=facts):
            return _alert(rule, score, facts.get("victim_dealer"), place)
    return Outcome(NO_ALERT, evidence=place)


def _used(rule: str, exception: str) -> Outcome:
    return Outcome(USED, 1, {"rule": rule, "exception": exception})


def _silenced(rule: str, code: str, detail: str) -> Outcome:
    return Outcome(f"{SILENCED} {code}", 1, {"rule": rule, "detail": detail})


def _alert(rule: str, score: int, victim: str | None, place: Evidence) -> Outcome:
    grade = scoring.severity(score)
    evidence: Evidence = {"rule": rule, "score": score, "victim": victim}
    return Outcome(f"{ALERT} {grade}", 2 + GRADES.index(grade), evidence | place)


def _recorded(
    was: Log, looked: Looked, verdict: Verdict | None, after: Sequence[Fact]
) -> tuple[str, Outcome]:
    """What was recorded of a judgement, and the case that it belongs to."""
    seen, rule = looked.seen, looked.rule
    known = _case(was, verdict)
    for one in after:
        match one.event:
            case AlertRaised(alert=alert) | AlertSuppressed(alert=alert) if (
                alert.rule == rule and _is_about(alert, one.event.sighting, seen)
            ):
                return one.key, _first(one.event)
            case EvidenceAdded(rule=other, sighting=sighting) if other == rule:
                case = was.get(DiversionCase, one.key)
                mine = sighting == seen.sighting and one.key == known
                if mine or (case.alert is not None and _is_about(case.alert, sighting, seen)):
                    return one.key, Outcome(SILENCED if case.status == SUPPRESSED else ALERT)
            case ExceptionConsumed(exception=exception, ref=ref) if ref.split(" at ")[0] == (
                seen.name
            ):
                return "", _used(rule, exception)
    return "", Outcome(NO_ALERT)


def _first(event: AlertRaised | AlertSuppressed) -> Outcome:
    """What was recorded of the first judgement of a case."""
    alert = event.alert
    if isinstance(event, AlertSuppressed):
        return _silenced(alert.rule, event.explanation, event.detail)
    place: Evidence = {"region": alert.observed_region, "hospital": alert.observed_hospital}
    return _alert(alert.rule, alert.score, alert.victim_dealer, place)


def _is_about(alert: Alert, sighting: Sighting, seen: Seen) -> bool:
    serial = seen.unit.serial if seen.unit is not None else ""
    return sighting == seen.sighting and alert.about == (seen.sku, serial, seen.lot or "")


def _told_before(was: Log, verdict: Verdict | None, seen: Seen, after: Sequence[Fact]) -> bool:
    """Whether the case of a verdict has the sighting already, so that nothing was recorded.

    It came before, or another rule of the family had it in the same command.
    """
    known = _case(was, verdict)
    if known is not None:
        came = (
            one.key == known and isinstance(one.event, EvidenceAdded) and one.event.sighting
            for one in after
        )
        return was.get(DiversionCase, known).shows(seen.sighting) or seen.sighting in came
    raised = (one.event for one in after if isinstance(one.event, AlertRaised))
    return isinstance(verdict, Finding) and any(
        one.alert.rule != verdict.rule
        and FAMILY[one.alert.rule] == verdict.family
        and _is_about(one.alert, one.sighting, seen)
        for one in raised
    )


def _case(was: Log, verdict: Verdict | None) -> str | None:
    """Return the case that was known of what a verdict is about, through all mergers."""
    if not isinstance(verdict, Finding | Explained):
        return None
    explained = isinstance(verdict, Explained)
    finding = verdict.finding if isinstance(verdict, Explained) else verdict
    family = f"{finding.family}-{EXPLAINED}" if explained else finding.family
    unit = finding.subject.unit
    if unit is not None:
        name = unit.cases.get(family)
    else:
        name = was.get(UniqueKey, CASE, f"{family}:{finding.subject.key}").owner
    return surviving(was, name).key if name else None


def _worth(seen: Seen) -> int:
    """Net worth of what was seen, minor units: as its passport says, else by the list price."""
    passport = seen.then.passport if seen.then is not None else None
    price = passport.unit_price if passport is not None else seen.product.list_price
    return minor_units(price * seen.qty)
