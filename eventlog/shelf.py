"""The writer's shelf: aggregates kept in memory, as stored plus what the open batch recorded."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from eventlog.codec import Codec
from eventlog.dialects import Dialect
from eventlog.loading import Wanted, load, new
from eventlog.protocols import LoggedAggregate


class Shelf:
    """Keeps the most recently used aggregates, at most ``capacity`` of them between batches."""

    def __init__(self, dialect: Dialect, codec: Codec, capacity: int) -> None:
        self._dialect = dialect
        self._codec = codec
        self._capacity = capacity
        self._kept: OrderedDict[str, Any] = OrderedDict()
        self.seen = 0
        """Position up to which the kept aggregates are true."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept that could be out of date."""
        return not self._kept

    def begin(self, aggregate_type: type[LoggedAggregate], stream: str) -> None:
        """Put an aggregate without history there, unless it is known."""
        if stream not in self._kept:
            self._kept[stream] = new(aggregate_type, stream)

    def load(self, connection: Connection, wanted: Sequence[Wanted]) -> None:
        """Take aggregates up, by one statement."""
        if wanted:
            self._kept |= load(connection, self._dialect, self._codec, wanted)

    def use(self, stream: str) -> Any:
        """Return an aggregate that is in memory, as the most recently used; else KeyError."""
        self._kept.move_to_end(stream)
        return self._kept[stream]

    def refresh(self, connection: Connection) -> None:
        """Bring kept aggregates up to date with what other processes appended."""
        for stream, version, topic, data in self._dialect.tail(connection, self.seen):
            kept = self._kept.get(stream)
            if kept is None:
                continue
            if version == kept.version + 1:
                kept.fold(self._codec.decode(topic, data))
            else:
                self.forget(stream)

    def kept(self, stream: str) -> Any | None:
        """Return an aggregate that is in memory, or None."""
        return self._kept.get(stream)

    def forget(self, stream: str) -> None:
        """Drop one aggregate; the next use loads it from the log."""
        self._kept.pop(stream, None)

    def clear(self) -> None:
        """Drop everything, after a batch whose fate is unknown."""
        self._kept.clear()

    def trim(self) -> None:
        """Drop the least recently used beyond the capacity. Not during a batch."""
        while len(self._kept) > self._capacity:
            self._kept.popitem(last=False)
