"""An order: the baton that drives stock, delivery, invoicing and settlement."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import InvalidState
from domain.kernel.stamp import Stamp
from domain.orders.check import CheckResult, Evidence
from domain.orders.order_events import (
    Amended,
    Checked,
    Confirmed,
    Held,
    HoldCleared,
    HoldReleased,
    HoldReleaseRejected,
    LineQuoted,
    Placed,
)
from domain.orders.order_line import Line, LineTerms, Supply
from domain.orders.order_terms import Change, Hold, OrderTerms
from domain.orders.refusals import HoldNotActive, HoldsActive, OverrideLimitExceeded

PLACED, ON_HOLD, CONFIRMED = "PLACED", "ON_HOLD", "CONFIRMED"
PARTIALLY_SHIPPED, SHIPPED, DELIVERED = "PARTIALLY_SHIPPED", "SHIPPED", "DELIVERED"
INSTALLED, ACCEPTED = "INSTALLED", "ACCEPTED"


class Order(Aggregate):
    """One order; the stream is ``Order/{so}``. The state is a function of its lines and holds."""

    CATEGORY: ClassVar[str] = "Order"

    terms: OrderTerms | None = None
    lines: dict[int, Line] = msgspec.field(default_factory=dict)
    active: dict[str, Hold] = msgspec.field(default_factory=dict)
    """Holds by code, the released ones included."""
    editors: list[str] = msgspec.field(default_factory=list)
    """Users who placed or amended the order."""
    confirmed: bool = False

    def record(self, event: Event) -> None:
        """Write a new fact down with the state and the holds that follow from it."""
        place = len(self.journal)
        super().record(event)
        told = msgspec.structs.replace(event, state=self.state, holds=self.holds)
        self.journal[place] = (self.stream, self.version, told)

    # What is asked about it.

    @property
    def so(self) -> str:
        """The order's number."""
        return self.key

    @property
    def known(self) -> OrderTerms:
        """The terms of a placed order."""
        assert self.terms is not None  # noqa: S101 - only existing orders are asked
        return self.terms

    @property
    def holds(self) -> tuple[str, ...]:
        """Codes of the active holds, in alphabetical order."""
        return tuple(sorted(code for code, hold in self.active.items() if hold.active))

    @property
    def gross(self) -> int:
        """Gross amount of all lines in minor units."""
        return sum(line.terms.gross for line in self.lines.values())

    @property
    def state(self) -> str:
        """Where the order stands: the least advanced open line decides."""
        if not self.confirmed:
            return ON_HOLD if self.holds else PLACED
        lines = [line for line in self.lines.values() if line.wanted]
        if any(line.shipped < line.wanted for line in lines):
            return PARTIALLY_SHIPPED if any(line.shipped for line in lines) else CONFIRMED
        if any(line.delivered < line.wanted for line in lines):
            return SHIPPED
        devices = [line for line in lines if line.terms.installation_required]
        if not devices or any(line.installed < line.wanted for line in devices):
            return DELIVERED
        return INSTALLED if any(line.accepted < line.wanted for line in devices) else ACCEPTED

    def cleared_by(self, results: tuple[CheckResult, ...]) -> list[str]:
        """Active holds that the results no longer support."""
        failing = {one.hold for one in results}
        return [code for code in self.holds if code not in failing]

    def raised_by(self, results: tuple[CheckResult, ...]) -> dict[str, Evidence]:
        """Holds that the results call for and that do not stand on the same evidence already."""
        raised: dict[str, Evidence] = {}
        for one in results:
            hold = self.active.get(one.hold)
            news = hold is None or (
                hold.evidence != one.inputs if hold.active else _exceeds(one.inputs, hold.deviation)
            )
            if one.hold and news:
                raised[one.hold] = one.inputs
        return raised

    # What may be asked of it.

    def place(self, terms: OrderTerms, lines: tuple[LineTerms, ...], stamp: Stamp) -> None:
        """Send the order."""
        net, vat, gross = _totals(lines)
        self.record(
            Placed(stamp.by, stamp.at, terms=terms, lines=lines, net=net, vat=vat, gross=gross)
        )

    def amend(
        self,
        terms: OrderTerms,
        lines: tuple[LineTerms, ...],
        changes: tuple[Change, ...],
        reason: str,
        stamp: Stamp,
    ) -> None:
        """Change an order that is not confirmed; raises InvalidState. No change records nothing."""
        if self.confirmed:
            raise InvalidState(so=self.so, state=self.state)
        if changes:
            net, vat, gross = _totals(lines)
            self.record(
                Amended(
                    stamp.by,
                    stamp.at,
                    changes=changes,
                    reason=reason,
                    terms=terms,
                    lines=lines,
                    net=net,
                    vat=vat,
                    gross=gross,
                )
            )

    def requote(self, line: LineTerms, stamp: Stamp) -> None:
        """Take in the price row that now answers for a line."""
        self.record(LineQuoted(stamp.by, stamp.at, line=line))

    def judge(self, results: tuple[CheckResult, ...], cause: str, stamp: Stamp) -> None:
        """Keep the results of the checks; hold for what fails, clear what no longer does.

        A released hold stays released while its deviation is no larger than the released one.
        """
        self.record(Checked(stamp.by, stamp.at, results=results, cause=cause))
        for code in self.cleared_by(results):
            self.record(HoldCleared(stamp.by, stamp.at, code=code, cause=cause))
        for code, evidence in self.raised_by(results).items():
            self.record(Held(stamp.by, stamp.at, code=code, evidence=evidence))

    def release(
        self,
        code: str,
        reason: str,
        limit: Decimal | None,
        deviation: Decimal | None,
        document_hash: str | None,
        stamp: Stamp,
    ) -> None:
        """Let the order pass a hold; raises HoldNotActive or OverrideLimitExceeded."""
        if code not in self.holds:
            raise HoldNotActive(so=self.so, code=code, active=self.holds)
        if limit is not None and deviation is not None and deviation > limit:
            self.record(
                HoldReleaseRejected(
                    stamp.by,
                    stamp.at,
                    code=code,
                    role=stamp.by.role,
                    rejection=OverrideLimitExceeded.code,
                    limit=limit,
                    deviation=deviation,
                )
            )
            raise OverrideLimitExceeded(so=self.so, code=code, limit=limit, deviation=deviation)
        self.record(
            HoldReleased(
                stamp.by,
                stamp.at,
                code=code,
                role=stamp.by.role,
                reason=reason,
                limit=limit,
                deviation=deviation,
                document_hash=document_hash,
            )
        )

    def confirm(
        self, sourcing: tuple[Supply, ...], promise: date, policy_version: int, stamp: Stamp
    ) -> None:
        """Commit to the supplies; raises HoldsActive or InvalidState."""
        if self.holds:
            raise HoldsActive(so=self.so, holds=self.holds)
        if self.confirmed:
            raise InvalidState(so=self.so, state=self.state)
        self.record(
            Confirmed(
                stamp.by,
                stamp.at,
                sourcing=sourcing,
                promise_date=promise,
                policy_version=policy_version,
            )
        )


def _totals(lines: tuple[LineTerms, ...]) -> tuple[int, int, int]:
    return (
        sum(one.net for one in lines),
        sum(one.vat for one in lines),
        sum(one.gross for one in lines),
    )


def _exceeds(evidence: Evidence, released: Decimal | None) -> bool:
    """Whether a deviation has grown since a person accepted it."""
    deviation = evidence.get("deviation")
    if deviation is None or released is None:
        return False
    return Decimal(str(deviation)) > released
