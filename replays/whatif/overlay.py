"""The past before a decision, as it was and with one policy changed. The log is never touched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from domain.kernel.aggregate import A, Aggregate
from eventlog.codec import Codec
from eventlog.reader import Reader
from replays.past import Past

Change = Callable[[Aggregate], Aggregate]
"""Returns an aggregate as it would have been: itself, or a copy of which something differs."""

MOST_KEPT = 10_000
"""Aggregates kept in memory; beyond that, what is asked for is read from its first event again."""


class Moving(Past):
    """The past, moved forward through the log.

    What was asked for before is only brought up to date, so that going through a long log costs
    each of its events once.
    """

    def __init__(self, reader: Reader, codec: Codec) -> None:
        super().__init__(reader, codec, upto=0)
        self._position = 0
        self._fresh: set[str] = set()

    def move(self, upto: int) -> None:
        """Know everything up to a position, that included; raises ValueError for an earlier one."""
        if upto < self._position:
            raise ValueError(f"{upto} lies before {self._position}")
        if upto > self._position:
            self._position = self._upto = upto
            self._fresh.clear()
            if len(self._kept) > MOST_KEPT:
                self._kept.clear()

    def get(self, aggregate_type: type[A], *key: str) -> A:
        """Return an aggregate as of the position."""
        stream = "/".join((aggregate_type.CATEGORY, *key))
        found = self._kept.get(stream) or aggregate_type(stream=stream)
        if stream not in self._fresh:
            for row in self._reader.stream(
                stream, after_version=found.version, upto_position=self._upto
            ):
                found.fold(self._codec.read(row))
            self._kept[stream] = found
            self._fresh.add(stream)
        return cast("A", found)


class Overlay(Past):
    """The past as it would have been: every aggregate is handed to a change before it is given out.

    ``was`` is the same past as it was. Both are moved forward together.
    """

    def __init__(self, reader: Reader, codec: Codec, change: Change) -> None:
        super().__init__(reader, codec)
        self.was = Moving(reader, codec)
        self._change = change

    def move(self, upto: int) -> None:
        """Know everything up to a position, that included; raises ValueError for an earlier one."""
        self.was.move(upto)

    def events(self, stream: str) -> list[Any]:
        """Events of a stream, in order: what happened is not changed."""
        return self.was.events(stream)

    def get(self, aggregate_type: type[A], *key: str) -> A:
        """Return an aggregate as it would have been."""
        return cast("A", self._change(self.was.get(aggregate_type, *key)))
