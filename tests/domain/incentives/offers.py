"""Promotions and claims in a few words: what is promised, asked for, agreed to and paid."""

from __future__ import annotations

from typing import Any

from domain.flows.incentives.claiming import ReviewClaim, SettleClaim, SubmitClaim
from domain.flows.incentives.promoting import (
    ApprovePromotion,
    DraftPromotion,
    EnrolPromotion,
    PublishPromotion,
)
from domain.incentives.claim import Claim, Refused
from domain.incentives.promotion import Promotion, PromotionTerms
from tests.domain.company import company
from tests.domain.incentives.schemes import does, sell
from tests.domain.support import Given, When, day, given
from tests.domain.world import DEALER_5, FINANCE, MGR_EAST, MGR_NATIONAL

PROMOTION, CLAIM = "PM-2026-Q1", "CL-0001"
FIRST, LAST = "2026-01-01", "2026-03-31"
BUDGET, CAP = 100_000_00, 20_000_00
ASKED = 12_000_00
SERVICE, PRICES, FREE = "MARKET_ACTIVITY", "DISCOUNT", "FREE_GOODS"
ON = "2026-03-19"


def terms(**more: Any) -> PromotionTerms:
    days: dict[str, Any] = {"valid_from": day(FIRST), "valid_to": day(LAST)}
    money: dict[str, Any] = {"budget": BUDGET, "cap_per_dealer": CAP}
    return PromotionTerms(**{"name": "days", "type": SERVICE} | days | money | more)


def drafting(**more: Any) -> DraftPromotion:
    return DraftPromotion(promotion_id=PROMOTION, terms=terms(**more))


def enrolling(dealer: str = "D05") -> EnrolPromotion:
    return EnrolPromotion(promotion_id=PROMOTION, dealer_id=dealer)


def published(**more: Any) -> Given:
    past = given(company())
    does(past, drafting(**more), MGR_EAST, FIRST)
    does(past, ApprovePromotion(promotion_id=PROMOTION), MGR_NATIONAL, FIRST)
    does(past, PublishPromotion(promotion_id=PROMOTION), MGR_EAST, FIRST)
    return past


def enrolled(**more: Any) -> Given:
    """D05 takes part, and owes an invoice."""
    past = published(**more)
    does(past, enrolling(), DEALER_5, FIRST)
    sell(past, 100_000_00, "2026-03-02")
    return past


def asking(amount: int = ASKED, *evidence: str, **more: Any) -> SubmitClaim:
    told: dict[str, Any] = {"promotion_id": PROMOTION, "evidence": list(evidence or ("sha256:a",))}
    return SubmitClaim(amount=amount, **told | more)


def submitted(amount: int = ASKED, **more: Any) -> Given:
    past = enrolled(**more)
    does(past, asking(amount), DEALER_5, ON)
    return past


def reviewing(
    approved: int, refused: int = 0, code: str = "EVIDENCE_MISSING", claim: str = CLAIM
) -> ReviewClaim:
    rest = [Refused(refused, code)] if refused else []
    return ReviewClaim(claim=claim, approved=approved, rejected=rest)


def approved(amount: int = ASKED, **more: Any) -> Given:
    past = submitted(amount, **more)
    does(past, reviewing(amount), MGR_EAST, ON)
    return past


def settling(method: Any = "OFFSET", **more: Any) -> SettleClaim:
    return SettleClaim(claim=CLAIM, method=method, **more)


def settle(past: Given, method: Any = "OFFSET", **more: Any) -> When:
    return does(past, settling(method, **more), FINANCE, ON)


def claim(past: Given, name: str = CLAIM) -> Claim:
    return past.get(Claim, name)


def promotion(past: Given) -> Promotion:
    return past.get(Promotion, PROMOTION)
