"""Cells of a table that people keep of money: amounts, days and texts, read and never guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from api.bank_files.values import Problems
from api.tabular import Row
from domain.kernel.money import CENT

_ZIP = b"PK\x03\x04"
_FIGURE = re.compile(r"([-+]?)(?:¥|CNY|RMB)?\s?([-+]?)([0-9,]*(?:\.[0-9]*)?)")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_NOISE = re.compile(r"[0-9]+\.[0-9]{9,}")
"""What a workbook keeps of a sum of doubles: 0.30000000000000004."""
_NEAR = Decimal("0.000001")
_DAYS = [
    re.compile(day + r"(?:[T\s]+\d\d?:\d\d(?::\d\d(?:\.\d+)?)?)?", re.ASCII)
    for day in (
        r"(\d{4})-(\d\d?)-(\d\d?)",
        r"(\d{4})/(\d\d?)/(\d\d?)",
        r"(\d{4})\.(\d\d?)\.(\d\d?)",
        r"(\d{4})年(\d\d?)月(\d\d?)日",
        r"(\d{4})(\d\d)(\d\d)",
    )
]


def is_workbook(raw: bytes) -> bool:
    """Whether a file is XLSX, whose numbers are doubles; a CSV has what somebody wrote."""
    return raw.startswith(_ZIP)


def amount_of(row: Row, name: str, problems: Problems, *, is_double: bool) -> int:
    """Signed minor units of a cell; brackets are a minus, as in a ledger."""
    cell = row[1].get(name, "")
    place = place_of(row, name)
    text = unicodedata.normalize("NFKC", cell).replace("\u2212", "-").strip()
    is_bracketed = text.startswith("(") and text.endswith(")")
    found = _FIGURE.fullmatch(text[1:-1].strip() if is_bracketed else text)
    if found is None or is_bracketed + bool(found[1]) + bool(found[2]) > 1:
        problems.add(place, f"not an amount: {cell[:40]}")
        return 0
    if not text:
        problems.add(place, "is missing")
        return 0
    figure = found[3]
    if "," in figure:
        figure = figure.replace(",", "") if _GROUPED.fullmatch(figure) else cell
    if is_double and _NOISE.fullmatch(figure):
        exact, near = Decimal(figure), Decimal(figure).quantize(CENT)
        figure = str(near) if abs(exact - near) < _NEAR else figure
    minor = problems.minor(place, figure)
    return -minor if is_bracketed or "-" in {found[1], found[2]} else minor


def day_of(row: Row, name: str, problems: Problems) -> date:
    """A day as it is written in figures, with or without a time."""
    cell = row[1].get(name, "")
    for pattern in _DAYS:
        found = pattern.fullmatch(cell)
        if found:
            try:
                return date(*map(int, found.groups()))
            except ValueError:
                break
    problems.add(place_of(row, name), f"not a day: {cell[:40]}" if cell else "is missing")
    return date.min


def text_of(row: Row, name: str, problems: Problems) -> str:
    """A text, "" if there is none."""
    cell = row[1].get(name, "")
    if "\x00" in cell:
        problems.add(place_of(row, name), "a text without NUL")
    return cell


def place_of(row: Row, name: str) -> str:
    """Where in the file a cell is."""
    return f"row {row[0]}, column {name}"
