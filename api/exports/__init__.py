"""Exports: rows of any table, view or the log as files for other programs, streamed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from api.exports.csv_rows import as_csv
from api.exports.json_lines import as_json_lines
from api.exports.parquet import as_parquet
from api.exports.rows import Columns, Values
from api.exports.xlsx import as_xlsx

Write = Callable[[str, Columns, Iterable[Values]], Iterator[bytes]]
"""Writes rows, in their order, under a name: chunks of the file, each when it is ready."""


class Format(NamedTuple):
    """How rows are written: by what function, as which media type, under which extension."""

    write: Write
    media_type: str
    extension: str


FORMATS = {
    "csv": Format(as_csv, "text/csv; charset=utf-8", "csv"),
    "ndjson": Format(as_json_lines, "application/x-ndjson", "ndjson"),
    "parquet": Format(as_parquet, "application/vnd.apache.parquet", "parquet"),
    "xlsx": Format(
        as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"
    ),
}
"""Formats of an export, by name."""
