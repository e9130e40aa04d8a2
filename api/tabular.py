"""Tables at the door: files as people have them, CSV or XLSX, read row by row.

A CSV file is UTF-8, with or without a mark, or GB 18030 as spreadsheets write it in China.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

from api.decoding import Misfit
from domain.kernel.refusal import Refusal, ValidationFailed

MOST_ROWS = 50_000
_ZIP = b"PK\x03\x04"
_DELIMITERS = ",;\t"
_HEADER = 1

Row = tuple[int, dict[str, str]]


def read_table(raw: bytes, columns: dict[str, tuple[str, ...]], needed: set[str]) -> list[Row]:
    """Read a file: rows by their number in it, each a text by column; empty cells are left out.

    ``columns`` gives every column its names in a header. Raises Misfit for a file that is no
    table, for a header that lacks a needed column or names a strange one.
    """
    cells = list(_sheet(raw) if raw.startswith(_ZIP) else _lines(raw))
    if not cells:
        raise Misfit([ValidationFailed(field="file", reason="a table with a header")])
    if len(cells) > MOST_ROWS + _HEADER:
        raise Misfit([ValidationFailed(field="file", reason=f"at most {MOST_ROWS} rows")])
    names = {alias: name for name, aliases in columns.items() for alias in (name, *aliases)}
    header = [cell.strip().casefold() for cell in cells[0]]
    known = [names.get(cell, "") for cell in header]
    wrong = [
        ValidationFailed(field=f"row {_HEADER}, column {place}", reason=f"not a column: {cell}")
        for place, (cell, name) in enumerate(zip(header, known, strict=True), start=1)
        if cell and not name
    ]
    wrong += [
        ValidationFailed(field=f"row {_HEADER}", reason=f"two columns for {name}")
        for name in sorted({name for name in known if name and known.count(name) > 1})
    ]
    missing = [
        ValidationFailed(field=f"row {_HEADER}", reason=f"a column {name} is needed")
        for name in sorted(needed - {*known})
    ]
    if wrong or missing:
        raise Misfit([*wrong, *missing])
    rows: list[Row] = []
    long: list[Refusal] = []
    for number, row in enumerate(cells[_HEADER:], start=_HEADER + 1):
        if any(cell.strip() for cell in row[len(known) :]):
            long.append(ValidationFailed(field=f"row {number}", reason="more cells than columns"))
        told = {name: cell.strip() for name, cell in zip(known, row, strict=False) if name}
        if any(told.values()):
            rows.append((number, {name: cell for name, cell in told.items() if cell}))
    if long:
        raise Misfit(long)
    return rows


def _lines(raw: bytes) -> Iterator[list[str]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError as error:
            reason = "CSV in UTF-8 or GB 18030, or XLSX"
            raise Misfit([ValidationFailed(field="file", reason=reason)]) from error
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise Misfit([ValidationFailed(field="file", reason=f"CSV: {error}")]) from error


def _sheet(raw: bytes) -> Iterator[list[str]]:
    """Cells of the first sheet, with its empty rows, so that rows keep their numbers."""
    try:
        sheet = CalamineWorkbook.from_filelike(BytesIO(raw)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, PasswordError, ZipError) as error:
        raise Misfit([ValidationFailed(field="file", reason=f"XLSX: {error}")]) from error
    for row in rows:
        yield [_text(cell) for cell in row]


def _text(cell: Any) -> str:
    """A cell as it reads: whole numbers without a point, days without a time."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
