"""The queue of order lines that wait for a product to come in, wherever it comes in."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp

LATE = date.max


class Waiting(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line that waits. The lower its rank, the earlier it gets goods."""

    so: str
    line_no: int
    qty: int
    order_date: date
    promise_date: date | None = None
    priority: int = 0

    @property
    def rank(self) -> tuple[int, date, date, int, str, int]:
        """Priority class, promise, order date, order: never who asks first."""
        promise = self.promise_date or LATE
        number = (len(self.so), self.so, self.line_no)  # SO-10000 comes after SO-9999
        return (self.priority, promise, self.order_date, *number)


class BackorderQueue(Aggregate):
    """Who waits for one product; the stream is ``Backorders/{sku}``."""

    CATEGORY: ClassVar[str] = "Backorders"

    lines: dict[str, Waiting] = msgspec.field(default_factory=dict)
    """Waiting lines by order and line, joined by a slash."""

    # What can happen to the queue. Topics and fields are stored: add, never rename.

    class Joined(Event, frozen=True, kw_only=True):
        """A line waits, or waits for another quantity or day than before."""

        TOPIC = "backorders.joined"
        line: Waiting

        def apply(self, queue: BackorderQueue) -> None:
            """Let it wait."""
            queue.lines[f"{self.line.so}/{self.line.line_no}"] = self.line

    class Left(Event, frozen=True, kw_only=True):
        """A line waits no longer."""

        TOPIC = "backorders.left"
        so: str
        line_no: int

        def apply(self, queue: BackorderQueue) -> None:
            """Let it go."""
            queue.lines.pop(f"{self.so}/{self.line_no}", None)

    # What is asked about it.

    def ranked(self) -> list[Waiting]:
        """The lines in the order in which they get goods."""
        return sorted(self.lines.values(), key=lambda one: one.rank)

    # What may be asked of it.

    def set(self, line: Waiting, stamp: Stamp) -> None:
        """Let a line wait for a quantity; for none, it leaves."""
        key = f"{line.so}/{line.line_no}"
        if line.qty == 0:
            if key in self.lines:
                left = self.Left(stamp.by, stamp.at, so=line.so, line_no=line.line_no)
                self.record(left)
        elif self.lines.get(key) != line:
            self.record(self.Joined(stamp.by, stamp.at, line=line))
