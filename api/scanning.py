"""Reading scanned labels, in any form in which they are written: what a device's label says.

Element strings with separators, with or without a symbology prefix; bracketed text as printed
under the bars; GS1 Digital Link. What a label says in two ways is reported, never guessed.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any, get_args, get_type_hints

import biip
from biip import ParseError
from biip.gs1_element_strings import GS1ElementString
from biip.gs1_messages import GS1Message

from domain.goods.refusals import (
    UdiAiUnsupported,
    UdiCheckDigit,
    UdiDateInvalid,
    UdiMissingPi,
    UdiRepeatedAi,
)
from domain.goods.udi import Reading, Scan, is_gtin

DI, LOT, MADE, EXPIRY, SERIAL = "01", "10", "11", "17", "21"
COUNT, CONTENT = "37", "02"
SEPARATOR = "\x1d"
_PREFIX = re.compile(r"\][A-Za-z][0-9]")
_BRACKET = re.compile(r"\(\d{2,4}\)")
_DATE_AI = re.compile(r"AI \(1[1-7]\)")
_PLAIN = re.compile(rf"{DI}\d{{14}}(?P<rest>.*)", re.DOTALL)


def read(scan: Scan) -> Scan:
    """Fill in the parts of a raw scan, or the code of what is wrong with it."""
    if not scan.raw:
        return Scan(di=scan.di, serial=scan.serial, lot=scan.lot)
    elements, wrong = _elements(scan.raw.strip())
    parts: dict[str, GS1ElementString] = {}
    for one in elements:
        if one.ai.ai in parts and parts[one.ai.ai].value != one.value:
            wrong = wrong or UdiRepeatedAi.code
        parts[one.ai.ai] = one
    values = {ai: one.value for ai, one in parts.items()}
    wrong = wrong or _wrong(values)
    if wrong:
        return Scan(raw=scan.raw, unreadable=wrong)
    return Scan(
        raw=scan.raw,
        di=values[DI],
        serial=values.get(SERIAL),
        lot=values.get(LOT),
        manufactured=_date(parts.get(MADE)),
        expiry=_date(parts.get(EXPIRY)),
        readings=tuple(_readings(scan.raw.strip())),
    )


def read_scans(command: Any) -> Any:
    """Return a command with all its scans read."""
    kind: Any = type(command)
    seen: dict[str, Any] = {}
    for name in _scanned(kind):
        value = getattr(command, name)
        if isinstance(value, Scan):
            seen[name] = read(value)
        elif isinstance(value, list) and value and isinstance(value[0], Scan):
            seen[name] = [read(one) for one in value]
    return dataclasses.replace(command, **seen) if seen else command


@cache
def _scanned(command: Any) -> tuple[str, ...]:
    """Fields of a command that may hold scans."""
    return tuple(name for name, hint in get_type_hints(command).items() if _holds_scans(hint))


def _holds_scans(hint: Any) -> bool:
    return hint is Scan or any(map(_holds_scans, get_args(hint)))


def _elements(raw: str) -> tuple[Iterable[GS1ElementString], str | None]:
    """Element strings of a label, or the code of what is wrong with it."""
    if _BRACKET.match(raw):
        try:
            return GS1Message.parse_hri(raw).element_strings, None
        except ParseError as error:
            return (), _code(str(error))
    found = biip.parse(raw)
    if found.gs1_digital_link_uri is not None:
        return found.gs1_digital_link_uri.element_strings, None
    if found.gs1_message is not None:
        return found.gs1_message.element_strings, None
    return (), _code(found.gs1_message_error or "")


def _code(error: str) -> str:
    return UdiDateInvalid.code if _DATE_AI.search(error) else UdiAiUnsupported.code


def _wrong(values: dict[str, str]) -> str | None:
    """What the parts of a label lack: a product, its check digit, a companion, an identifier."""
    alone = (COUNT in values) != (CONTENT in values)
    if DI not in values or alone:
        return UdiAiUnsupported.code
    if not is_gtin(values[DI]):
        return UdiCheckDigit.code
    return None if LOT in values or SERIAL in values else UdiMissingPi.code


def _date(one: GS1ElementString | None) -> date | None:
    """Date of an element string; day 00 is the last of its month, the century GS1's rule."""
    return one.date if one is not None else None


def _readings(raw: str) -> Iterator[Reading]:
    """All ways in which a label without separators can be read, where there is more than one.

    A scanner that sends a prefix or a separator sends all separators, so that there is one way.
    """
    plain = _PLAIN.fullmatch(raw)
    if plain is None or SEPARATOR in raw or _PREFIX.match(raw):
        return
    found = [dict(one) for one in _splits(plain["rest"], frozenset())]
    if len(found) > 1:
        yield from (Reading(lot=one.get(LOT), serial=one.get(SERIAL)) for one in found)


def _splits(rest: str, used: frozenset[str]) -> Iterator[list[tuple[str, str]]]:
    """Ways to cut a text into lot, serial number and dates, each at most once."""
    if not rest:
        yield []
        return
    ai, value = rest[:2], rest[2:]
    if ai in used or not value:
        return
    if ai in (MADE, EXPIRY):
        digits = value[:6]
        if re.fullmatch(r"\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])", digits):
            yield from ([(ai, digits), *more] for more in _splits(value[6:], used | {ai}))
    elif ai in (LOT, SERIAL):
        for length in range(1, min(20, len(value)) + 1):
            for more in _splits(value[length:], used | {ai}):
                yield [(ai, value[:length]), *more]
