"""What the log asks of the events and aggregates that others hand to it."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol, TypeVar


class LoggedEvent(Protocol):
    """An immutable fact with a stable stored name."""

    TOPIC: ClassVar[str]


class LoggedAggregate(Protocol):
    """State folded from the events of one stream.

    ``journal`` is where the aggregate writes down what it records, in order, for the writer.
    """

    CATEGORY: ClassVar[str]
    STATE_VERSION: ClassVar[int]
    stream: str
    version: int
    journal: list[tuple[str, int, Any]]

    def fold(self, event: Any) -> None:
        """Apply a stored event and count its version."""


A = TypeVar("A", bound=LoggedAggregate)


def stream_of(category: str, *key: str) -> str:
    """Name of a stream: the category and its key parts, joined by slashes."""
    return "/".join((category, *key))
