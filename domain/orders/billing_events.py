"""What can happen to the money of an order's line. Topics and fields: add, never rename."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from domain.orders.order_events import OrderEvent

if TYPE_CHECKING:
    from domain.orders.order import Order


class LineInvoiced(OrderEvent, frozen=True, kw_only=True):
    """A milestone of a quantity of a line was invoiced; amounts in minor units.

    ``expensed`` units became a cost of sales with it; or ``deferred``, its net amount, waits for
    an acceptance, for ``waiting`` more units.
    """

    TOPIC = "order.line_invoiced"
    line_no: int
    doc: str
    qty: int
    milestone: str = "POD"
    gross: int | None = None
    expensed: int = 0
    cost: int = 0
    deferred: int = 0
    waiting: int = 0

    def apply(self, order: Order) -> None:
        """Count it."""
        order.invoices[self.doc] = self.milestone
        line = order.lines[self.line_no]
        whole = line.amounts(line.invoiced, line.invoiced + self.qty).gross
        line.billed += whole if self.gross is None else self.gross
        line.milestones[self.milestone] = line.milestones.get(self.milestone, 0) + self.qty
        line.expensed += self.expensed
        line.dispatched.change(-self.expensed, -self.cost)
        line.deferred.change(self.waiting, self.deferred)


class LineEarned(OrderEvent, frozen=True, kw_only=True):
    """Accepted units of a line became revenue, and their cost an expense; minor units.

    ``waiting`` of them had been invoiced before they were accepted.
    """

    TOPIC = "order.line_earned"
    line_no: int
    qty: int
    waiting: int
    net: int
    cost: int

    def apply(self, order: Order) -> None:
        """Count it."""
        line = order.lines[self.line_no]
        line.deferred.change(-self.waiting, -self.net)
        line.dispatched.change(-self.qty, -self.cost)
        line.expensed += self.qty


class LineCredited(OrderEvent, frozen=True, kw_only=True):
    """What a milestone billed of a quantity was credited after its return.

    ``waived`` is the quantity by milestone that will not be invoiced any more, ``waived_gross``
    what it would have come to; amounts in gross minor units. ``deferred`` is the net amount that
    had not become revenue yet, ``waiting`` the units that waited for it.
    """

    TOPIC = "order.line_credited"
    line_no: int
    doc: str
    qty: int
    gross: int
    milestone: str = ""
    waived: dict[str, int] = msgspec.field(default_factory=dict)
    waived_gross: int = 0
    deferred: int = 0
    waiting: int = 0

    def apply(self, order: Order) -> None:
        """Count it."""
        line = order.lines[self.line_no]
        milestone = self.milestone or max(line.milestones, key=line.milestones.__getitem__)
        line.credited[milestone] = line.credited.get(milestone, 0) + self.qty
        for one, qty in self.waived.items():
            line.waived[one] = line.waived.get(one, 0) + qty
        line.waived_gross += self.waived_gross
        line.deferred.change(-self.waiting, -self.deferred)
