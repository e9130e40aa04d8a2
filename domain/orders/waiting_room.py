"""A waiting room: the orders that one kind of hold stops, so that a fact which ends it finds them.

Facts about a dealer find its orders in the dealer's order book; these rooms are for facts about
products, prices and goods.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp

ROOMS = frozenset(
    {
        "PRICE_MISSING",
        "NO_SUPPLY",
        "SHORT_DATED_CONSENT",
        "QUALITY_LOCK",
        "RECALL_BLOCK",
        "REGISTRATION_EXPIRED",
        "REGISTRATION_MISSING",
    }
)


class WaitingRoom(Aggregate):
    """Orders that one hold stops; the stream is ``Waiting/{code}``."""

    CATEGORY: ClassVar[str] = "Waiting"

    orders: dict[str, int] = msgspec.field(default_factory=dict)
    """Orders, oldest first, with how often they came in."""

    # What can happen in a waiting room. Topics and fields are stored: add, never rename.

    class Entered(Event, frozen=True, kw_only=True):
        """An order waits."""

        TOPIC = "waiting_room.entered"
        so: str

        def apply(self, room: WaitingRoom) -> None:
            """Let it in."""
            room.orders[self.so] = room.orders.get(self.so, 0) + 1

    class Left(Event, frozen=True, kw_only=True):
        """An order waits no longer."""

        TOPIC = "waiting_room.left"
        so: str

        def apply(self, room: WaitingRoom) -> None:
            """Let it go."""
            room.orders.pop(self.so, None)

    # What may be asked of it.

    def set(self, so: str, stamp: Stamp, *, waits: bool) -> None:
        """Let an order wait, or no longer."""
        if waits and so not in self.orders:
            self.record(self.Entered(stamp.by, stamp.at, so=so))
        elif not waits and so in self.orders:
            self.record(self.Left(stamp.by, stamp.at, so=so))
