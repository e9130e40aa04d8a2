"""Rewarding: an incentive policy, from its draft to the dealer's signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.company.refusals import AlreadyPosted
from domain.flows.company.acting import FINANCE, only, own
from domain.incentives.incentive_book import IncentiveBook
from domain.incentives.incentive_policy import IncentivePolicy
from domain.incentives.policy_terms import (
    COLLECTED,
    FIXED,
    GATES,
    METHODS,
    METRICS,
    PAYOUTS,
    PolicyTerms,
    is_period,
)
from domain.incentives.rebate import Rebate
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import LARGEST_AMOUNT
from domain.kernel.refusal import AlreadyExists, NotFound
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.dealer import Dealer
from domain.policies.rebates import rising

AUTHORS = ("MGR", "SERVICE")


@dataclass(frozen=True, kw_only=True)
class DraftIncentivePolicy:
    """Write the terms of an incentive policy down. Amounts in minor units, rates in per cent."""

    policy_id: str
    terms: PolicyTerms


def draft_policy(log: Log, stamp: Stamp, command: DraftIncentivePolicy) -> dict[str, Any]:
    """Draft a policy, or draft it anew.

    Refuses VALIDATION_FAILED, FORBIDDEN_ROLE, INVALID_STATE.
    """
    only(AUTHORS, stamp)
    terms, findings = command.terms, Findings()
    findings.identifier(command.policy_id, "policy_id")
    findings.field(terms.name.strip(), "terms.name", "a name")
    findings.field(is_period(terms.period), "terms.period", "2026, 2026-H1, 2026-Q1 or 2026-01")
    findings.field(terms.metric in METRICS, "terms.metric", f"one of {', '.join(METRICS)}")
    findings.field(terms.method in METHODS, "terms.method", f"one of {', '.join(METHODS)}")
    whole = terms.metric != COLLECTED or not terms.products
    findings.field(whole, "terms.products", "none for COLLECTED: money is paid for no product")
    findings.field(terms.payout in PAYOUTS, "terms.payout", f"one of {', '.join(PAYOUTS)}")
    findings.between(terms.tax_rate, 0, 100, "terms.tax_rate")
    findings.field(terms.dealers, "terms.dealers", "at least one dealer")
    for place, dealer in enumerate(terms.dealers):
        findings.known(log, Dealer, dealer, f"terms.dealers[{place}]")
    _check_ladders(terms, findings)
    findings.refuse()
    policy = log.get(IncentivePolicy, command.policy_id)
    policy.draft(terms, stamp)
    return {"policy": policy.key, "state": policy.state}


def _check_ladders(terms: PolicyTerms, findings: Findings) -> None:
    fine = terms.tiers and rising(terms.tiers)
    findings.field(fine, "terms.tiers", "at least one tier, each above the one before")
    for place, tier in enumerate(terms.tiers):
        field = f"terms.tiers[{place}]"
        findings.field(0 <= tier.floor <= LARGEST_AMOUNT, f"{field}.floor", "at least 0")
        findings.between(tier.rate_pct, 0, 100, f"{field}.rate_pct")
        findings.field(0 <= tier.amount <= LARGEST_AMOUNT, f"{field}.amount", "at least 0")
        fits = not (tier.rate_pct if terms.method == FIXED else tier.amount)
        findings.field(fits, field, "an amount for FIXED, a rate for the other methods")
    for place, factor in enumerate(terms.payment_factors):
        findings.between(factor.pct, 0, 100, f"terms.payment_factors[{place}].pct")
    for place, gate in enumerate(terms.gates):
        known = gate.kind in GATES
        findings.field(known, f"terms.gates[{place}].kind", f"one of {', '.join(GATES)}")


@dataclass(frozen=True, kw_only=True)
class ApproveIncentivePolicy:
    """Agree to a policy that somebody else has drafted."""

    policy_id: str


def approve_policy(log: Log, stamp: Stamp, command: ApproveIncentivePolicy) -> dict[str, Any]:
    """Approve a policy. For sales managers.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, INVALID_STATE, SELF_APPROVAL.
    """
    only(("MGR",), stamp)
    policy = existing(log, IncentivePolicy, command.policy_id)
    policy.approve(stamp)
    return {"policy": policy.key, "state": policy.state}


@dataclass(frozen=True, kw_only=True)
class PublishIncentivePolicy:
    """Let the dealers of a policy know of it."""

    policy_id: str


def publish_policy(log: Log, stamp: Stamp, command: PublishIncentivePolicy) -> dict[str, Any]:
    """Publish a policy.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, INVALID_STATE.
    """
    only(AUTHORS, stamp)
    policy = existing(log, IncentivePolicy, command.policy_id)
    policy.publish(stamp)
    return {"policy": policy.key, "state": policy.state}


@dataclass(frozen=True, kw_only=True)
class AcceptIncentivePolicy:
    """Sign a policy as a dealer. Nothing is earned under it before."""

    policy_id: str
    dealer_id: str
    e_seal: str


def accept_policy(log: Log, stamp: Stamp, command: AcceptIncentivePolicy) -> dict[str, Any]:
    """Accept a policy; for its dealers, and for services on their behalf.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, INVALID_STATE.
    """
    own(command.dealer_id, stamp)
    policy, findings = existing(log, IncentivePolicy, command.policy_id), Findings()
    if command.dealer_id not in policy.known.dealers:
        raise NotFound(kind="IncentivePolicy", id=command.policy_id)
    findings.field(command.e_seal.strip(), "e_seal", "the dealer's seal")
    findings.refuse()
    policy.accept(command.dealer_id, command.e_seal, stamp)
    log.get(IncentiveBook, command.dealer_id).enter(policy.key, stamp.automatic("rebate"))
    return {"policy": policy.key, "dealer": command.dealer_id, "accepted": True}


@dataclass(frozen=True, kw_only=True)
class SetOpeningRebate:
    """Set what a dealer had earned under a policy when the log began: net, and its base.

    ``confirmed`` where it was confirmed already and only waits for its payment.
    """

    dealer_id: str
    policy: str
    net: int
    base: int = 0
    confirmed: bool = False


def set_opening_rebate(log: Log, stamp: Stamp, command: SetOpeningRebate) -> dict[str, Any]:
    """Set an opening rebate. For whoever migrates.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, ALREADY_POSTED, ALREADY_EXISTS.
    """
    only(("ADM", *FINANCE), stamp)
    existing(log, Dealer, command.dealer_id)
    findings = Findings()
    findings.identifier(command.policy, "policy")
    findings.field(0 <= command.net <= LARGEST_AMOUNT, "net", "at least 0")
    findings.field(0 <= command.base <= LARGEST_AMOUNT, "base", "at least 0")
    known = log.get(IncentiveBook, command.dealer_id).policies
    begun = any(log.get(Rebate, command.dealer_id, one).last_period for one in known)
    findings.require(not begun, AlreadyPosted(dealer_id=command.dealer_id))
    findings.refuse()
    rebate = log.get(Rebate, command.dealer_id, command.policy)
    if rebate.exists:
        raise AlreadyExists(kind="Rebate", id=rebate.key)
    opening = Rebate.OpeningSet(
        stamp.by,
        stamp.at,
        policy=command.policy,
        accrued=command.net,
        base=command.base,
        confirmed=command.confirmed,
        day=stamp.today,
    )
    rebate.record(opening)
    log.get(IncentiveBook, command.dealer_id).enter(command.policy, stamp.automatic("rebate"))
    return {"dealer_id": command.dealer_id, "policy": command.policy}
