"""Storing a fold: a few bulk statements a table, on the caller's transaction.

The statements are written here and handed to the driver as they are: there are few shapes of rows,
and tens of thousands of rows a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, and_, bindparam, delete
from sqlalchemy.dialects import sqlite

from projections.folding import Fold, Key, RowChange

Row = dict[str, Any]
Names = Mapping[Table, Table]
"""Where to write instead of a table: a rebuild writes beside the live tables."""


def store(connection: Connection, fold: Fold, names: Names) -> None:
    """Write a fold."""
    for table, rows in fold.appended.items():
        for columns, alike in _by_shape((tuple(row), row) for row in rows):
            _insert(connection, names.get(table, table), columns, alike)
    for table, changes in fold.rows.items():
        _store_rows(connection, names.get(table, table), changes)


def _store_rows(connection: Connection, table: Table, changes: dict[Key, RowChange]) -> None:
    keys = tuple(column.name for column in table.primary_key)
    anew = [dict(zip(keys, key, strict=True)) for key, change in changes.items() if change.anew]
    if anew:
        same = and_(*(table.c[name] == bindparam(f"key_{name}") for name in keys))
        connection.execute(
            delete(table).where(same),
            [{f"key_{name}": value for name, value in one.items()} for one in anew],
        )
    shaped = (
        (
            (tuple(change.adds), tuple(change.puts)),
            dict(zip(keys, key, strict=True)) | change.adds | change.puts,
        )
        for key, change in changes.items()
        if not change.gone
    )
    for (adds, puts), rows in _by_shape(shaped):
        upsert = _on_conflict(table.name, keys, adds, puts)
        _insert(connection, table, (*keys, *adds, *puts), rows, upsert)


def _on_conflict(table: str, keys: Sequence[str], adds: Sequence[str], puts: Sequence[str]) -> str:
    new = [f'"{name}" = excluded."{name}"' for name in puts]
    new += [f'"{name}" = "{table}"."{name}" + excluded."{name}"' for name in adds]
    return f"ON CONFLICT ({_listed(keys)}) DO UPDATE SET {', '.join(new)}"


def _insert(
    connection: Connection, table: Table, columns: Sequence[str], rows: list[Row], more: str = ""
) -> None:
    into = f'INSERT INTO "{table.name}" ({_listed(columns)})'
    cursor = connection.connection.cursor()
    if connection.dialect.name == "postgresql":
        # One parameter, whatever the number of rows; the table itself says how to read the texts.
        read = f'SELECT {_listed(columns)} FROM json_populate_recordset(NULL::"{table.name}", %s)'
        cursor.execute(f"{into} {read} {more}", (msgspec.json.encode(rows).decode(),))
    else:
        marks = ", ".join("?" * len(columns))
        written = list(zip(*(_written(table, name, rows) for name in columns), strict=True))
        cursor.executemany(f"{into} VALUES ({marks}) {more}", written)
    cursor.close()


def _written(table: Table, name: str, rows: list[Row]) -> Iterable[Any]:
    """One column of rows, as SQLite stores it."""
    process = _processor(table.c[name].type)
    values = [row[name] for row in rows]
    return values if process is None else map(process, values)


@cache
def _processor(kind: Any) -> Callable[[Any], Any] | None:
    dialect = sqlite.dialect()
    found: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return found


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _by_shape(shaped: Iterable[tuple[Any, Row]]) -> Iterable[tuple[Any, list[Row]]]:
    """Group rows that set the same columns; the others keep what they have."""
    groups: dict[Any, list[Row]] = {}
    for shape, row in shaped:
        groups.setdefault(shape, []).append(row)
    return groups.items()
