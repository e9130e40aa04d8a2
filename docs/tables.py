"""Writes docs/tables.md from the read models: ``python docs/tables.py``."""

from __future__ import annotations

from pathlib import Path

from projections.catalogue import PROJECTIONS


def dictionary() -> str:
    """The data dictionary, as Markdown."""
    lines = [
        "# Tables",
        "",
        "Written from the code by `python docs/tables.py`.",
        "Amounts are in minor units, times are UTC.",
    ]
    for projection in PROJECTIONS:
        for table in projection.tables:
            keys = ", ".join(column.name for column in table.primary_key)
            lines += ["", f"## {table.name}", "", f"{table.comment} Key: {keys}.", ""]
            lines += ["| column | meaning |", "|---|---|"]
            lines += [f"| `{column.name}` | {column.comment} |" for column in table.columns]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (Path(__file__).parent / "tables.md").write_text(dictionary(), encoding="utf-8")
