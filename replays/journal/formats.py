"""A batch as JSON lines, for finance's system, and as CSV, for people with a spreadsheet."""

from __future__ import annotations

import csv
import io

import msgspec

from replays.journal.batch import Batch, as_json_line
from replays.journal.lines import JournalLine, decimal, lines_of

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula; the last four are full-width."""
FIELDS = {field.encode_name: field.name for field in msgspec.structs.fields(JournalLine)}
"""Columns, which are the JSON keys, with the attribute of a line that each shows."""


def as_json_lines(batch: Batch) -> bytes:
    """Write a batch as UTF-8 JSON lines: one a posting (JournalLine), then the control line.

    The control line is ``{"batch": ..., "control": {"debit", "credit", "count", "entries",
    "hash"}}``; the hash is that of all bytes before it.
    """
    control = {
        "debit": decimal(batch.control.debit),
        "credit": decimal(batch.control.credit),
        "count": batch.control.count,
        "entries": batch.control.entries,
        "hash": batch.control.hash,
    }
    last = msgspec.json.encode({"batch": batch.id, "control": control}) + b"\n"
    lines = lines_of(batch.id, batch.entries, batch.currency)
    return b"".join((*(as_json_line(line) for line in lines), last))


def as_csv(batch: Batch) -> bytes:
    """Write a batch as CSV: UTF-8 with a byte order mark, CRLF, a header, one row a posting.

    Text that a spreadsheet would take for a formula gets an apostrophe before it. There is no
    control row: the totals are sums of the columns.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(FIELDS)
    for line in lines_of(batch.id, batch.entries, batch.currency):
        writer.writerow([_cell(getattr(line, name)) for name in FIELDS.values()])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
