"""A return (退货): who sends what back and why, what arrived, and what becomes of it."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from domain.goods.refusals import ApprovalRequired
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import InvalidState
from domain.kernel.stamp import Stamp

REQUESTED, APPROVED, REFUSED = "REQUESTED", "APPROVED", "REFUSED"
RECEIVED, INSPECTED, CREDITED, CLOSED = "RECEIVED", "INSPECTED", "CREDITED", "CLOSED"
REASONS = (
    "DEAD_ON_ARRIVAL",
    "DAMAGED",
    "WRONG_ITEM",
    "NEAR_EXPIRY",
    "RECALL",
    "COMMERCIAL",
    "TERRITORY_RECLAIM",
)
DISPOSITIONS = ("RESTOCK", "REFURBISH", "SCRAP", "TO_SUPPLIER", "BACK_TO_DEALER")


class ReturnItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Goods that come back: a device, or a quantity of a lot."""

    sku: str
    qty: int
    lot: str | None = None
    serial: str | None = None

    @property
    def part(self) -> str:
        """What tells it from other goods of its product."""
        return self.serial or self.lot or ""


class ReturnedLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which order line goods that came back were of; whether a hospital had accepted them.

    The cost of ``expensed`` units had been an expense.
    """

    so: str
    line_no: int
    sku: str
    qty: int
    lot: str | None = None
    serial: str | None = None
    accepted: bool = False
    expensed: int = 0


class Disposed(msgspec.Struct, frozen=True, omit_defaults=True):
    """What becomes of goods after their inspection."""

    sku: str
    disposition: str
    qty: int = 1
    lot: str | None = None
    serial: str | None = None


class GoodsReturn(Aggregate):
    """One return; the stream is ``RMA/{id}``."""

    CATEGORY: ClassVar[str] = "RMA"

    state: str = ""
    dealer: str = ""
    shipment: str = ""
    reason: str = ""
    warehouse: str = ""
    requested_by: str = ""
    items: list[ReturnItem] = msgspec.field(default_factory=list)
    received: list[ReturnItem] = msgspec.field(default_factory=list)
    lines: list[ReturnedLine] = msgspec.field(default_factory=list)
    disposed: dict[str, str] = msgspec.field(default_factory=dict)
    """Disposition by product and part, joined by a slash."""
    inspected: dict[str, int] = msgspec.field(default_factory=dict)
    """Quantity that quality has decided on, by product and part."""
    credits: dict[str, str] = msgspec.field(default_factory=dict)
    """Credit note by the invoice that it takes back."""

    # What can happen to a return. Topics and fields are stored: add, never rename.

    class Requested(Event, frozen=True, kw_only=True):
        """The dealer wants to send goods back."""

        TOPIC = "return.requested"
        dealer: str
        shipment: str
        items: tuple[ReturnItem, ...]
        reason: str
        photos: tuple[str, ...] = ()

        def apply(self, rma: GoodsReturn) -> None:
            """Ask for it."""
            rma.state, rma.dealer, rma.shipment = REQUESTED, self.dealer, self.shipment
            rma.items, rma.reason = list(self.items), self.reason
            rma.requested_by = self.by.user

    class Authorized(Event, frozen=True, kw_only=True):
        """The goods may come back."""

        TOPIC = "return.authorized"

        def apply(self, rma: GoodsReturn) -> None:
            """Allow it."""
            rma.state = APPROVED

    class Refused(Event, frozen=True, kw_only=True):
        """The goods may not come back."""

        TOPIC = "return.refused"
        reason: str

        def apply(self, rma: GoodsReturn) -> None:
            """End it."""
            rma.state = REFUSED

    class Received(Event, frozen=True, kw_only=True):
        """The goods arrived, and wait in quarantine; ``unauthorised`` ones nobody had allowed."""

        TOPIC = "return.received"
        dealer: str
        warehouse: str
        items: tuple[ReturnItem, ...]
        unauthorised: tuple[ReturnItem, ...] = ()
        lines: tuple[ReturnedLine, ...] = ()

        def apply(self, rma: GoodsReturn) -> None:
            """Take them in."""
            rma.state, rma.warehouse, rma.received = RECEIVED, self.warehouse, list(self.items)
            rma.lines = list(self.lines)

    class Inspected(Event, frozen=True, kw_only=True):
        """Quality decided what becomes of them."""

        TOPIC = "return.inspected"
        items: tuple[Disposed, ...]
        report_hash: str

        def apply(self, rma: GoodsReturn) -> None:
            """Note it."""
            for one in self.items:
                key = f"{one.sku}/{one.serial or one.lot or ''}"
                rma.disposed[key] = one.disposition
                rma.inspected[key] = rma.inspected.get(key, 0) + one.qty
            if rma.state == RECEIVED:
                rma.state = INSPECTED

    class Credited(Event, frozen=True, kw_only=True):
        """The dealer got its money back, at the price and tax rate of the invoice."""

        TOPIC = "return.credited"
        credit_note: str
        invoice: str

        def apply(self, rma: GoodsReturn) -> None:
            """Note it."""
            rma.state = CREDITED
            rma.credits[self.invoice] = self.credit_note

    class Closed(Event, frozen=True, kw_only=True):
        """Nothing more is to be done."""

        TOPIC = "return.closed"
        reason: str

        def apply(self, rma: GoodsReturn) -> None:
            """End it."""
            rma.state = CLOSED

    # What is asked about it.

    def uninspected(self) -> dict[str, int]:
        """Quantity that arrived and that quality has not decided on, by product and part."""
        left: dict[str, int] = {}
        for one in self.received:
            key = f"{one.sku}/{one.part}"
            left[key] = left.get(key, 0) + one.qty
        return {key: qty - self.inspected.get(key, 0) for key, qty in left.items()}

    def expensed(self, sku: str, part: str) -> int:
        """Units of a product and part that came back and whose cost had been an expense."""
        mine = (one for one in self.lines if (one.sku, one.serial or one.lot or "") == (sku, part))
        return sum(one.expensed for one in mine)

    # What may be asked of it.

    def request(self, event: Requested) -> None:
        """Ask for a return; raises InvalidState."""
        if self.exists:
            raise InvalidState(rma=self.key, state=self.state)
        self.record(event)

    def authorize(self, stamp: Stamp) -> None:
        """Allow it; raises InvalidState, or ApprovalRequired for whoever asked."""
        self.require(REQUESTED)
        if stamp.by.user == self.requested_by:
            raise ApprovalRequired(rma=self.key, requested_by=self.requested_by)
        self.record(self.Authorized(stamp.by, stamp.at))

    def refuse(self, reason: str, stamp: Stamp) -> None:
        """Do not allow it; raises InvalidState."""
        self.require(REQUESTED)
        self.record(self.Refused(stamp.by, stamp.at, reason=reason))

    def receive(
        self,
        warehouse: str,
        items: tuple[ReturnItem, ...],
        unauthorised: tuple[ReturnItem, ...],
        lines: tuple[ReturnedLine, ...],
        stamp: Stamp,
    ) -> None:
        """Take the goods in; raises InvalidState."""
        self.require(APPROVED)
        self.record(
            self.Received(
                stamp.by,
                stamp.at,
                dealer=self.dealer,
                warehouse=warehouse,
                items=items,
                unauthorised=unauthorised,
                lines=lines,
            )
        )

    def inspect(self, items: tuple[Disposed, ...], report_hash: str, stamp: Stamp) -> None:
        """Decide what becomes of the goods; raises InvalidState."""
        self.require(RECEIVED, INSPECTED, CREDITED)
        self.record(self.Inspected(stamp.by, stamp.at, items=items, report_hash=report_hash))

    def credit(self, credit_note: str, invoice: str, stamp: Stamp) -> None:
        """Give the money of an invoice back; raises InvalidState."""
        self.require(RECEIVED, INSPECTED, CREDITED)
        self.record(self.Credited(stamp.by, stamp.at, credit_note=credit_note, invoice=invoice))

    def close(self, reason: str, stamp: Stamp) -> None:
        """Do nothing more; raises InvalidState."""
        self.require(INSPECTED, CREDITED, REFUSED)
        self.record(self.Closed(stamp.by, stamp.at, reason=reason))

    def require(self, *states: str) -> None:
        """Raise InvalidState unless it is in one of the states."""
        if self.state not in states:
            raise InvalidState(rma=self.key, state=self.state, required=states)
