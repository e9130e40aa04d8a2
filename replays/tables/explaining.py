"""Why a figure is what it is: the events that made it, with what each did, adding up to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Engine, Table, create_engine, insert, select

from projections.effects import Add, Append, Change, Fact, Projection, Put, Remove


class Contribution(msgspec.Struct, frozen=True):
    """What one event did to a figure: it added, set it, or took the row away.

    ``after`` is the figure once the event was folded; None where there was no row any more.
    """

    position: int
    occurred_at: datetime
    recorded_at: datetime
    stream: str
    topic: str
    command_id: str
    actor: str
    did: str
    value: Any
    after: Any


class Explanation(msgspec.Struct, frozen=True):
    """A figure with the events that make it up. The last ``after`` is the figure.

    ``parts`` are the columns that a computed figure is reckoned from, each explained.
    """

    table: str
    key: dict[str, Any]
    column: str
    value: Any
    formula: str | None
    contributions: tuple[Contribution, ...]
    parts: tuple[Explanation, ...] = ()


ADDED, SET, REMOVED = "ADDED", "SET", "REMOVED"


class Explainer:
    """Watches the facts that are folded for what touches columns of one row."""

    def __init__(self, projection: Projection, table: Table, key: Mapping[str, Any]) -> None:
        self._projection, self._table = projection, table
        self._key = dict(key)
        self._found: dict[str, list[Contribution]] = {}
        self._values: dict[str, Any] = {}
        self._last: Fact | None = None

    @property
    def exists(self) -> bool:
        """Whether the facts leave such a row."""
        return self._last is not None

    def watch(self, facts: Iterable[Fact]) -> None:
        """Take facts in, in the order of the log."""
        for fact in facts:
            for change in self._projection.changes(fact):
                if change.table is self._table and self._is_mine(change, fact):
                    self._note(change, fact)

    def explain(self, column: str) -> Explanation:
        """Explain a column of the row that is there; a computed one by what it is reckoned from."""
        value = self._row()[column]
        computed = self._table.c[column].computed
        formula = str(computed.sqltext) if computed is not None else None
        parts = tuple(self.explain(name) for name in self._named_in(formula))
        found = tuple(self._found.get(column, ()))
        name, key = str(self._table.name), self._key
        return Explanation(name, key, column, value, formula, found, parts)

    def _is_mine(self, change: Change, fact: Fact) -> bool:
        if isinstance(change, Append):
            return self._key == {"position": fact.position, "seq": change.seq}
        return dict(change.key) == self._key

    def _note(self, change: Change, fact: Fact) -> None:
        self._last = fact
        match change:
            case Add(amounts=amounts):
                for name, amount in amounts.items():
                    after = (self._values.get(name) or 0) + amount
                    self._tell(name, fact, ADDED, amount, after)
            case Put(values=values) | Append(values=values):
                for name, value in values.items():
                    self._tell(name, fact, SET, value, value)
            case Remove():
                for name in self._found:
                    self._tell(name, fact, REMOVED, None, None)
                self._values.clear()
                self._last = None

    def _tell(self, name: str, fact: Fact, did: str, value: Any, after: Any) -> None:
        self._values[name] = after
        event = fact.event
        told = Contribution(
            position=fact.position,
            occurred_at=event.occurred_at,
            recorded_at=fact.recorded_at,
            stream=fact.stream,
            topic=event.TOPIC,
            command_id=fact.command_id,
            actor=event.by.user,
            did=did,
            value=value,
            after=after,
        )
        self._found.setdefault(name, []).append(told)

    def _named_in(self, formula: str | None) -> list[str]:
        words = set(re.findall(r"\w+", formula or ""))
        return [one.name for one in self._table.columns if one.name in words]

    def _row(self) -> dict[str, Any]:
        """The row as a database reckons it, with defaults and computed columns."""
        assert self._last is not None  # noqa: S101 - there is no row to explain otherwise
        about: dict[str, Any] = {"position": self._last.position}
        about["updated_at"] = about["recorded_at"] = self._last.recorded_at
        about["occurred_at"] = self._last.event.occurred_at
        known = {one.name for one in self._table.columns}
        row = {name: value for name, value in about.items() if name in known}
        with _empty_database().begin() as connection:
            self._table.create(connection)
            connection.execute(insert(self._table).values(**row | self._key | self._values))
            return dict(connection.execute(select(self._table)).mappings().one())


def _empty_database() -> Engine:
    return create_engine("sqlite://")
