"""A statement as PDF, for who cannot print a page: an extra, ``pip install 'baton[pdf]'``."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

from api.problems import Problem
from api.settings import Settings
from domain.books.period import last_day
from replays.statements.values import Document, Head

_TITLE = "Statements cannot be written as PDF here."


def as_pdf(document: Document) -> bytes:
    """Write a statement as PDF; ``BATON_PDF_FONT`` names the font. Raises Problem without one."""
    try:
        from api.documents.pdf_font import face, font_file  # noqa: PLC0415 - an extra
        from api.documents.pdf_pages import Pages  # noqa: PLC0415 - the same
        from api.documents.pdf_paper import FONT  # noqa: PLC0415 - the same
    except ImportError as error:
        detail = "fpdf2 is not installed: pip install 'baton[pdf]', or ask for html and print it."
        raise Problem(501, "PDF_NOT_INSTALLED", _TITLE, detail) from error
    named = Settings().pdf_font
    path = font_file(named)
    if path is None:
        raise _without_font(named)
    pages = Pages(document, _made(document.head))
    try:
        pages.add_font(FONT, fname=path, collection_font_number=face(path))
    except Exception as error:  # whatever a font library says of a file that is no font
        raise _without_font(path) from error
    return pages.written()


def _made(head: Head) -> datetime:
    """Return a time that belongs to the statement: a PDF carries the time of its making."""
    return datetime.combine(head.issued_on or last_day(head.period), time(), UTC)


def _without_font(named: Path | None) -> Problem:
    looked = f"{named.name} is not there or is no font" if named else "no font was found"
    detail = (
        f"A PDF needs a font with Chinese letters, and {looked}: install Noto Sans CJK, or let"
        " BATON_PDF_FONT name a font file; or ask for html and print it."
    )
    return Problem(501, "PDF_NOT_INSTALLED", _TITLE, detail)
