"""Rows of events, as their lines hold them, and the digest that ties each to the one before."""

from __future__ import annotations

import hashlib
import json
from typing import Any

GENESIS = "0" * 64
"""The digest before the first event."""

_TYPES = [int, str, int, str, str, str, str, str]
_WITHHELD = [int, str, int, *[type(None)] * 5]
TOLD = 7
"""Number of columns that the digest covers."""

Row = list[Any]


def read_row(line: bytes, *, or_withheld: bool = False) -> Row:
    """Read a line. Raises ValueError where it is not eight columns of an event.

    A row that is withheld has its position, stream and version alone.
    """
    row: Row = read_json(line)
    types = [type(one) for one in row] if type(row) is list else None
    if or_withheld and types == _WITHHELD:
        return row
    if types != _TYPES:
        raise ValueError("the line is no event")
    if len(row[TOLD]) != len(GENESIS) or row[TOLD] != bytes.fromhex(row[TOLD]).hex():
        raise ValueError("the digest is no digest")
    return row


def is_withheld(row: Row) -> bool:
    """Whether a row tells only where the event stands."""
    return row[TOLD] is None


def digest_of(previous: str, row: Row) -> str:
    """Digest that a row must have behind another digest, both hex."""
    text = json.dumps(row[:TOLD], ensure_ascii=False, separators=(",", ":"))
    canonical = text.encode("utf-8", "surrogatepass")
    return hashlib.sha256(bytes.fromhex(previous) + canonical).hexdigest()


def read_json(line: bytes) -> Any:
    """Read JSON in UTF-8. Raises ValueError."""
    try:
        return json.loads(line.decode())
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
