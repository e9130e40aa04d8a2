"""What can happen to an order. Topics and fields are stored: add, never rename."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from domain.kernel.event import Event
from domain.orders.check import CheckResult, Evidence
from domain.orders.order_line import Line, LineTerms, Supply
from domain.orders.order_terms import Change, Hold, OrderTerms

if TYPE_CHECKING:
    from domain.orders.order import Order


class OrderEvent(Event, frozen=True, kw_only=True):
    """What all order events tell their readers: the state and the active holds that followed.

    The fold does not read them; it derives them from lines and holds.
    """

    state: str = ""
    holds: tuple[str, ...] = ()


class Placed(OrderEvent, frozen=True, kw_only=True):
    """The order was sent. Totals are the sums of the lines."""

    TOPIC = "order.placed"
    terms: OrderTerms
    lines: tuple[LineTerms, ...]
    net: int
    vat: int
    gross: int

    def apply(self, order: Order) -> None:
        """Set terms and lines."""
        order.terms = self.terms
        order.lines = {one.line_no: Line(one) for one in self.lines}
        order.editors.append(self.by.user)


class Checked(OrderEvent, frozen=True, kw_only=True):
    """All checks were run; their inputs are kept."""

    TOPIC = "order.checked"
    results: tuple[CheckResult, ...]
    cause: str


class Held(OrderEvent, frozen=True, kw_only=True):
    """A check stopped the order, for a person or new facts to resolve."""

    TOPIC = "order.held"
    code: str
    evidence: Evidence

    def apply(self, order: Order) -> None:
        """Stop."""
        order.active[self.code] = Hold(self.evidence)


class HoldReleased(OrderEvent, frozen=True, kw_only=True):
    """A person let the order pass, within a limit."""

    TOPIC = "order.hold_released"
    code: str
    role: str
    reason: str
    limit: Decimal | None = None
    deviation: Decimal | None = None
    document_hash: str | None = None

    def apply(self, order: Order) -> None:
        """Go on."""
        order.active[self.code].active = False
        order.active[self.code].deviation = self.deviation


class HoldReleaseRejected(OrderEvent, frozen=True, kw_only=True):
    """A person tried to let the order pass beyond the limit."""

    TOPIC = "order.hold_release_rejected"
    code: str
    role: str
    rejection: str
    limit: Decimal
    deviation: Decimal


class HoldCleared(OrderEvent, frozen=True, kw_only=True):
    """The facts changed; the reason is gone."""

    TOPIC = "order.hold_cleared"
    code: str
    cause: str

    def apply(self, order: Order) -> None:
        """Go on."""
        order.active.pop(self.code, None)


class Amended(OrderEvent, frozen=True, kw_only=True):
    """Terms or lines were changed."""

    TOPIC = "order.amended"
    changes: tuple[Change, ...]
    reason: str
    terms: OrderTerms
    lines: tuple[LineTerms, ...]
    net: int
    vat: int
    gross: int

    def apply(self, order: Order) -> None:
        """Set the new terms and lines."""
        order.terms = self.terms
        order.lines = {one.line_no: Line(one) for one in self.lines}
        order.editors.append(self.by.user)


class LineQuoted(OrderEvent, frozen=True, kw_only=True):
    """A price row came to answer for a line that had none; what was agreed stays."""

    TOPIC = "order.line_quoted"
    line: LineTerms

    def apply(self, order: Order) -> None:
        """Set the corridor."""
        order.lines[self.line.line_no].terms = self.line


class Confirmed(OrderEvent, frozen=True, kw_only=True):
    """Every line has a supply and a promise."""

    TOPIC = "order.confirmed"
    sourcing: tuple[Supply, ...]
    promise_date: date
    policy_version: int

    def apply(self, order: Order) -> None:
        """Commit."""
        order.confirmed = True


class LineReserved(OrderEvent, frozen=True, kw_only=True):
    """Stock was set aside for a line."""

    TOPIC = "order.line_reserved"
    line_no: int
    warehouse: str
    qty: int
    lot: str | None = None
    serials: tuple[str, ...] = ()

    def apply(self, order: Order) -> None:
        """Count it."""
        order.lines[self.line_no].reserved += self.qty


class LineShipped(OrderEvent, frozen=True, kw_only=True):
    """Goods of a line left the warehouse."""

    TOPIC = "order.line_shipped"
    line_no: int
    shp: str
    qty: int

    def apply(self, order: Order) -> None:
        """Count it."""
        order.lines[self.line_no].reserved -= self.qty
        order.lines[self.line_no].shipped += self.qty


class LineDelivered(OrderEvent, frozen=True, kw_only=True):
    """Goods of a line were signed for."""

    TOPIC = "order.line_delivered"
    line_no: int
    shp: str
    qty: int

    def apply(self, order: Order) -> None:
        """Count it."""
        order.lines[self.line_no].delivered += self.qty


class LineInvoiced(OrderEvent, frozen=True, kw_only=True):
    """A quantity of a line was invoiced."""

    TOPIC = "order.line_invoiced"
    line_no: int
    doc: str
    qty: int

    def apply(self, order: Order) -> None:
        """Count it."""
        order.lines[self.line_no].invoiced += self.qty


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
