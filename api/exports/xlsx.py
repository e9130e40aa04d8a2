"""Rows as a workbook for people. Numbers that a spreadsheet would round are written as texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any

from xlsxwriter import Workbook

from api.exports.rows import Columns, Values, chunks
from api.problems import Problem

MOST_ROWS = 1_048_575
"""Rows of a sheet below its header."""

MOST_LETTERS = 32_767
"""Letters of a cell."""

DIGITS = 15
"""Digits of a number that a spreadsheet keeps."""


def as_xlsx(name: str, columns: Columns, rows: Iterable[Values]) -> Iterator[bytes]:
    """Write rows on a sheet, what columns mean on another. Raises Problem for what is too much."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with TemporaryFile() as file:
        with Workbook(file, options) as book:
            _fill(book, name, columns, rows)
        yield from chunks(file)


def _fill(book: Any, name: str, columns: Columns, rows: Iterable[Values]) -> None:
    sheet = book.add_worksheet(name[:31])
    bold = book.add_format({"bold": True, "bottom": 1})
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    times = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, max(12, len(column.name) + 2))
        sheet.write_string(0, place, column.name, bold)
    last = 0
    for last, row in enumerate(rows, start=1):
        if last > MOST_ROWS:
            raise _too_much(f"more than {MOST_ROWS:,} rows")
        for place, value in enumerate(row):
            _write(sheet, last, place, value, days, times)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    _explain(book.add_worksheet("columns"), columns, bold)


def _explain(sheet: Any, columns: Columns, bold: Any) -> None:
    """Say on a sheet of its own what each column means; whole amounts are in minor units."""
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    sheet.write_row(0, 0, ("column", "meaning"), bold)
    for row, column in enumerate(columns, start=1):
        sheet.write_row(row, 0, (column.name, column.meaning))


def _write(sheet: Any, row: int, place: int, value: Any, days: Any, times: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, place, value.astimezone(UTC).replace(tzinfo=None), times)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, days)
    elif isinstance(value, int | Decimal) and len(str(value).strip("-")) <= DIGITS:
        sheet.write_number(row, place, value)
    elif len(str(value)) > MOST_LETTERS:
        raise _too_much(f"a text of more than {MOST_LETTERS:,} letters")
    else:
        sheet.write_string(row, place, str(value))


def _too_much(what: str) -> Problem:
    title = "A workbook cannot hold this."
    return Problem(413, "TOO_LARGE_FOR_XLSX", title, f"It has {what}: ask for another format.")
