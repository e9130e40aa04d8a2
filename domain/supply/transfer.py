"""A transfer (调拨): goods that move between two of our warehouses. They stay ours on the way."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.goods.shelf import Goods
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import AlreadyExists, InvalidState
from domain.kernel.stamp import Stamp
from domain.supply.refusals import ReceiveExceedsDispatch

REQUESTED, RESERVED, DISPATCHED = "REQUESTED", "RESERVED", "DISPATCHED"
PARTIALLY_RECEIVED, RECEIVED, LOST = "PARTIALLY_RECEIVED", "RECEIVED", "LOST"
CANCELLED = "CANCELLED"
REASONS = ("ORDER", "REPLENISHMENT", "REBALANCE", "RECALL")


class TransferTerms(msgspec.Struct, frozen=True, omit_defaults=True):
    """What moves from where to where, and why. ``so`` and ``line_no`` for reason ORDER."""

    source: str
    target: str
    sku: str
    qty: int
    reason: str
    so: str = ""
    line_no: int = 0
    due: date | None = None


class Transfer(Aggregate):
    """One transfer; the stream is ``Transfer/{to}``.

    Dispatched = received good + damaged + in transit + lost (INV-TR-1).
    """

    CATEGORY: ClassVar[str] = "Transfer"

    state: str = ""
    terms: TransferTerms | None = None
    goods: list[Goods] = msgspec.field(default_factory=list)
    """What is reserved or dispatched."""
    dispatched_on: date | None = None
    good: int = 0
    damaged: int = 0
    lost: int = 0
    still: dict[str, int] = msgspec.field(default_factory=dict)
    """In transit by lot; for units, 1 by serial."""

    # What can happen to a transfer. Topics and fields are stored: add, never rename.

    class Requested(Event, frozen=True, kw_only=True):
        """Somebody wants goods to move; ``goods`` where lots or serials were named."""

        TOPIC = "transfer.requested"
        terms: TransferTerms
        goods: tuple[Goods, ...] = ()

        def apply(self, transfer: Transfer) -> None:
            """Ask for it."""
            transfer.state, transfer.terms = REQUESTED, self.terms
            transfer.goods = list(self.goods)

    class Approved(Event, frozen=True, kw_only=True):
        """The donor's goods are reserved for it."""

        TOPIC = "transfer.approved"
        goods: tuple[Goods, ...]

        def apply(self, transfer: Transfer) -> None:
            """Reserve them."""
            transfer.state, transfer.goods = RESERVED, list(self.goods)

    class Dispatched(Event, frozen=True, kw_only=True):
        """The goods left the donor."""

        TOPIC = "transfer.dispatched"
        source: str
        target: str
        sku: str
        due: date | None = None
        goods: tuple[Goods, ...]
        waybill: str
        dispatched_on: date
        unit_cost: int

        def apply(self, transfer: Transfer) -> None:
            """Send them."""
            transfer.state, transfer.dispatched_on = DISPATCHED, self.dispatched_on
            for one in self.goods:
                for key, qty in parts(one):
                    transfer.still[key] = transfer.still.get(key, 0) + qty

    class Received(Event, frozen=True, kw_only=True):
        """Goods arrived: good ones, damaged ones, and those that are still missing."""

        TOPIC = "transfer.received"
        source: str
        target: str
        sku: str
        due: date | None = None
        good: tuple[Goods, ...]
        damaged: tuple[Goods, ...]
        short: int

        def apply(self, transfer: Transfer) -> None:
            """Count them."""
            for one in self.good:
                transfer.good += one.qty
                transfer.arrive(one)
            for one in self.damaged:
                transfer.damaged += one.qty
                transfer.arrive(one)
            transfer.state = PARTIALLY_RECEIVED if transfer.in_transit else RECEIVED

    class LossConfirmed(Event, frozen=True, kw_only=True):
        """Goods that are missing will not come."""

        TOPIC = "transfer.loss_confirmed"
        source: str
        target: str
        sku: str
        due: date | None = None
        goods: tuple[Goods, ...]
        claim_no: str
        unit_cost: int

        def apply(self, transfer: Transfer) -> None:
            """Give them up."""
            for one in self.goods:
                transfer.lost += one.qty
                transfer.arrive(one)
            if not transfer.in_transit:
                transfer.state = RECEIVED if transfer.good + transfer.damaged else LOST

    class Cancelled(Event, frozen=True, kw_only=True):
        """It is not needed any more; nothing had left."""

        TOPIC = "transfer.cancelled"
        reason: str

        def apply(self, transfer: Transfer) -> None:
            """Forget it."""
            transfer.state = CANCELLED

    class Repurposed(Event, frozen=True, kw_only=True):
        """The order that it was made for does not need this quantity any more."""

        TOPIC = "transfer.repurposed"
        so: str
        qty: int
        reason: str

    def arrive(self, goods: Goods) -> None:
        """Take goods out of transit (a fold, not a command)."""
        for key, qty in parts(goods):
            self.still[key] -= qty
            if self.still[key] == 0:
                del self.still[key]

    # What is asked about it.

    @property
    def known(self) -> TransferTerms:
        """The terms of a requested transfer."""
        assert self.terms is not None  # noqa: S101 - only existing transfers are asked
        return self.terms

    @property
    def in_transit(self) -> int:
        """Base units that left and have not arrived."""
        return sum(self.still.values())

    def check_expected(self, goods: tuple[Goods, ...]) -> None:
        """Raise ReceiveExceedsDispatch for goods that are not in transit."""
        coming: dict[str, int] = {}
        for one in goods:
            for key, qty in parts(one):
                coming[key] = coming.get(key, 0) + qty
        more = {key: qty for key, qty in coming.items() if qty > self.still.get(key, 0)}
        if more:
            raise ReceiveExceedsDispatch(to=self.key, beyond=more, in_transit=dict(self.still))

    # What may be asked of it.

    def request(self, terms: TransferTerms, goods: tuple[Goods, ...], stamp: Stamp) -> None:
        """Ask for goods to move; raises AlreadyExists."""
        if self.exists:
            raise AlreadyExists(kind="Transfer", id=self.key)
        self.record(self.Requested(stamp.by, stamp.at, terms=terms, goods=goods))

    def approve(self, goods: tuple[Goods, ...], stamp: Stamp) -> None:
        """Reserve the donor's goods for it; raises InvalidState."""
        self.require(REQUESTED)
        self.record(self.Approved(stamp.by, stamp.at, goods=goods))

    def dispatch(self, waybill: str, unit_cost: int, stamp: Stamp) -> None:
        """Send it; raises InvalidState."""
        self.require(RESERVED)
        self.record(
            self.Dispatched(
                stamp.by,
                stamp.at,
                source=self.known.source,
                target=self.known.target,
                sku=self.known.sku,
                due=self.known.due,
                goods=tuple(self.goods),
                waybill=waybill,
                dispatched_on=stamp.today,
                unit_cost=unit_cost,
            )
        )

    def receive(self, good: tuple[Goods, ...], damaged: tuple[Goods, ...], stamp: Stamp) -> None:
        """Take goods in; raises InvalidState or ReceiveExceedsDispatch."""
        self.require(DISPATCHED, PARTIALLY_RECEIVED)
        self.check_expected((*good, *damaged))
        come = sum(one.qty for one in (*good, *damaged))
        self.record(
            self.Received(
                stamp.by,
                stamp.at,
                source=self.known.source,
                target=self.known.target,
                sku=self.known.sku,
                due=self.known.due,
                good=good,
                damaged=damaged,
                short=self.in_transit - come,
            )
        )

    def lose(self, goods: tuple[Goods, ...], claim_no: str, unit_cost: int, stamp: Stamp) -> None:
        """Give missing goods up; raises InvalidState or ReceiveExceedsDispatch."""
        self.require(DISPATCHED, PARTIALLY_RECEIVED)
        self.check_expected(goods)
        self.record(
            self.LossConfirmed(
                stamp.by,
                stamp.at,
                source=self.known.source,
                target=self.known.target,
                sku=self.known.sku,
                due=self.known.due,
                goods=goods,
                claim_no=claim_no,
                unit_cost=unit_cost,
            )
        )

    def cancel(self, reason: str, stamp: Stamp) -> None:
        """Forget it before anything has left; raises InvalidState."""
        self.require(REQUESTED, RESERVED)
        self.record(self.Cancelled(stamp.by, stamp.at, reason=reason))

    def require(self, *states: str) -> None:
        """Raise InvalidState unless it is in one of the states."""
        if self.state not in states:
            raise InvalidState(to=self.key, state=self.state, required=states)


def parts(goods: Goods) -> list[tuple[str, int]]:
    """Goods as keys with quantities: the lot, or each serial once."""
    if goods.serials:
        return [(serial, 1) for serial in goods.serials]
    return [(goods.lot or "", goods.qty)]
