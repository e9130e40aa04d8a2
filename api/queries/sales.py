"""Sales line by line: revenue, or what was invoiced."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from api.keys import Reader
from api.reading import Page, Reads, row_model
from projections.money.sales import sales_facts

router = APIRouter(tags=["sales"])

FactRow: Any = row_model(sales_facts)


@router.get("/v1/sales-facts", response_model=Page[FactRow])
def facts(
    reads: Reads,
    _: Reader,
    dealer: str | None = None,
    period: str | None = None,
    sku: str | None = None,
    so: str | None = None,
    basis: Annotated[
        Literal["RECOGNISED", "INVOICED"], Query(description="Revenue, or what was invoiced.")
    ] = "RECOGNISED",
) -> Any:
    """Sales and what was taken back of them, on one basis, in the order of record."""
    filters = {"dealer": dealer, "period": period, "sku": sku, "so": so, "basis": basis}
    return reads.page(sales_facts, filters)
