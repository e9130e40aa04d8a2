"""Supplies decided again: where orders' goods come from, and which transfers a donor can afford."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.flows.orders.confirming import situation
from domain.goods.product import Product
from domain.goods.stock_item import StockItem
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.orders.check import CheckResult, Evidence
from domain.orders.order import Order
from domain.orders.order_events import Amended, Checked, Confirmed, Placed
from domain.orders.order_line import TRANSFER, Supply
from domain.policies import checks, sourcing
from domain.policies.checks.products import available_to_promise, shelf_life
from domain.policies.checks.situation import Check
from domain.supply.transfer import Transfer, TransferTerms
from replays.whatif.inquiry import Fact, Inquiry
from replays.whatif.orders import outcome, stopping
from replays.whatif.overlay import Overlay
from replays.whatif.report import Outcome, Retaken

SOURCING, TRANSFERRING = "SOURCING", "TRANSFER"
REFUSED = "REFUSED DONOR_BELOW_SAFETY"
PLANNED: tuple[Check, ...] = (available_to_promise, shelf_life)
"""Checks that look at the plan of supply."""


class Supplies:
    """Takes decisions again to which the safety stock of a product in a warehouse mattered."""

    topics = frozenset(
        one.TOPIC
        for one in (Placed, Amended, Checked, Confirmed, Transfer.Requested, Transfer.Approved)
    )

    def __init__(self, inquiry: Inquiry, overlay: Overlay, wh: str, sku: str) -> None:
        self._inquiry, self._overlay, self._wh, self._sku = inquiry, overlay, wh, sku
        self._mine: set[str] = set()
        """Orders of the product."""

    def take(self, fact: Fact, command: Sequence[Fact]) -> Iterator[Retaken]:
        """Take the decisions again that an event records."""
        self._overlay.move(fact.position - 1)
        match fact.event:
            case Placed(lines=lines) | Amended(lines=lines):
                if any(line.sku == self._sku for line in lines):
                    self._mine.add(fact.key)
            case Checked() as checked if fact.key in self._mine:
                order = self._overlay.was.get(Order, fact.key)
                if any(order.lines[line_no].unsourced > 0 for line_no in self._lines(order)):
                    yield self._sourced(fact, checked, order, command)
            case Transfer.Requested(terms=terms) if self._gives(terms):
                if not any(
                    one.key == terms.so and one.row.topic == Checked.TOPIC for one in command
                ):
                    yield self._transferred(fact, terms, "REQUESTED")
            case Transfer.Approved():
                terms = self._overlay.was.get(Transfer, fact.key).known
                if self._gives(terms) and not terms.so:
                    yield self._transferred(fact, terms, "APPROVED")

    def _gives(self, terms: TransferTerms) -> bool:
        return (terms.source, terms.sku) == (self._wh, self._sku)

    def _lines(self, order: Order) -> list[int]:
        return [no for no, line in order.lines.items() if line.terms.sku == self._sku]

    def _sourced(
        self, fact: Fact, checked: Checked, order: Order, command: Sequence[Fact]
    ) -> Retaken:
        """Plan the supply of an order again; where other holds stop it, only its checks count."""
        stamp = self._inquiry.stamp(fact.event)
        was, supposed = (
            situation(log, log.get(Order, fact.key), stamp)
            for log in (self._overlay.was, self._overlay)
        )
        results = checks.run(PLANNED, was)
        names = {one.check for one in results}
        told = tuple(one for one in checked.results if one.check in names)
        held = stopping(order, checked.results).keys() > stopping(order, told).keys()
        carried_out = self._carried_out(fact, was.plan.supplies, command)
        lines = (order.lines[line_no] for line_no in self._lines(order))
        return Retaken(
            fact=fact,
            decision=SOURCING,
            document=order.so,
            dealer=order.known.dealer,
            amount=sum(line.amounts(0, line.wanted).gross for line in lines),
            recorded=self._fate(order, told, carried_out, held=held),
            repeated=self._fate(order, results, was.plan.supplies, held=held),
            supposed=self._fate(
                order, checks.run(PLANNED, supposed), supposed.plan.supplies, held=held
            ),
        )

    def _carried_out(
        self, fact: Fact, planned: Sequence[Supply], command: Sequence[Fact]
    ) -> Sequence[Supply]:
        """Supplies that followed from a check.

        An order that was confirmed before only tells of its transfers; if these are the planned
        ones, all are.
        """
        requested = []
        for one in command:
            if one.position > fact.position and one.key == fact.key:
                if isinstance(one.event, Confirmed):
                    return one.event.sourcing
                if isinstance(one.event, Checked):
                    break
            if isinstance(one.event, Transfer.Requested) and one.event.terms.so == fact.key:
                terms = one.event.terms
                requested.append((terms.line_no, terms.target, terms.qty, terms.source))
        transfers = [
            (one.line_no, one.warehouse, one.qty, one.donor)
            for one in planned
            if one.kind == TRANSFER
        ]
        if transfers == requested:
            return planned
        return [
            Supply(line_no, TRANSFER, target, qty, donor=source)
            for line_no, target, qty, source in requested
        ]

    def _fate(
        self,
        order: Order,
        results: tuple[CheckResult, ...],
        supplies: Sequence[Supply],
        *,
        held: bool,
    ) -> Outcome:
        """What becomes of the product's lines: a hold, or where their goods come from."""
        if held or stopping(order, results):
            return outcome(order, results, "PASS", "HOLD")
        mine = [one for one in supplies if one.line_no in self._lines(order)]
        evidence: Evidence = {
            f"line {one.line_no} {wh}": reason
            for one in mine
            for wh, reason in one.passed_over.items()
        }
        return Outcome(", ".join(map(_text, mine)), 0, evidence)

    def _transferred(self, fact: Fact, terms: TransferTerms, done: str) -> Retaken:
        """Ask again whether the donor can give away what was asked for."""
        was, stamp = self._overlay.was, self._inquiry.stamp(fact.event)
        product, order = existing(was, Product, self._sku), was.get(Order, terms.so)
        line = order.lines.get(terms.line_no)
        needed = sourcing.shelf_days(product, order, line) if line is not None else 0
        repeated, supposed = (
            _afforded(log, terms, needed, stamp, done) for log in (was, self._overlay)
        )
        return Retaken(
            fact=fact,
            decision=TRANSFERRING,
            document=fact.key,
            dealer=order.known.dealer if line is not None else "",
            amount=terms.qty * product.known.std_cost,
            recorded=Outcome(done),
            repeated=repeated,
            supposed=supposed,
        )


def _afforded(log: Log, terms: TransferTerms, needed: int, stamp: Stamp, done: str) -> Outcome:
    """Whether a donor's surplus above its safety stock covers a transfer."""
    surplus = sourcing.surplus_of(log, terms.source, terms.sku, needed, stamp.today)
    evidence: Evidence = {
        "wanted": terms.qty,
        "surplus": max(0, surplus),
        "safety_stock": log.get(StockItem, terms.source, terms.sku).safety_stock,
    }
    fine = terms.qty <= surplus
    return Outcome(done if fine else REFUSED, 0 if fine else 1, evidence)


def _text(one: Supply) -> str:
    where = f"{one.donor} > {one.warehouse}" if one.kind == TRANSFER else one.warehouse
    return f"{one.kind} {one.qty} {where}"
