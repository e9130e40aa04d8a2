"""The language of projections: facts in, changes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Table

from domain.kernel.event import Event


def events_in(room: object) -> list[type[Event]]:
    """Return the events that a module or an aggregate defines."""
    return [
        one
        for one in vars(room).values()
        if isinstance(one, type) and issubclass(one, Event) and one.TOPIC
    ]


Row = Mapping[str, Any]


class Fact(msgspec.Struct, frozen=True):
    """An event with what the log knows of it. ``key`` are the parts of the stream's name."""

    position: int
    stream: str
    version: int
    recorded_at: datetime
    command_id: str
    event: Any

    @property
    def key(self) -> list[str]:
        """Parts of the stream's name after its category; the last part may hold slashes."""
        return self.stream.split("/", 2)[1:]


class Add(msgspec.Struct, frozen=True):
    """Add amounts to columns of a row, which begins at zero."""

    table: Table
    key: Row
    amounts: Mapping[str, int]


class Put(msgspec.Struct, frozen=True):
    """Set columns of a row."""

    table: Table
    key: Row
    values: Row


class Append(msgspec.Struct, frozen=True):
    """Add a row to a table of movements. ``seq`` tells rows of one event apart."""

    table: Table
    values: Row
    seq: int = 0


class Remove(msgspec.Struct, frozen=True):
    """Take a row away."""

    table: Table
    key: Row


Change = Add | Put | Append | Remove


@dataclass(frozen=True)
class Projection:
    """A read model. Bump ``version`` when its meaning changes: it is then rebuilt."""

    name: str
    version: int
    tables: tuple[Table, ...]
    reads: frozenset[type[Event]]
    effects: Callable[[Fact], Iterable[Change]]

    def changes(self, fact: Fact) -> Iterable[Change]:
        """What a fact changes here; nothing for facts that are not read."""
        return self.effects(fact) if type(fact.event) in self.reads else ()


def readers_of(projections: Iterable[Projection]) -> dict[type[Event], list[Projection]]:
    """Projections by the events that they read: most events concern few of them."""
    readers: dict[type[Event], list[Projection]] = {}
    for projection in projections:
        for one in projection.reads:
            readers.setdefault(one, []).append(projection)
    return readers
