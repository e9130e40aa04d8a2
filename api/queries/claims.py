"""Claims: what dealers ask of us beside their orders."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import create_model
from sqlalchemy import select

from api.reading import Answer, Page, Reads, row_model
from projections.claims import claim_lines, claims

router = APIRouter(tags=["claims"])

ClaimRow: Any = row_model(claims)
LineRow: Any = row_model(claim_lines)
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
