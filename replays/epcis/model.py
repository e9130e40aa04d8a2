"""Model: what makes a document an EPCIS 2.0 document, checked by our own reading of the standard.

Structure and vocabulary are checked, and all faults named at once, each with its path. Extensions
(names with a prefix, or URIs) may hold anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from replays.epcis.vocabulary import (
    ACTIONS,
    BIZ_STEPS,
    DISPOSITIONS,
    ERROR_REASONS,
    PARTIES,
    TRANSACTIONS,
)

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_OFFSET = re.compile(r"[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00)")
_VERSION = re.compile(r"\d+(\.\d+)*")
_UNIT = re.compile(r"[A-Z0-9]{2,3}")
_FOREIGN_CBV = re.compile(r"urn:epcglobal:cbv:|https?://ns\.gs1\.org/cbv/")


class Fault(NamedTuple):
    """What is wrong, and where: a path such as ``epcisBody.eventList[2].bizStep``."""

    path: str
    reason: str


Check = Callable[[Any, str], Iterator[Fault]]


def document_faults(document: Any) -> list[Fault]:
    """Everything that is wrong with an EPCIS document."""
    if not isinstance(document, dict):
        return [Fault("", "an object")]
    found = list(_known(document, "", _DOCUMENT, ("@context", "type", "schemaVersion")))
    found += _needed(document, "", ("creationDate", "epcisBody"))
    if document.get("type") != "EPCISDocument":
        found.append(Fault("type", "EPCISDocument"))
    body = document.get("epcisBody")
    events = body.get("eventList") if isinstance(body, dict) else None
    if not isinstance(events, list):
        return [*found, Fault("epcisBody.eventList", "a list of events")]
    for place, event in enumerate(events):
        found += event_faults(event, f"epcisBody.eventList[{place}]")
    return found


def event_faults(event: Any, path: str = "") -> list[Fault]:
    """Everything that is wrong with an event."""
    if not isinstance(event, dict):
        return [Fault(path, "an object")]
    kind = event.get("type")
    if kind not in EVENTS:
        return [Fault(_at(path, "type"), f"one of {', '.join(EVENTS)}")]
    own, needed = EVENTS[kind]
    found = list(_known(event, path, _COMMON | own, ("eventTime", "eventTimeZoneOffset", *needed)))
    return found + list(_conditions(event, kind, path))


def _conditions(event: dict[str, Any], kind: str, path: str) -> Iterator[Fault]:
    """What a kind of event needs beside its fields."""
    deleted = event.get("action") == "DELETE"
    sensed = bool(event.get("sensorElementList")) and "readPoint" in event
    goods = bool(event.get("quantityList")) or "epcList" in event
    children = bool(event.get("childEPCs")) or bool(event.get("childQuantityList"))
    if kind == "ObjectEvent":
        if not (goods or sensed):
            yield Fault(_at(path, "epcList"), "goods, or what a sensor read at a place")
        if "ilmd" in event and event.get("action") != "ADD":
            yield Fault(_at(path, "ilmd"), "only where goods begin (action ADD)")
    if kind == "TransactionEvent" and not (goods or deleted):
        yield Fault(_at(path, "epcList"), "goods")
    if kind in ("AggregationEvent", "AssociationEvent") and not (children or deleted):
        yield Fault(_at(path, "childEPCs"), "what is inside")
    if kind == "AggregationEvent" and event.get("action") != "OBSERVE" and "parentID" not in event:
        yield Fault(_at(path, "parentID"), "what it is inside of")
    if kind == "TransformationEvent":
        came = bool(event.get("inputEPCList") or event.get("inputQuantityList"))
        went = bool(event.get("outputEPCList") or event.get("outputQuantityList"))
        if not ((came and went) or ("transformationID" in event and (came or went))):
            yield Fault(path, "inputs and outputs, or one of them and a transformationID")


def _known(
    value: dict[str, Any], path: str, fields: dict[str, Check], needed: tuple[str, ...]
) -> Iterator[Fault]:
    """Fields that are missing, that are not known, and what is wrong with the others."""
    yield from _needed(value, path, needed)
    for name, content in value.items():
        if name in fields:
            yield from fields[name](content, _at(path, name))
        elif not _URI.fullmatch(name) and name != "comment":
            yield Fault(_at(path, name), "a field of the standard, or one with a prefix")


def _needed(value: dict[str, Any], path: str, names: tuple[str, ...]) -> Iterator[Fault]:
    for name in names:
        if name not in value:
            yield Fault(_at(path, name), "needed")


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _anything(_value: Any, _path: str) -> Iterator[Fault]:
    yield from ()


def _matching(pattern: re.Pattern[str], reason: str) -> Check:
    def check(value: Any, path: str) -> Iterator[Fault]:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            yield Fault(path, reason)

    return check


def _text(value: Any, path: str) -> Iterator[Fault]:
    if not isinstance(value, str):
        yield Fault(path, "a text")


def _instant(value: Any, path: str) -> Iterator[Fault]:
    try:
        fine = isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        fine = False
    if not fine:
        yield Fault(path, "an instant with its offset (RFC 3339)")


def _word(words: frozenset[str]) -> Check:
    def check(value: Any, path: str) -> Iterator[Fault]:
        own = isinstance(value, str) and bool(_URI.fullmatch(value))
        foreign = isinstance(value, str) and bool(_FOREIGN_CBV.match(value))
        if foreign or not (own or (isinstance(value, str) and value in words)):
            yield Fault(path, "a word of the vocabulary, or a URI of one's own")

    return check


def _exactly(words: frozenset[str]) -> Check:
    def check(value: Any, path: str) -> Iterator[Fault]:
        if not isinstance(value, str) or value not in words:
            yield Fault(path, f"one of {', '.join(sorted(words))}")

    return check


def _list(one: Check, *, least: int = 0) -> Check:
    def check(value: Any, path: str) -> Iterator[Fault]:
        if not isinstance(value, list) or len(value) < least:
            yield Fault(path, f"a list of at least {least}")
            return
        for place, content in enumerate(value):
            yield from one(content, f"{path}[{place}]")

    return check


def _unique(one: Check) -> Check:
    def check(value: Any, path: str) -> Iterator[Fault]:
        yield from _list(one)(value, path)
        if isinstance(value, list) and len({repr(each) for each in value}) < len(value):
            yield Fault(path, "each once")

    return check


def _object(
    fields: dict[str, Check], needed: tuple[str, ...] = (), *, closed: bool = False
) -> Check:
    def check(value: Any, path: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault(path, "an object")
            return
        yield from _known(value, path, fields, needed)
        for name in value if closed else ():
            if name not in fields:
                yield Fault(_at(path, name), "no such field")

    return check


def _number(value: Any, path: str) -> Iterator[Fault]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield Fault(path, "a number")


def _certificates(value: Any, path: str) -> Iterator[Fault]:
    yield from (_list(_uri) if isinstance(value, list) else _uri)(value, path)


_uri = _matching(_URI, "a URI")
_epcs = _unique(_uri)
_quantity = _object(
    {"epcClass": _uri, "quantity": _number, "uom": _matching(_UNIT, "a unit (UN/ECE Rec 20)")},
    ("epcClass",),
    closed=True,
)
_quantities = _list(_quantity)
_place = _object({"id": _uri}, ("id",))
_transaction = _object(
    {"type": _word(TRANSACTIONS), "bizTransaction": _uri}, ("bizTransaction",), closed=True
)
_source = _object({"type": _word(PARTIES), "source": _uri}, ("type", "source"), closed=True)
_destination = _object(
    {"type": _word(PARTIES), "destination": _uri}, ("type", "destination"), closed=True
)
_dispositions = _unique(_word(DISPOSITIONS))
_persistent = _object({"set": _dispositions, "unset": _dispositions})
_error = _object(
    {
        "declarationTime": _instant,
        "reason": _word(ERROR_REASONS),
        "correctiveEventIDs": _list(_uri),
    },
    ("declarationTime",),
)

_DOCUMENT: dict[str, Check] = {
    "@context": _anything,
    "id": _uri,
    "type": _text,
    "schemaVersion": _matching(_VERSION, "numbers with points"),
    "creationDate": _instant,
    "instanceIdentifier": _text,
    "sender": _text,
    "receiver": _text,
    "epcisHeader": _anything,
    "epcisBody": _anything,
}

_COMMON: dict[str, Check] = {
    "@context": _anything,
    "type": _text,
    "eventTime": _instant,
    "recordTime": _instant,
    "eventTimeZoneOffset": _matching(_OFFSET, "an offset such as +08:00"),
    "eventID": _uri,
    "certificationInfo": _certificates,
    "errorDeclaration": _error,
    "bizStep": _word(BIZ_STEPS),
    "disposition": _word(DISPOSITIONS),
    "readPoint": _place,
    "bizLocation": _place,
    "bizTransactionList": _list(_transaction),
    "sourceList": _list(_source),
    "destinationList": _list(_destination),
    "sensorElementList": _list(_anything),
}

_ACTION: dict[str, Check] = {"action": _exactly(ACTIONS)}
_GOODS: dict[str, Check] = {"epcList": _epcs, "quantityList": _quantities}
_INSIDE: dict[str, Check] = {
    "parentID": _uri,
    "childEPCs": _list(_uri),
    "childQuantityList": _quantities,
}
_BEGUN: dict[str, Check] = {"persistentDisposition": _persistent, "ilmd": _object({})}

EVENTS: dict[str, tuple[dict[str, Check], tuple[str, ...]]] = {
    "ObjectEvent": (_ACTION | _GOODS | _BEGUN, ("action",)),
    "AggregationEvent": (_ACTION | _INSIDE, ("action",)),
    "AssociationEvent": (_ACTION | _INSIDE, ("action", "parentID")),
    "TransactionEvent": (
        _ACTION | _GOODS | {"parentID": _uri, "bizTransactionList": _list(_transaction, least=1)},
        ("action", "bizTransactionList"),
    ),
    "TransformationEvent": (
        _BEGUN
        | {
            "inputEPCList": _epcs,
            "inputQuantityList": _quantities,
            "outputEPCList": _epcs,
            "outputQuantityList": _quantities,
            "transformationID": _uri,
        },
        (),
    ),
}
"""Kinds of events: their own fields, and those that they need."""
