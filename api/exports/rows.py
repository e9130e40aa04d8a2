"""What is exported: columns with their types, and rows of values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import IO, Any, NamedTuple

from sqlalchemy import Connection, Select

Source = Callable[[], AbstractContextManager[Connection]]
"""Opens a connection to where rows are."""

CHUNK = 64 * 1024
"""Bytes of a file that are sent at a time."""

PAGE = 5_000
"""Rows that are held in memory at a time."""


class ColumnTold(NamedTuple):
    """A column: its name, the Python type of its values, and what it means."""

    name: str
    kind: type
    meaning: str


Columns = Sequence[ColumnTold]
Values = Sequence[Any]


def rows_of(source: Source, query: Select[Any]) -> Iterator[Values]:
    """Rows of a query, a page at a time: all of them are those of one moment."""
    with source() as connection:
        yield from connection.execution_options(yield_per=PAGE).execute(query)


def paged(rows: Iterable[Values], size: int) -> Iterator[list[Values]]:
    """Rows by pages of a size."""
    page: list[Values] = []
    for row in rows:
        page.append(row)
        if len(page) == size:
            yield page
            page = []
    if page:
        yield page


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """Bytes of a file, from its beginning."""
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk
