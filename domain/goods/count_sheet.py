"""A count sheet (盘点): what the book said when it was frozen, what was counted, who approved."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import AlreadyExists, InvalidState
from domain.kernel.stamp import Stamp

FROZEN, COUNTED, APPROVED, DISCARDED = "FROZEN", "COUNTED", "APPROVED", "DISCARDED"


class Frozen(msgspec.Struct, frozen=True, omit_defaults=True):
    """A bucket of the book, a lot or a product's units; ``moves`` counts its item's movements."""

    sku: str
    moves: int
    book: int
    lot: str | None = None
    serials: tuple[str, ...] = ()


class Counted(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was found of a bucket, with what that is worth more or less (standard cost)."""

    sku: str
    counted: int
    delta: int
    value: int
    lot: str | None = None
    missing: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    absolute: int = 0
    """What is missing and what came up, both counted: neither makes up for the other."""


class CountSheet(Aggregate):
    """One sheet of one warehouse; the stream is ``Count/{sheet}``."""

    CATEGORY: ClassVar[str] = "Count"

    state: str = ""
    warehouse: str = ""
    buckets: list[Frozen] = msgspec.field(default_factory=list)
    lines: list[Counted] = msgspec.field(default_factory=list)
    counters: list[str] = msgspec.field(default_factory=list)
    """Who counted, who counted again, and who entered it."""

    # What can happen to a sheet. Topics and fields are stored: add, never rename.

    class BookFrozen(Event, frozen=True, kw_only=True):
        """The book was written down, to be counted against."""

        TOPIC = "count.frozen"
        warehouse: str
        buckets: tuple[Frozen, ...]

        def apply(self, sheet: CountSheet) -> None:
            """Freeze it."""
            sheet.state, sheet.warehouse = FROZEN, self.warehouse
            sheet.buckets = list(self.buckets)

    class Submitted(Event, frozen=True, kw_only=True):
        """Somebody counted; ``recounted_by`` where the difference asked for a second count."""

        TOPIC = "count.submitted"
        counter: str
        lines: tuple[Counted, ...]
        recounted_by: str | None = None

        def apply(self, sheet: CountSheet) -> None:
            """Enter it."""
            sheet.state, sheet.lines = COUNTED, list(self.lines)
            sheet.counters = [self.counter, self.by.user]
            if self.recounted_by:
                sheet.counters.append(self.recounted_by)

    class Approved(Event, frozen=True, kw_only=True):
        """The differences were accepted. ``value`` is the sum of their absolute values."""

        TOPIC = "count.approved"
        value: int

        def apply(self, sheet: CountSheet) -> None:
            """Accept it."""
            sheet.state = APPROVED

    class Discarded(Event, frozen=True, kw_only=True):
        """The sheet is not used."""

        TOPIC = "count.discarded"
        reason: str

        def apply(self, sheet: CountSheet) -> None:
            """Forget it."""
            sheet.state = DISCARDED

    # What is asked about it.

    @property
    def value(self) -> int:
        """Sum of the absolute values of the differences, minor units."""
        return sum(one.absolute for one in self.lines)

    def bucket(self, sku: str, lot: str | None) -> Frozen | None:
        """The frozen bucket of a lot, or of a product's units."""
        return next((one for one in self.buckets if (one.sku, one.lot) == (sku, lot)), None)

    # What may be asked of it.

    def freeze(self, warehouse: str, buckets: tuple[Frozen, ...], stamp: Stamp) -> None:
        """Write the book down; raises AlreadyExists."""
        if self.exists:
            raise AlreadyExists(kind="CountSheet", id=self.key)
        self.record(self.BookFrozen(stamp.by, stamp.at, warehouse=warehouse, buckets=buckets))

    def submit(
        self, counter: str, lines: tuple[Counted, ...], recounted_by: str | None, stamp: Stamp
    ) -> None:
        """Enter what was counted; raises InvalidState."""
        self.require(FROZEN, COUNTED)
        self.record(
            self.Submitted(
                stamp.by, stamp.at, counter=counter, lines=lines, recounted_by=recounted_by
            )
        )

    def approve(self, stamp: Stamp) -> None:
        """Accept the differences; raises InvalidState."""
        self.require(COUNTED)
        self.record(self.Approved(stamp.by, stamp.at, value=self.value))

    def discard(self, reason: str, stamp: Stamp) -> None:
        """Do not use the sheet; raises InvalidState."""
        self.require(FROZEN, COUNTED)
        self.record(self.Discarded(stamp.by, stamp.at, reason=reason))

    def require(self, *states: str) -> None:
        """Raise InvalidState unless it is in one of the states."""
        if self.state not in states:
            raise InvalidState(sheet=self.key, state=self.state, required=states)
