"""Field 86 of MT940: what a payment was for, in subfields or as free text.

Subfields are those of the German banks' agreement on MT940 (``?20`` to ``?29`` and ``?60`` to
``?63`` are the text, ``?31`` the account and ``?32``, ``?33`` the name of the other party).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from api.bank_files.values import unfolded

_STRUCTURED = re.compile(r"(?:\d{3})?\?\d\d")
_SUBFIELD = re.compile(r"\?(\d\d)")
_TEXT = re.compile(r"2\d|6[0-3]")
_KEYWORD = re.compile(r"[A-Z]{4}\+")
_SUBFIELD_WIDTH = 27
_LINE_WIDTH = 65


class Details(NamedTuple):
    """The other party and the text of an entry; "" is what is not told."""

    payer: str
    account: str
    text: str


def read_details(values: list[str]) -> Details:
    """Read the fields 86 of one entry. Free text names no party that one could rely on.

    The library's own reader of subfields loses text at a question mark and joins all pieces
    without a space, so words of different pieces grow together.
    """
    lines = [line for value in values for line in value.split("\n")]
    flat = "".join(lines)
    if not _STRUCTURED.match(flat):
        return Details("", "", unfolded(lines, _LINE_WIDTH))
    _, *parts = _SUBFIELD.split(flat)
    told = list(zip(parts[::2], parts[1::2], strict=True))
    pieces: list[str] = []
    for code, piece in told:
        if _TEXT.fullmatch(code):
            # A keyword (EREF+, SVWZ+) begins anew, however full the piece before it is.
            pieces += ["", piece] if _KEYWORD.match(piece) else [piece]
    return Details(
        payer=unfolded([piece for code, piece in told if code in {"32", "33"}], _SUBFIELD_WIDTH),
        account="".join(piece for code, piece in told if code == "31"),
        text=unfolded(pieces, _SUBFIELD_WIDTH),
    )
