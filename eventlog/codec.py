"""Events to JSON text and back, by stable topic, with old shapes upcast on the way in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from eventlog.protocols import LoggedEvent

Upcast = Callable[[dict[str, Any]], tuple[str, dict[str, Any]]]
"""Turns the fields of an old stored shape into a current topic and its fields."""


class UnknownTopicError(LookupError):
    """A stored topic that no event type and no upcast claims. History is never skipped silently."""


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
