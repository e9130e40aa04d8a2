"""The storage format, by example: what was ever written must be read, and written alike.

``wire_format.json`` holds, for each topic, the text of an event with every field filled, and the
defaults of the fields that a text may leave out. Add, never rename: an example that is there is
never changed. For a new event, or a new field of an old one, run

    python -m tests.eventlog.wire_format

which adds what is missing at the end, and commit the file with the code.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

from domain.catalogue import EVENTS
from eventlog.codec import Codec, UnknownTopicError

FILE = Path(__file__).with_name("wire_format.json")
Example = dict[str, Any]

_PLAIN: dict[type[inspect.Type], Callable[[str], Any]] = {
    inspect.StrType: lambda name: f"some {name.replace('_', ' ')}",
    inspect.IntType: lambda _name: 7,
    inspect.FloatType: lambda _name: 7.5,
    inspect.BoolType: lambda _name: True,
    inspect.NoneType: lambda _name: None,
    inspect.AnyType: lambda name: f"any {name}",
    inspect.DecimalType: lambda _name: Decimal("12.50"),
    inspect.DateType: lambda _name: dt.date(2026, 3, 2),
    inspect.DateTimeType: lambda _name: dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC),
}


def filled(kind: inspect.Type, name: str = "value") -> Any:
    """A value of a type with something in every field, at any depth."""
    match kind:
        case inspect.StructType():
            values = {
                field.name: _unlike(field.default, filled(field.type, field.name))
                for field in kind.fields
            }
            return kind.cls(**values)
        case inspect.UnionType():
            (known,) = _alternatives(kind)
            return filled(known, name)
        case inspect.VarTupleType():
            return (filled(kind.item_type, name),)
        case inspect.TupleType():
            return tuple(filled(one, name) for one in kind.item_types)
        case inspect.ListType():
            return [filled(kind.item_type, name)]
        case inspect.FrozenSetType():
            return frozenset([filled(kind.item_type, name)])
        case inspect.DictType():
            return {
                filled(kind.key_type, f"key {number}"): filled(value, name)
                for number, value in enumerate(_alternatives(kind.value_type), 1)
            }
        case inspect.LiteralType():
            return kind.values[-1]
        case inspect.EnumType():
            return list(kind.cls)[-1]
        case _:
            return _PLAIN[type(kind)](name)


def _alternatives(kind: inspect.Type) -> list[inspect.Type]:
    """What a value may be, if it is there."""
    kinds = kind.types if isinstance(kind, inspect.UnionType) else [kind]
    return [one for one in kinds if not isinstance(one, inspect.NoneType)]


def _unlike(default: Any, value: Any) -> Any:
    """A value that is not the default, which would be left out."""
    return not value if isinstance(value, bool) and value == default else value


def defaults(event_type: type[Any]) -> dict[str, Any]:
    """What the fields mean that a text leaves out."""
    values = {
        field.name: field.default_factory() if field.default is msgspec.NODEFAULT else field.default
        for field in msgspec.structs.fields(event_type)
        if not field.required
    }
    found: dict[str, Any] = json.loads(msgspec.json.encode(values))
    return found


def example(codec: Codec, topic: str) -> Example:
    """A new example of a topic."""
    event_type = codec.types[topic]
    text = codec.encode(filled(inspect.type_info(event_type)))
    return {"topic": topic, "data": text, "left_out": defaults(event_type)}


def fields_in(value: Any, path: str = "") -> Iterator[str]:
    """Path of every field in decoded JSON."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield f"{path}.{name}"
            yield from fields_in(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from fields_in(inner, f"{path}[]")


def missing(codec: Codec, examples: Iterable[Example]) -> list[Example]:
    """Examples of topics and of fields that have none."""
    shown: dict[str, set[str]] = {}
    for one in examples:
        shown.setdefault(one["topic"], set()).update(fields_in(json.loads(one["data"])))
    new = [example(codec, topic) for topic in codec.types]
    return [
        one
        for one in new
        if one["topic"] not in shown
        or not shown[one["topic"]].issuperset(fields_in(json.loads(one["data"])))
    ]


def faults(codec: Codec, examples: Iterable[Example]) -> list[str]:
    """What can no longer be read, or would be written or understood otherwise."""
    return [fault for one in examples for fault in _faults_of(codec, one)]


def _faults_of(codec: Codec, one: Example) -> Iterator[str]:
    topic, text = one["topic"], one["data"]
    try:
        event = codec.decode(topic, text)
    except UnknownTopicError:
        yield f"{topic}: no event type and no upcast claims the topic"
        return
    except msgspec.ValidationError as error:
        yield f"{topic}: {error}"
        return
    if topic not in codec.types:
        return  # it is upcast on the way in, and written by no one any more
    if codec.encode(event) != text:
        yield f"{topic}: {text} would be written as {codec.encode(event)}"
    yield from _changed(topic, one["left_out"], defaults(type(event)))


def _changed(topic: str, then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name, value in then.items():
        if name not in now or now[name] != value:
            yield f"{topic}: left out, {name} meant {value!r}, and now {now.get(name)!r}"


def load(path: Path = FILE) -> list[Example]:
    """Read the examples."""
    examples: list[Example] = json.loads(path.read_text(encoding="utf-8"))
    return examples


def add_missing(codec: Codec, path: Path = FILE) -> list[Example]:
    """Add examples at the end of a file, and leave those alone that are there."""
    examples = load(path) if path.exists() else []
    new = missing(codec, examples)
    if new:
        text = json.dumps([*examples, *new], indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
    return new


if __name__ == "__main__":
    for added in add_missing(Codec(EVENTS)):
        print(f"added {added['topic']}: {added['data']}")
