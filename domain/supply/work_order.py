"""A work order (生产工单): goods that we make, how far they are, and why they are made."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

import msgspec

from domain.goods.shelf import Goods
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import AlreadyExists, InvalidState
from domain.kernel.stamp import Stamp
from domain.supply.refusals import MaterialShortage, OverOutput
from domain.supply.supply_event import SupplyEvent, told
from domain.supply.transfer import parts
from domain.supply.work_order_terms import Issued, WorkOrderTerms

PLANNED, RELEASED, IN_PROGRESS = "PLANNED", "RELEASED", "IN_PROGRESS"
ON_HOLD, COMPLETED = "ON_HOLD", "COMPLETED"
CLOSED, CANCELLED = "CLOSED", "CANCELLED"


class WorkOrder(Aggregate):
    """One work order; the stream is ``WorkOrder/{wo}``."""

    CATEGORY: ClassVar[str] = "WorkOrder"

    state: str = ""
    terms: WorkOrderTerms | None = None
    good: int = 0
    scrap: int = 0
    received: int = 0
    made: dict[str, int] = msgspec.field(default_factory=dict)
    """What was made and has not come to stock, by lot or serial number."""
    issued: dict[str, int] = msgspec.field(default_factory=dict)
    progress: dict[str, int] = msgspec.field(default_factory=dict)
    """Per cent done by step."""
    held_in: str = ""
    """State in which it was put on hold."""

    def record(self, event: Event) -> None:
        """Write a new fact down with what is expected after it."""
        place, before = len(self.journal), self._outlook()
        super().record(event)
        self.journal[place] = (self.stream, self.version, told(event, before, self._outlook()))

    def _outlook(self) -> tuple[int, date | None, str, str, str, str]:
        """What is expected, when, the state, of what, where, and for which order."""
        if self.terms is None:
            return 0, None, "", "", "", ""
        so = self.terms.so
        terms = self.terms
        return self.expected, terms.due, self.state, terms.sku, terms.warehouse, so

    # What can happen to a work order. Topics and fields are stored: add, never rename.

    class Created(SupplyEvent, frozen=True, kw_only=True):
        """Something is to be made."""

        TOPIC = "work_order.created"
        terms: WorkOrderTerms

        def apply(self, work: WorkOrder) -> None:
            """Plan it."""
            work.state, work.terms = PLANNED, self.terms

    class Released(SupplyEvent, frozen=True, kw_only=True):
        """Production may begin; ``shortages`` are components accepted to be missing."""

        TOPIC = "work_order.released"
        shortages: dict[str, int] = msgspec.field(default_factory=dict)

        def apply(self, work: WorkOrder) -> None:
            """Let it begin."""
            work.state = RELEASED

    class ComponentsIssued(SupplyEvent, frozen=True, kw_only=True):
        """Production took components."""

        TOPIC = "work_order.components_issued"
        items: tuple[Issued, ...]

        def apply(self, work: WorkOrder) -> None:
            """Count them."""
            work.state = IN_PROGRESS
            for one in self.items:
                work.issued[one.item] = work.issued.get(one.item, 0) + one.qty

    class ProgressReported(SupplyEvent, frozen=True, kw_only=True):
        """A step is done so far, in per cent."""

        TOPIC = "work_order.progress_reported"
        step: str
        pct: int

        def apply(self, work: WorkOrder) -> None:
            """Note it."""
            work.state = IN_PROGRESS
            work.progress[self.step] = self.pct

    class OutputReported(SupplyEvent, frozen=True, kw_only=True):
        """Goods were made; they go to stock after their release inspection (成品放行)."""

        TOPIC = "work_order.output_reported"
        good: int
        scrap: int
        goods: Goods | None = None

        def apply(self, work: WorkOrder) -> None:
            """Count them."""
            work.state = IN_PROGRESS
            work.good += self.good
            work.scrap += self.scrap
            for key, qty in parts(self.goods) if self.goods else ():
                work.made[key] = work.made.get(key, 0) + qty

    class OutputReceived(SupplyEvent, frozen=True, kw_only=True):
        """Inspected goods went to stock."""

        TOPIC = "work_order.output_received"
        qty: int
        parts: dict[str, int] = msgspec.field(default_factory=dict)

        def apply(self, work: WorkOrder) -> None:
            """Count them."""
            work.received += self.qty
            for key, qty in self.parts.items():
                work.made[key] = work.made.get(key, 0) - qty

    class Rescheduled(SupplyEvent, frozen=True, kw_only=True):
        """It will be done on another day."""

        TOPIC = "work_order.rescheduled"
        to: date
        cause: str

        def apply(self, work: WorkOrder) -> None:
            """Set the day."""
            work.terms = msgspec.structs.replace(work.known, due=self.to)

    class Repurposed(SupplyEvent, frozen=True, kw_only=True):
        """The order that it was made for does not need this quantity: a planner has to decide."""

        TOPIC = "work_order.repurposed"
        qty: int
        reason: str

    class Held(SupplyEvent, frozen=True, kw_only=True):
        """Production stops for the time being; whoever waits for it sees that it does."""

        TOPIC = "work_order.held"
        reason: str

        def apply(self, work: WorkOrder) -> None:
            """Stop it."""
            work.held_in, work.state = work.state, ON_HOLD

    class Resumed(SupplyEvent, frozen=True, kw_only=True):
        """Production goes on."""

        TOPIC = "work_order.resumed"

        def apply(self, work: WorkOrder) -> None:
            """Go on where it stopped."""
            work.state = work.held_in

    class Completed(SupplyEvent, frozen=True, kw_only=True):
        """All of it was made and received."""

        TOPIC = "work_order.completed"

        def apply(self, work: WorkOrder) -> None:
            """End production."""
            work.state = COMPLETED

    class Closed(SupplyEvent, frozen=True, kw_only=True):
        """Nothing more is expected of it."""

        TOPIC = "work_order.closed"

        def apply(self, work: WorkOrder) -> None:
            """End it."""
            work.state = CLOSED

    class Cancelled(SupplyEvent, frozen=True, kw_only=True):
        """It will not be made."""

        TOPIC = "work_order.cancelled"
        reason: str

        def apply(self, work: WorkOrder) -> None:
            """End it."""
            work.state = CANCELLED

    # What is asked about it.

    @property
    def known(self) -> WorkOrderTerms:
        """The terms of a created work order."""
        assert self.terms is not None  # noqa: S101 - only existing work orders are asked
        return self.terms

    @property
    def started(self) -> bool:
        """Whether production has begun, so that cancelling it costs something."""
        state = self.held_in if self.state == ON_HOLD else self.state
        return state in (RELEASED, IN_PROGRESS, COMPLETED, CLOSED)

    @property
    def expected(self) -> int:
        """Quantity that is still to come into stock."""
        alive = self.state in (PLANNED, RELEASED, IN_PROGRESS, ON_HOLD)
        return max(0, self.known.qty - self.scrap - self.received) if alive else 0

    # What may be asked of it.

    def create(self, terms: WorkOrderTerms, stamp: Stamp) -> None:
        """Plan it; raises AlreadyExists."""
        if self.exists:
            raise AlreadyExists(kind="WorkOrder", id=self.key)
        self.record(self.Created(stamp.by, stamp.at, terms=terms))

    def release(self, shortages: dict[str, int], stamp: Stamp, *, accepted: bool) -> None:
        """Let production begin; raises InvalidState, MaterialShortage."""
        self._require(PLANNED)
        if shortages and not accepted:
            raise MaterialShortage(wo=self.key, missing=shortages)
        self.record(self.Released(stamp.by, stamp.at, shortages=shortages))

    def issue(self, items: tuple[Issued, ...], stamp: Stamp) -> None:
        """Take components; raises InvalidState."""
        self._require(RELEASED, IN_PROGRESS)
        self.record(self.ComponentsIssued(stamp.by, stamp.at, items=items))

    def report(self, step: str, pct: int, stamp: Stamp) -> None:
        """Say how far a step is; raises InvalidState."""
        self._require(RELEASED, IN_PROGRESS)
        self.record(self.ProgressReported(stamp.by, stamp.at, step=step, pct=pct))

    def put_out(
        self, goods: Goods | None, scrap: int, tolerance_pct: Decimal, stamp: Stamp
    ) -> None:
        """Say what was made; raises InvalidState, OverOutput (INV-WO-1)."""
        self._require(PLANNED, RELEASED, IN_PROGRESS)
        good = goods.qty if goods else 0
        most = int(self.known.qty * (1 + tolerance_pct / 100))
        if self.good + self.scrap + good + scrap > most:
            raise OverOutput(wo=self.key, made=self.good + self.scrap, more=good + scrap, most=most)
        self.record(self.OutputReported(stamp.by, stamp.at, good=good, scrap=scrap, goods=goods))

    def receive(self, parts: dict[str, int], stamp: Stamp) -> None:
        """Take inspected goods to stock; complete once all that was ordered has come.

        A closed work order expects nothing more, but what it has made may still come.
        """
        self._require(IN_PROGRESS, COMPLETED, CLOSED)
        qty = sum(parts.values())
        self.record(self.OutputReceived(stamp.by, stamp.at, qty=qty, parts=parts))
        if self.state == IN_PROGRESS and self.received + self.scrap >= self.known.qty:
            self.record(self.Completed(stamp.by, stamp.at))

    def reschedule(self, due: date, cause: str, stamp: Stamp) -> None:
        """Set another day; raises InvalidState."""
        self._require(PLANNED, RELEASED, IN_PROGRESS, ON_HOLD)
        if due != self.known.due:
            self.record(self.Rescheduled(stamp.by, stamp.at, to=due, cause=cause))

    def hold(self, reason: str, stamp: Stamp) -> None:
        """Stop production for the time being; raises InvalidState."""
        self._require(PLANNED, RELEASED, IN_PROGRESS)
        self.record(self.Held(stamp.by, stamp.at, reason=reason))

    def resume(self, stamp: Stamp) -> None:
        """Let production go on; raises InvalidState."""
        self._require(ON_HOLD)
        self.record(self.Resumed(stamp.by, stamp.at))

    def close(self, stamp: Stamp) -> None:
        """Expect nothing more; raises InvalidState."""
        self._require(COMPLETED, IN_PROGRESS)
        self.record(self.Closed(stamp.by, stamp.at))

    def cancel(self, reason: str, stamp: Stamp) -> None:
        """Do not make it; raises InvalidState once goods were made."""
        self._require(PLANNED, RELEASED, ON_HOLD)
        if self.state == ON_HOLD and self.held_in == IN_PROGRESS:
            raise InvalidState(wo=self.key, state=self.state, held_in=self.held_in)
        self.record(self.Cancelled(stamp.by, stamp.at, reason=reason))

    def _require(self, *states: str) -> None:
        if self.state not in states:
            raise InvalidState(wo=self.key, state=self.state, required=states)
