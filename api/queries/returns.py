"""Returns, counts and installations."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api.reading import Page, Reads, row_model
from projections.returns import installations, returns, stock_counts

router = APIRouter(tags=["returns"])

ReturnRow: Any = row_model(returns)
CountRow: Any = row_model(stock_counts)
InstallationRow: Any = row_model(installations)


@router.get("/v1/returns", response_model=Page[ReturnRow])
def every_return(reads: Reads, dealer: str | None = None, state: str | None = None) -> Any:
    """Every return, with what became of it."""
    return reads.page(returns, {"dealer": dealer, "state": state})


@router.get("/v1/stock-counts", response_model=Page[CountRow])
def counts(reads: Reads, wh: str | None = None, state: str | None = None) -> Any:
    """Every count sheet, with its differences."""
    return reads.page(stock_counts, {"wh": wh, "state": state})


@router.get("/v1/installations", response_model=Page[InstallationRow])
def every_installation(reads: Reads, so: str | None = None, state: str | None = None) -> Any:
    """Every installation, with where it stands."""
    return reads.page(installations, {"so": so, "state": state})
