"""Lines of statements, and how their references are made comparable.

A dealer types our numbers in his own way: full-width, in lower case, with other separators, or
through a spreadsheet that drops zeros. ``key_of`` makes such spellings equal and keeps apart what
only looks alike once separators are gone: ``INV-2603-001`` is ``inv 2603 1``, but neither
``INV-260-3001`` nor ``INV-2603-0010``.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import msgspec

_RUN = re.compile(r"\d+|[^\W\d_]+")
_NUMBER_DIGITS = 4
_WORD = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")

_REFERENCES = ("doc", "so", "shp")
"""References that we number with separators between groups of digits."""


class StatedLine(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One line of a statement, ours or the dealer's, as it was written.

    ``gross`` is signed, in minor units with VAT: positive increases what the dealer owes us.
    ``kind`` is the type of our own detail lines or empty where nobody said it, ``doc`` the document
    number (of either side), ``qty`` base units, ``period`` the month it stands in (YYYY-MM; empty:
    that of ``day``). ``line_id`` is unique in its list, and among ours also over the months.
    """

    line_id: str
    kind: str
    doc: str
    day: date
    gross: int
    fapiao: str = ""
    so: str = ""
    shp: str = ""
    sku: str = ""
    qty: int = 0
    period: str = ""
    text: str = ""
    serials: tuple[str, ...] = ()

    @property
    def direction(self) -> int:
        """1 for what increases the balance, -1 for what decreases it, 0 for nothing."""
        return (self.gross > 0) - (self.gross < 0)

    @property
    def month(self) -> str:
        """Month it stands in, YYYY-MM."""
        return self.period or f"{self.day:%Y-%m}"


def key_of(text: str) -> str:
    """Comparable form of a reference: NFKC, upper case, no separators, no leading zeros.

    Every run of digits loses its leading zeros. Between two runs of digits a hyphen stays, whatever
    stood there, for else other numbers would become equal. Empty for a text without any.
    """
    key, before = "", ""
    for run in _RUN.findall(_plain(text)):
        digits = run.lstrip("0") or "0" if run.isdecimal() else ""
        key += f"-{digits}" if digits and before else digits or run
        before = digits
    return key


def normalised(line: StatedLine) -> StatedLine:
    """Copy of a line with comparable references; the line itself keeps what was written."""
    return msgspec.structs.replace(
        line,
        kind=line.kind.strip().upper(),
        doc=key_of(line.doc),
        fapiao=key_of(line.fapiao),
        so=key_of(line.so),
        shp=key_of(line.shp),
        sku=key_of(line.sku),
        serials=tuple(sorted({key_of(serial) for serial in line.serials})),
    )


def comparable(lines: Iterable[StatedLine], counterparts: Iterable[StatedLine]) -> list[StatedLine]:
    """Normalise lines and put them into an order that does not depend on how they came.

    ``INV2603001`` does not tell where its groups of digits end. It is read as the one number of the
    other side that has the same letters and digits, if there is exactly one.
    """
    spellings = _spellings(counterparts)
    found = []
    for line in lines:
        read = {
            name: _read(getattr(line, name), spellings[name])
            for name in _REFERENCES
            if getattr(line, name)
        }
        found.append(msgspec.structs.replace(normalised(line), **read))
    return sorted(found, key=lambda line: (line.doc, line.day, line.gross, line.line_id))


@lru_cache(maxsize=4096)
def named_in(text: str) -> frozenset[str]:
    """Keys of all that might be a document number in a free text: words with some digits."""
    words = _WORD.findall(_plain(text))
    return frozenset(
        key_of(word) for word in words if sum(map(str.isdecimal, word)) >= _NUMBER_DIGITS
    )


def _spellings(lines: Iterable[StatedLine]) -> dict[str, dict[str, set[str]]]:
    spellings: dict[str, dict[str, set[str]]] = {name: defaultdict(set) for name in _REFERENCES}
    for line in lines:
        for name in _REFERENCES:
            written = getattr(line, name)
            spellings[name][_bare(written)].add(key_of(written))
    return spellings


def _read(written: str, spellings: dict[str, set[str]]) -> str:
    key = key_of(written)
    meant = spellings.get(_bare(written), set())
    return next(iter(meant)) if "-" not in key and len(meant) == 1 else key


def _bare(text: str) -> str:
    return "".join(_RUN.findall(_plain(text)))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).upper())
