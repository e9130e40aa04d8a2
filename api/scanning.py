"""Reading scanned labels: GS1 element strings in, (di, serial, lot) out."""

from __future__ import annotations

import dataclasses
from typing import Any

import biip
import msgspec

from domain.goods.refusals import UdiAiUnsupported, UdiCheckDigit, UdiMissingPi
from domain.goods.udi import Scan, is_gtin

DI, LOT, SERIAL = "01", "10", "21"


def read(scan: Scan) -> Scan:
    """Fill in the parts of a raw scan, or the code of what is wrong with it."""
    if not scan.raw:
        return msgspec.structs.replace(scan, unreadable=None)
    message = biip.parse(scan.raw).gs1_message
    if message is None:
        return Scan(raw=scan.raw, unreadable=UdiAiUnsupported.code)
    parts = {one.ai.ai: one.value for one in message.element_strings}
    di, lot, serial = parts.get(DI), parts.get(LOT), parts.get(SERIAL)
    if di is None:
        return Scan(raw=scan.raw, unreadable=UdiAiUnsupported.code)
    if not is_gtin(di):
        return Scan(raw=scan.raw, unreadable=UdiCheckDigit.code)
    if lot is None and serial is None:
        return Scan(raw=scan.raw, unreadable=UdiMissingPi.code)
    return Scan(raw=scan.raw, di=di, serial=serial, lot=lot)


def read_scans(command: Any) -> Any:
    """Return a command with all its scans read."""
    seen: dict[str, Any] = {}
    for field in dataclasses.fields(command):
        value = getattr(command, field.name)
        if isinstance(value, Scan):
            seen[field.name] = read(value)
        elif isinstance(value, list) and value and isinstance(value[0], Scan):
            seen[field.name] = [read(one) for one in value]
    return dataclasses.replace(command, **seen) if seen else command
