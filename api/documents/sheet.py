"""A sheet of a workbook: cells of the few kinds that a statement has, and how they look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from api.documents.words import Word

MOST_LETTERS = 32_767
"""Longest text that a cell can hold; a longer one would be left out without a word."""

_CUT = "..."
_HEADER = 32
"""Height of a header, in points: two lines."""

_PAPER_A4 = 9
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "heading": {"bold": True, "font_size": 12, "font_color": "#0B5C6B"},
    "label": {"font_color": "#5C6873"},
    "column": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"},
    "number": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "align": "right"},
    "text": {},
    "strong": {"bold": True},
    "center": {"align": "center"},
    "warning": {"bold": True, "font_color": "#9A3412"},
    "mono": {"font_name": "Consolas"},
    "blank": {"bottom": 1},
    "wrapped": {"text_wrap": True},
    "note": {"font_color": "#5C6873", "text_wrap": True},
    "amount": {"num_format": "#,##0.00"},
    "sum": {"num_format": "#,##0.00", "bold": True, "top": 1, "bottom": 6},
    "price": {"num_format": "#,##0.00##"},
    "count": {"num_format": "#,##0"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left"},
}


class Looks:
    """Formats of a workbook, by name."""

    def __init__(self, book: Workbook) -> None:
        self._formats = {
            name: book.add_format({"valign": "vcenter"} | look) for name, look in _LOOKS.items()
        }

    def __getitem__(self, name: str) -> Format:
        """Return the format of that name."""
        return self._formats[name]


class Sheet:
    """One sheet that is written from the top down.

    Every text is written as a text, never as what it looks like: a name may begin with ``=``.
    """

    def __init__(
        self, book: Workbook, looks: Looks, name: Word, widths: Sequence[int], foot: str
    ) -> None:
        self.at = 0
        """Row that is written next, from 0."""
        self._looks = looks
        self._sheet: Worksheet = book.add_worksheet(f"{name.en} {name.zh}")
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)
        # Document numbers and GTINs are texts; the spreadsheet shall not advise to change that.
        self._sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        self._sheet.set_landscape()
        self._sheet.set_paper(_PAPER_A4)
        self._sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_footer(f"&L{foot.replace('&', '&&')}&R&P / &N")

    def row(self, *cells: tuple[Any, str], first: int = 0, height: int | None = None) -> None:
        """Write cells beside each other, each with the name of its look; None leaves one out."""
        if height is not None:
            self._sheet.set_row(self.at, height)
        for column, (value, look) in enumerate(cells, start=first):
            self._write(column, value, self._looks[look])
        self.at += 1

    def note(self, said: str, first: int, last: int, height: int) -> None:
        """Write a longer sentence of our own over several columns."""
        self._sheet.set_row(self.at, height)
        self._sheet.merge_range(self.at, first, self.at, last, said, self._looks["note"])
        self.at += 1

    def skip(self, rows: int = 1) -> None:
        """Leave rows empty."""
        self.at += rows

    def head(self, columns: Sequence[tuple[Word, str]], first: int = 0) -> None:
        """Write a header, Chinese above English."""
        cells = ((f"{word.zh}\n{word.en}", look) for word, look in columns)
        self.row(*cells, first=first, height=_HEADER)

    def frozen(self, columns: Sequence[tuple[Word, str]]) -> None:
        """Write a header that stays in sight and is repeated on every page."""
        self.head(columns)
        self._sheet.freeze_panes(self.at, 0)
        self._sheet.repeat_rows(self.at - 1)

    def filtered(self, columns: int) -> None:
        """Let the rows below the header in the first row be filtered."""
        self._sheet.autofilter(0, 0, max(self.at - 1, 0), columns - 1)

    def _write(self, column: int, value: Any, look: Format) -> None:
        match value:
            case None:
                pass
            case date():
                self._sheet.write_datetime(self.at, column, value, look)
            case int() | Decimal():
                self._sheet.write_number(self.at, column, value, look)
            case _:
                said = str(value)
                if len(said) > MOST_LETTERS:
                    said = said[: MOST_LETTERS - len(_CUT)] + _CUT
                self._sheet.write_string(self.at, column, said, look)


def money(minor: int | None) -> Decimal | None:
    """Return minor units as the number that a spreadsheet calculates with."""
    return None if minor is None else Decimal(minor).scaleb(-2)
