"""Three words for what the domain decides: ``given`` a past, ``when`` a command, ``then`` facts.

``given`` takes facts (an event of a stream) and lists of facts, such as a prepared world. ``when``
runs a flow with its command, or any action on the log. ``then`` names all events that were
recorded, in order, by their type or with ``like`` by some of their fields; ``refuses`` the refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta, timezone
from typing import Any, NamedTuple

from domain.kernel.aggregate import A, Aggregate, Journal
from domain.kernel.event import Event
from domain.kernel.refusal import Refusal
from domain.kernel.stamp import Actor, Stamp

CHINA = timezone(timedelta(hours=8))


class Index(NamedTuple):
    """What a journal holds: sorted streams by category; stream and event by position and type."""

    streams: dict[str, list[str]]
    events: dict[type[Event], dict[int, tuple[str, Event]]]


class MemoryLog:
    """A log in memory that keeps aggregates and undoes a command as the writer's batch does."""

    def __init__(self) -> None:
        self.kept: dict[str, Aggregate] = {}
        self.journal: Journal = []
        self._undone = 0
        self._indexed: tuple[tuple[int, int], Index] | None = None

    def get(self, aggregate_type: type[A], *key: str) -> A:
        stream = "/".join((aggregate_type.CATEGORY, *key))
        if stream not in self.kept:
            aggregate = aggregate_type(stream=stream)
            for name, _, event in self.journal:
                if name == stream:
                    aggregate.fold(event)
            self.kept[stream] = aggregate
        found = self.kept[stream]
        assert isinstance(found, aggregate_type)
        found.journal = self.journal
        return found

    def begin(self, aggregate_type: type[A], *key: str) -> A:
        found = self.get(aggregate_type, *key)
        assert not found.exists
        return found

    def expect(self, wanted: Iterable[Any]) -> None:
        """Everything is in memory already."""

    def attempt(self, decide: Callable[[MemoryLog], Any]) -> Any:
        """Run a command; a refusal without a trace, or an error, leaves nothing of it."""
        mark = len(self.journal)
        try:
            return decide(self)
        except Refusal as refusal:
            if not refusal.leaves_trace:
                self.undo(mark)
            raise
        except BaseException:
            self.undo(mark)
            raise

    def undo(self, mark: int) -> None:
        for stream, _, _ in self.journal[mark:]:
            self.kept.pop(stream, None)
        del self.journal[mark:]
        self._undone += 1

    def index(self) -> Index:
        """Look the journal through, once for all who ask until it changes."""
        state = len(self.journal), self._undone
        if self._indexed is None or self._indexed[0] != state:
            self._indexed = state, _index(self.journal)
        return self._indexed[1]


def _index(journal: Journal) -> Index:
    events: dict[type[Event], dict[int, tuple[str, Event]]] = {}
    streams: dict[str, list[str]] = {}
    for position, (stream, _, event) in enumerate(journal):
        events.setdefault(type(event), {})[position] = stream, event
    for stream in sorted({stream for stream, _, _ in journal}):
        streams.setdefault(stream.partition("/")[0], []).append(stream)
    return Index(streams, events)


class Fact(NamedTuple):
    """An event of a stream, as the log would hold it."""

    aggregate: type[Aggregate]
    key: tuple[str, ...]
    event: Event


def fact(aggregate: type[Aggregate], *key_and_event: Any) -> Fact:
    *key, event = key_and_event
    return Fact(aggregate, tuple(key), event)


def day(text: str) -> date:
    return date.fromisoformat(text)


def instant(on: str, clock: str = "08:10") -> datetime:
    return datetime.fromisoformat(f"{on}T{clock}:00").replace(tzinfo=CHINA)


SERVICE = Actor("erp", "SERVICE")
TODAY = "2026-03-02"


def stamp(by: Actor = SERVICE, on: str = TODAY, clock: str = "08:10") -> Stamp:
    return Stamp(by, instant(on, clock), day(on))


class like:
    """An event of a type with these fields, whatever its others are."""

    def __init__(self, event_type: type[Event], **fields: Any) -> None:
        self.event_type = event_type
        self.fields = fields

    def told(self) -> tuple[str, dict[str, Any]]:
        return self.event_type.TOPIC, self.fields


class Given:
    """A past, in which something may happen."""

    def __init__(self, log: MemoryLog) -> None:
        self.log = log

    def get(self, aggregate_type: type[A], *key: str) -> A:
        return self.log.get(aggregate_type, *key)

    def when(
        self, what: Callable[..., Any], command: Any = None, *, by: Actor = SERVICE, on: str = TODAY
    ) -> When:
        """Run a flow with its command, or an action on the log."""

        def decide(log: MemoryLog) -> Any:
            return what(log) if command is None else what(log, stamp(by, on), command)

        mark = len(self.log.journal)
        try:
            answer, refusal = self.log.attempt(decide), None
        except Refusal as raised:
            answer, refusal = None, raised
        return When(self, mark, answer, refusal)


class When:
    """What came of a command."""

    def __init__(self, past: Given, mark: int, answer: Any, refusal: Refusal | None) -> None:
        self.past = past
        self.answer = answer
        self.refusal = refusal
        self.events = [event for _, _, event in past.log.journal[mark:]]

    def accepted(self) -> Given:
        """Whatever was recorded; the past goes on from there."""
        assert self.refusal is None, (self.refusal, self.refusal.facts, self.refusal.others)
        return self.past

    def then(self, *expected: type[Event] | like) -> Given:
        """Exactly these events were recorded, in this order."""
        assert self.refusal is None, self.refusal.facts
        self.left(*expected)
        return self.past

    def left(self, *expected: type[Event] | like) -> None:
        """What stands in the log, also after a refusal."""
        likes = [one if isinstance(one, like) else like(one) for one in expected]
        asked = [one.fields for one in likes] + [{}] * len(self.events)
        told = [
            (event.TOPIC, {name: getattr(event, name, None) for name in fields})
            for event, fields in zip(self.events, asked, strict=False)
        ]
        assert told == [one.told() for one in likes]

    def recorded(self, event_type: type[Event]) -> list[Any]:
        """Events of one type among what was recorded."""
        assert self.refusal is None, self.refusal.facts
        return [event for event in self.events if isinstance(event, event_type)]

    def refuses(self, *expected: type[Refusal], **facts: Any) -> Given:
        """Refused for exactly these reasons, the first one leading; nothing was recorded."""
        assert self.refusal is not None, f"accepted: {self.answer}"
        assert [type(one) for one in self.refusal.violations] == list(expected)
        assert {name: self.refusal.facts.get(name) for name in facts} == facts
        assert self.refusal.leaves_trace or self.events == []
        return self.past


def given(*past: Fact | Iterable[Fact]) -> Given:
    log = MemoryLog()
    for part in past:
        for kind, key, event in [part] if isinstance(part, Fact) else part:
            log.get(kind, *key).record(event)
    return Given(log)
