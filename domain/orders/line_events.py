"""What can happen to a line of an order. Topics and fields are stored: add, never rename.

A quantity moves between buckets: it is sourced (reserved, in supply, backordered), freed from a
supply, shipped, delivered, or short-closed.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.orders.order_events import OrderEvent
from domain.orders.order_line import BACKORDER, STOCK, TRANSFER, Link

if TYPE_CHECKING:
    from domain.orders.order import Order


class LineReserved(OrderEvent, frozen=True, kw_only=True):
    """Stock was set aside for a line."""

    TOPIC = "order.line_reserved"
    line_no: int
    warehouse: str
    qty: int
    lot: str | None = None
    serials: tuple[str, ...] = ()
    promise_date: date | None = None

    def apply(self, order: Order) -> None:
        """Supply it."""
        link = Link(STOCK, self.warehouse, self.qty, "", self.promise_date)
        order.lines[self.line_no].link(link)


class LineInSupply(OrderEvent, frozen=True, kw_only=True):
    """Goods move to a warehouse for a line, under transfer ``ref``."""

    TOPIC = "order.line_in_supply"
    line_no: int
    warehouse: str
    qty: int
    ref: str
    promise_date: date
    sku: str = ""

    def apply(self, order: Order) -> None:
        """Supply it."""
        link = Link(TRANSFER, self.warehouse, self.qty, self.ref, self.promise_date)
        order.lines[self.line_no].link(link)


class LineBackordered(OrderEvent, frozen=True, kw_only=True):
    """A line waits for goods to come in; ``ref`` is what was made or bought for it, "" for none."""

    TOPIC = "order.line_backordered"
    line_no: int
    warehouse: str
    qty: int
    ref: str = ""
    promise_date: date | None = None
    reason: str = ""
    sku: str = ""

    def apply(self, order: Order) -> None:
        """Let it wait."""
        link = Link(BACKORDER, self.warehouse, self.qty, self.ref, self.promise_date)
        order.lines[self.line_no].link(link)


class LineFreed(OrderEvent, frozen=True, kw_only=True):
    """A quantity lost its supply, and is sourced again or short-closed by what follows."""

    TOPIC = "order.line_freed"
    line_no: int
    kind: str
    warehouse: str
    qty: int
    reason: str
    ref: str = ""
    sku: str = ""
    promise_date: date | None = None

    def apply(self, order: Order) -> None:
        """Take the supply away."""
        order.lines[self.line_no].unlink(self.kind, self.warehouse, self.ref, self.qty)


class LineResourced(OrderEvent, frozen=True, kw_only=True):
    """A person decided that a quantity comes from elsewhere."""

    TOPIC = "order.line_resourced"
    line_no: int
    qty: int
    old: str
    new: str
    reason: str


class LinePromised(OrderEvent, frozen=True, kw_only=True):
    """A supply of a line was promised for another day."""

    TOPIC = "order.line_promised"
    line_no: int
    ref: str
    before: date | None
    promise_date: date
    reason: str
    sku: str = ""
    warehouse: str = ""
    qty: int = 0

    def apply(self, order: Order) -> None:
        """Set the new day."""
        order.lines[self.line_no].promise(self.ref, self.promise_date)


class LineConsented(OrderEvent, frozen=True, kw_only=True):
    """The dealer takes goods with fewer days of life than usual."""

    TOPIC = "order.line_consented"
    line_no: int
    min_shelf_days: int

    def apply(self, order: Order) -> None:
        """Set the line's own minimum."""
        order.lines[self.line_no].min_shelf_days = self.min_shelf_days


class LineShortClosed(OrderEvent, frozen=True, kw_only=True):
    """A quantity will not be delivered any more."""

    TOPIC = "order.line_short_closed"
    line_no: int
    qty: int
    reason: str

    def apply(self, order: Order) -> None:
        """Count it."""
        order.lines[self.line_no].cancelled += self.qty


class LineShipped(OrderEvent, frozen=True, kw_only=True):
    """Goods of a line left the warehouse, at ``cost`` in minor units."""

    TOPIC = "order.line_shipped"
    line_no: int
    shp: str
    qty: int
    warehouse: str = ""
    cost: int = 0

    def apply(self, order: Order) -> None:
        """Count it."""
        line = order.lines[self.line_no]
        line.unlink(STOCK, self.warehouse, "", self.qty)
        line.dispatched.change(self.qty, self.cost)
        line.shipped += self.qty
        line.left = True


class LineLost(OrderEvent, frozen=True, kw_only=True):
    """Goods of a line were lost or refused on their way, and are open again.

    ``cost`` is what is lost with them, minor units; nothing where they come back.
    """

    TOPIC = "order.line_lost"
    line_no: int
    shp: str
    qty: int
    reason: str
    cost: int = 0

    def apply(self, order: Order) -> None:
        """Count it."""
        line = order.lines[self.line_no]
        line.shipped -= self.qty
        line.dispatched.change(-self.qty, -line.dispatched.part(self.qty))


class LineDelivered(OrderEvent, frozen=True, kw_only=True):
    """Goods of a line were signed for."""

    TOPIC = "order.line_delivered"
    line_no: int
    shp: str
    qty: int
    signed_at: date | None = None

    def apply(self, order: Order) -> None:
        """Count it."""
        order.lines[self.line_no].delivered += self.qty
        order.delivered_on = self.signed_at or self.occurred_at.date()


class LineInstalled(OrderEvent, frozen=True, kw_only=True):
    """A device of a line was found installed."""

    TOPIC = "order.line_installed"
    line_no: int
    serial: str
    hospital: str
    region_code: str

    def apply(self, order: Order) -> None:
        """Count it."""
        order.lines[self.line_no].installed += 1


class LineAccepted(OrderEvent, frozen=True, kw_only=True):
    """The hospital accepted a device; its warranty runs (both days inclusive)."""

    TOPIC = "order.installation_accepted"
    line_no: int
    serial: str
    certificate_ref: str
    accepted_at: date
    warranty_from: date | None = None
    warranty_to: date | None = None

    def apply(self, order: Order) -> None:
        """Count it."""
        order.lines[self.line_no].accepted += 1


class LineReturned(OrderEvent, frozen=True, kw_only=True):
    """Goods of a line came back; the cost of ``expensed`` units had been an expense."""

    TOPIC = "order.line_returned"
    line_no: int
    rma: str
    qty: int
    expensed: int = 0

    def apply(self, order: Order) -> None:
        """Count it."""
        line, kept = order.lines[self.line_no], self.qty - self.expensed
        line.returned += self.qty
        line.expensed -= self.expensed
        line.dispatched.change(-kept, -line.dispatched.part(kept))
