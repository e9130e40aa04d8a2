"""Recipients of a product: which dealers ever had which lot, so that a lot can be followed."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp


class Recipients(Aggregate):
    """The recipients of one product; the stream is ``Recipients/{sku}``. Devices have lot ""."""

    CATEGORY: ClassVar[str] = "Recipients"

    lots: dict[str, list[str]] = msgspec.field(default_factory=dict)

    # What can happen. Topics and fields are stored: add, never rename.

    class FirstSent(Event, frozen=True, kw_only=True):
        """A lot went to a dealer for the first time, from us or from another dealer."""

        TOPIC = "recipients.first_sent"
        lot: str
        dealer: str

        def apply(self, recipients: Recipients) -> None:
            """Add the dealer."""
            recipients.lots.setdefault(self.lot, []).append(self.dealer)

    # What is asked about it.

    def who_had(self, lot: str) -> list[str]:
        """Dealers that ever had a lot, in the order in which they first got it."""
        return self.lots.get(lot, [])

    # What may be asked of it.

    def add(self, lot: str, dealer: str, stamp: Stamp) -> None:
        """Note that a dealer gets a lot; a dealer that had it before is not noted again."""
        if dealer not in self.who_had(lot):
            self.record(self.FirstSent(stamp.by, stamp.at, lot=lot, dealer=dealer))
