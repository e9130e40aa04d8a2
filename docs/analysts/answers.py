"""Asks both databases the same question: ``python answers.py QUESTION.sql FILE.db``.

Exit code 1 if the answers differ. The types of the two databases differ, the facts must not: a
number is a number, an instant is one in UTC, a truth is 1 or 0.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg2

Row = list[Any]


def on_sqlite(question: str, file: str) -> list[Row]:
    """Rows that a file gives, opened read-only."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        return [[_plain(value) for value in row] for row in connection.execute(question)]


def on_postgresql(question: str) -> list[Row]:
    """Rows that the server gives which libpq's own variables name (PGHOST, PGUSER and so on)."""
    with closing(psycopg2.connect("application_name=guide")) as connection:
        cursor = connection.cursor()
        cursor.execute(question)
        return [[_plain(value) for value in row] for row in cursor.fetchall()]


def _plain(value: Any) -> Any:
    if isinstance(value, int | float | Decimal):
        return Decimal(str(int(value) if isinstance(value, bool) else value))
    if isinstance(value, datetime):
        utc = value.astimezone(UTC).isoformat(timespec="microseconds")
        return utc.replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def main(question: str, file: str) -> int:
    """Compare; 1 if there is a difference."""
    text = Path(question).read_text(encoding="utf-8")
    here, there = on_sqlite(text, file), on_postgresql(text)
    if here == there:
        return 0
    print(f"SQLite says\n{here}\nPostgreSQL says\n{there}")  # noqa: T201 - told on a terminal
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
