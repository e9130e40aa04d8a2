"""The writer's shelf: aggregates kept in memory, as stored plus what the open batch recorded."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from eventlog.codec import Codec
from eventlog.protocols import A, stream_of
from eventlog.rows import EventRow
from eventlog.snapshots import load


class Shelf:
    """Keeps the most recently used aggregates, at most ``capacity`` of them between batches."""

    def __init__(self, codec: Codec, capacity: int) -> None:
        self._codec = codec
        self._capacity = capacity
        self._kept: OrderedDict[str, Any] = OrderedDict()
        self.seen = 0
        """Position up to which the kept aggregates are true."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept that could be out of date."""
        return not self._kept

    def get(
        self, connection: Connection, aggregate_type: type[A], key: tuple[str, ...]
    ) -> tuple[A, bool]:
        """Return the aggregate of a key, and whether it had to be loaded."""
        stream = stream_of(aggregate_type.CATEGORY, *key)
        kept: A | None = self._kept.get(stream)
        if kept is not None:
            self._kept.move_to_end(stream)
            return kept, False
        loaded = load(connection, self._codec, aggregate_type, stream)
        self._kept[stream] = loaded
        return loaded, True

    def refresh(self, tail: Iterable[EventRow]) -> None:
        """Bring kept aggregates up to date with what other processes appended."""
        for row in tail:
            kept = self._kept.get(row.stream)
            if kept is None:
                continue
            if row.version == kept.version + 1:
                kept.fold(self._codec.decode(row.topic, row.data))
            else:
                self.forget(row.stream)

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
