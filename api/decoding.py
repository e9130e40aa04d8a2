"""Request bodies to commands, with everything that does not fit named at once."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from api.scanning import read_scans
from domain.flows import FLOWS
from domain.goods.udi import Scan
from domain.kernel.refusal import Refusal, ValidationFailed

_HUMP = re.compile(r"(?<!^)(?=[A-Z])")


def command_name(command: type[Any]) -> str:
    """Name of a command in a URL: ``PlaceOrder`` is ``place-order``."""
    return _HUMP.sub("-", command.__name__).lower()


LARGEST = 10**15
"""Bound of whole numbers: sums of such amounts still fit 64 bits."""

COMMANDS: dict[str, type[Any]] = {command_name(one): one for one in FLOWS}


READ = ("unreadable", "contains", "readings")
"""What the door and the register say of a scanned label, and no caller."""


class Misfit(Exception):  # noqa: N818 - it says what does not fit, for the answer
    """A body that is not such a command; ``violations`` name every field."""

    def __init__(self, violations: list[Refusal]) -> None:
        super().__init__(f"{len(violations)} fields do not fit")
        self.violations = violations


def to_command(command: Any, body: Any) -> Any:
    """Turn decoded JSON into a command with its scans read; raises Misfit."""
    if _is_plain(body, _shape(command)):
        # Nearly always. What does not convert is looked at again, since this stops at the first.
        with suppress(msgspec.ValidationError):
            return read_scans(msgspec.convert(body, command))
    found = list(_misfits(command, body, ""))
    if found:
        raise Misfit(found)
    return read_scans(msgspec.convert(body, command))


def to_json(raw: bytes) -> Any:
    """Decode JSON; numbers with a point fit nothing, for money is never a float. Raises Misfit."""
    try:
        return _DECODER.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Misfit([ValidationFailed(field="body", reason=str(error))]) from None


class PointNumber(str):
    """A JSON number with a point or an exponent."""

    __slots__ = ()


_DECODER = msgspec.json.Decoder(float_hook=PointNumber)


@cache
def _shape(hint: Any) -> Any:
    """Known fields of a type at any depth: a dict by name, a list of its items' shape, or None."""
    hint = _without_none(hint)
    fields = _fields(hint)
    if fields is not None:
        return {name: _shape(inner) for name, (inner, _) in fields.items()}
    return [_shape(get_args(hint)[0])] if get_origin(hint) in (list, tuple) else None


def _is_plain(value: Any, shape: Any) -> bool:
    """Whether a strict conversion tells all of it: known fields only, no bounds, no NUL."""
    kind = type(value)
    if kind is str:
        return "\x00" not in value
    if kind is int:
        return bool(-LARGEST <= value <= LARGEST)
    if kind is dict:
        known = type(shape) is dict
        return known and all(n in shape and _is_plain(one, shape[n]) for n, one in value.items())
    if kind is list:
        return type(shape) is list and all(_is_plain(one, shape[0]) for one in value)
    return value is None or kind is bool


def _misfits(hint: Any, value: Any, path: str) -> Iterator[Refusal]:
    """Everything in a value that does not fit a type, at any depth."""
    hint = _without_none(hint) if value is not None else hint
    fields = _fields(hint)
    if fields is not None and isinstance(value, dict):
        for name in value.keys() - fields.keys():
            yield ValidationFailed(field=_join(path, name), reason="no such field")
        for name, (inner, required) in fields.items():
            if name in value:
                yield from _misfits(inner, value[name], _join(path, name))
            elif required:
                yield ValidationFailed(field=_join(path, name), reason="is missing")
    elif get_origin(hint) in (list, tuple) and isinstance(value, list):
        for place, one in enumerate(value):
            yield from _misfits(get_args(hint)[0], one, f"{path}[{place}]")
    elif isinstance(value, int) and abs(value) > LARGEST:
        yield ValidationFailed(field=path, reason=f"a whole number of at most {LARGEST:,}")
    elif "\x00" in str(value):
        yield ValidationFailed(field=path, reason="a text without NUL")
    elif isinstance(value, PointNumber):
        reason = "a number with a point; write decimals as text and money in minor units"
        yield ValidationFailed(field=path, reason=reason)
    else:
        try:
            msgspec.convert(value, hint)
        except msgspec.ValidationError as error:
            yield ValidationFailed(field=path or "body", reason=str(error))


@cache
def _fields(hint: Any) -> dict[str, tuple[Any, bool]] | None:
    """Fields of a command or a value by name, each with its type and whether it is required."""
    if not isinstance(hint, type):
        return None
    if dataclasses.is_dataclass(hint):
        given = {one.name: _is_required(one) for one in dataclasses.fields(hint)}
    elif issubclass(hint, msgspec.Struct):
        given = {one.name: one.required for one in msgspec.structs.fields(hint)}
    else:
        return None
    if hint is Scan:
        given = {name: needed for name, needed in given.items() if name not in READ}
    hints = get_type_hints(hint)
    return {name: (hints[name], required) for name, required in given.items()}


def _is_required(field: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        others = [one for one in get_args(hint) if one is not type(None)]
        return others[0] if len(others) == 1 else hint
    return hint


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
