"""Serials: where a device is, and its whole history."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import select

from api.reading import Answer, One, Page, Reads, Told, row_model
from domain.kernel.refusal import NotFound
from projections.inventory import inventory_serials
from projections.order_tables import order_tracking
from replays.histories.devices import serial_history

router = APIRouter(tags=["serials"])

SerialRow: Any = row_model(inventory_serials)


class HistoryEntry(Told):
    """One line of a history: what, where, under which document, by whom, with both times."""

    position: int
    occurred_at: datetime = Field(description="Business time.")
    recorded_at: datetime = Field(description="Record time.")
    stream: str
    version: int
    topic: str
    text: str
    place: str
    document: str
    actor: str
    role: str
    via: str | None = Field(description="API key of a service that acted for the actor.")
    command_id: str


class SerialHistory(Answer):
    """A device's whole story, in the order in which it was recorded."""

    di: str
    serial: str
    sku: str
    state: str
    entries: list[HistoryEntry]


@router.get("/v1/serials", response_model=Page[SerialRow])
def serials(
    reads: Reads,
    sku: str | None = None,
    state: str | None = None,
    wh: str | None = None,
    dealer: str | None = None,
) -> Any:
    """Every device, with where it is and whose."""
    filters = {"sku": sku, "state": state, "wh": wh, "dealer": dealer}
    page = reads.page(inventory_serials, filters)
    _leave_out_orders_of_others(reads, page["items"])
    return page


@router.get("/v1/serials/{di}/{serial}", response_model=One[SerialRow])
def serial_number(reads: Reads, di: str, serial: str) -> Any:
    """One device."""
    found = reads.one(inventory_serials, {"di": di, "serial": serial})
    _leave_out_orders_of_others(reads, [found["item"]])
    return found


@router.get("/v1/serials/{di}/{serial}/history", response_model=SerialHistory)
def history(
    reads: Reads,
    di: str,
    serial: str,
    known_at: Annotated[datetime | None, Query(description="Record time; now if none.")] = None,
) -> Any:
    """Who did what with a device, when, where, under which document, read from the log itself."""
    engine = reads.engine
    found = serial_history(engine.reader, engine.codec, di, serial, reads.moment(known_at))
    if found is None:
        raise NotFound(kind="SerialNumber", id=f"{di}/{serial}")
    story = {name: getattr(found, name) for name in ("di", "serial", "sku", "state")}
    return {**reads.state(), **story, "entries": found.entries}


def _leave_out_orders_of_others(reads: Reads, rows: list[dict[str, Any]]) -> None:
    """A device that a dealer bought of another dealer still names that dealer's order."""
    if reads.scope is None:
        return
    order, named = order_tracking.c, {row["so"] for row in rows}
    query = select(order.so).where(order.dealer == reads.scope, order.so.in_(named - {None}))
    own = {row["so"] for row in reads.rows(query)}
    for row in rows:
        if row["so"] not in own:
            row |= {"so": None, "shipment": None}
