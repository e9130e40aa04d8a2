"""What an aggregate is: state folded from the events of one stream, and verbs that record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Protocol, Self, TypeVar

import msgspec

from domain.kernel.event import Event
from domain.kernel.refusal import NotFound

Journal = list[tuple[str, int, Any]]


class Aggregate(msgspec.Struct, dict=True):
    """Base of all aggregates. Each file keeps one order: state, events, questions, commands.

    ``stream`` is ``CATEGORY/key``; ``version`` counts its events. Bump ``STATE_VERSION`` when a
    fold changes its meaning while the fields stay the same: older snapshots are then not used.
    """

    CATEGORY: ClassVar[str] = ""
    STATE_VERSION: ClassVar[int] = 1

    stream: str = ""
    version: int = 0

    @property
    def key(self) -> str:
        """The stream's name without its category."""
        return self.stream.partition("/")[2]

    @property
    def exists(self) -> bool:
        """Whether anything was ever recorded."""
        return self.version > 0

    @property
    def journal(self) -> Journal:
        """Where recorded events are written down, in order, for whoever stores them."""
        found: Journal | None = self.__dict__.get("journal_")
        if found is None:
            found = self.__dict__["journal_"] = []
        return found

    @journal.setter
    def journal(self, journal: Journal) -> None:
        self.__dict__["journal_"] = journal

    def record(self, event: Event) -> None:
        """Write a new fact down and apply it."""
        self.journal.append((self.stream, self.version + 1, event))
        self.fold(event)

    def fold(self, event: Event) -> None:
        """Apply a fact and count it."""
        event.apply(self)
        self.version += 1

    @classmethod
    def of(cls, *key: str) -> Self:
        """Return a new aggregate without history, as the log would give it."""
        return cls(stream="/".join((cls.CATEGORY, *key)))


A = TypeVar("A", bound=Aggregate)

Wanted = tuple[Any, ...]
"""An aggregate's type, and the parts of its key."""


class Log(Protocol):
    """What a flow sees of the log."""

    def get(self, aggregate_type: type[A], *key: str) -> A:
        """Return an aggregate, without history where nothing was ever recorded of it."""
        ...

    def begin(self, aggregate_type: type[A], *key: str) -> A:
        """Return an aggregate that cannot have a history: its number was taken just now."""
        ...

    def expect(self, wanted: Iterable[Wanted]) -> None:
        """Say what will be asked for, so that many are read as one. It changes no answer."""
        ...


class RunningLog(Log, Protocol):
    """The log as whoever runs a flow sees it: with what was recorded so far."""

    @property
    def journal(self) -> Journal:
        """Stream, version and event of every fact, in the order in which they were recorded."""
        ...


def existing(log: Log, aggregate_type: type[A], *key: str) -> A:
    """Return an aggregate that has a history; raises NotFound."""
    aggregate = log.get(aggregate_type, *key)
    if not aggregate.version:
        raise NotFound(kind=aggregate_type.__name__, id="/".join(key))
    return aggregate
