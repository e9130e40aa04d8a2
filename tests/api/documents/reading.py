"""Reads statements back: the text of a page, the cells of a workbook."""

from __future__ import annotations

from html.parser import HTMLParser
from io import BytesIO

from python_calamine import CalamineWorkbook

BLOCKS = {"td", "th", "tr", "p", "div", "dt", "dd", "h1", "h2", "h3", "small", "code", "section"}


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = []
        self.said = []
        self._inside = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._inside.append(tag)
        if tag in BLOCKS:
            self.said.append("\n")

    def handle_endtag(self, tag):
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data):
        if "style" not in self._inside:
            self.said.append(data)


def parsed(html: bytes) -> _Page:
    page = _Page()
    page.feed(html.decode())
    return page


def page_text(html: bytes) -> list[str]:
    """Texts of a page, one cell or paragraph each."""
    lines = "".join(parsed(html).said).split("\n")
    return [line.strip() for line in lines if line.strip()]


def sheets(xlsx: bytes) -> dict[str, list[list[object]]]:
    """Rows of every sheet by its name."""
    book = CalamineWorkbook.from_filelike(BytesIO(xlsx))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
