"""Lots and recalls: where every unit of a lot is, who has what is recalled, and who was told."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import Field, create_model
from sqlalchemy import select

from api.reading import Answer, Page, Reads, row_model
from domain.kernel.refusal import NotFound
from projections.lots import lot_trace
from projections.recalls import recall_list, recall_stock, recalls

router = APIRouter(tags=["lots"])

TraceRow: Any = row_model(lot_trace)
RecallRow: Any = row_model(recalls)
ConsigneeRow: Any = row_model(recall_list)
LockedRow: Any = row_model(recall_stock)
LotTrace: Any = create_model(
    "LotTrace",
    __base__=Answer,
    __doc__="Where every unit of a lot is, by holder. The balances sum to what there ever was.",
    sku=(str, ...),
    lot=(str, ...),
    total=(int, Field(description="Sum of the balances, base units.")),
    holders=(list[TraceRow], ...),
)
RecallInFull: Any = create_model(
    "RecallInFull",
    __base__=Answer,
    __doc__="A recall with what was locked, and everybody who has any.",
    item=(RecallRow, ...),
    stock=(list[LockedRow], ...),
    consignees=(list[ConsigneeRow], ...),
)


@router.get("/v1/lots/{sku}/{lot}/trace", response_model=LotTrace)
def trace(reads: Reads, sku: str, lot: str) -> Any:
    """Where every unit of a lot is: with us, on its way, at dealers, at hospitals, or gone."""
    query = select(lot_trace).where(lot_trace.c.sku == sku, lot_trace.c.lot == lot)
    rows = reads.rows(query.order_by(lot_trace.c.kind, lot_trace.c.holder))
    if not rows:
        raise NotFound(kind="Lot", id=f"{sku}/{lot}")
    total = sum(row["balance"] for row in rows)
    return {**reads.state(), "sku": sku, "lot": lot, "total": total, "holders": rows}


@router.get("/v1/recalls", response_model=Page[RecallRow])
def every_recall(reads: Reads, state: str | None = None) -> Any:
    """Every recall, drills too."""
    return reads.page(recalls, {"state": state})


@router.get("/v1/recalls/{recall}", response_model=RecallInFull)
def one_recall(reads: Reads, recall: str) -> Any:
    """One recall, with what was locked and everybody who has any."""
    found = reads.one(recalls, {"recall": recall})
    for name, table in (("stock", recall_stock), ("consignees", recall_list)):
        query = select(table).where(table.c.recall == recall).order_by(*table.primary_key)
        found[name] = reads.rows(query)
    return found
