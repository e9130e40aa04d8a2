"""Exporting: the history of a device or a lot as an EPCIS 2.0 document, read from the log.

Every event has its hash as its id. What a partner told us is given back as it was said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from domain.cases.partner_event import PartnerEvent
from domain.channel.dealer_stock import DealerStock
from domain.company.unique_key import UniqueKey
from domain.goods import serial_events
from domain.goods.holders import Holders
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.serial_number import SerialNumber
from domain.goods.stock_item import StockItem
from domain.goods.udi import DI_KIND
from eventlog.codec import Codec
from eventlog.reader import Reader
from eventlog.rows import EventRow, instant_of
from replays.epcis import devices, goods
from replays.epcis.hashing import event_hash, namespaces_of
from replays.epcis.identifiers import device, lot_class, ours

Said = dict[str, Any]
CONTEXT: list[Any] = [
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"baton": "urn:baton:epcis:"},
]
_NAMESPACES = namespaces_of(CONTEXT)


class Source:
    """The log as an exporter reads it: rows, decoded, up to what was known at an instant."""

    def __init__(self, reader: Reader, codec: Codec, known_at: datetime | None = None) -> None:
        self._reader, self._codec, self._known_at = reader, codec, known_at

    def stream(self, *key: str) -> Iterator[tuple[EventRow, Any]]:
        """Events of a stream, with their rows."""
        for row in self._reader.stream("/".join(key), known_at=self._known_at):
            yield row, self._codec.read(row)


def document(events: Iterable[Said], created: datetime) -> Said:
    """Put events into a document, oldest first."""
    return {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": created.astimezone(UTC).isoformat(timespec="milliseconds"),
        "epcisBody": {"eventList": list(events)},
    }


def device_events(source: Source, di: str, serial: str) -> list[Said]:
    """EPCIS events of a device; none for one that was never heard of."""
    told: list[tuple[int, Said]] = []
    by_version: dict[int, Said] = {}
    for row, event in source.stream(SerialNumber.CATEGORY, di, serial):
        if isinstance(event, serial_events.ErrorDeclared):
            wrong = by_version.get(event.corrects)
            if wrong is not None:
                told.append((row.position, _declared_wrong(wrong, event.reason, row)))
            continue
        if isinstance(event, serial_events.Observed):
            partners = list(_partner(source, event.sighting.raw))
            if partners:
                told += [(row.position, one) for one in partners]
                continue
        said = devices.tell(event)
        if said is not None:
            by_version[row.version] = _event(row, event, said, {"epcList": [device(di, serial)]})
            told.append((row.position, by_version[row.version]))
    return [one for _, one in sorted(told, key=lambda pair: pair[0])]


def lot_events(source: Source, sku: str, lot: str) -> list[Said]:
    """EPCIS events of a lot: what became of it at every warehouse and dealer that ever had it."""
    product, holders = Product.of(sku), Holders.of(sku)
    for _, event in source.stream(Product.CATEGORY, sku):
        product.fold(event)
    for _, event in source.stream(Holders.CATEGORY, sku):
        holders.fold(event)
    if not product.exists:
        return []
    epc, told = lot_class(product.base_di, lot), []
    for row, event in source.stream(Lot.CATEGORY, sku, lot):
        seen = isinstance(event, Lot.Observed)
        said = goods.tell(event, "")
        if said is not None:
            own = _event(row, event, said, _quantity(epc, event.qty if seen else None))
            told += (list(_partner(source, event.sighting.raw)) if seen else []) or [own]
    for warehouse in holders.warehouses:
        place = ours("warehouse", warehouse)
        for row, event in source.stream(StockItem.CATEGORY, warehouse, sku):
            said = goods.tell(event, place) if _of_lot(event, lot) else None
            if said is not None:
                told.append(_event(row, event, said, _quantity(epc, event.goods.qty)))
    for dealer in holders.who_had(lot):
        place = ours("dealer", dealer)
        for row, event in source.stream(DealerStock.CATEGORY, dealer):
            moved = getattr(event, "moved", None)
            mine = moved is not None and moved.key == f"{sku}/{lot}"
            said = goods.tell(event, place) if mine else None
            if said is not None and moved is not None:
                told.append(_event(row, event, said, _quantity(epc, moved.qty)))
    return sorted(told, key=lambda one: str(one["recordTime"]))


def goods_events(source: Source, di: str, serial: str | None, lot: str | None) -> list[Said]:
    """EPCIS events of what an identifier names."""
    if serial is not None:
        return device_events(source, di, serial)
    owners = [event.owner for _, event in source.stream(UniqueKey.CATEGORY, DI_KIND, di)]
    return lot_events(source, owners[-1], lot or "") if owners else []


def _of_lot(event: Any, lot: str) -> bool:
    return getattr(getattr(event, "goods", None), "lot", None) == lot


def _quantity(epc: str, qty: int | None) -> Said:
    element: Said = {"epcClass": epc}
    return {"quantityList": [element if qty is None else element | {"quantity": qty}]}


def _event(row: EventRow, event: Any, said: Said, what: Said) -> Said:
    """An event of ours with both times, and its hash as its id."""
    at: datetime = event.occurred_at
    whole = {
        "type": "ObjectEvent",
        "eventTime": at.isoformat(timespec="milliseconds"),
        "eventTimeZoneOffset": _offset(at),
        **what,
        **said,
        "baton:event": f"{row.stream}@{row.version}",
    }
    whole["eventID"] = event_hash(whole, _NAMESPACES)
    whole["recordTime"] = instant_of(row.recorded_at).isoformat(timespec="milliseconds")
    return whole


def _offset(at: datetime) -> str:
    minutes = int((at.utcoffset() or at.replace(tzinfo=UTC).utcoffset()).total_seconds()) // 60  # type: ignore[union-attr]
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _declared_wrong(wrong: Said, reason: str, row: EventRow) -> Said:
    """The same event once more, with the declaration that it is an error."""
    at = instant_of(row.recorded_at).isoformat(timespec="milliseconds")
    error = {"declarationTime": at, "reason": reason.lower()}
    return wrong | {"errorDeclaration": error, "recordTime": at}


def _partner(source: Source, hash_: str) -> Iterator[Said]:
    """What a partner told, as it was said, and its declaration of an error if there is one."""
    for row, event in source.stream(PartnerEvent.CATEGORY, hash_):
        at = instant_of(row.recorded_at).isoformat(timespec="milliseconds")
        body: Said = msgspec.json.decode(event.body)
        match event:
            case PartnerEvent.Captured(event_id=name):
                yield body | {"eventID": name, "recordTime": at}
            case PartnerEvent.ErrorDeclared():
                yield body | {"recordTime": at}
