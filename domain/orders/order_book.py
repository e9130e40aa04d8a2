"""A dealer's order book: its own references, and the orders that wait to be confirmed."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp
from domain.orders.refusals import DuplicateOrder


class OrderBook(Aggregate):
    """One dealer's orders; the stream is ``OrderBook/{dealer}``."""

    CATEGORY: ClassVar[str] = "OrderBook"

    references: dict[str, str] = msgspec.field(default_factory=dict)
    """Our order number by the dealer's own reference."""
    waiting: dict[str, str] = msgspec.field(default_factory=dict)
    """Orders placed and not yet confirmed, oldest first, with their currency."""

    # What can happen to an order book. Topics and fields are stored: add, never rename.

    class Entered(Event, frozen=True, kw_only=True):
        """An order was placed."""

        TOPIC = "order_book.entered"
        so: str
        currency: str
        external_ref: str | None = None

        def apply(self, book: OrderBook) -> None:
            """Let it wait."""
            book.waiting[self.so] = self.currency
            if self.external_ref is not None:
                book.references[self.external_ref] = self.so

    class Left(Event, frozen=True, kw_only=True):
        """An order waits no longer: it was confirmed, rejected or cancelled."""

        TOPIC = "order_book.left"
        so: str

        def apply(self, book: OrderBook) -> None:
            """Let it go."""
            book.waiting.pop(self.so, None)

    # What may be asked of it.

    def enter(self, so: str, currency: str, external_ref: str | None, stamp: Stamp) -> None:
        """Enter a placed order; raises DuplicateOrder for a reference that is known."""
        if external_ref is not None and external_ref in self.references:
            raise DuplicateOrder(external_ref=external_ref, so=self.references[external_ref])
        self.record(
            self.Entered(stamp.by, stamp.at, so=so, currency=currency, external_ref=external_ref)
        )

    def leave(self, so: str, stamp: Stamp) -> None:
        """Take an order off the waiting list, once."""
        if so in self.waiting:
            self.record(self.Left(stamp.by, stamp.at, so=so))
