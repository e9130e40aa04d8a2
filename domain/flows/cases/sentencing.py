"""Sentencing: deciding a case, what follows for the dealer, and its appeal."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from domain.cases.case_terms import CONFIRMED, DECIDED, OVERTURNED, Decision, Sanction
from domain.cases.dealer_conduct import DealerConduct
from domain.cases.diversion_case import DiversionCase
from domain.cases.refusals import (
    DeciderIsOwner,
    EvidenceInsufficient,
    ResponsePeriodRunning,
    SanctionAboveLimit,
)
from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.cases.investigating import MANAGERS, gated, of_dealer, standing
from domain.flows.cases.sanctioning import NEEDS_AMOUNT, form_of, impose, take_back
from domain.flows.incentives.accruing import let_go, take_away
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import minor_units
from domain.kernel.refusal import InvalidState
from domain.kernel.stamp import Actor, Stamp
from domain.kernel.validation import Findings
from domain.orders.price_list import ALL
from domain.parties.dealer import Dealer

SECONDS = ("MGR", "QA", "FIN")
Outcome = Literal["CONFIRMED", "DISMISSED", "INCONCLUSIVE"]


@dataclass(frozen=True, kw_only=True)
class SupportDecision:
    """Agree with an outcome, so that somebody who is concerned does not decide alone."""

    case_id: str
    outcome: Outcome


def support_decision(log: Log, stamp: Stamp, command: SupportDecision) -> dict[str, Any]:
    """Support a decision. For managers of other regions, quality and finance.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, DECIDER_IS_OWNER, INVALID_STATE.
    """
    case = gated(log, command.case_id, SECONDS, stamp)
    if _concerned(log, case, stamp.by):
        raise DeciderIsOwner(case=case.key, user=stamp.by.user, scope=stamp.by.scope)
    case.support(command.outcome, stamp)
    return standing(case) | {"supporters": case.supporters}


@dataclass(frozen=True, kw_only=True)
class DecideCase:
    """Decide a case. ``evidence`` names what it rests on; ``code`` says why it was dismissed."""

    case_id: str
    outcome: Outcome
    reason: str
    code: str | None = None
    evidence: tuple[str, ...] = ()


def decide_case(log: Log, stamp: Stamp, command: DecideCase) -> dict[str, Any]:
    """Decide a case. For sales managers; whoever is concerned needs a second person.

    Where it was reopened and is not confirmed again, its sanctions are taken back.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, DECIDER_IS_OWNER, EVIDENCE_INSUFFICIENT,
    RESPONSE_PERIOD_RUNNING, INVALID_STATE, VALIDATION_FAILED.
    """
    case, findings = gated(log, command.case_id, MANAGERS, stamp), Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    coded = command.outcome != "DISMISSED" or bool(command.code)
    findings.field(coded, "code", "why it was dismissed")
    known = {one.raw for one in case.counted} | {one.document_hash for one in case.exhibits}
    for place, name in enumerate(command.evidence):
        findings.field(name in known, f"evidence[{place}]", "evidence of the case")
    findings.refuse()
    others = [user for user, outcome in case.supporters.items() if outcome == command.outcome]
    seconds = [user for user in others if user not in (stamp.by.user, case.investigator)]
    alone = _concerned(log, case, stamp.by) and not seconds
    findings.require(not alone, DeciderIsOwner(case=case.key, user=stamp.by.user))
    if command.outcome == CONFIRMED:
        sightings, exhibits = len(case.counted), len(case.exhibits)
        weak = EvidenceInsufficient(case=case.key, sightings=sightings, exhibits=exhibits)
        findings.require(case.proven(), weak)
        heard = not case.unheard(stamp.today)
        findings.require(heard, ResponsePeriodRunning(case=case.key, due=case.response_due))
    findings.refuse()
    units, net = _extent(case)
    imposed = tuple(case.sanctions)
    case.decide(
        Decision(
            outcome=command.outcome,
            reason=command.reason,
            deciders=(stamp.by.user, *seconds),
            code=command.code,
            evidence=command.evidence,
            units=units if command.outcome == CONFIRMED else 0,
            net=net if command.outcome == CONFIRMED else 0,
            source_dealer=case.known.source_dealer,
            destination=case.known.observed_region,
        ),
        stamp,
    )
    if not case.confirmed:
        let_go(log, case.key, case.known, stamp)
        return standing(case) | {"left_to_do": take_back(log, case, imposed, stamp)}
    take_away(log, case.key, case.known, stamp)
    if case.known.source_dealer is not None:
        log.get(DealerConduct, case.known.source_dealer).confirm(case.key, stamp)
    return standing(case)


@dataclass(frozen=True, kw_only=True)
class ApplySanction:
    """Let consequences follow for the dealer that answers for a confirmed case.

    A penalty without an amount is the margin gained, once, twice or three times by repetition.
    """

    case_id: str
    sanctions: tuple[Sanction, ...]


def apply_sanction(log: Log, stamp: Stamp, command: ApplySanction) -> dict[str, Any]:
    """Apply sanctions, and post what they cost in the same append.

    For sales managers; finance may apply those that are amounts. Whoever is concerned did not
    decide alone.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, INVALID_STATE, SANCTION_ABOVE_LIMIT, VALIDATION_FAILED,
    MASTER_DATA_MISSING.
    """
    money = all(one.kind in NEEDS_AMOUNT for one in command.sanctions)
    who = (*MANAGERS, "FIN") if money else MANAGERS
    case, findings = gated(log, command.case_id, who, stamp), Findings()
    case.require(DECIDED)
    if not case.confirmed:
        raise InvalidState(case=case.key, outcome=case.decision and case.decision.outcome)
    wanted = form_of(log, case, command.sanctions, findings, stamp)
    findings.refuse()
    limit = log.get(CompanyPolicy, COMPANY).limits.sanction_amount
    amount = sum(one.amount or 0 for one in wanted)
    if amount > limit and stamp.by.scope != ALL:
        raise SanctionAboveLimit(case=case.key, amount=amount, limit=limit)
    dealer = existing(log, Dealer, case.known.responsible_dealer or "")
    posted = tuple(impose(log, case, dealer, one, stamp) for one in wanted)
    case.sanction(dealer.key, posted, stamp)
    documents = [one.document for one in posted if one.document]
    return standing(case) | {"documents": documents, "appeal_until": case.appeal_until}


@dataclass(frozen=True, kw_only=True)
class Appeal:
    """Appeal against the sanctions, as the dealer, within fifteen days."""

    case_id: str
    grounds: str
    documents: tuple[str, ...] = ()


def appeal(log: Log, stamp: Stamp, command: Appeal) -> dict[str, Any]:
    """Appeal. For the dealer's own users; to others the case is unknown.

    Refuses NOT_FOUND, INVALID_STATE, APPEAL_PERIOD_OVER, VALIDATION_FAILED.
    """
    case, findings = of_dealer(log, command.case_id, stamp), Findings()
    findings.field(command.grounds.strip(), "grounds", "the grounds of the appeal")
    findings.refuse()
    case.appeal(stamp.by.dealer or case.asked or "", command.grounds, command.documents, stamp)
    return standing(case)


@dataclass(frozen=True, kw_only=True)
class DecideAppeal:
    """Decide an appeal: the decision is UPHELD or OVERTURNED."""

    case_id: str
    outcome: Literal["UPHELD", "OVERTURNED"]
    reason: str


def decide_appeal(log: Log, stamp: Stamp, command: DecideAppeal) -> dict[str, Any]:
    """Decide an appeal. For a manager who had no part in the decision.

    What is overturned is taken back in the same append: penalties, suspension, price tier.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, DECIDER_IS_OWNER, INVALID_STATE, VALIDATION_FAILED,
    PERIOD_CLOSED.
    """
    case, findings = gated(log, command.case_id, MANAGERS, stamp), Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    if stamp.by.user in case.judges or _concerned(log, case, stamp.by):
        raise DeciderIsOwner(case=case.key, user=stamp.by.user)
    imposed = tuple(case.sanctions)
    case.decide_appeal(command.outcome, command.reason, stamp)
    overturned = command.outcome == OVERTURNED
    left = take_back(log, case, imposed, stamp) if overturned else []
    if overturned:
        let_go(log, case.key, case.known, stamp)
    return standing(case) | {"left_to_do": left}


def _concerned(log: Log, case: DiversionCase, actor: Actor) -> bool:
    """Whether a person investigates the case, or answers for a region that it concerns."""
    if actor.user == case.investigator:
        return True
    if actor.role != "MGR" or actor.scope == ALL:
        return False
    alert = case.known
    parties = (alert.victim_dealer, alert.source_dealer, alert.responsible_dealer)
    regions = {existing(log, Dealer, one).known.sales_region for one in parties if one is not None}
    return actor.scope in regions


def _extent(case: DiversionCase) -> tuple[int, int]:
    """How many base units were diverted, and what their dealer paid for them, minor units."""
    alert = case.known
    units = alert.excess or 1
    price = alert.p_source if alert.p_source is not None else Decimal(0)
    return units, minor_units(price * units)
