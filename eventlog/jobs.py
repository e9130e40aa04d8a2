"""What callers hand to the writer, and what they get back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Protocol

from eventlog.protocols import A
from eventlog.rows import Receipt


class Log(Protocol):
    """What a flow sees of the log: aggregates, by type and key."""

    def get(self, aggregate_type: type[A], *key: str) -> A:
        """Return the aggregate, at version 0 where nothing was ever recorded of it."""
        ...

    def begin(self, aggregate_type: type[A], *key: str) -> A:
        """Return an aggregate at version 0 without looking; an append to a known one fails."""
        ...

    def expect(self, wanted: Iterable[tuple[Any, ...]]) -> None:
        """Load what will be asked for, each a type and the parts of its key, by one statement."""
        ...

    @property
    def journal(self) -> list[tuple[str, int, Any]]:
        """Stream, version and event of everything recorded so far in the batch, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """A command on its way to the writer.

    ``decide`` runs the flow and returns its result; ``answer`` turns the outcome into the text
    that is stored and sent. ``expected`` holds stream versions that the caller relies on;
    ``touches`` are aggregates that it will surely ask for, each a type and the parts of its key.
    """

    principal: str
    key: str
    digest: str
    command: str
    command_id: str
    actor: str
    decide: Callable[[Log], Any]
    expected: Mapping[str, int] = field(default_factory=dict)
    dry_run: bool = False
    touches: Sequence[tuple[Any, ...]] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a command: its receipt, and whether it was found rather than made."""

    receipt: Receipt
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """A request and the promise of its outcome."""

    request: Request
    promise: Future[Outcome]


class LogBusyError(RuntimeError):
    """The queue is full; try again in ``retry_after`` seconds."""

    retry_after = 1


class LogUnavailableError(RuntimeError):
    """The batch could not be written, or its fate is unknown; the same key is safe to repeat."""


class KeyReusedError(RuntimeError):
    """The idempotency key was used before with another content."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(f"the key {receipt.key!r} belongs to another request")
        self.receipt = receipt


class VersionConflictError(RuntimeError):
    """A stream is not at the version that the caller relied on."""

    def __init__(self, conflicts: Mapping[str, tuple[int, int]]) -> None:
        super().__init__(f"streams have moved on: {dict(conflicts)}")
        self.conflicts = conflicts
        """Expected and actual version by stream."""
