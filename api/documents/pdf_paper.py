"""Paper for a statement in PDF: headings, texts and tables; what is drawn on it comes later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain, zip_longest

from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout, VAlign
from fpdf.fonts import FontFace

from api.documents.words import Word

FONT = "statement"
"""Name under which the font is added."""

LEFT, RIGHT = Align.L, Align.R
Column = tuple[Word, float, Align]
Row = Sequence[str]

_MARGIN_MM = 13
_MM_OF_POINT = 0.3528
_LEADING = 1.35
_INK, _SOFT, _LINE = 0, 95, 190
"""Greys."""

_LETTERS, _HEIGHT, _LONGEST = 10, 60, 400
"""Letters of a line in a narrow column, lines of a row that surely fit a page, and letters of a
text that is still moved as a whole."""

_PLAIN = FontFace(emphasis="")


class Paper(FPDF):
    """Pages of A4 that say on each of them what they belong to."""

    def __init__(self, name: str, made: datetime) -> None:
        super().__init__(format="A4")
        self._name = name
        self.set_creation_date(made)
        self.set_title(name)
        self.set_margins(_MARGIN_MM, _MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=_MARGIN_MM + 5)
        self.set_draw_color(_LINE)

    def footer(self) -> None:
        """Name the statement on every page."""
        self.set_y(-_MARGIN_MM)
        self.set_font(FONT, size=7)
        self.set_text_color(_SOFT)
        self.cell(w=self.epw / 2, text=self._name)
        self.cell(w=self.epw / 2, text=f"{self.page_no()} / {{nb}}", align=RIGHT)

    def say(self, said: str, size: float, *, soft: bool = False) -> None:
        """Write a paragraph."""
        self.set_font(FONT, size=size)
        self.set_text_color(_SOFT if soft else _INK)
        height = size * _MM_OF_POINT * _LEADING
        self.multi_cell(w=0, h=height, text=said, align=LEFT, new_x="LMARGIN", new_y="NEXT")
        self.set_text_color(_INK)

    def part(self, letter: str, title: Word, note: Word | None = None, room: float = 35) -> None:
        """Begin a part, on a new page where less than that many millimetres are left."""
        self.ln(5)
        if self.will_page_break(room):
            self.add_page()
        self.say(f"{letter}  {title}", 12)
        if note:
            self.say(str(note), 7.5, soft=True)
        self.ln(1.5)

    def piece(self, title: Word, note: Word | None = None, more: str = "") -> None:
        """Begin a piece of a part."""
        self.ln(3)
        self.say(f"{title} {more}", 9)
        if note:
            self.say(str(note), 7, soft=True)
        self.ln(0.5)

    def plain(
        self,
        widths: tuple[float, ...],
        rows: Sequence[Row],
        aligns: tuple[Align, ...] | Align = LEFT,
        height: float = 5,
    ) -> None:
        """Write rows beneath each other, without lines and without a header."""
        self.set_font(FONT, size=8)
        with self.table(
            list(chain.from_iterable(map(fitting, rows))),
            col_widths=widths,
            text_align=aligns,
            v_align=VAlign.T,
            line_height=height,
            borders_layout=TableBordersLayout.NONE,
            first_row_as_headings=False,
        ):
            pass

    def ruled(self, columns: Sequence[Column], rows: Sequence[Row], size: float) -> None:
        """Write a table whose header is repeated on every page; a row stays on one."""
        self.set_font(FONT, size=size)
        heads = [f"{word.zh}\n{word.en}" for word, _, _ in columns]
        with self.table(
            [heads, *chain.from_iterable(map(fitting, rows))],
            col_widths=tuple(width for _, width, _ in columns),
            text_align=tuple(align for _, _, align in columns),
            v_align=VAlign.T,
            line_height=size * _MM_OF_POINT * _LEADING,
            padding=0.7,
            headings_style=_PLAIN,
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        ):
            pass


def columns(named: dict[str, Word], widths: Sequence[float], texts: int) -> list[Column]:
    """Return columns; the first ones hold texts, all others numbers."""
    return [
        (word, width, LEFT if place < texts else RIGHT)
        for place, (word, width) in enumerate(zip(named.values(), widths, strict=True))
    ]


def fitting(row: Row) -> Iterator[Row]:
    """Cut a row into such that fit a page: one line of an invoice may have hundreds of serials."""
    yield from zip_longest(*(_pieces(cell) for cell in row), fillvalue="")


def _pieces(cell: str) -> list[str]:
    pieces: list[list[str]] = [[]]
    height = 0
    for line in cell.split("\n"):
        for start in range(0, max(len(line), 1), _LONGEST):
            part = line[start : start + _LONGEST]
            high = 1 + len(part) // _LETTERS
            if pieces[-1] and height + high > _HEIGHT:
                pieces.append([])
                height = 0
            pieces[-1].append(part)
            height += high
    return ["\n".join(piece) for piece in pieces]
