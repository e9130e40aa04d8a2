"""The past: aggregates as they were known at an instant. It is read, never added to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from domain.kernel.aggregate import A, Aggregate, Wanted
from eventlog.codec import Codec
from eventlog.reader import Reader


class Past:
    """The log as a policy reads it, with nothing in it that came after an instant or a position.

    What is recorded on its aggregates is lost with them.
    """

    def __init__(
        self,
        reader: Reader,
        codec: Codec,
        known_at: datetime | None = None,
        upto: int | None = None,
    ) -> None:
        self._reader, self._codec = reader, codec
        self._known_at, self._upto = known_at, upto
        self._kept: dict[str, Aggregate] = {}

    def events(self, stream: str) -> list[Any]:
        """Events of a stream, in order."""
        rows = self._reader.stream(stream, known_at=self._known_at, upto_position=self._upto)
        return [self._codec.read(row) for row in rows]

    def begin(self, aggregate_type: type[A], *key: str) -> A:
        """Return an aggregate as ``get`` does."""
        return self.get(aggregate_type, *key)

    def expect(self, wanted: Iterable[Wanted]) -> None:
        """Do nothing: the past is not in a hurry."""

    def get(self, aggregate_type: type[A], *key: str) -> A:
        """Return an aggregate folded from its own events, which are read once."""
        stream = "/".join((aggregate_type.CATEGORY, *key))
        if stream not in self._kept:
            found = aggregate_type(stream=stream)
            for event in self.events(stream):
                found.fold(event)
            self._kept[stream] = found
        return cast("A", self._kept[stream])
