"""Contracts: what was agreed, and how much of it was called off."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import create_model
from sqlalchemy import select

from api.reading import Answer, Page, Reads, row_model
from projections.contracts import contract_execution, contracts

router = APIRouter(tags=["contracts"])

ContractRow: Any = row_model(contracts)
ExecutionRow: Any = row_model(contract_execution)
ContractInFull: Any = create_model(
    "ContractInFull",
    __base__=Answer,
    __doc__="A contract with its products.",
    item=(ContractRow, ...),
    lines=(list[ExecutionRow], ...),
)


@router.get("/v1/contracts", response_model=Page[ContractRow])
def every_contract(reads: Reads, dealer: str | None = None, state: str | None = None) -> Any:
    """Every contract, with its state."""
    return reads.page(contracts, {"dealer": dealer, "state": state})


@router.get("/v1/contracts/{contract}", response_model=ContractInFull)
def one_contract(reads: Reads, contract: str) -> Any:
    """One contract with its products, and what was called off of each."""
    found = reads.one(contracts, {"contract": contract})
    lines = contract_execution.c
    query = select(contract_execution).where(lines.contract == contract).order_by(lines.sku)
    return found | {"lines": reads.rows(query)}
