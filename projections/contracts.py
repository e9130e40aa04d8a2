"""Contracts: what was agreed, and how much of it was called off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Date

from domain.orders.contract import Contract
from projections.columns import Price, count, key, state_table, text
from projections.effects import Add, Change, Fact, Projection, Put, events_in

contracts = state_table(
    "contracts",
    "Every contract, with its state.",
    key("contract", "Contract."),
    text("type", "PROJECT, FRAMEWORK, TENDER, SERVICE or LEASE."),
    text("dealer", "Dealer."),
    text("end_customer", "Hospital, where it is for one."),
    text("state", "DRAFT to APPROVED, ACTIVE, AMENDING, TERMINATED."),
    text("supplement", "Stage of the supplement that is proposed, if any."),
    count("edition", "Number of the signed version in force; 0 for none."),
    Column("valid_from", Date, comment="First day."),
    Column("valid_to", Date, comment="Last day."),
    Column("amount_cap", BigInteger, comment="Most that may be called off, net minor units."),
    text("author", "Who drafted it."),
    text("document", "Hash of the signed paper."),
)

contract_execution = state_table(
    "contract_execution",
    "Every product of a contract, with what was called off.",
    key("contract", "Contract."),
    key("sku", "Product."),
    Column("qty_max", BigInteger, comment="Most that may be called off; empty for no limit."),
    Column("unit_price", Price, comment="Agreed price per unit."),
    count("called", "Called off by confirmed orders, base units."),
    count("called_net", "Called off, net minor units."),
    Column("remaining", BigInteger, comment="Still to be called off; empty for no limit."),
)


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    event, row = fact.event, {"contract": fact.key[0]}
    match event:
        case Contract.Drafted(terms=terms, in_force=edition):
            if not edition:
                yield Put(contracts, row, {"type": terms.type, "dealer": terms.dealer})
            yield Put(contracts, row, {"author": event.by.user} | _stage("DRAFT", edition))
        case Contract.Submitted(in_force=edition):
            yield Put(contracts, row, _stage("IN_APPROVAL", edition))
        case Contract.Rejected(in_force=edition):
            yield Put(contracts, row, _stage("REJECTED", edition))
        case Contract.Approved(missing=(), in_force=edition):
            yield Put(contracts, row, _stage("APPROVED", edition))
        case Contract.Terminated():
            yield Put(contracts, row, {"state": "TERMINATED", "supplement": None})
        case Contract.Signed(terms=terms, edition=edition):
            head: dict[str, Any] = {"state": "ACTIVE", "supplement": None, "edition": edition}
            head |= {"document": event.document_hash}
            head |= {"valid_from": terms.valid_from, "valid_to": terms.valid_to}
            head |= {"amount_cap": terms.amount_cap, "end_customer": terms.end_customer}
            yield Put(contracts, row, head)
            for line in terms.lines:
                agreed = {"qty_max": line.qty_max, "unit_price": line.unit_price}
                agreed["remaining"] = event.remaining.get(line.sku, line.qty_max)
                yield Put(contract_execution, row | {"sku": line.sku}, agreed)
        case Contract.CalledOff(sku=sku, qty=qty, net=net):
            yield from _called(row | {"sku": sku}, qty, net, event.remaining)
        case Contract.CallOffReturned(sku=sku, qty=qty, net=net):
            yield from _called(row | {"sku": sku}, -qty, -net, event.remaining)


def _stage(stage: str, in_force: int) -> dict[str, str | None]:
    """How a proposal stands: a contract that is in force meanwhile stays so, and is amended."""
    if not in_force:
        return {"state": stage}
    if stage == "REJECTED":
        return {"state": "ACTIVE", "supplement": stage}
    return {"state": "AMENDING", "supplement": stage}


def _called(row: dict[str, str], qty: int, net: int, remaining: int | None) -> Iterable[Change]:
    yield Add(contract_execution, row, {"called": qty, "called_net": net})
    yield Put(contract_execution, row, {"remaining": remaining})


PROJECTION = Projection(
    name="contracts",
    version=2,
    tables=(contracts, contract_execution),
    reads=frozenset(events_in(Contract)),
    effects=effects,
)
