"""A rebate policy and a promotion that D05 takes part in, as facts."""

from __future__ import annotations

from decimal import Decimal

from domain.incentives.incentive_book import IncentiveBook
from domain.incentives.incentive_policy import IncentivePolicy
from domain.incentives.policy_terms import SELL_IN_NET, SLICED, PolicyTerms, Tier
from domain.incentives.promotion import Promotion, PromotionTerms
from tests.domain.support import Fact, day, fact
from tests.domain.world import BY

REBATE = PolicyTerms(
    name="RB",
    period="2026-Q1",
    dealers=("D05",),
    metric=SELL_IN_NET,
    method=SLICED,
    tiers=(Tier(0, Decimal(1)),),
)
PROMOTION = PromotionTerms(
    name="P",
    type="FREE_GOODS",
    valid_from=day("2026-01-01"),
    valid_to=day("2026-12-31"),
    budget=10**9,
    cap_per_dealer=10**8,
)


def accepted_policy() -> list[Fact]:
    """D05 earns one per cent of what it buys in the first quarter."""
    return [
        fact(IncentivePolicy, "RB", IncentivePolicy.Drafted(*BY, terms=REBATE)),
        fact(IncentivePolicy, "RB", IncentivePolicy.Accepted(*BY, dealer="D05", e_seal="seal")),
        fact(IncentiveBook, "D05", IncentiveBook.Entered(*BY, policy="RB")),
    ]


def promotion() -> list[Fact]:
    """D05 takes part in a promotion whose claims may be paid in any way."""
    known = [
        Promotion.Drafted(*BY, terms=PROMOTION),
        Promotion.Approved(*BY),
        Promotion.Published(*BY, terms=PROMOTION),
        Promotion.DealerEnrolled(*BY, dealer="D05"),
    ]
    return [fact(Promotion, "P", one) for one in known]
