"""Dealers: their standing, rights and papers; and what is about to expire."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import create_model
from sqlalchemy import select

from api.reading import Answer, Page, Reads, row_model
from projections.dealers import (
    dealer_exceptions,
    dealer_licences,
    dealer_rights,
    dealers,
    expiry_warnings,
)

router = APIRouter(tags=["dealers"])

DealerRow: Any = row_model(dealers)
RightRow: Any = row_model(dealer_rights)
ExceptionRow: Any = row_model(dealer_exceptions)
LicenceRow: Any = row_model(dealer_licences)
WarningRow: Any = row_model(expiry_warnings)
DealerInFull: Any = create_model(
    "DealerInFull",
    __base__=Answer,
    __doc__="A dealer with its rights, exceptions and licences.",
    item=(DealerRow, ...),
    rights=(list[RightRow], ...),
    exceptions=(list[ExceptionRow], ...),
    licences=(list[LicenceRow], ...),
)


@router.get("/v1/dealers", response_model=Page[DealerRow])
def every_dealer(
    reads: Reads, status: str | None = None, tier: str | None = None, parent: str | None = None
) -> Any:
    """Every dealer, with its standing."""
    return reads.page(dealers, {"status": status, "tier": tier, "parent": parent})


@router.get("/v1/dealers/{dealer}", response_model=DealerInFull)
def one_dealer(reads: Reads, dealer: str) -> Any:
    """One dealer, with what it may sell where and under which papers, past and present."""
    found = reads.one(dealers, {"dealer": dealer})
    for name, table in (
        ("rights", dealer_rights),
        ("exceptions", dealer_exceptions),
        ("licences", dealer_licences),
    ):
        query = select(table).where(table.c.dealer == dealer)
        found[name] = reads.rows(query.order_by(*table.primary_key.columns))
    return found


@router.get("/v1/expiry-warnings", response_model=Page[WarningRow])
def warnings(reads: Reads, kind: str | None = None, holder: str | None = None) -> Any:
    """Every warning that a lot or a licence is about to expire, in the order they were given."""
    return reads.page(expiry_warnings, {"kind": kind, "holder": holder})
