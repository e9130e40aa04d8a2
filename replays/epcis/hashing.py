"""Hashing: the identity of an EPCIS event (CBV 2.0, section 8.9): same content, same id.

The fields of an event are written in a fixed order and in one form, without separators, and hashed
with SHA-256. Record time, event id and error declarations are left out, so that an event that is
declared an error keeps its identity.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from replays.epcis.identifiers import canonical
from replays.epcis.vocabulary import CBV, VOC

Event = Mapping[str, Any]
Namespaces = Mapping[str, str]

LEFT_OUT = {
    "@context",
    "comment",
    "certificationInfo",
    "errorDeclaration",
    "eventID",
    "rdfs:comment",
    "recordTime",
    "type",
}
_TIMES = {"time", "startTime", "endTime"}
_METADATA = "time startTime endTime deviceID deviceMetadata rawData dataProcessingMethod bizRules"
_REPORT = (
    "type exception deviceID deviceMetadata rawData dataProcessingMethod time microorganism "
    "chemicalSubstance value component stringValue booleanValue hexBinaryValue uriValue minValue "
    "maxValue meanValue sDev percRank percValue uom coordinateReferenceSystem"
)
_STANDARD = {"gs1": VOC, "cbv": CBV, "cbvmda": "urn:epcglobal:cbv:mda"}
_CBV_URNS = (("bizstep", "BizStep"), ("disp", "Disp"), ("btt", "BTT"), ("sdt", "SDT"), ("er", "ER"))


def event_hash(event: Event, namespaces: Namespaces) -> str:
    """Hash id of an event: ``ni:///sha-256;HEX?ver=CBV2.0``."""
    digest = hashlib.sha256(prehash(event, namespaces).encode()).hexdigest()
    return f"ni:///sha-256;{digest}?ver=CBV2.0"


def namespaces_of(context: Any) -> dict[str, str]:
    """Prefixes of a JSON-LD context."""
    found = dict(_STANDARD)
    for one in context if isinstance(context, list) else [context]:
        if isinstance(one, dict):
            found |= {name: uri for name, uri in one.items() if isinstance(uri, str)}
    return found


def prehash(event: Event, namespaces: Namespaces) -> str:
    """Everything that makes an event what it is, in one text."""
    text = f"eventType={event['type']}"
    for name, write in _FIELDS.items():
        value = event.get(name)
        if value not in (None, "", [], {}):
            text += write(name, value)
    if event.get("ilmd"):
        text += "ilmd" + _extension(event["ilmd"], namespaces)
    text += _inner_extensions(event, namespaces)
    own = {one: event[one] for one in event if one not in {*LEFT_OUT, *_FIELDS, "ilmd"}}
    return text + _extension(own, namespaces)


def _leaf(name: str, value: Any) -> str:
    return f"{name}={_plain(value)}"


def _time(name: str, value: Any) -> str:
    return f"{name}={_instant(value)}"


def _epcs(name: str, value: Any) -> str:
    return name + "".join(sorted(f"epc={_plain(one)}" for one in value))


def _quantities(name: str, value: Any) -> str:
    fields = ("epcClass", "quantity", "uom")
    written = ("quantityElement" + _some(one, fields) for one in value)
    return name + "".join(sorted(written))


def _word(kind: str) -> Callable[[str, Any], str]:
    def write(name: str, value: Any) -> str:
        return f"{name}={_bare(value, kind)}"

    return write


def _persistent(name: str, value: Any) -> str:
    text = name
    for one in ("set", "unset"):
        words = (_bare(word, "Disp") for word in value.get(one, []))
        text += "".join(sorted(f"{one}={word}" for word in words))
    return text


def _place(name: str, value: Any) -> str:
    return name + _some(value, ("id",))


def _pairs(field: str, kind: str) -> Callable[[str, Any], str]:
    def write(name: str, value: Any) -> str:
        written = []
        for one in value:
            typed = f"type={_bare(one['type'], kind)}" if one.get("type") else ""
            written.append(f"{typed}{field}={_plain(one[field])}")
        return name + "".join(sorted(written))

    return write


def _sensors(_: str, value: Any) -> str:
    elements = []
    for element in value:
        text = "sensorElement"
        metadata = _some(element.get("sensorMetadata", {}), _METADATA.split())
        text += f"sensorMetadata{metadata}" if metadata else ""
        reports = element.get("sensorReport", [])
        text += "".join(sorted("sensorReport" + _report(one) for one in reports))
        elements.append(text)
    return "".join(sorted(elements))


def _report(report: Event) -> str:
    text = ""
    for name in _REPORT.split():
        if name not in report:
            continue
        value = report[name]
        if name in ("type", "exception"):
            said = value if ":" in value else VOC + value
            text += _leaf(name, said)
        elif name == "component":
            text += f"{name}={_bare(value, 'Comp')}"
        elif name in _TIMES:
            text += _time(name, value)
        else:
            text += _leaf(name, value)
    return text


_FIELDS: dict[str, Callable[[str, Any], str]] = {
    "eventTime": _time,
    "eventTimeZoneOffset": _leaf,
    "epcList": _epcs,
    "parentID": _leaf,
    "inputEPCList": _epcs,
    "childEPCs": _epcs,
    "quantityList": _quantities,
    "childQuantityList": _quantities,
    "inputQuantityList": _quantities,
    "outputEPCList": _epcs,
    "outputQuantityList": _quantities,
    "action": _leaf,
    "transformationID": _leaf,
    "bizStep": _word("BizStep"),
    "disposition": _word("Disp"),
    "persistentDisposition": _persistent,
    "readPoint": _place,
    "bizLocation": _place,
    "bizTransactionList": _pairs("bizTransaction", "BTT"),
    "sourceList": _pairs("source", "SDT"),
    "destinationList": _pairs("destination", "SDT"),
    "sensorElementList": _sensors,
}
"""The fields of events in the order in which they are hashed, and how each is written."""


def _some(value: Event, names: Iterable[str]) -> str:
    text = ""
    for name in names:
        if name in value:
            write = _time if name in _TIMES else _leaf
            text += write(name, value[name])
    return text


def _inner_extensions(event: Event, namespaces: Namespaces) -> str:
    """Extensions inside of standard fields come after all fields, under their fields' names."""
    text = ""
    for name in ("readPoint", "bizLocation"):
        inner = _foreign(event.get(name) or {}, namespaces)
        text += name + inner if inner else ""
    for element in event.get("sensorElementList") or []:
        inner = _foreign(element.get("sensorMetadata") or {}, namespaces)
        inner = f"sensorMetadata{inner}" if inner else ""
        for report in element.get("sensorReport", []):
            told = _foreign(report, namespaces)
            inner += f"sensorReport{told}" if told else ""
        inner += _foreign(element, namespaces)
        text += f"sensorElement{inner}" if inner else ""
    return text


def _foreign(value: Event, namespaces: Namespaces) -> str:
    return _extension({one: value[one] for one in value if ":" in one}, namespaces)


def _extension(value: Event, namespaces: Namespaces) -> str:
    """Extensions, sorted at each level by their whole text."""
    written = []
    for name, content in value.items():
        if name in LEFT_OUT:
            continue
        key = _key(name, namespaces)
        for one in content if isinstance(content, list) else [content]:
            if isinstance(one, dict):
                written.append(key + _extension(one, namespaces))
            else:
                plain = _plain(one)
                written.append(f"{key}={plain}" if plain else key)
    return "".join(sorted(written))


def _key(name: str, namespaces: Namespaces) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{namespaces[prefix]}}}{local}" if local and prefix in namespaces else name


def _bare(value: str, kind: str) -> str:
    """A word of the vocabulary in its full form; what is one already, or another's, stays."""
    return _plain(value if ":" in value else f"{CBV}{kind}-{value}")


def _plain(value: Any) -> str:
    """A value in its one form: numbers without needless zeros, identifiers as Digital Links."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value).strip()
    prefix, _, local = text.partition(":")
    if local and prefix in ("gs1", "cbv"):
        text = _STANDARD[prefix] + local
    for short, long in _CBV_URNS:
        text = text.replace(f"urn:epcglobal:cbv:{short}:", f"{CBV}{long}-")
    number = _number(text)
    return canonical(text) if number is None else number


def _number(text: str) -> str | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    whole = number.to_integral_value()
    return str(whole) if number == whole else format(number.normalize(), "f")


def _instant(text: str) -> str:
    """An instant in UTC with three digits of a second, rounded half up."""
    at = datetime.fromisoformat(text).astimezone(UTC)
    thousandths = (Decimal(at.microsecond) / 1000).quantize(Decimal(1), ROUND_HALF_UP)
    at = at.replace(microsecond=0) + timedelta(milliseconds=int(thousandths))
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
