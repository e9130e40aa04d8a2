"""What can happen to an order. Topics and fields are stored: add, never rename."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from domain.kernel.event import Event
from domain.orders.check import CheckResult, Evidence
from domain.orders.order_line import LineTerms, Supply
from domain.orders.order_terms import Change, Consent, Hold, OrderTerms

if TYPE_CHECKING:
    from domain.orders.order import Order


class OrderEvent(Event, frozen=True, kw_only=True):
    """What all order events tell their readers: the state and the active holds that followed.

    The fold does not read them; it derives them from lines and holds.
    """

    state: str = ""
    holds: tuple[str, ...] = ()


class Drafted(OrderEvent, frozen=True, kw_only=True):
    """The order was written down and not sent yet. Totals are the sums of the lines."""

    TOPIC = "order.drafted"
    terms: OrderTerms
    lines: tuple[LineTerms, ...]
    net: int
    vat: int
    gross: int

    def apply(self, order: Order) -> None:
        """Set terms and lines."""
        order.write(self.terms, self.lines, self.by.user)


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
        order.write(self.terms, self.lines, self.by.user)
        order.placed = True


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


class HoldConsented(OrderEvent, frozen=True, kw_only=True):
    """One of several persons agreed; the order stays on hold until all of them have."""

    TOPIC = "order.hold_consented"
    code: str
    role: str
    reason: str
    missing: tuple[str, ...]

    def apply(self, order: Order) -> None:
        """Remember who agreed."""
        order.active[self.code].consents.append(Consent(self.by.user, self.role))


class HoldReleased(OrderEvent, frozen=True, kw_only=True):
    """A person let the order pass, within a limit. ``content`` is the digest of what was seen."""

    TOPIC = "order.hold_released"
    code: str
    role: str
    reason: str
    limit: Decimal | None = None
    deviation: Decimal | None = None
    document_hash: str | None = None
    content: str = ""

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
    """Terms or lines were changed. Releases are void unless every change was to our advantage."""

    TOPIC = "order.amended"
    changes: tuple[Change, ...]
    reason: str
    terms: OrderTerms
    lines: tuple[LineTerms, ...]
    net: int
    vat: int
    gross: int
    requested_by: str | None = None
    keeps_releases: bool = True

    def apply(self, order: Order) -> None:
        """Set the new terms and lines; what happened to a line stays with it."""
        order.write(self.terms, self.lines, self.by.user)
        if not self.keeps_releases:
            order.active = {code: hold for code, hold in order.active.items() if hold.active}


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


class Rejected(OrderEvent, frozen=True, kw_only=True):
    """The order was turned down for a reason that held it."""

    TOPIC = "order.rejected"
    code: str

    def apply(self, order: Order) -> None:
        """End it."""
        order.ended = "REJECTED"


class Cancelled(OrderEvent, frozen=True, kw_only=True):
    """The order was cancelled before anything left. ``fee`` in minor units, where one is due."""

    TOPIC = "order.cancelled"
    reason: str
    fee: int | None = None
    lines: tuple[tuple[int, int], ...] = ()
    """Quantity that is cancelled, by line."""

    def apply(self, order: Order) -> None:
        """End it."""
        order.ended = "CANCELLED"
        for line in order.lines.values():
            line.cancelled = line.terms.qty


class Closed(OrderEvent, frozen=True, kw_only=True):
    """Everything is delivered, invoiced and settled, and nothing can come back any more."""

    TOPIC = "order.closed"

    def apply(self, order: Order) -> None:
        """End it."""
        order.ended = "CLOSED"
