"""A dealer's order book: its own references, and the orders that wait to be confirmed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp
from domain.orders.refusals import DuplicateOrder

KEPT = timedelta(days=31)
"""How long an order is remembered as a possible duplicate of a later one, at most."""


class Entry(msgspec.Struct, frozen=True):
    """What was ordered, as a digest, and when."""

    content: str
    at: datetime


class OrderBook(Aggregate):
    """One dealer's orders; the stream is ``OrderBook/{dealer}``."""

    CATEGORY: ClassVar[str] = "OrderBook"

    references: dict[str, str] = msgspec.field(default_factory=dict)
    """Our order number by the dealer's own reference."""
    recent: dict[str, Entry] = msgspec.field(default_factory=dict)
    """Orders of the last days, with what was ordered, to find possible duplicates."""
    open: set[str] = msgspec.field(default_factory=set)
    """Orders that have not ended: not rejected, cancelled or closed."""
    waiting: dict[str, str] = msgspec.field(default_factory=dict)
    """Orders placed and not yet confirmed, oldest first, with their currency."""

    # What can happen to an order book. Topics and fields are stored: add, never rename.

    class Entered(Event, frozen=True, kw_only=True):
        """An order was placed."""

        TOPIC = "order_book.entered"
        so: str
        currency: str
        external_ref: str | None = None
        content: str = ""

        def apply(self, book: OrderBook) -> None:
            """Let it wait."""
            book.forget(self.occurred_at - KEPT)
            book.recent[self.so] = Entry(self.content, self.occurred_at)
            book.open.add(self.so)
            book.waiting[self.so] = self.currency
            if self.external_ref is not None:
                book.references[self.external_ref] = self.so

    class Stopped(Event, frozen=True, kw_only=True):
        """A confirmed order waits again, for a hold that an amendment or a fact has raised."""

        TOPIC = "order_book.stopped"
        so: str
        currency: str

        def apply(self, book: OrderBook) -> None:
            """Let it wait."""
            book.waiting[self.so] = self.currency

    class Left(Event, frozen=True, kw_only=True):
        """An order waits no longer: it was confirmed, rejected or cancelled."""

        TOPIC = "order_book.left"
        so: str

        def apply(self, book: OrderBook) -> None:
            """Let it go."""
            book.waiting.pop(self.so, None)

    class Ended(Event, frozen=True, kw_only=True):
        """An order is over."""

        TOPIC = "order_book.ended"
        so: str

        def apply(self, book: OrderBook) -> None:
            """Let it go."""
            book.open.discard(self.so)
            book.recent.pop(self.so, None)

    def forget(self, until: datetime) -> None:
        """Drop what is too old to be repeated, the oldest first (a fold, not a command)."""
        while self.recent:
            so = next(iter(self.recent))
            if self.recent[so].at > until:
                break
            del self.recent[so]

    # What is asked about it.

    def like(self, so: str, content: str, at: datetime, within: timedelta) -> list[str]:
        """Other orders of the same content that were placed shortly before or after."""
        return [
            other
            for other, one in self.recent.items()
            if other != so and one.content == content and abs(one.at - at) <= within
        ]

    # What may be asked of it.

    def enter(
        self, so: str, currency: str, external_ref: str | None, content: str, stamp: Stamp
    ) -> None:
        """Enter a placed order; raises DuplicateOrder for a reference that is known."""
        if external_ref is not None and external_ref in self.references:
            raise DuplicateOrder(external_ref=external_ref, so=self.references[external_ref])
        self.record(
            self.Entered(
                stamp.by,
                stamp.at,
                so=so,
                currency=currency,
                external_ref=external_ref,
                content=content,
            )
        )

    def wait(self, so: str, currency: str, stamp: Stamp) -> None:
        """Let an order wait, once."""
        if so not in self.waiting:
            self.record(self.Stopped(stamp.by, stamp.at, so=so, currency=currency))

    def leave(self, so: str, stamp: Stamp) -> None:
        """Take an order off the waiting list, once."""
        if so in self.waiting:
            self.record(self.Left(stamp.by, stamp.at, so=so))

    def end(self, so: str, stamp: Stamp) -> None:
        """Say that an order is over; it waits no longer."""
        self.leave(so, stamp)
        if so in self.open:
            self.record(self.Ended(stamp.by, stamp.at, so=so))
