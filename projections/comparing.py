"""Comparing two copies of a table that stand beside each other in one database."""

from __future__ import annotations

from sqlalchemy import Connection, Table, except_, func, select

MOST = 20
"""Keys of a table that are told."""


def differing(connection: Connection, one: Table, other: Table) -> list[str]:
    """Keys of rows that are in only one of the tables, or not alike in both; at most ``MOST``."""
    keys = [column.name for column in one.primary_key]
    found: dict[str, None] = {}
    for left, right in ((one, other), (other, one)):
        only = except_(select(left), select(right)).subquery()
        rows = connection.execute(select(*(only.c[name] for name in keys)).limit(MOST))
        told = (", ".join(f"{name}={row[name]}" for name in keys) for row in rows.mappings())
        found.update(dict.fromkeys(told))
    return sorted(found)[:MOST]


def rows_of(connection: Connection, table: Table) -> int:
    """Rows of a table."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())
