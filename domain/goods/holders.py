"""Holders of a product: which warehouses and dealers ever had which lot, so that it is found."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp


class Holders(Aggregate):
    """The holders of one product; the stream is ``Holders/{sku}``. Devices have the lot ""."""

    CATEGORY: ClassVar[str] = "Holders"

    warehouses: list[str] = msgspec.field(default_factory=list)
    lots: dict[str, list[str]] = msgspec.field(default_factory=dict)
    """Dealers by lot, in the order in which they first got it."""

    # What can happen. Topics and fields are stored: add, never rename.

    class FirstStocked(Event, frozen=True, kw_only=True):
        """The product came into a warehouse for the first time."""

        TOPIC = "holders.first_stocked"
        warehouse: str

        def apply(self, holders: Holders) -> None:
            """Add the warehouse."""
            holders.warehouses = list(dict.fromkeys([*holders.warehouses, self.warehouse]))

    class FirstSent(Event, frozen=True, kw_only=True):
        """A lot went to a dealer for the first time, from us or from another dealer."""

        TOPIC = "holders.first_sent"
        lot: str
        dealer: str

        def apply(self, holders: Holders) -> None:
            """Add the dealer."""
            holders.lots.setdefault(self.lot, []).append(self.dealer)

    # What is asked about it.

    def who_had(self, lot: str) -> list[str]:
        """Dealers that ever had a lot, in the order in which they first got it."""
        return self.lots.get(lot, [])

    # What may be asked of it.

    def stock(self, warehouse: str, stamp: Stamp) -> None:
        """Note that a warehouse takes the product in; one that had it is not noted again."""
        if warehouse not in self.warehouses:
            self.record(self.FirstStocked(stamp.by, stamp.at, warehouse=warehouse))

    def send(self, lot: str, dealer: str, stamp: Stamp) -> None:
        """Note that a dealer gets a lot; a dealer that had it before is not noted again."""
        if dealer not in self.who_had(lot):
            self.record(self.FirstSent(stamp.by, stamp.at, lot=lot, dealer=dealer))
