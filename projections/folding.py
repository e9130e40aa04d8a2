"""Folding a batch of changes in memory: adds are summed, the last put wins.

The result of folding two batches after each other is that of folding them together, so a batch
may be of any size.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table

from projections.effects import Add, Append, Change, Fact, Projection, Put, Remove

Key = tuple[Any, ...]


@dataclass(slots=True)
class RowChange:
    """What becomes of one row: whether it starts anew, what is set, what is added."""

    anew: bool = False
    gone: bool = False
    puts: dict[str, Any] = field(default_factory=dict)
    adds: dict[str, int] = field(default_factory=dict)

    def add(self, amounts: Iterable[tuple[str, int]]) -> None:
        """Add to columns; a column that was put before is put higher."""
        self.gone = False
        for column, amount in amounts:
            if column in self.puts:
                self.puts[column] += amount
            else:
                self.adds[column] = self.adds.get(column, 0) + amount

    def put(self, values: Iterable[tuple[str, Any]]) -> None:
        """Set columns; what was added to them before no longer counts."""
        self.gone = False
        for column, value in values:
            self.puts[column] = value
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
        match change:
            case Append(table=table, values=values, seq=seq):
                times = {
                    "position": fact.position,
                    "seq": seq,
                    "occurred_at": fact.event.occurred_at,
                    "recorded_at": fact.recorded_at,
                }
                self.appended.setdefault(table, []).append({**values, **times})
            case Add(table=table, key=key, amounts=amounts):
                row = self._row(table, key)
                row.add(amounts.items())
                row.put(_mark(fact))
            case Put(table=table, key=key, values=values):
                row = self._row(table, key)
                row.put(values.items())
                row.put(_mark(fact))
            case Remove(table=table, key=key):
                self._row(table, key).remove()

    def _row(self, table: Table, key: Any) -> RowChange:
        rows = self.rows.setdefault(table, {})
        name = tuple(key[column.name] for column in table.primary_key)
        found = rows.get(name)
        if found is None:
            found = rows[name] = RowChange()
        return found


def _mark(fact: Fact) -> list[tuple[str, Any]]:
    return [("position", fact.position), ("updated_at", fact.recorded_at)]
