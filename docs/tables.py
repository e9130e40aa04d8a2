"""Writes docs/tables.md from the read models: ``python docs/tables.py``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Table

from api.filters import KINDS
from eventlog.dialects import LOG_VIEW
from projections.catalogue import PROJECTIONS
from projections.positions import projection_positions
from projections.views import VIEWS

HEAD = """# Tables

Written from the code by `python docs/tables.py`; `GET /v1/tables` tells the same, and on
PostgreSQL it stands in the comments of the tables. Amounts are in minor units, times are UTC.
By `position` a row says which event made it last. How to ask is in [analysts.md](analysts.md).
"""


def dictionary() -> str:
    """The data dictionary, as Markdown."""
    lines = [HEAD]
    for projection in PROJECTIONS:
        for table in projection.tables:
            lines += _described(table, f"Read model `{projection.name}`.")
    for view in VIEWS:
        lines += _described(view.table, "A view.")
    lines += _described(projection_positions, "How fresh the read models are.")
    lines += ["## event_log", "", "Every event, in order. A view of the log. Key: position.", ""]
    lines += ["| column | meaning |", "|---|---|"]
    lines += [f"| `{name}` | {said} |" for name, said in LOG_VIEW.items()]
    return "\n".join(lines) + "\n"


def _described(table: Table, what: str) -> Iterator[str]:
    keys = ", ".join(column.name for column in table.primary_key)
    yield from (f"## {table.name}", "", f"{table.comment} {what} Key: {keys}.", "")
    yield from ("| column | kind | meaning |", "|---|---|---|")
    for column in table.columns:
        yield f"| `{column.name}` | {KINDS[column.type.python_type]} | {column.comment} |"
    yield ""


if __name__ == "__main__":
    (Path(__file__).parent / "tables.md").write_text(dictionary(), encoding="utf-8")
