"""Rows as NDJSON: one JSON object a line. Decimals are texts, times are RFC 3339."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from api.exports.rows import PAGE, Columns, Values, paged


def as_json_lines(_: str, columns: Columns, rows: Iterable[Values]) -> Iterator[bytes]:
    """Write rows."""
    names = [column.name for column in columns]
    for page in paged(rows, PAGE):
        lines = (dict(zip(names, row, strict=True)) for row in page)
        yield b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
