"""A purchase requisition (采购申请): goods or parts that we buy, until when, and for what."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import AlreadyExists, InvalidState
from domain.kernel.stamp import Stamp
from domain.supply.supply_event import SupplyEvent, told

CREATED, APPROVED, ORDERED = "CREATED", "APPROVED", "ORDERED"
PARTIALLY_RECEIVED, RECEIVED, CLOSED = "PARTIALLY_RECEIVED", "RECEIVED", "CLOSED"
REJECTED, CANCELLED = "REJECTED", "CANCELLED"
OPEN = (CREATED, APPROVED, ORDERED, PARTIALLY_RECEIVED)
REASONS = ("ORDER", "WO_COMPONENT", "REPLENISHMENT")


class RequisitionTerms(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is bought, for which warehouse, until when. ``ref`` is the demand: order line or WO."""

    item: str
    warehouse: str
    qty: int
    need_date: date
    reason: str
    ref: str = ""
    line_no: int = 0
    supplier: str | None = None


class Requisition(Aggregate):
    """One requisition; the stream is ``Requisition/{pr}``."""

    CATEGORY: ClassVar[str] = "Requisition"

    state: str = ""
    terms: RequisitionTerms | None = None
    received: int = 0

    def record(self, event: Event) -> None:
        """Write a new fact down with what is expected after it."""
        place, before = len(self.journal), self._outlook()
        super().record(event)
        self.journal[place] = (self.stream, self.version, told(event, before, self._outlook()))

    def _outlook(self) -> tuple[int, date | None, str, str, str, str]:
        """What is expected, when, the state, of what, where, and for which order."""
        if self.terms is None:
            return 0, None, "", "", "", ""
        so = self.terms.ref if self.terms.line_no else ""
        terms = self.terms
        return self.expected, terms.need_date, self.state, terms.item, terms.warehouse, so

    # What can happen to a requisition. Topics and fields are stored: add, never rename.

    class Created(SupplyEvent, frozen=True, kw_only=True):
        """Something is to be bought."""

        TOPIC = "requisition.created"
        terms: RequisitionTerms

        def apply(self, requisition: Requisition) -> None:
            """Ask for it."""
            requisition.state, requisition.terms = CREATED, self.terms

    class Approved(SupplyEvent, frozen=True, kw_only=True):
        """It may be bought. ``value`` at standard cost in minor units, where that is known."""

        TOPIC = "requisition.approved"
        value: int | None = None

        def apply(self, requisition: Requisition) -> None:
            """Allow it."""
            requisition.state = APPROVED

    class Ordered(SupplyEvent, frozen=True, kw_only=True):
        """A supplier promised it."""

        TOPIC = "requisition.ordered"
        po_ref: str
        supplier: str
        promised: date

        def apply(self, requisition: Requisition) -> None:
            """Order it."""
            requisition.state = ORDERED
            requisition.terms = msgspec.structs.replace(
                requisition.known, need_date=self.promised, supplier=self.supplier
            )

    class Received(SupplyEvent, frozen=True, kw_only=True):
        """A quantity arrived and was inspected."""

        TOPIC = "requisition.received"
        qty: int
        inspector: str

        def apply(self, requisition: Requisition) -> None:
            """Count it."""
            requisition.received += self.qty
            whole = requisition.received >= requisition.known.qty
            requisition.state = RECEIVED if whole else PARTIALLY_RECEIVED

    class Repurposed(SupplyEvent, frozen=True, kw_only=True):
        """What it was bought for does not need this quantity: a planner has to decide."""

        TOPIC = "requisition.repurposed"
        qty: int
        reason: str

    class Rejected(SupplyEvent, frozen=True, kw_only=True):
        """It may not be bought."""

        TOPIC = "requisition.rejected"
        reason: str

        def apply(self, requisition: Requisition) -> None:
            """End it."""
            requisition.state = REJECTED

    class Cancelled(SupplyEvent, frozen=True, kw_only=True):
        """It is not needed any more."""

        TOPIC = "requisition.cancelled"
        reason: str

        def apply(self, requisition: Requisition) -> None:
            """End it."""
            requisition.state = CANCELLED

    class Closed(SupplyEvent, frozen=True, kw_only=True):
        """Nothing more is expected of it."""

        TOPIC = "requisition.closed"

        def apply(self, requisition: Requisition) -> None:
            """End it."""
            requisition.state = CLOSED

    # What is asked about it.

    @property
    def known(self) -> RequisitionTerms:
        """The terms of a created requisition."""
        assert self.terms is not None  # noqa: S101 - only existing requisitions are asked
        return self.terms

    @property
    def expected(self) -> int:
        """Quantity that is still to come."""
        return max(0, self.known.qty - self.received) if self.state in OPEN else 0

    # What may be asked of it.

    def create(self, terms: RequisitionTerms, stamp: Stamp) -> None:
        """Ask for something to be bought; raises AlreadyExists."""
        if self.exists:
            raise AlreadyExists(kind="Requisition", id=self.key)
        self.record(self.Created(stamp.by, stamp.at, terms=terms))

    def approve(self, value: int | None, stamp: Stamp) -> None:
        """Allow it; raises InvalidState."""
        self._require(CREATED)
        self.record(self.Approved(stamp.by, stamp.at, value=value))

    def order(self, po_ref: str, supplier: str, promised: date, stamp: Stamp) -> None:
        """Order it from a supplier; raises InvalidState."""
        self._require(APPROVED)
        self.record(
            self.Ordered(stamp.by, stamp.at, po_ref=po_ref, supplier=supplier, promised=promised)
        )

    def receive(self, qty: int, inspector: str, stamp: Stamp) -> None:
        """Take a quantity in; raises InvalidState."""
        self._require(*OPEN)
        self.record(self.Received(stamp.by, stamp.at, qty=qty, inspector=inspector))

    def reject(self, reason: str, stamp: Stamp) -> None:
        """Do not allow it; raises InvalidState."""
        self._require(CREATED)
        self.record(self.Rejected(stamp.by, stamp.at, reason=reason))

    def cancel(self, reason: str, stamp: Stamp) -> None:
        """Do not buy it; raises InvalidState."""
        self._require(CREATED, APPROVED, ORDERED)
        self.record(self.Cancelled(stamp.by, stamp.at, reason=reason))

    def close(self, stamp: Stamp) -> None:
        """Expect nothing more; raises InvalidState."""
        self._require(RECEIVED, PARTIALLY_RECEIVED)
        self.record(self.Closed(stamp.by, stamp.at))

    def _require(self, *states: str) -> None:
        if self.state not in states:
            raise InvalidState(pr=self.key, state=self.state, required=states)
