"""The history of one device, gathered from every stream that speaks of it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from domain.cases.diversion_case import DiversionCase
from domain.goods import serial_events
from domain.goods.serial_number import SerialNumber
from domain.goods.shipment import Shipment
from domain.kernel.aggregate import Aggregate
from domain.orders.order import Order
from eventlog.codec import Codec
from eventlog.reader import Reader
from eventlog.rows import EventRow
from replays.histories.describing import say
from replays.histories.entry import Entry, fields_of


class History(msgspec.Struct, frozen=True):
    """A device's whole story, in the order in which it was recorded."""

    di: str
    serial: str
    sku: str
    state: str
    entries: tuple[Entry, ...]


def serial_history(
    reader: Reader, codec: Codec, di: str, serial: str, known_at: datetime | None = None
) -> History | None:
    """Gather the history of a device as known at an instant; None for one never heard of.

    Its own stream leads to the orders, shipments and cases that concern it.
    """
    unit = SerialNumber.of(di, serial)
    rows = reader.stream(unit.stream, known_at=known_at)
    if not rows:
        return None
    for row in rows:
        unit.fold(codec.read(row))
    streams: dict[str, None] = {}
    for row in reader.stream(unit.stream):
        # What was known of a shipment counts also before it was known to be this device's.
        streams.update(dict.fromkeys(_related(codec.read(row))))
    for stream in streams:
        rows += reader.stream(stream, known_at=known_at)
    rows.sort(key=lambda row: row.position)
    found = (_entry(codec, row) for row in rows)
    entries = tuple(entry for entry in found if entry is not None)
    return History(di, serial, unit.sku, unit.state or "UNKNOWN", entries)


def _related(event: object) -> list[str]:
    match event:
        case serial_events.Reserved(so=so):
            return [_stream(Order, so)]
        case serial_events.Shipped(passport=passport):
            return [_stream(Order, passport.so), _stream(Shipment, passport.shp)]
        case serial_events.CaseLinked(case=case):
            return [_stream(DiversionCase, case)]
    return []


def _stream(kind: type[Aggregate], key: str) -> str:
    return kind.of(key).stream


def _entry(codec: Codec, row: EventRow) -> Entry | None:
    event = codec.read(row)
    saying = say(event)
    if saying is None:
        return None
    return Entry(**fields_of(row, event, saying))
