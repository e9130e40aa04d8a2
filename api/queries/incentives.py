"""Incentives: rebates and their ledger, policies, promotions, claims."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import create_model
from sqlalchemy import select

from api.reading import Answer, Page, Reads, row_model
from projections.money.claims import claim_lines, claims, promotions
from projections.money.rebates import incentive_policies, rebate_ledger, rebates

router = APIRouter(tags=["incentives"])

ClaimRow: Any = row_model(claims)
LineRow: Any = row_model(claim_lines)
PromotionRow: Any = row_model(promotions)
PolicyRow: Any = row_model(incentive_policies)
RebateRow: Any = row_model(rebates)
MovementRow: Any = row_model(rebate_ledger)
ClaimInFull: Any = create_model(
    "ClaimInFull",
    __base__=Answer,
    __doc__="A claim with its lines.",
    item=(ClaimRow, ...),
    lines=(list[LineRow], ...),
)


@router.get("/v1/claims", response_model=Page[ClaimRow])
def every_claim(reads: Reads, dealer: str | None = None, state: str | None = None) -> Any:
    """Every claim of a dealer."""
    return reads.page(claims, {"dealer": dealer, "state": state})


@router.get("/v1/claims/{claim}", response_model=ClaimInFull)
def one_claim(reads: Reads, claim: str) -> Any:
    """One claim with its lines."""
    found = reads.one(claims, {"claim": claim})
    query = select(claim_lines).where(claim_lines.c.claim == claim)
    return found | {"lines": reads.rows(query.order_by(*claim_lines.primary_key))}


@router.get("/v1/promotions", response_model=Page[PromotionRow])
def every_promotion(reads: Reads, state: str | None = None) -> Any:
    """Promotions, and how far their budgets are used."""
    return reads.page(promotions, {"state": state})


@router.get("/v1/incentive-policies", response_model=Page[PolicyRow])
def policies(reads: Reads, state: str | None = None) -> Any:
    """Incentive policies, with their terms."""
    return reads.page(incentive_policies, {"state": state})


@router.get("/v1/rebates", response_model=Page[RebateRow])
def every_rebate(
    reads: Reads, dealer: str | None = None, policy: str | None = None, state: str | None = None
) -> Any:
    """What each dealer has earned under each policy, and what it got of it."""
    return reads.page(rebates, {"dealer": dealer, "policy": policy, "state": state})


@router.get("/v1/rebate-ledger", response_model=Page[MovementRow])
def movements(
    reads: Reads, dealer: str | None = None, policy: str | None = None, period: str | None = None
) -> Any:
    """Every movement of every rebate, with how it was reckoned."""
    return reads.page(rebate_ledger, {"dealer": dealer, "policy": policy, "period": period})
