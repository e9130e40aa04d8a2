"""Raising: what a rule found becomes a case, or more evidence in one, in the same append."""

from __future__ import annotations

from typing import Any

from domain.cases.alert import Alert
from domain.cases.case_terms import CLOSED
from domain.cases.dealer_conduct import DealerConduct
from domain.cases.detection_policy import RULES, DetectionPolicy
from domain.cases.diversion_case import DiversionCase
from domain.company.unique_key import UniqueKey
from domain.flows.company.numbering import next_number
from domain.flows.incentives.accruing import withhold
from domain.goods.product import Product
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.parties.dealer import Dealer
from domain.policies.diversion import scoring
from domain.policies.diversion.finding import ExceptionUsed, Explained, Finding, Verdict
from domain.policies.diversion.lots import CASE
from domain.policies.diversion.seen import Seen

EXPLAINED = "explained"
"""Marks the cases of a family that were explained, and raised no alarm."""


def act(log: Log, verdict: Verdict | None, seen: Seen, stamp: Stamp) -> str | None:
    """Do what a verdict asks for: the case that it raised or strengthened, if any."""
    if verdict is None or not log.get(DetectionPolicy, RULES).in_force(verdict.rule):
        return None
    system = stamp.automatic("diversion")
    if seen.retro:
        return _raise_retro(log, verdict, seen, system)
    match verdict:
        case ExceptionUsed(dealer=name, exception=exception, ref=ref, qty=qty):
            existing(log, Dealer, name).consume(exception, ref, qty, system)
            return None
        case Explained(finding=finding, code=code, detail=detail):
            _suppress(log, finding, seen, code, detail, system)
            return None
        case Finding():
            return _raise(log, verdict, seen, system)


def _raise_retro(log: Log, verdict: Verdict, seen: Seen, stamp: Stamp) -> str | None:
    """Raise what nobody saw at the time. Whatever case there is, open or closed, is left alone."""
    if not isinstance(verdict, Finding) or _linked(log, verdict, verdict.family) is not None:
        return None
    return _raise(log, verdict, seen, stamp)


def _raise(log: Log, finding: Finding, seen: Seen, stamp: Stamp) -> str:
    known = _linked(log, finding, finding.family)
    if known is not None:
        _strengthen(log, existing(log, DiversionCase, known), finding, seen, stamp)
        return known
    name = next_number(log, "DIV", stamp)
    alert = alert_of(log, finding, seen, stamp)
    log.get(DiversionCase, name).raise_alert(alert, seen.sighting, stamp)
    withhold(log, name, alert, stamp)
    _link(log, finding, finding.family, name, stamp)
    unit = finding.subject.unit
    if alert.source_dealer is not None and unit is not None:
        conduct = log.get(DealerConduct, alert.source_dealer)
        conduct.note(unit.key, name, seen.day, stamp)
    return name


def _strengthen(log: Log, case: DiversionCase, finding: Finding, seen: Seen, stamp: Stamp) -> None:
    """Add what was seen again. A closed case begins anew where it was seen in another region."""
    anew = case.status == CLOSED and seen.sighting.region_code not in case.regions()
    case.add_evidence(finding.rule, seen.sighting, stamp)
    if anew:
        case.reopen(f"seen in {seen.sighting.region_code}", stamp)
    if not case.ended and finding.score > case.known.score:
        alert = alert_of(log, finding, seen, stamp)
        facts = {name: getattr(alert, name) for name in alert.__struct_fields__}
        case.rescore(facts, f"{finding.rule} in {seen.sighting.region_code}", stamp)
        withhold(log, case.key, case.known, stamp)


def _suppress(log: Log, finding: Finding, seen: Seen, code: str, detail: str, stamp: Stamp) -> None:
    family = f"{finding.family}-{EXPLAINED}"
    known = _linked(log, finding, family)
    if known is not None:
        case = existing(log, DiversionCase, known)
        case.add_evidence(finding.rule, seen.sighting, stamp)
        return
    name = next_number(log, "SUP", stamp)
    alert = alert_of(log, finding, seen, stamp)
    log.get(DiversionCase, name).suppress(alert, seen.sighting, code, detail, stamp)
    _link(log, finding, family, name, stamp)


def alert_of(log: Log, finding: Finding, seen: Seen, stamp: Stamp) -> Alert:
    """Write down everything that a reader of the alert needs, as of now."""
    unit, points = finding.subject.unit, finding.score
    grade = scoring.severity(points)
    return Alert(
        rule=finding.rule,
        sku=seen.sku,
        di=unit.di if unit is not None else existing(log, Product, seen.sku).base_di,
        serial=unit.serial if unit is not None else "",
        severity=grade,
        score=points,
        parts=finding.parts,
        observed_region=seen.sighting.region_code,
        observed_on=seen.day,
        observed_hospital=seen.sighting.hospital,
        source=seen.sighting.source,
        weight=seen.weight,
        due_at=scoring.due_at(grade, stamp.at),
        rules_version=seen.policy,
        retro=seen.retro,
        **finding.facts,
    )


def _linked(log: Log, finding: Finding, family: str) -> str | None:
    """Return the case about the same thing in a family of rules, or None."""
    subject = finding.subject
    if subject.unit is not None:
        found = subject.unit.cases.get(family)
    elif subject.stock is not None:
        found = subject.stock.cases.get(f"{family}/{subject.key}")
    else:
        found = log.get(UniqueKey, CASE, f"{family}:{subject.key}").owner or None
    return None if found is None else surviving(log, found).key


def surviving(log: Log, case: str) -> DiversionCase:
    """Return the case that goes on for one, through all mergers."""
    found = existing(log, DiversionCase, case)
    while found.merged_into is not None:
        found = existing(log, DiversionCase, found.merged_into)
    return found


def _link(log: Log, finding: Finding, family: str, case: str, stamp: Stamp) -> None:
    subject = finding.subject
    if subject.unit is not None:
        subject.unit.link(family, case, stamp)
    elif subject.stock is not None:
        subject.stock.link(f"{family}/{subject.key}", case, stamp)
    else:
        log.get(UniqueKey, CASE, f"{family}:{subject.key}").pass_on(case, stamp)


def judge_again(log: Log, case: DiversionCase, finding: Finding, cause: str, stamp: Stamp) -> None:
    """Judge a case by new facts about the same evidence; graver or less grave."""
    points = finding.score
    grade = scoring.severity(points)
    facts: dict[str, Any] = finding.facts | {
        "severity": grade,
        "score": points,
        "parts": finding.parts,
        "due_at": scoring.due_at(grade, stamp.at),
    }
    case.rescore(facts, cause, stamp.automatic("diversion"))
    withhold(log, case.key, case.known, stamp)
