"""A recall (召回): what must not be used, who has it, who was told, and what came of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

import msgspec

from domain.cases.recall_terms import (
    CHECKED,
    CLOSED,
    COLLECTING,
    CORRECTED,
    CORRECTING,
    NOTICE_DAYS,
    NOTIFYING,
    OPENED,
    STOCK_LOCKED,
    Listed,
    Locked,
    Scope,
)
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import AlreadyExists, InvalidState, NotFound
from domain.kernel.stamp import Stamp


class Recall(Aggregate):
    """One recall, or a drill of one; the stream is ``Recall/{id}``."""

    CATEGORY: ClassVar[str] = "Recall"

    state: str = ""
    level: int = 0
    """Class 1 (gravest), 2 or 3."""
    scope: Scope = Scope()
    drill: bool = False
    deadline: date | None = None
    locked: list[Locked] = msgspec.field(default_factory=list)
    consignees: dict[str, Listed] = msgspec.field(default_factory=dict)
    notified: dict[str, date] = msgspec.field(default_factory=dict)
    acknowledged: dict[str, date] = msgspec.field(default_factory=dict)
    done: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    """Base units by consignee, then by what became of them."""
    handled: list[str] = msgspec.field(default_factory=list)
    """Devices ("sku/serial") of which it is known what became of them."""
    effective: bool = False

    # What can happen to a recall. Topics and fields are stored: add, never rename.

    class Opened(Event, frozen=True, kw_only=True):
        """It was decided; ``deadline`` is the last day on which consignees must be told."""

        TOPIC = "recall.opened"
        level: int
        scope: Scope
        reason: str
        instruction: str
        decided_at: date
        deadline: date
        drill: bool = False

        def apply(self, recall: Recall) -> None:
            """Set the fields."""
            recall.state, recall.level, recall.scope = OPENED, self.level, self.scope
            recall.deadline, recall.drill = self.deadline, self.drill

    class GoodsLocked(Event, frozen=True, kw_only=True):
        """Everything of it that is with us was locked; in a drill, it would have been."""

        TOPIC = "recall.stock_locked"
        goods: tuple[Locked, ...]

        def apply(self, recall: Recall) -> None:
            """Note it."""
            recall.state, recall.locked = STOCK_LOCKED, list(self.goods)

    class ConsigneesListed(Event, frozen=True, kw_only=True):
        """Everybody was found who has any of it, or has sold it on."""

        TOPIC = "recall.consignees_listed"
        consignees: tuple[Listed, ...]

        def apply(self, recall: Recall) -> None:
            """Note them."""
            recall.consignees = {one.name: one for one in self.consignees}

    class ConsigneeNotified(Event, frozen=True, kw_only=True):
        """A consignee was told."""

        TOPIC = "recall.consignee_notified"
        consignee: str
        sent_on: date
        channel: str
        deadline: date
        state: str = NOTIFYING

        def apply(self, recall: Recall) -> None:
            """Note it."""
            recall.notified[self.consignee], recall.state = self.sent_on, self.state

    class Acknowledged(Event, frozen=True, kw_only=True):
        """A consignee confirmed that it knows."""

        TOPIC = "recall.acknowledged"
        consignee: str
        on: date

        def apply(self, recall: Recall) -> None:
            """Note it."""
            recall.acknowledged[self.consignee] = self.on

    class UnitsHandled(Event, frozen=True, kw_only=True):
        """Something became of a consignee's goods: they came back, were corrected, used, lost."""

        TOPIC = "recall.units_handled"
        consignee: str
        action: str
        qty: int
        sku: str
        lot: str = ""
        serials: tuple[str, ...] = ()
        document: str = ""

        def apply(self, recall: Recall) -> None:
            """Count them."""
            mine = recall.done.setdefault(self.consignee, {})
            mine[self.action] = mine.get(self.action, 0) + self.qty
            recall.handled.extend(f"{self.sku}/{serial}" for serial in self.serials)
            recall.state = CORRECTING if self.action == CORRECTED else COLLECTING

    class EffectivenessChecked(Event, frozen=True, kw_only=True):
        """It was checked whether the recall reached everybody."""

        TOPIC = "recall.effectiveness_checked"
        effective: bool
        document_hash: str

        def apply(self, recall: Recall) -> None:
            """Note it."""
            recall.state, recall.effective = CHECKED, self.effective

    class Closed(Event, frozen=True, kw_only=True):
        """Nothing more is done; ``outstanding`` base units were never found."""

        TOPIC = "recall.closed"
        document_hash: str
        outstanding: int

        def apply(self, recall: Recall) -> None:
            """Close it."""
            recall.state = CLOSED

    # What is asked about it.

    @property
    def open(self) -> bool:
        """Whether it binds us."""
        return self.exists and self.state != CLOSED and not self.drill

    def outstanding(self, consignee: str) -> int:
        """What a consignee had and nothing is known of, base units; as a book may be, below 0."""
        return self.consignees[consignee].qty - sum(self.done.get(consignee, {}).values())

    # What may be asked of it.

    def declare(
        self,
        opened: Opened,
        goods: tuple[Locked, ...],
        consignees: tuple[Listed, ...],
        stamp: Stamp,
    ) -> None:
        """Open it, with what was locked and who was found; raises AlreadyExists."""
        if self.exists:
            raise AlreadyExists(kind="Recall", id=self.key)
        self.record(opened)
        self.record(self.GoodsLocked(stamp.by, stamp.at, goods=goods))
        self.record(self.ConsigneesListed(stamp.by, stamp.at, consignees=consignees))

    def notify(self, consignee: str, sent_on: date, channel: str, stamp: Stamp) -> None:
        """Tell a consignee, once; raises NotFound or InvalidState."""
        self._require_open(consignee)
        assert self.deadline is not None  # noqa: S101 - an open recall has one
        if consignee not in self.notified:
            self.record(
                self.ConsigneeNotified(
                    stamp.by,
                    stamp.at,
                    consignee=consignee,
                    sent_on=sent_on,
                    channel=channel,
                    deadline=self.deadline,
                    state=NOTIFYING if self.state == STOCK_LOCKED else self.state,
                )
            )

    def acknowledge(self, consignee: str, stamp: Stamp) -> None:
        """Hear that a consignee knows, once; raises NotFound or InvalidState."""
        self._require_open(consignee)
        if consignee not in self.acknowledged:
            self.record(self.Acknowledged(stamp.by, stamp.at, consignee=consignee, on=stamp.today))

    def handle(self, handled: UnitsHandled) -> None:
        """Count what became of a consignee's goods; raises NotFound or InvalidState."""
        self._require_open(handled.consignee)
        self.record(handled)

    def check(self, document_hash: str, stamp: Stamp, *, effective: bool) -> None:
        """Note whether it reached everybody; raises InvalidState."""
        self._require_open(None)
        self.record(
            self.EffectivenessChecked(
                stamp.by, stamp.at, effective=effective, document_hash=document_hash
            )
        )

    def close(self, document_hash: str, stamp: Stamp) -> None:
        """Be done with it; raises InvalidState unless it was checked and found effective."""
        if self.state != CHECKED or not self.effective:
            raise InvalidState(recall=self.key, state=self.state, required=CHECKED)
        left = sum(self.outstanding(one) for one in self.consignees)
        self.record(self.Closed(stamp.by, stamp.at, document_hash=document_hash, outstanding=left))

    def _require_open(self, consignee: str | None) -> None:
        if not self.exists or self.state == CLOSED:
            raise InvalidState(recall=self.key, state=self.state)
        if consignee is not None and consignee not in self.consignees:
            raise NotFound(kind="Consignee", id=consignee)


def deadline(level: int, decided_at: date) -> date:
    """Last day on which consignees of a recall must be told: 1, 3 or 7 days after the decision."""
    return decided_at + timedelta(days=NOTICE_DAYS[level])
