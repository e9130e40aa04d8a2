"""Sales: recognised revenue, line by line."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

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
) -> Any:
    """Recognised sales and what was taken back of them, in the order of record."""
    return reads.page(sales_facts, {"dealer": dealer, "period": period, "sku": sku, "so": so})
