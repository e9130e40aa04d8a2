"""Documents for people: statements as files to read, print, calculate with and sign.

A file is a function of its document alone: the same document gives the same bytes, whenever and
wherever it is asked for. Only a PDF depends on one thing more, the font it is set in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote

from api.documents.statement_html import as_html
from api.documents.statement_json import as_json
from api.documents.statement_pdf import as_pdf
from api.documents.statement_xlsx import as_xlsx
from replays.statements.values import Document


class Format(NamedTuple):
    """How a statement is written: by what function, as which media type, under which extension."""

    render: Callable[[Document], bytes]
    media_type: str
    extension: str


FORMATS = {
    "html": Format(as_html, "text/html; charset=utf-8", "html"),
    "json": Format(as_json, "application/json", "json"),
    "pdf": Format(as_pdf, "application/pdf", "pdf"),
    "xlsx": Format(
        as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"
    ),
}
"""Formats of a statement, by name."""

_STRANGE = re.compile(r"[^A-Za-z0-9._-]")


def inline(name: str) -> str:
    """Header Content-Disposition of a document to be shown, and kept under a name (RFC 6266).

    A name that is more than plain ASCII is told as such (RFC 8187), behind one that every reader
    of the header understands.
    """
    plain = _STRANGE.sub("_", name)
    told = f'inline; filename="{plain}"'
    return told if plain == name else f"{told}; filename*=utf-8''{quote(name, safe='')}"
