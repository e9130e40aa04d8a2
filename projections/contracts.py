"""Contracts: what was agreed, and how much of it was called off."""

from __future__ import annotations

from collections.abc import Iterable

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
    text("state", "State of the contract."),
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

STATES: dict[type, str] = {
    Contract.Submitted: "IN_APPROVAL",
    Contract.Signed: "ACTIVE",
    Contract.Terminated: "TERMINATED",
}


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    event, row = fact.event, {"contract": fact.key[0]}
    if type(event) in STATES:
        yield Put(contracts, row, {"state": STATES[type(event)]})
    match event:
        case Contract.Drafted():
            yield Put(contracts, row, {"state": "DRAFT", "author": event.by.user})
            yield Put(contracts, row, {"type": event.terms.type, "dealer": event.terms.dealer})
        case Contract.Approved(missing=()):
            yield Put(contracts, row, {"state": "APPROVED"})
        case Contract.Rejected():
            yield Put(contracts, row, {"state": "REJECTED"})
        case Contract.Signed(terms=terms, edition=edition):
            head = {"edition": edition, "document": event.document_hash}
            head |= {"valid_from": terms.valid_from, "valid_to": terms.valid_to}
            head |= {"amount_cap": terms.amount_cap, "end_customer": terms.end_customer}
            yield Put(contracts, row, head)
            for line in terms.lines:
                agreed = {"qty_max": line.qty_max, "unit_price": line.unit_price}
                first = {"remaining": line.qty_max} if edition == 1 else {}
                yield Put(contract_execution, row | {"sku": line.sku}, agreed | first)
        case Contract.CalledOff(sku=sku, qty=qty, net=net):
            yield from _called(row | {"sku": sku}, qty, net, event.remaining)
        case Contract.CallOffReturned(sku=sku, qty=qty, net=net):
            yield from _called(row | {"sku": sku}, -qty, -net, event.remaining)


def _called(row: dict[str, str], qty: int, net: int, remaining: int | None) -> Iterable[Change]:
    yield Add(contract_execution, row, {"called": qty, "called_net": net})
    yield Put(contract_execution, row, {"remaining": remaining})


PROJECTION = Projection(
    name="contracts",
    version=1,
    tables=(contracts, contract_execution),
    reads=frozenset(events_in(Contract)),
    effects=effects,
)
