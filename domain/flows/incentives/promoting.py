"""Promoting: a promotion, from its draft to its end, and who takes part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.flows.company.acting import only, own
from domain.incentives.promotion import TYPES, Promotion, PromotionTerms
from domain.kernel.aggregate import Log, existing
from domain.kernel.money import LARGEST_AMOUNT
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.parties.dealer import Dealer

AUTHORS = ("MGR", "SERVICE")


@dataclass(frozen=True, kw_only=True)
class DraftPromotion:
    """Write the terms of a promotion down. Amounts in minor units."""

    promotion_id: str
    terms: PromotionTerms


def draft_promotion(log: Log, stamp: Stamp, command: DraftPromotion) -> dict[str, Any]:
    """Draft a promotion, or draft it anew.

    Refuses VALIDATION_FAILED, DATE_RANGE, FORBIDDEN_ROLE, INVALID_STATE.
    """
    only(AUTHORS, stamp)
    terms, findings = command.terms, Findings()
    findings.identifier(command.promotion_id, "promotion_id")
    findings.field(terms.name.strip(), "terms.name", "a name")
    findings.field(terms.type in TYPES, "terms.type", f"one of {', '.join(TYPES)}")
    findings.dates(terms.valid_from, terms.valid_to, "terms.valid_to")
    for name in ("budget", "cap_per_dealer"):
        fine = 1 <= getattr(terms, name) <= LARGEST_AMOUNT
        findings.field(fine, f"terms.{name}", f"1 to {LARGEST_AMOUNT}")
    for place, dealer in enumerate(terms.dealers):
        findings.known(log, Dealer, dealer, f"terms.dealers[{place}]")
    findings.refuse()
    promotion = log.get(Promotion, command.promotion_id)
    promotion.draft(terms, stamp)
    return _standing(promotion)


@dataclass(frozen=True, kw_only=True)
class ApprovePromotion:
    """Agree to a promotion that somebody else has drafted."""

    promotion_id: str


def approve_promotion(log: Log, stamp: Stamp, command: ApprovePromotion) -> dict[str, Any]:
    """Approve a promotion. For sales managers.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, INVALID_STATE, SELF_APPROVAL.
    """
    only(("MGR",), stamp)
    promotion = existing(log, Promotion, command.promotion_id)
    promotion.approve(stamp)
    return _standing(promotion)


@dataclass(frozen=True, kw_only=True)
class PublishPromotion:
    """Let the dealers know of a promotion."""

    promotion_id: str


def publish_promotion(log: Log, stamp: Stamp, command: PublishPromotion) -> dict[str, Any]:
    """Publish a promotion.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, INVALID_STATE.
    """
    only(AUTHORS, stamp)
    promotion = existing(log, Promotion, command.promotion_id)
    promotion.publish(stamp)
    return _standing(promotion)


@dataclass(frozen=True, kw_only=True)
class EnrolPromotion:
    """Take part in a promotion, as a dealer."""

    promotion_id: str
    dealer_id: str


def enrol_promotion(log: Log, stamp: Stamp, command: EnrolPromotion) -> dict[str, Any]:
    """Enrol a dealer; for its own users, and for services on their behalf.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, INVALID_STATE, NOT_ENROLLED, OUT_OF_PERIOD.
    """
    own(command.dealer_id, stamp)
    promotion = existing(log, Promotion, command.promotion_id)
    existing(log, Dealer, command.dealer_id)
    promotion.enrol(command.dealer_id, stamp)
    return _standing(promotion) | {"dealer": command.dealer_id}


@dataclass(frozen=True, kw_only=True)
class EndPromotion:
    """End a promotion before its time; today is its last day."""

    promotion_id: str
    reason: str


def end_promotion(log: Log, stamp: Stamp, command: EndPromotion) -> dict[str, Any]:
    """End a promotion.

    Refuses NOT_FOUND, FORBIDDEN_ROLE, VALIDATION_FAILED, INVALID_STATE.
    """
    only(AUTHORS, stamp)
    promotion, findings = existing(log, Promotion, command.promotion_id), Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    promotion.end(command.reason, stamp)
    return _standing(promotion)


def _standing(promotion: Promotion) -> dict[str, Any]:
    return {"promotion": promotion.key, "state": promotion.state}
