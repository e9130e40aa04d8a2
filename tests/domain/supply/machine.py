"""A company that anything may happen to: orders, shipments, deliveries, losses and returns."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from domain.flows.goods.delivering import confirm_delivery
from domain.flows.goods.disposing import InspectReturn, inspect_return
from domain.flows.goods.losing import (
    CancelShipment,
    ReceiveRefused,
    RecordLoss,
    RefuseDelivery,
    cancel_shipment,
    receive_refused,
    record_loss,
    refuse_delivery,
)
from domain.flows.goods.picking import confirm_pick, review_outbound
from domain.flows.goods.planning import plan_shipment
from domain.flows.goods.returning import (
    ApproveReturn,
    ReceiveReturn,
    approve_return,
    receive_return,
    request_return,
)
from domain.flows.goods.shipping import ship
from domain.flows.orders.ending import CancelOrder, ShortCloseLine, cancel_order, short_close_line
from domain.flows.orders.ordering import place_order
from domain.goods.goods_return import DISPOSITIONS, Disposed
from domain.goods.package import Discrepancy
from domain.goods.shelf import Goods
from domain.goods.shipment import Shipment
from domain.goods.stock_item import StockItem
from domain.kernel.refusal import Refusal
from domain.orders.order import Order
from tests.domain import story
from tests.domain.company import company
from tests.domain.supply import conserving, steps
from tests.domain.support import TODAY, Given, given
from tests.domain.world import MGR_EAST

LOTS, UNITS = "INJ", "P5"
SHANGHAI, WUHAN = "WH-SH", "WH-WH"
PLACES = st.sampled_from([SHANGHAI, WUHAN])
SKUS = st.sampled_from([LOTS, UNITS])
ANY = st.integers(0, 9)


class Ordering(RuleBasedStateMachine):
    """One company, two products, and everything between an order and what comes back of it."""

    def __init__(self) -> None:
        super().__init__()
        leads = steps.leads(2, (SHANGHAI, WUHAN))
        self.past: Given = given(company(), leads)
        items = conserving.every(self.past, StockItem)
        self.ours: Counter[str] = Counter()
        for one in items:
            self.ours[one.sku] += one.shelf.on_hand
        self.numbers = 0

    # Doing.

    def do(self, what: Any, command: Any, **more: Any) -> Any:
        """Run a command: its answer, or None for a refusal, which leaves nothing."""
        done = self.past.when(what, command, **more)
        assert done.refusal is None or (isinstance(done.refusal, Refusal) and not done.events)
        return None if done.refusal is not None else done.answer

    def one(self, kind: Any, place: int, *states: str) -> Any:
        """An aggregate in one of the states, or None."""
        found = [one for one in conserving.every(self.past, kind) if one.state in states]
        return found[place % len(found)] if found else None

    def number(self) -> int:
        self.numbers += 1
        return self.numbers

    def parts(self, warehouse: str, sku: str, mark: str, qty: int) -> Goods | None:
        """Goods of a shelf that are free, or set apart."""
        shelf = self.past.get(StockItem, warehouse, sku).shelf
        if sku == LOTS:
            return Goods(qty, "INJ2512A")
        names = sorted(one for one, unit in shelf.units.items() if unit.mark == mark)[: qty % 2 + 1]
        return Goods(len(names), serials=tuple(names)) if names else None

    def held(self, place: int) -> Any:
        """Goods that an order holds: where, which order and what; None for none."""
        claims = [
            (item, ref, goods)
            for item in conserving.every(self.past, StockItem)
            for ref, some in sorted(item.shelf.reservations.items())
            for goods in some[:1]
            if ref.startswith("SO-")
        ]
        return claims[place % len(claims)] if claims else None

    # Orders.

    @rule(sku=SKUS, qty=st.integers(1, 5), dealer=st.sampled_from(["D04", "D05"]))
    def place(self, sku: str, qty: int, dealer: str) -> None:
        lines = story.of(sku, qty if sku == UNITS else qty * 37)
        self.do(place_order, story.order(dealer, lines))

    @rule(place=ANY)
    def cancel(self, place: int) -> None:
        order = self.one(Order, place, "CONFIRMED", "ON_HOLD")
        if order:
            self.do(cancel_order, CancelOrder(so_id=order.so, reason="off", fee=0), by=MGR_EAST)

    @rule(place=ANY, qty=st.integers(1, 40))
    def short_close(self, place: int, qty: int) -> None:
        order = self.one(Order, place, "CONFIRMED", "PARTIALLY_SHIPPED")
        if order:
            told = {"line_no": 1, "qty": qty, "reason": "DEALER_REQUEST"}
            self.do(short_close_line, ShortCloseLine(so_id=order.so, **told))  # type: ignore[arg-type]

    # Shipments.

    @rule(place=ANY, fate=st.sampled_from(["SIGNED", "SHORT", "CANCELLED", "ON THE WAY"]))
    def send(self, place: int, fate: str) -> None:
        held = self.held(place)
        if not held:
            return
        item, so, goods = held
        shp = f"SHP-{self.number():04d}"
        told: Any = {"qty": goods.qty, "lot": goods.lot, "serials": goods.serials}
        line = story.ShipmentLine(so=so, line=1, sku=item.sku, **told)
        if self.do(plan_shipment, story.plan(shp, line, wh=item.warehouse)) is None:
            return
        scans = [story.scan(item.sku, one, goods.lot) for one in (goods.serials or (None,))]
        self.do(confirm_pick, story.pick(shp, *scans))
        self.do(review_outbound, story.review(shp))
        if fate == "CANCELLED":
            self.do(cancel_shipment, CancelShipment(shp_id=shp, reason="lorry full"))
        elif self.do(ship, story.sending(shp)):
            self.ours[item.sku] -= goods.qty
            if fate != "ON THE WAY":
                self.sign(self.past.get(Shipment, shp), fate == "SHORT")

    @rule(place=ANY, short=st.booleans())
    def deliver(self, place: int, short: bool) -> None:
        shipment = self.one(Shipment, place, "IN_TRANSIT")
        if shipment:
            self.sign(shipment, short)

    def sign(self, shipment: Shipment, short: bool) -> None:
        package = shipment.packages[0]
        gone = package.goods.serials[:1]
        missing = Discrepancy(package.so, 1, "SHORT", 1, serials=gone)
        told = story.signing(shipment.shp, TODAY, discrepancies=(missing,) if short else ())
        self.do(confirm_delivery, told)

    @rule(place=ANY)
    def lose(self, place: int) -> None:
        shipment = self.one(Shipment, place, "IN_TRANSIT", "RETURNING")
        if shipment:
            self.do(record_loss, RecordLoss(shp_id=shipment.shp, claim_no="C-1", reason="fire"))

    @rule(place=ANY, wh=PLACES)
    def refuse(self, place: int, wh: str) -> None:
        shipment = self.one(Shipment, place, "IN_TRANSIT", "RETURNING")
        if shipment and shipment.state == "IN_TRANSIT":
            self.do(refuse_delivery, RefuseDelivery(shp_id=shipment.shp, reason="closed"))
        elif shipment and self.do(receive_refused, ReceiveRefused(shp_id=shipment.shp, wh=wh)):
            for package in shipment.packages:
                self.ours[package.sku] += package.goods.qty

    @rule(place=ANY, qty=st.integers(1, 30), disposition=st.sampled_from(DISPOSITIONS))
    def give_back(self, place: int, qty: int, disposition: str) -> None:
        shipment = self.one(Shipment, place, "DELIVERED", "DELIVERED_WITH_DISCREPANCY")
        if not shipment or not shipment.signed:
            return
        package = shipment.signed[0]
        sku, lot = package.sku, package.goods.lot
        serial = package.goods.serials[0] if package.goods.serials else None
        part = steps.item(sku, 1 if serial else qty, lot, serial)
        wish = steps.wish_back(part, shp=shipment.shp, dealer_id=shipment.known.dealer)
        asked = self.do(request_return, wish, by=steps.REQUESTER)
        if not asked:
            return
        rma = asked["rma_id"]
        self.do(approve_return, ApproveReturn(rma_id=rma), by=MGR_EAST)
        if self.do(receive_return, ReceiveReturn(rma_id=rma, wh=SHANGHAI, items=(part,))):
            self.ours[sku] += part.qty
        fate = Disposed(sku, disposition, part.qty, lot, serial)
        command = InspectReturn(rma_id=rma, items=(fate,), report_hash="r")
        gone = self.do(inspect_return, command, by=steps.QUALITY)
        if gone and disposition not in ("RESTOCK", "REFURBISH"):
            self.ours[sku] -= part.qty
