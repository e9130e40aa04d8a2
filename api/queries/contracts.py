"""Contracts: what was agreed, and how much of it was called off."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field, create_model
from sqlalchemy import select

from api.reading import Answer, Page, Reads, row_model
from projections.contracts import contract_execution, contracts
from projections.execution import execution
from projections.money.reconciliation import open_items
from projections.order_tables import order_lines, order_tracking

router = APIRouter(tags=["contracts"])

ContractRow: Any = row_model(contracts)
ExecutionRow: Any = row_model(contract_execution)


class Execution(BaseModel):
    """What came of a contract, gross minor units; each figure is the sum of its orders' events."""

    ordered: int = Field(description="Confirmed orders, less what was cancelled.")
    delivered: int = Field(description="Signed for.")
    invoiced: int = Field(description="Invoiced.")
    paid: int = Field(description="Settled of the invoices, by money, deposits or credit notes.")


ContractInFull: Any = create_model(
    "ContractInFull",
    __base__=Answer,
    __doc__="A contract with its products.",
    item=(ContractRow, ...),
    lines=(list[ExecutionRow], ...),
    orders=(list[str], ...),
    execution=(Execution, ...),
)


@router.get("/v1/contracts", response_model=Page[ContractRow])
def every_contract(reads: Reads, dealer: str | None = None, state: str | None = None) -> Any:
    """Every contract, with its state."""
    return reads.page(contracts, {"dealer": dealer, "state": state})


@router.get("/v1/contracts/{contract}", response_model=ContractInFull)
def one_contract(reads: Reads, contract: str) -> Any:
    """One contract with its products, what was called off of each, and what came of it."""
    found = reads.one(contracts, {"contract": contract})
    lines = contract_execution.c
    query = select(contract_execution).where(lines.contract == contract).order_by(lines.sku)
    mine = select(order_tracking.c.so).where(order_tracking.c.contract == contract)
    confirmed = mine.where(order_tracking.c.promise_date.is_not(None)).order_by(order_tracking.c.so)
    orders = [row["so"] for row in reads.rows(confirmed)]
    ordered = reads.rows(select(order_lines).where(order_lines.c.so.in_(orders)))
    invoices = reads.rows(select(open_items).where(open_items.c.so.in_(orders)))
    figures = execution(ordered, invoices)
    told = {"lines": reads.rows(query), "orders": orders, "execution": figures}
    return found | told
