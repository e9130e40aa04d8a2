"""Whatever happens in whatever order, goods are neither made nor lost by the books."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from domain.flows.goods.correcting import ApproveCount, approve_count
from domain.flows.goods.counting import CountedLine, PostCount, post_count
from domain.flows.goods.delivering import confirm_delivery
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
from domain.flows.goods.receiving import receive_stock
from domain.flows.goods.returning import (
    ApproveReturn,
    InspectReturn,
    ReceiveReturn,
    approve_return,
    inspect_return,
    receive_return,
    request_return,
)
from domain.flows.goods.securing import (
    Quarantine,
    ReleaseFromQuarantine,
    ScrapStock,
    quarantine,
    release_from_quarantine,
    scrap_stock,
)
from domain.flows.goods.shipping import ship
from domain.flows.orders.ending import CancelOrder, ShortCloseLine, cancel_order, short_close_line
from domain.flows.orders.ordering import place_order
from domain.flows.supply import producing, purchasing
from domain.flows.supply import transferring as moving
from domain.goods.goods_return import DISPOSITIONS, Disposed
from domain.goods.package import Discrepancy
from domain.goods.shelf import Goods
from domain.goods.shipment import Shipment
from domain.goods.stock_item import StockItem
from domain.kernel.refusal import Refusal
from domain.orders.order import Order
from domain.supply.requisition import Requisition
from domain.supply.transfer import Transfer
from domain.supply.work_order import WorkOrder
from tests.domain import story
from tests.domain.company import company
from tests.domain.supply import conserving, steps
from tests.domain.support import TODAY, Given, day, given
from tests.domain.world import FINANCE, MGR_EAST

LOTS, UNITS = "INJ", "P5"
SHANGHAI, WUHAN = "WH-SH", "WH-WH"
PLACES = st.sampled_from([SHANGHAI, WUHAN])
SKUS = st.sampled_from([LOTS, UNITS])
ANY = st.integers(0, 9)


class Supplying(RuleBasedStateMachine):
    """One company, two products, and everything that moves them."""

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
        claims = [
            (item, ref, goods)
            for item in conserving.every(self.past, StockItem)
            for ref, some in sorted(item.shelf.reservations.items())
            for goods in some[:1]
            if ref.startswith("SO-")
        ]
        if not claims:
            return
        item, so, goods = claims[place % len(claims)]
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

    # Transfers.

    @rule(sku=SKUS, out=st.booleans(), qty=st.integers(1, 3), further=st.integers(0, 2))
    def move(self, sku: str, out: bool, qty: int, further: int) -> None:
        src, dst = (WUHAN, SHANGHAI) if out else (SHANGHAI, WUHAN)
        wish = moving.CreateTransfer(src=src, dst=dst, sku=sku, qty=qty if sku == UNITS else 30)
        asked = self.do(moving.create_transfer, wish)
        for _ in range(further if asked else 0):
            self.further(self.past.get(Transfer, asked["to"]))

    @rule(place=ANY)
    def go_on(self, place: int) -> None:
        self.further(self.one(Transfer, place, "REQUESTED", "RESERVED"))

    def further(self, one: Transfer | None) -> None:
        if one and one.state == "REQUESTED":
            self.do(moving.approve_transfer, moving.ApproveTransfer(to=one.key))
        elif one:
            self.do(moving.dispatch_transfer, moving.DispatchTransfer(to=one.key, waybill="W"))

    @rule(place=ANY, fate=st.sampled_from(["GOOD", "SHORT", "DAMAGED", "LOST"]))
    def arrive(self, place: int, fate: str) -> None:
        one = self.one(Transfer, place, "DISPATCHED", "PARTIALLY_RECEIVED")
        if not one:
            return
        serial = one.known.sku == UNITS
        coming = [
            Goods(1, serials=(key,)) if serial else Goods(qty, key)
            for key, qty in sorted(one.still.items())
        ]
        if fate == "LOST":
            gone = moving.ConfirmTransferLoss(to=one.key, goods=tuple(coming[:1]), claim_no="C")
            if self.do(moving.confirm_transfer_loss, gone):
                self.ours[one.known.sku] -= coming[0].qty
            return
        good = tuple(coming if fate == "GOOD" else coming[1:])
        damaged = tuple(coming[:1] if fate == "DAMAGED" else ())
        self.do(
            moving.receive_transfer, moving.ReceiveTransfer(to=one.key, good=good, damaged=damaged)
        )

    @rule(place=ANY)
    def call_off(self, place: int) -> None:
        one = self.one(Transfer, place, "REQUESTED", "RESERVED", "DISPATCHED")
        if one:
            self.do(moving.cancel_transfer, moving.CancelTransfer(to=one.key, reason="off"))

    # Production and purchase.

    @rule(sku=SKUS, wh=PLACES)
    def want(self, sku: str, wh: str) -> None:
        told = {"wh": wh, "qty": 4}
        wanted = producing.CreateWorkOrder(sku=sku, due=day("2026-03-20"), **told)
        self.do(producing.create, wanted)
        bought = purchasing.CreateRequisition(
            item=sku, need_date=day("2026-03-20"), reason="REPLENISHMENT", **told
        )
        self.do(purchasing.create, bought)

    @rule(place=ANY, bad=st.booleans())
    def make(self, place: int, bad: bool) -> None:
        work = self.one(WorkOrder, place, "PLANNED", "IN_PROGRESS")
        if not work:
            return
        terms, name = work.known, f"N-{self.number()}"
        if terms.sku == UNITS:
            made, part = steps.output(work.key, name), steps.bucket(0, name)
        else:
            made, part = steps.output_lot(work.key, 1, name), steps.bucket(1, lot=name)
        if self.do(producing.report_output, made):
            self.come(("PRODUCTION", work.key), part, terms.sku, terms.warehouse, bad)

    @rule(place=ANY, bad=st.booleans())
    def buy(self, place: int, bad: bool) -> None:
        bought = self.one(Requisition, place, "CREATED", "PARTIALLY_RECEIVED")
        if bought:
            terms, name = bought.known, f"N-{self.number()}"
            dates = {"manufacture_date": day("2026-01-01"), "expiry": day("2028-01-01")}
            part = steps.bucket(2, lot=name, **dates)
            if terms.item == UNITS:
                part = steps.bucket(0, f"{name}A", f"{name}B")
            self.come(("PURCHASE", bought.key), part, terms.item, terms.warehouse, bad)

    def come(self, source: Any, part: Any, sku: str, wh: str, bad: bool) -> None:
        passed = part.qty - bad
        told = {"sku": sku, "wh": wh, "passed": passed}
        if self.do(receive_stock, steps.receiving(source, part, **told)):
            self.ours[sku] += part.qty

    # Quality and counts.

    @rule(sku=SKUS, wh=PLACES, qty=st.integers(1, 60), what=st.sampled_from(["IN", "OUT", "SCRAP"]))
    def secure(self, sku: str, wh: str, qty: int, what: str) -> None:
        goods = self.parts(wh, sku, "" if what == "IN" else "QUARANTINED", qty)
        if not goods:
            return
        told: Any = {"wh": wh, "sku": sku, "qty": goods.qty, "lot": goods.lot}
        told |= {"serials": goods.serials, "reason": "smell", "qa_document": "QA-1"}
        if what == "IN":
            self.do(quarantine, Quarantine(**told), by=steps.QUALITY)
        elif what == "OUT":
            self.do(release_from_quarantine, ReleaseFromQuarantine(**told), by=steps.QUALITY)
        elif self.do(scrap_stock, ScrapStock(**told), by=steps.QUALITY):
            self.ours[sku] -= goods.qty

    @rule(sku=SKUS, wh=PLACES, more=st.integers(-60, 60))
    def count(self, sku: str, wh: str, more: int) -> None:
        line, change = self.found(wh, sku, more)
        sheet = f"SC-{self.number():04d}"
        told = {"counter": "a", "recounted_by": "b", "lines": (line,)}
        self.do(post_count, PostCount(sheet_id=sheet, wh=wh, **told))
        if self.do(approve_count, ApproveCount(sheet_id=sheet), by=FINANCE):
            self.ours[sku] += change

    def found(self, wh: str, sku: str, more: int) -> tuple[CountedLine, int]:
        """What a count finds, and what that changes."""
        if sku == LOTS:
            book = conserving.of_lot_on(self.past, wh, sku, "INJ2512A").on_hand
            change = max(more, -book)
            return CountedLine(sku=sku, counted=book + change, lot="INJ2512A"), change
        names = sorted(self.past.get(StockItem, wh, sku).shelf.units)
        kept = [*names, f"N-{self.number()}"] if more > 0 else names[1:]
        line = CountedLine(sku=sku, counted=len(kept), serials_found=tuple(kept))
        return line, len(kept) - len(names)

    # What has to hold.

    @invariant()
    def all_is_well(self) -> None:
        conserving.nothing_is_negative(self.past)
        conserving.goods_are_conserved(self.past, self.ours)
        conserving.shelves_and_register_agree(self.past)
        conserving.lines_add_up(self.past)
        conserving.queues_know_who_waits(self.past)
        conserving.transfers_add_up(self.past)
        conserving.the_journal_tells_all(self.past)


TestSupplying = Supplying.TestCase
TestSupplying.settings = settings(
    max_examples=120,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
