"""Two lots that go wherever goods can go: to dealers, among them, to hospitals, back, and lost."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from domain.channel.book import Buyer
from domain.flows.channel.reporting import ReportDealerSales, report_sales
from domain.flows.goods.correcting import ApproveCount, approve_count
from domain.flows.goods.counting import CountedLine, PostCount, post_count
from domain.flows.goods.delivering import confirm_delivery
from domain.flows.goods.disposing import InspectReturn, inspect_return
from domain.flows.goods.losing import (
    ReceiveRefused,
    RecordLoss,
    RefuseDelivery,
    receive_refused,
    record_loss,
    refuse_delivery,
)
from domain.flows.goods.receiving import receive_stock
from domain.flows.goods.returning import (
    ApproveReturn,
    ReceiveReturn,
    approve_return,
    receive_return,
    request_return,
)
from domain.flows.goods.securing import Quarantine, ScrapStock, quarantine, scrap_stock
from domain.flows.orders.ordering import place_order
from domain.flows.supply import purchasing
from domain.flows.supply import transferring as moving
from domain.goods.goods_return import DISPOSITIONS, Disposed
from domain.goods.package import Discrepancy
from domain.goods.shelf import Bucket, Goods
from domain.goods.shipment import Shipment
from domain.goods.stock_item import StockItem
from domain.supply.transfer import Transfer
from tests.domain import story
from tests.domain.diversion.steps import LOT, add, sale, world
from tests.domain.recalls.steps import SECOND
from tests.domain.supply import conserving, steps
from tests.domain.support import TODAY, Given, day
from tests.domain.world import FINANCE, MGR_EAST, lot

LOTS, SHANGHAI, WUHAN = "INJ", "WH-SH", "WH-WH"
EITHER = st.sampled_from([LOT, SECOND])
DAYS = {SECOND: 600, LOT: 620}
"""Days of life that only the later lot has left, and those that both have."""
PLACES = st.sampled_from([SHANGHAI, WUHAN])
DEALERS = st.sampled_from(["D04", "D05", "D06"])
FAMILY = st.sampled_from(["D04", "D05", "D06", "D12"])
BUYERS = st.one_of(
    st.sampled_from(["H-SH-01", "H-NJ-02", "H-HZ-03"]).map(lambda name: Buyer(hospital=name)),
    FAMILY.map(lambda name: Buyer(dealer=name)),
    st.just(Buyer(name="a clinic", region_code="320100")),
)
QTY = st.integers(1, 60)
ANY = st.integers(0, 99)
FATES = st.sampled_from(["GOOD", "SHORT", "DAMAGED", "LOST", "ON THE WAY"])
ENDS = st.sampled_from(["SIGNED", "SIGNED", "SIGNED", "SHORT", "LOST", "REFUSED", "ON THE WAY"])


class Trading(RuleBasedStateMachine):
    """Orders, shipments and returns, with transfers, purchases, counts and reports of dealers."""

    def __init__(self) -> None:
        super().__init__()
        here = lot(SHANGHAI, LOTS, SECOND, 150, "2027-10-31")
        self.past: Given = add(world(), *here, *lot(WUHAN, LOTS, SECOND, 60, "2027-10-31"))
        self.numbers = 0

    def do(self, what: Any, command: Any, **more: Any) -> Any:
        """Run a command: its answer, or None for a refusal, which leaves nothing."""
        done = self.past.when(what, command, **more)
        assert done.refusal is None or not done.events
        return None if done.refusal is not None else done.answer

    def one(self, kind: Any, place: int, *states: str) -> Any:
        """An aggregate in one of the states, or None."""
        found = [one for one in conserving.every(self.past, kind) if one.state in states]
        return found[place % len(found)] if found else None

    def number(self) -> int:
        self.numbers += 1
        return self.numbers

    def bucket(self, wh: str, name: str) -> Bucket:
        return self.past.get(StockItem, wh, LOTS).shelf.lots.get(name, Bucket())

    # Shipments.

    @initialize(first=st.tuples(DEALERS, QTY), second=st.tuples(DEALERS, QTY))
    def each_lot_went_to_somebody(self, first: tuple[str, int], second: tuple[str, int]) -> None:
        self.send(*first, LOT, "SIGNED")
        self.send(*second, SECOND, "SIGNED")

    @rule(dealer=DEALERS, qty=QTY, name=EITHER, end=ENDS)
    def send(self, dealer: str, qty: int, name: str, end: str) -> None:
        wish = story.order(dealer, story.of(LOTS, qty), min_shelf_days=DAYS[name])
        so = self.do(place_order, wish)["so"]
        held = self.past.get(StockItem, SHANGHAI, LOTS).shelf.reservations.get(so)
        if held:
            shp = f"SHP-{self.number():04d}"
            lines = [story.goods(so, 1, LOTS, str(one.lot), qty=one.qty) for one in held]
            story.sent(self.past, shp, *lines, on=TODAY)
            self.end(self.past.get(Shipment, shp), end)

    @rule(place=ANY, end=ENDS)
    def end_later(self, place: int, end: str) -> None:
        shipment = self.one(Shipment, place, "IN_TRANSIT")
        if shipment:
            self.end(shipment, end)

    def end(self, shipment: Shipment, end: str) -> None:
        package = shipment.packages[0]
        missing = Discrepancy(package.so, 1, "SHORT", 1)
        if end in ("SIGNED", "SHORT"):
            gone = (missing,) if end == "SHORT" else ()
            proof = story.signing(shipment.shp, TODAY, discrepancies=gone)
            assert self.do(confirm_delivery, proof)
        elif end == "LOST":
            lost = RecordLoss(shp_id=shipment.shp, claim_no="C-1", reason="fire")
            assert self.do(record_loss, lost)
        elif end == "REFUSED":
            assert self.do(refuse_delivery, RefuseDelivery(shp_id=shipment.shp, reason="closed"))
            assert self.do(receive_refused, ReceiveRefused(shp_id=shipment.shp, wh=WUHAN))

    @rule(place=ANY, qty=QTY, whole=st.booleans(), fate=st.sampled_from(DISPOSITIONS))
    def give_back(self, place: int, qty: int, whole: bool, fate: str) -> None:
        shipment = self.one(Shipment, place, "DELIVERED", "DELIVERED_WITH_DISCREPANCY")
        if not shipment or not shipment.signed:
            return
        goods = shipment.signed[place % len(shipment.signed)].goods
        part = steps.item(LOTS, goods.qty if whole else min(qty, goods.qty), goods.lot)
        wish = steps.wish_back(part, shp=shipment.shp, dealer_id=shipment.known.dealer)
        asked = self.do(request_return, wish, by=steps.REQUESTER)
        if asked:
            rma = asked["rma_id"]
            self.do(approve_return, ApproveReturn(rma_id=rma), by=MGR_EAST)
            self.do(receive_return, ReceiveReturn(rma_id=rma, wh=SHANGHAI, items=(part,)))
            decided = (Disposed(LOTS, fate, part.qty, goods.lot),)
            command = InspectReturn(rma_id=rma, items=decided, report_hash="r")
            self.do(inspect_return, command, by=steps.QUALITY)

    # Dealers.

    @rule(dealer=FAMILY, buyer=BUYERS, name=st.one_of(EITHER, st.none()), qty=QTY)
    def sell(self, dealer: str, buyer: Buyer, name: str | None, qty: int) -> None:
        if buyer.dealer != dealer:
            line = sale(buyer, lot=name, qty=qty, on=TODAY)
            told = f"file-{self.number()}"
            command = ReportDealerSales(dealer_id=dealer, file_hash=told, lines=(line,))
            assert self.do(report_sales, command), "a report is never refused for what it says"

    # Warehouses.

    @rule(out=st.booleans(), name=EITHER, qty=QTY, fate=FATES)
    def move(self, out: bool, name: str, qty: int, fate: str) -> None:
        src, dst = (WUHAN, SHANGHAI) if out else (SHANGHAI, WUHAN)
        goods = (Goods(qty, name),)
        asked = self.do(
            moving.create_transfer,
            moving.CreateTransfer(src=src, dst=dst, sku=LOTS, qty=qty, goods=goods),
        )
        to = asked["to"] if asked else ""
        if asked and self.do(moving.approve_transfer, moving.ApproveTransfer(to=to)):
            self.do(moving.dispatch_transfer, moving.DispatchTransfer(to=to, waybill="WB"))
            self.arrive(to, fate)

    @rule(place=ANY, fate=FATES)
    def arrive_later(self, place: int, fate: str) -> None:
        on_the_way = self.one(Transfer, place, "DISPATCHED", "PARTIALLY_RECEIVED")
        if on_the_way:
            self.arrive(on_the_way.key, fate)

    def arrive(self, to: str, fate: str) -> None:
        [(name, qty)] = self.past.get(Transfer, to).still.items()
        part, most = Goods(1, name), Goods(qty - 1, name)
        if fate == "LOST":
            lost = moving.ConfirmTransferLoss(to=to, goods=(part,), claim_no="C-1")
            self.do(moving.confirm_transfer_loss, lost)
        elif fate != "ON THE WAY":
            good = (Goods(qty, name),) if fate == "GOOD" else (most,) if most.qty else ()
            damaged = (part,) if fate == "DAMAGED" else ()
            command = moving.ReceiveTransfer(to=to, good=good, damaged=damaged)
            self.do(moving.receive_transfer, command)

    @rule(name=EITHER, wh=PLACES, qty=QTY, bad=st.booleans())
    def buy(self, name: str, wh: str, qty: int, bad: bool) -> None:
        told = {"wh": wh, "need_date": day("2026-03-20"), "reason": "REPLENISHMENT"}
        wanted = purchasing.CreateRequisition(item=LOTS, qty=qty, **told)  # type: ignore[arg-type]
        pr = self.do(purchasing.create, wanted)["pr"]
        part = steps.bucket(qty, lot=name)
        passed = qty // 2 if bad else qty
        command = steps.receiving(("PURCHASE", pr), part, sku=LOTS, wh=wh, passed=passed)
        assert self.do(receive_stock, command)

    @rule(name=EITHER, wh=PLACES, off=st.integers(-9, 9))
    def count(self, name: str, wh: str, off: int) -> None:
        sheet, found = f"SC-{self.number()}", max(0, self.bucket(wh, name).on_hand + off)
        line = CountedLine(sku=LOTS, counted=found, lot=name)
        told = {"counter": "wh-1", "recounted_by": "wh-2", "lines": (line,)}
        if self.do(post_count, PostCount(sheet_id=sheet, wh=wh, **told)):  # type: ignore[arg-type]
            self.do(approve_count, ApproveCount(sheet_id=sheet), by=FINANCE)

    @rule(name=EITHER, wh=PLACES, qty=QTY)
    def destroy(self, name: str, wh: str, qty: int) -> None:
        told = {"wh": wh, "sku": LOTS, "qty": qty, "lot": name, "reason": "x", "qa_document": "q"}
        if self.do(quarantine, Quarantine(**told)):  # type: ignore[arg-type]
            self.do(scrap_stock, ScrapStock(**told), by=steps.QUALITY)  # type: ignore[arg-type]
