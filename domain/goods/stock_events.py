"""What can happen to a stock item. Topics and fields are stored: add, never rename."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.goods.shelf import BLOCKED, QUARANTINED, Goods
from domain.kernel.event import Event

if TYPE_CHECKING:
    from domain.goods.stock_item import StockItem


class Arrival(Event, frozen=True, kw_only=True):
    """What all arrivals of goods say. ``unit_cost`` in minor units."""

    goods: Goods
    unit_cost: int

    def apply(self, item: StockItem) -> None:
        """Put the goods on the shelf."""
        item.shelf.add(self.goods, self.occurred_at)


class OpeningSet(Arrival, frozen=True, kw_only=True):
    """Goods that were here when the log began."""

    TOPIC = "stock.opening_set"


class Received(Arrival, frozen=True, kw_only=True):
    """Goods came in from ``source`` under a document. All of them arrived, ``qualified`` passed.

    The cost of ``expensed`` returned units had been an expense; that of others had not.
    """

    TOPIC = "stock.received"
    source: str
    source_ref: str
    inspector: str
    qualified: int | None = None
    registration_no: str = ""
    temperature: str | None = None
    expensed: int = 0

    def apply(self, item: StockItem) -> None:
        """Put the goods on the shelf."""
        super().apply(item)
        item.posted = True


class Reserved(Event, frozen=True, kw_only=True):
    """Goods are claimed for ``ref``; ``considered`` is the trace of the choice."""

    TOPIC = "stock.reserved"
    ref: str
    line: int
    goods: Goods
    considered: tuple[str, ...] = ()
    reason: str = ""

    def apply(self, item: StockItem) -> None:
        """Claim the goods."""
        item.posted = True
        item.shelf.claim(self.goods, self.ref)


class ReservationReleased(Event, frozen=True, kw_only=True):
    """A claim was given up."""

    TOPIC = "stock.reservation_released"
    ref: str
    goods: Goods
    reason: str

    def apply(self, item: StockItem) -> None:
        """Free the goods."""
        item.shelf.unclaim(self.goods, self.ref)


class Issued(Event, frozen=True, kw_only=True):
    """Claimed goods left under a document."""

    TOPIC = "stock.issued"
    ref: str
    document: str
    goods: Goods
    unit_cost: int
    target: str = "SHIPMENT"

    def apply(self, item: StockItem) -> None:
        """Take the goods off the shelf."""
        item.shelf.unclaim(self.goods, self.ref)
        item.shelf.remove(self.goods)


class Quarantined(Event, frozen=True, kw_only=True):
    """Goods wait for inspection."""

    TOPIC = "stock.quarantined"
    goods: Goods
    cause: str
    qa_ref: str = ""

    def apply(self, item: StockItem) -> None:
        """Set them apart."""
        item.shelf.mark(self.goods, QUARANTINED)


class Unquarantined(Event, frozen=True, kw_only=True):
    """Inspected goods may be sold."""

    TOPIC = "stock.released"
    goods: Goods
    cause: str
    qa_ref: str = ""

    def apply(self, item: StockItem) -> None:
        """Put them back."""
        item.shelf.unmark(self.goods, QUARANTINED)


class Blocked(Event, frozen=True, kw_only=True):
    """Goods may not be sold."""

    TOPIC = "stock.blocked"
    goods: Goods
    cause: str
    qa_ref: str = ""

    def apply(self, item: StockItem) -> None:
        """Set them apart."""
        item.shelf.mark(self.goods, BLOCKED)


class Unblocked(Event, frozen=True, kw_only=True):
    """Goods may be sold again."""

    TOPIC = "stock.unblocked"
    goods: Goods
    cause: str
    qa_ref: str = ""

    def apply(self, item: StockItem) -> None:
        """Put them back."""
        item.shelf.unmark(self.goods, BLOCKED)


class LotExpiring(Event, frozen=True, kw_only=True):
    """A lot that lies here expires within this many days. It is a warning; nothing changes."""

    TOPIC = "stock.lot_expiring"
    lot: str
    expiry: date
    days: int
    qty: int

    def apply(self, item: StockItem) -> None:
        """Remember the warning."""
        item.shelf.lots[self.lot].warned = self.days


class LotExpired(Event, frozen=True, kw_only=True):
    """The last usable day of a lot is over; what is left of it may not be sold."""

    TOPIC = "stock.lot_expired"
    goods: Goods
    expiry: date

    def apply(self, item: StockItem) -> None:
        """Set it apart."""
        item.shelf.mark(self.goods, BLOCKED)


class Withdrawn(Event, frozen=True, kw_only=True):
    """Goods that were set apart left: scrapped, or sent back to the supplier or the dealer.

    The cost of ``expensed`` units that go back to a dealer is an expense again.
    """

    TOPIC = "stock.withdrawn"
    goods: Goods
    mark: str
    document: str
    target: str
    unit_cost: int
    expensed: int = 0

    def apply(self, item: StockItem) -> None:
        """Take them off the shelf."""
        item.shelf.unmark(self.goods, self.mark)
        item.shelf.remove(self.goods)


class CountPosted(Event, frozen=True, kw_only=True):
    """A count was approved: ``delta = counted - book`` of one lot, or of the units.

    ``value`` is the delta at standard cost in minor units. ``goods`` came up (gain) or are missing.
    """

    TOPIC = "stock.count_posted"
    sheet: str
    goods: Goods
    book: int
    counted: int
    delta: int
    value: int
    approved_by: tuple[str, ...]
    missing: tuple[str, ...] = ()
    found: tuple[str, ...] = ()

    def apply(self, item: StockItem) -> None:
        """Correct the shelf."""
        item.posted = True
        if self.delta > 0:
            item.shelf.add(self.goods, self.occurred_at)
        else:
            item.shelf.remove(self.goods)


class Revalued(Event, frozen=True, kw_only=True):
    """The standard cost changed: what is here is worth that now. Minor units per base unit.

    ``qty`` is what is here by lot; devices are under an empty one.
    """

    TOPIC = "stock.revalued"
    before: int
    after: int
    qty: dict[str, int]

    @property
    def value(self) -> int:
        """How much more everything is worth, or less, minor units."""
        return sum(self.qty.values()) * (self.after - self.before)

    def apply(self, item: StockItem) -> None:
        """Change nothing: the shelf counts goods, not their value."""


class ParametersSet(Event, frozen=True, kw_only=True):
    """Planning parameters were decided. Quantities in base units."""

    TOPIC = "stock.parameters_set"
    safety_stock: int
    valid_from: date
    rop: int | None = None
    max_level: int | None = None
    review_days: int | None = None

    def apply(self, item: StockItem) -> None:
        """Set the parameters."""
        item.safety_stock = self.safety_stock
        item.parameters = (self.rop, self.max_level, self.review_days)
