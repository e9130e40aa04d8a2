"""Rows as CSV (RFC 4180, UTF-8): texts are quoted, nothing is empty, and what is empty is quoted.

A text that a spreadsheet would take for a formula gets an apostrophe before it; programs that
want every text as it is take NDJSON or Parquet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from api.exports.rows import PAGE, Columns, Values, paged

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(_: str, columns: Columns, rows: Iterable[Values]) -> Iterator[bytes]:
    """Write rows with a header."""
    yield _line(column.name for column in columns)
    for page in paged(rows, PAGE):
        yield b"".join(_line(row) for row in page)


def _line(values: Iterable[Any]) -> bytes:
    return (",".join(map(_cell, values)) + "\r\n").encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        safe = f"'{value}" if value.startswith(_FORMULA) else value
        return '"' + safe.replace('"', '""') + '"'
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime) else str(value)
