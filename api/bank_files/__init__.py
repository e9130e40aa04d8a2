"""Bank statements at the door: files as banks give them, read into plain values.

MT940 (SWIFT, Category 9 message reference), camt.053 (ISO 20022, Bank-to-Customer Statement),
and tables as CSV or XLSX. What a file is, is seen in its content; its name says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from api.bank_files.camt053 import read_camt053
from api.bank_files.cells import is_workbook
from api.bank_files.mt940_text import read_mt940
from api.bank_files.tables import read_rows
from api.bank_files.values import (
    MOST_BYTES,
    MOST_LINES,
    BankFile,
    BankFileLine,
    BankStatementFile,
    Problems,
)
from api.decoding import Misfit
from domain.kernel.refusal import ValidationFailed

__all__ = ["BankFile", "BankFileLine", "BankStatementFile", "read_bank_file"]

_MARK = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MT940 = re.compile(rb"\s*\{1:|(?:.*\n)*?(?:\{.*\{4:)?:20:")
_HEAD = 4096
"""Bytes within which a message begins: some banks write an envelope of their own before it."""

Reader = Callable[[bytes, Problems], tuple[BankStatementFile, ...]]


def read_bank_file(raw: bytes) -> BankFile:
    """Read a bank's file, all of it or nothing.

    Raises Misfit with everything that does not fit: by ``row n, column name`` in a table, by
    ``line n`` in MT940, by ``statement n, entry n, element`` in camt.053, and by ``file`` for
    what is none of them, is too large, or holds no statement.
    """
    if len(raw) > MOST_BYTES:
        raise Misfit([ValidationFailed(field="file", reason=f"at most {MOST_BYTES} bytes")])
    name, reader = _recognised(raw)
    problems = Problems()
    statements = reader(raw, problems)
    problems.settle()
    if not statements:
        problems.add("file", f"no statement is in it, read as {name}")
    if sum(len(one.lines) for one in statements) > MOST_LINES:
        problems.add("file", f"at most {MOST_LINES} lines")
    problems.settle()
    return BankFile(format=name, statements=statements)


def _recognised(raw: bytes) -> tuple[str, Reader]:
    if is_workbook(raw):
        return "XLSX", read_rows
    head = raw[:_HEAD].removeprefix(_MARK)
    if head.lstrip().startswith(b"<") or head.startswith(_UTF16):
        return "CAMT053", read_camt053
    return ("MT940", read_mt940) if _MT940.match(head) else ("CSV", read_rows)
