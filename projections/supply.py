"""Supply: transfers, work orders and requisitions, and what they let us promise."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Column, Date, Index

from domain.orders import line_events as moved
from domain.supply.requisition import Requisition
from domain.supply.supply_event import SupplyEvent
from domain.supply.transfer import Transfer
from domain.supply.work_order import WorkOrder
from projections.columns import count, key, movement_table, state_table, text
from projections.effects import Add, Append, Change, Fact, Projection, Put, events_in

UNDATED = date(1970, 1, 1)
"""Day on which demand without a promise counts: before everything else."""

supply_documents = state_table(
    "supply_documents",
    "Every transfer, work order and requisition, with what is still to come of it.",
    key("doc", "Number of the document."),
    text("kind", "TRANSFER, WORK_ORDER or REQUISITION."),
    text("state", "State of the document."),
    text("sku", "Product or component."),
    text("wh", "Warehouse that the goods are for."),
    text("donor", "Warehouse that they come from, for transfers."),
    count("qty", "Quantity asked for, base units."),
    count("expected", "Quantity still to come."),
    Column("due", Date, comment="Day on which it is expected."),
    text("reason", "Why: ORDER, WO_COMPONENT, REPLENISHMENT and the like."),
    text("so", "Order that it was made for, if for one."),
    text("note", "What became of its purpose: an order that needs less of it."),
)

atp_timeline = state_table(
    "atp_timeline",
    "Dated receipts and demand of a product in a warehouse, beyond what is on the shelf.",
    key("wh", "Warehouse."),
    key("sku", "Product."),
    Column("day", Date, primary_key=True, comment="Day; 1970-01-01 for demand without a promise."),
    count("receipts", "Firm receipts due on the day, base units."),
    count("demand", "Confirmed demand without a reservation, promised for the day."),
)

supply_history = movement_table(
    "supply_history",
    "Every event of a transfer, work order or requisition.",
    text("doc", "Number of the document."),
    text("what", "Topic of the event."),
    text("state", "State that followed."),
    text("actor", "Who did it."),
    Index("ix_supply_history_doc", "doc", "position"),
)

STATES: dict[type, str] = {
    Transfer.Requested: "REQUESTED",
    Transfer.Approved: "RESERVED",
    Transfer.Dispatched: "DISPATCHED",
    Transfer.Cancelled: "CANCELLED",
}


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    event = fact.event
    match event:
        case moved.LineInSupply() | moved.LineBackordered():
            yield _demand(event.warehouse, event.sku, event.promise_date, event.qty)
        case moved.LineFreed(kind="TRANSFER" | "BACKORDER"):
            yield _demand(event.warehouse, event.sku, event.promise_date, -event.qty)
        case moved.LineFreed():
            return
        case moved.LinePromised():
            yield _demand(event.warehouse, event.sku, event.before, -event.qty)
            yield _demand(event.warehouse, event.sku, event.promise_date, event.qty)
        case _ if isinstance(event, SupplyEvent):
            yield from _document(fact, event)
            yield from _told(fact, event.state)
        case _:
            yield from _transfer(fact)


def _document(fact: Fact, event: SupplyEvent) -> Iterable[Change]:
    doc = {"doc": fact.key[0]}
    now = {"state": event.state, "expected": event.expected, "due": event.due}
    yield Put(supply_documents, doc, now)
    match event:
        case WorkOrder.Created(terms=terms):
            made = {"kind": "WORK_ORDER", "sku": terms.sku, "wh": terms.warehouse}
            why = {"qty": terms.qty, "so": terms.so or None}
            reason = "ORDER" if terms.so else "PLAN"
            yield Put(supply_documents, doc, made | why | {"reason": reason})
        case Requisition.Created(terms=wanted):
            bought = {"kind": "REQUISITION", "sku": wanted.item, "wh": wanted.warehouse}
            reason, so = wanted.reason, event.so or wanted.ref or None
            yield Put(
                supply_documents, doc, bought | {"qty": wanted.qty, "so": so, "reason": reason}
            )
        case WorkOrder.Repurposed() | Requisition.Repurposed():
            note = f"{event.so} needs {event.qty} less: {event.reason}"
            yield Put(supply_documents, doc, {"note": note})
    before = event.expected - event.change
    if (before, event.due_before) != (event.expected, event.due):
        if before and event.due_before:
            yield _receipt(event.warehouse, event.item, event.due_before, -before)
        if event.expected and event.due:
            yield _receipt(event.warehouse, event.item, event.due, event.expected)


def _transfer(fact: Fact) -> Iterable[Change]:
    event, doc = fact.event, {"doc": fact.key[0]}
    state = STATES.get(type(event))
    match event:
        case Transfer.Requested(terms=terms):
            head = {"kind": "TRANSFER", "sku": terms.sku, "wh": terms.target, "qty": terms.qty}
            head |= {"donor": terms.source, "due": terms.due, "reason": terms.reason}
            yield Put(supply_documents, doc, head | {"so": terms.so or None})
            yield Add(supply_documents, doc, {"expected": terms.qty})
        case Transfer.Cancelled():
            yield Put(supply_documents, doc, {"expected": 0})
        case Transfer.Dispatched(goods=goods):
            yield from _on_the_way(event, sum(one.qty for one in goods))
        case Transfer.Received(good=good, damaged=damaged, short=short):
            come = sum(one.qty for one in (*good, *damaged))
            state = "PARTIALLY_RECEIVED" if short else "RECEIVED"
            yield Add(supply_documents, doc, {"expected": -come})
            yield from _on_the_way(event, -come)
        case Transfer.LossConfirmed(goods=goods):
            gone = sum(one.qty for one in goods)
            yield Add(supply_documents, doc, {"expected": -gone})
            yield Put(supply_documents, doc, {"note": f"{gone} lost, claim {event.claim_no}"})
            yield from _on_the_way(event, -gone)
        case Transfer.Repurposed():
            note = f"{event.so} needs {event.qty} less: {event.reason}"
            yield Put(supply_documents, doc, {"note": note})
    if state is not None:
        yield Put(supply_documents, doc, {"state": state})
    yield from _told(fact, state)


def _on_the_way(
    event: Transfer.Dispatched | Transfer.Received | Transfer.LossConfirmed, qty: int
) -> Iterable[Change]:
    if event.due is not None:
        yield _receipt(event.target, event.sku, event.due, qty)


def _told(fact: Fact, state: str | None) -> Iterable[Change]:
    event = fact.event
    row = {"doc": fact.key[0], "what": event.TOPIC, "state": state, "actor": event.by.user}
    yield Append(supply_history, row)


def _receipt(wh: str, sku: str, day: date, qty: int) -> Add:
    return Add(atp_timeline, {"wh": wh, "sku": sku, "day": day}, {"receipts": qty})


def _demand(wh: str, sku: str, day: date | None, qty: int) -> Add:
    row = {"wh": wh, "sku": sku, "day": day or UNDATED}
    return Add(atp_timeline, row, {"demand": qty})


PROJECTION = Projection(
    name="supply",
    version=2,
    tables=(supply_documents, atp_timeline, supply_history),
    reads=frozenset(
        {
            *events_in(Transfer),
            *events_in(WorkOrder),
            *events_in(Requisition),
            moved.LineInSupply,
            moved.LineBackordered,
            moved.LineFreed,
            moved.LinePromised,
        }
    ),
    effects=effects,
)
