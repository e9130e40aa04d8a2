"""Orders judged again: their checks, what people released or turned down, and shipments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from domain.goods.shipment import Shipment
from domain.goods.shipment_events import GoodsShipped
from domain.kernel.aggregate import Log
from domain.kernel.stamp import Stamp
from domain.orders.check import CheckResult, Evidence
from domain.orders.order import Order
from domain.orders.order_events import (
    Checked,
    HoldReleased,
    HoldReleaseRejected,
    Placed,
    Rejected,
)
from domain.policies import checks, releasing
from domain.policies.checks.situation import Check, Situation
from domain.policies.sourcing import Plan
from replays.whatif.inquiry import Fact, Inquiry
from replays.whatif.overlay import Overlay
from replays.whatif.report import Outcome, Retaken

CHECK, RELEASE, REJECTION, SHIPMENT = "CHECK", "RELEASE", "REJECTION", "SHIPMENT"
RELEASED, REFUSED, NOT_NEEDED = "RELEASED", "RELEASE_REFUSED", "NOT_NEEDED"
Holds = dict[str, Evidence]
"""What stops an order: the code of each hold, with its evidence."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """By which checks orders are judged again, and for which of them these can matter.

    The checks must not look at the plan of supply. ``dealer`` is whose orders; None for all.
    """

    at_placement: tuple[Check, ...]
    at_shipment: tuple[Check, ...] = ()
    dealer: str | None = None
    concerns: Callable[[Log, Order], bool] = lambda _log, _order: True

    def has(self, dealer: str) -> bool:
        """Whether orders of a dealer are judged."""
        return self.dealer in (None, dealer)


class _Judged(NamedTuple):
    order: Order
    results: tuple[CheckResult, ...]

    @property
    def holds(self) -> Holds:
        return stopping(self.order, self.results)


class Orders:
    """Takes decisions about orders again."""

    topics = frozenset(
        one.TOPIC
        for one in (Placed, Checked, HoldReleased, HoldReleaseRejected, Rejected, GoodsShipped)
    )

    def __init__(self, inquiry: Inquiry, overlay: Overlay, scope: Scope) -> None:
        self._inquiry, self._overlay, self._scope = inquiry, overlay, scope
        self._mine: set[str] = set()
        """Orders of the dealer."""
        self._last: dict[str, tuple[Holds, Holds]] = {}
        """What the last check of an order found, as it was and as supposed, if that was anything:
        whoever releases or rejects the order afterwards looks at that.
        """

    def take(self, fact: Fact, command: Sequence[Fact]) -> Iterator[Retaken]:
        """Take the decisions again that an event records."""
        if isinstance(fact.event, Placed):
            if self._scope.has(fact.event.terms.dealer):
                self._mine.add(fact.key)
        elif isinstance(fact.event, GoodsShipped):
            if self._scope.at_shipment and self._scope.has(fact.event.consignee.dealer):
                yield from self._shipped(fact)
        elif fact.key in self._mine:
            self._overlay.move(fact.position - 1)
            order = self._overlay.was.get(Order, fact.key)
            if self._scope.concerns(self._overlay.was, order):
                yield from self._decided(fact, order)

    def _decided(self, fact: Fact, order: Order) -> Iterator[Retaken]:
        match fact.event:
            case Checked() as checked:
                yield self._checked(fact, checked)
            case HoldReleased() | HoldReleaseRejected():
                if any(fact.event.code in holds for holds in self._last.get(fact.key, ())):
                    yield self._released(fact, order)
            case Rejected(code=code):
                was, supposed = self._last.get(fact.key, ({}, {}))
                if code in was:
                    told, now = (
                        Outcome("REJECTED", 1, holds[code])
                        if code in holds
                        else Outcome(NOT_NEEDED)
                        for holds in (was, supposed)
                    )
                    yield _retaken(fact, REJECTION, order, told, told, now)

    def _checked(self, fact: Fact, checked: Checked) -> Retaken:
        was, supposed = self._judged(fact, fact.key, self._scope.at_placement)
        self._last[fact.key] = was.holds, supposed.holds
        if not (was.holds or supposed.holds):
            del self._last[fact.key]
        names = {one.check for one in was.results}
        recorded = tuple(one for one in checked.results if one.check in names)
        told = outcome(was.order, recorded, "PASS", "HOLD")
        now = outcome(supposed.order, supposed.results, "PASS", "HOLD")
        others = stopping(was.order, checked.results).keys() - stopping(was.order, recorded).keys()
        if others and not now.strictness:
            now = Outcome(now.verdict, 0, now.evidence | {"other_holds": ", ".join(sorted(others))})
        repeated = outcome(was.order, was.results, "PASS", "HOLD")
        return _retaken(fact, CHECK, was.order, told, repeated, now)

    def _released(self, fact: Fact, order: Order) -> Retaken:
        """Take a release again: within which limit, for which deviation, and whether at all."""
        event, stamp = fact.event, self._inquiry.stamp(fact.event)
        released = isinstance(event, HoldReleased)
        evidence = _size(event.limit, event.deviation)
        recorded = Outcome(RELEASED if released else REFUSED, 1 if released else 2, evidence)
        was, supposed = (
            _release(log, order, event.code, holds, stamp)
            for log, holds in zip(
                (self._overlay.was, self._overlay), self._last[fact.key], strict=True
            )
        )
        return _retaken(fact, RELEASE, order, recorded, was, supposed)

    def _shipped(self, fact: Fact) -> Iterator[Retaken]:
        self._overlay.move(fact.position - 1)
        packages = self._overlay.was.get(Shipment, fact.key).packages
        for so in dict.fromkeys(one.so for one in packages):
            order = self._overlay.was.get(Order, so)
            if not self._scope.concerns(self._overlay.was, order):
                continue
            was, supposed = (
                outcome(one.order, one.results, "SHIPPED", "STOPPED")
                for one in self._judged(fact, so, self._scope.at_shipment)
            )
            sent: dict[int, int] = {}
            for one in packages:
                if one.so == so:
                    sent[one.line_no] = sent.get(one.line_no, 0) + one.goods.qty
            lines = ((order.lines[line_no], qty) for line_no, qty in sent.items())
            amount = sum(one.amounts(one.shipped, one.shipped + qty).gross for one, qty in lines)
            recorded = Outcome("SHIPPED")
            shipment: Evidence = {"shipment": fact.key}
            now = Outcome(supposed.verdict, supposed.strictness, supposed.evidence | shipment)
            yield _retaken(fact, SHIPMENT, order, recorded, was, now, amount)

    def _judged(self, fact: Fact, so: str, by: tuple[Check, ...]) -> tuple[_Judged, _Judged]:
        """Run checks on the order as it was and as supposed."""
        stamp = self._inquiry.stamp(fact.event)
        was, supposed = (
            _Judged(order, checks.run(by, Situation(log, order, Plan(), stamp)))
            for log in (self._overlay.was, self._overlay)
            for order in (log.get(Order, so),)
        )
        return was, supposed


def stopping(order: Order, results: tuple[CheckResult, ...]) -> Holds:
    """Holds that results put on an order, or leave on it; what was released for them is none."""
    raised = order.raised_by(results)
    return {
        one.hold: one.inputs
        for one in results
        if one.hold and (one.hold in raised or one.hold in order.holds)
    }


def outcome(order: Order, results: tuple[CheckResult, ...], fine: str, stopped: str) -> Outcome:
    """How an order fares by some checks: a word, and the holds that stop it."""
    codes = sorted(stopping(order, results))
    telling = [one for one in results if one.inputs]
    evidence: Evidence = {}
    for one in telling:
        alone = len(telling) == 1
        evidence |= {name if alone else f"{one.check} {name}": v for name, v in one.inputs.items()}
    return Outcome(f"{stopped} {', '.join(codes)}" if codes else fine, len(codes), evidence)


def worth(order: Order) -> int:
    """Gross amount of what an order wants, minor units."""
    return sum(line.amounts(0, line.wanted).gross for line in order.lines.values())


def _release(log: Log, order: Order, code: str, holds: Holds, stamp: Stamp) -> Outcome:
    if code not in holds:
        return Outcome(NOT_NEEDED)
    found = holds[code].get("deviation")
    limit = releasing.limit(log, order, code, stamp)
    deviation = None if found is None else Decimal(str(found))
    beyond = limit is not None and deviation is not None and deviation > limit
    return Outcome(REFUSED if beyond else RELEASED, 2 if beyond else 1, _size(limit, deviation))


def _size(limit: Decimal | None, deviation: Decimal | None) -> Evidence:
    """How far a release goes, and how far it may go; what knows no size has neither."""
    said = {"limit": limit, "deviation": deviation}
    return {name: str(value) for name, value in said.items() if value is not None}


def _retaken(  # noqa: PLR0913 - what was decided, of which order, in three ways
    fact: Fact,
    decision: str,
    order: Order,
    recorded: Outcome,
    repeated: Outcome,
    supposed: Outcome,
    amount: int | None = None,
) -> Retaken:
    return Retaken(
        fact=fact,
        decision=decision,
        document=order.so,
        dealer=order.known.dealer,
        amount=worth(order) if amount is None else amount,
        recorded=recorded,
        repeated=repeated,
        supposed=supposed,
    )
