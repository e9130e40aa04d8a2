"""Storing a fold: a few bulk statements a table, on the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, and_, bindparam, delete, insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from projections.folding import Fold, Key, RowChange

Shape = tuple[tuple[str, ...], tuple[str, ...]]
Names = Mapping[Table, Table]
"""Where to write instead of a table: a rebuild writes beside the live tables."""


def store(connection: Connection, fold: Fold, names: Names) -> None:
    """Write a fold."""
    for table, rows in fold.appended.items():
        for alike in _by_columns(rows):
            connection.execute(insert(names.get(table, table)), alike)
    for table, changes in fold.rows.items():
        _store_rows(connection, names.get(table, table), changes)


def _store_rows(connection: Connection, table: Table, changes: dict[Key, RowChange]) -> None:
    keys = [column.name for column in table.primary_key]
    anew = [dict(zip(keys, key, strict=True)) for key, change in changes.items() if change.anew]
    if anew:
        same = and_(*(table.c[name] == bindparam(f"key_{name}") for name in keys))
        connection.execute(
            delete(table).where(same),
            [{f"key_{name}": value for name, value in one.items()} for one in anew],
        )
    shapes: dict[Shape, list[dict[str, Any]]] = {}
    for key, change in changes.items():
        if not change.gone:
            shape = (tuple(sorted(change.adds)), tuple(sorted(change.puts)))
            row = dict(zip(keys, key, strict=True)) | change.adds | change.puts
            shapes.setdefault(shape, []).append(row)
    for (adds, puts), rows in shapes.items():
        connection.execute(_upsert(connection, table, keys, adds, puts), rows)


def _upsert(
    connection: Connection,
    table: Table,
    keys: list[str],
    adds: tuple[str, ...],
    puts: tuple[str, ...],
) -> Any:
    make: Any = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    statement = make(table).values({name: bindparam(name) for name in (*keys, *adds, *puts)})
    new = {name: statement.excluded[name] for name in puts}
    new |= {name: table.c[name] + statement.excluded[name] for name in adds}
    return statement.on_conflict_do_update(index_elements=keys, set_=new)


def _by_columns(rows: list[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    """Group rows that set the same columns, for a bulk insert; the others keep their defaults."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(row), []).append(row)
    return groups.values()
