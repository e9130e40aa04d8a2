"""Folding a batch of changes in memory: adds are summed, the last put wins.

The result of folding two batches after each other is that of folding them together, so a batch
may be of any size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Table

from projections.effects import Add, Append, Change, Fact, Projection, Remove, Row

Key = tuple[Any, ...]


@dataclass(slots=True)
class RowChange:
    """What becomes of one row: whether it starts anew, what is set, what is added."""

    anew: bool = False
    gone: bool = False
    puts: dict[str, Any] = field(default_factory=dict)
    adds: dict[str, int] = field(default_factory=dict)

    def add(self, amounts: Mapping[str, int]) -> None:
        """Add to columns; a column that was put before is put higher."""
        self.gone = False
        for column, amount in amounts.items():
            if column in self.puts:
                self.puts[column] += amount
            else:
                self.adds[column] = self.adds.get(column, 0) + amount

    def put(self, values: Row) -> None:
        """Set columns; what was added to them before no longer counts."""
        self.gone = False
        self.puts.update(values)
        if self.adds:
            for column in values:
                self.adds.pop(column, None)

    def remove(self) -> None:
        """Take the row away; what follows starts anew."""
        self.puts.clear()
        self.adds.clear()
        self.anew = self.gone = True


@dataclass(slots=True)
class Fold:
    """Changes of a batch, by table and row, with the rows that are only appended."""

    rows: dict[Table, dict[Key, RowChange]] = field(default_factory=dict)
    appended: dict[Table, list[dict[str, Any]]] = field(default_factory=dict)

    def take(self, projection: Projection, fact: Fact) -> None:
        """Fold what a fact changes in a projection."""
        for change in projection.changes(fact):
            self._apply(change, fact)

    def _apply(self, change: Change, fact: Fact) -> None:
        if isinstance(change, Append):
            row = {**change.values, "position": fact.position, "seq": change.seq}
            row["occurred_at"], row["recorded_at"] = fact.event.occurred_at, fact.recorded_at
            self.appended.setdefault(change.table, []).append(row)
            return
        found = self._row(change.table, change.key)
        if isinstance(change, Remove):
            found.remove()
            return
        if isinstance(change, Add):
            found.add(change.amounts)
        else:
            found.put(change.values)
        found.puts["position"], found.puts["updated_at"] = fact.position, fact.recorded_at

    def _row(self, table: Table, key: Row) -> RowChange:
        rows = self.rows.get(table)
        if rows is None:
            rows = self.rows[table] = {}
        name = tuple([key[column] for column in _key_columns(table)])
        found = rows.get(name)
        if found is None:
            found = rows[name] = RowChange()
        return found


@cache
def _key_columns(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]
