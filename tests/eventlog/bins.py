"""A toy of a warehouse: bins with pieces in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import Refusal
from domain.kernel.stamp import Actor
from eventlog.jobs import Log

CLERK = Actor("wh-1", "WH")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Stocked(Event):
    TOPIC: ClassVar[str] = "bin.stocked"

    quantity: int
    note: str = ""

    def apply(self, aggregate: Bin) -> None:
        aggregate.count += self.quantity


class Picked(Event):
    TOPIC: ClassVar[str] = "bin.picked"

    quantity: int

    def apply(self, aggregate: Bin) -> None:
        aggregate.count -= self.quantity


class PickRejected(Event):
    TOPIC: ClassVar[str] = "bin.pick_rejected"

    quantity: int

    def apply(self, aggregate: Bin) -> None:
        aggregate.rejected += 1


class TooFew(Refusal):
    """There are fewer pieces in the bin than were asked for."""


class NotForYou(Refusal):
    """This bin is not for everybody; that somebody tried is a fact of the bin."""

    leaves_trace = True


class Bin(Aggregate):
    """Pieces of one kind."""

    CATEGORY: ClassVar[str] = "Bin"

    count: int = 0
    rejected: int = 0

    def stock(self, quantity: int, note: str = "") -> None:
        self.record(Stocked(CLERK, NOON, quantity, note))

    def pick(self, quantity: int) -> None:
        """Take pieces, and only then look whether there were enough: the log must undo it."""
        self.record(Picked(CLERK, NOON, quantity))
        if self.count < 0:
            raise TooFew(available=self.count + quantity)

    def reject(self, quantity: int) -> None:
        self.record(PickRejected(CLERK, NOON, quantity))
        raise NotForYou(quantity=quantity)


EVENTS = (Stocked, Picked, PickRejected)
Decide = Callable[[Log], Any]


def stock(name: str, quantity: int = 1, note: str = "") -> Decide:
    return lambda log: log.get(Bin, name).stock(quantity, note)


def pick(name: str, quantity: int = 1) -> Decide:
    return lambda log: log.get(Bin, name).pick(quantity)


def reject(name: str, quantity: int = 1) -> Decide:
    return lambda log: log.get(Bin, name).reject(quantity)


def count(name: str) -> Decide:
    """A question as a command: what the writer believes is in a bin."""
    return lambda log: log.get(Bin, name).count
