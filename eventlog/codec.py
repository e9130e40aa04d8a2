"""Events to JSON text and back, by stable topic, with old shapes upcast on the way in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from eventlog.protocols import LoggedEvent
from eventlog.rows import EventRow

T = TypeVar("T")
Upcast = Callable[[dict[str, Any]], tuple[str, dict[str, Any]]]
"""Turns the fields of an old stored shape into a current topic and its fields."""


class UnknownTopicError(LookupError):
    """A stored topic that no event type and no upcast claims. History is never skipped silently."""


class UnreadableRowError(Exception):
    """A stored event that is not what its topic says: it was altered, or is of a newer Baton."""

    def __init__(self, row: EventRow, why: Exception) -> None:
        unknown = isinstance(why, UnknownTopicError)
        self.why = f"no event has the topic {why}" if unknown else f"{row.topic}: {why}"
        super().__init__(f"position {row.position} of the log cannot be read: {self.why}")
        self.position = row.position


def as_written(row: EventRow, decoder: msgspec.json.Decoder[T]) -> T:
    """Return what a stored row holds, in its old shape if it has one; raises UnreadableRowError."""
    try:
        return decoder.decode(row.data)
    except msgspec.DecodeError as error:
        raise UnreadableRowError(row, error) from error


class Codec:
    """The event types of a system by topic, and how to read what was written before them."""

    def __init__(
        self, types: Iterable[type[LoggedEvent]], upcasts: Mapping[str, Upcast] | None = None
    ) -> None:
        self._types: dict[str, type[Any]] = {}
        for event_type in types:
            if event_type.TOPIC in self._types:
                raise ValueError(f"two event types share the topic {event_type.TOPIC!r}")
            self._types[event_type.TOPIC] = event_type
        self._decoders = {
            topic: msgspec.json.Decoder(event_type) for topic, event_type in self._types.items()
        }
        self._upcasts = dict(upcasts or {})
        self._encoder = msgspec.json.Encoder()

    @property
    def topics(self) -> frozenset[str]:
        """All topics that can be read, old ones included."""
        return frozenset(self._types) | frozenset(self._upcasts)

    @property
    def types(self) -> Mapping[str, type[Any]]:
        """The current event type of each current topic."""
        return self._types

    def encode(self, event: LoggedEvent) -> str:
        """JSON text of an event; raises UnknownTopicError for one that could not be read again."""
        if self._types.get(event.TOPIC) is not type(event):
            raise UnknownTopicError(event.TOPIC)
        return self._encoder.encode(event).decode()

    def decode(self, topic: str, data: str) -> Any:
        """Return the event stored under ``topic``; raises UnknownTopicError."""
        decoder = self._decoders.get(topic)
        if decoder is not None:
            return decoder.decode(data)
        upcast = self._upcasts.get(topic)
        if upcast is None:
            raise UnknownTopicError(topic)
        current, fields = upcast(msgspec.json.decode(data))
        return self.decode(current, self._encoder.encode(fields).decode())

    def read(self, row: EventRow) -> Any:
        """Return the event of a stored row; raises UnreadableRowError."""
        try:
            return self.decode(row.topic, row.data)
        except (msgspec.MsgspecError, LookupError, TypeError, ValueError) as error:
            raise UnreadableRowError(row, error) from error
