"""Whatever happens in whatever order, goods are neither made nor lost by the books."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from domain.flows.goods.correcting import ApproveCount, approve_count
from domain.flows.goods.counting import CountedLine, PostCount, post_count
from domain.flows.goods.receiving import receive_stock
from domain.flows.goods.reserving import (
    ReleaseReservation,
    Reserve,
    release_reservation,
    reserve_by_hand,
)
from domain.flows.goods.securing import (
    MarkExpired,
    Quarantine,
    ReleaseFromQuarantine,
    ScrapStock,
    mark_expired,
    quarantine,
    release_from_quarantine,
    scrap_stock,
)
from domain.flows.orders.amending import AmendOrder, FieldChange, amend_order
from domain.flows.orders.resourcing import NewSupply, ResourceLine, resource_line
from domain.flows.supply import producing, purchasing, steering
from domain.flows.supply import transferring as moving
from domain.goods.shelf import Goods
from domain.goods.stock_item import StockItem
from domain.orders.order import Order
from domain.supply.requisition import Requisition
from domain.supply.transfer import Transfer
from domain.supply.work_order import WorkOrder
from tests.domain.supply import conserving, steps
from tests.domain.supply.machine import ANY, LOTS, PLACES, SHANGHAI, SKUS, UNITS, WUHAN, Ordering
from tests.domain.support import day
from tests.domain.world import FINANCE, MGR_EAST


class Supplying(Ordering):
    """The same company with everything that brings goods, and all that quality and counts do."""

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

    # Decisions by hand.

    @rule(place=ANY)
    def free(self, place: int) -> None:
        held = self.held(place)
        if held:
            item, so, goods = held
            told: Any = {"wh": item.warehouse, "sku": item.sku, "reason": "swapped"}
            told |= {"qty": goods.qty, "lot": goods.lot, "serials": goods.serials}
            self.do(release_reservation, ReleaseReservation(ref=so, **told))

    @rule(place=ANY, sku=SKUS, wh=PLACES, qty=st.integers(1, 30))
    def name(self, place: int, sku: str, wh: str, qty: int) -> None:
        order, goods = self.one(Order, place, "CONFIRMED"), self.parts(wh, sku, "", qty)
        if order and goods:
            told: Any = {"qty": goods.qty, "lot": goods.lot, "serials": goods.serials}
            self.do(reserve_by_hand, Reserve(wh=wh, sku=sku, ref=order.so, reason="so", **told))

    @rule(
        place=ANY,
        kind=st.sampled_from(["SHIP", "TRANSFER", "MAKE", "BUY"]),
        wh=PLACES,
        qty=st.integers(1, 40),
    )
    def decide(self, place: int, kind: Any, wh: str, qty: int) -> None:
        order = self.one(Order, place, "CONFIRMED", "PARTIALLY_SHIPPED")
        if order:
            donor = SHANGHAI if wh == WUHAN else WUHAN
            told: Any = {"qty": min(qty, max(1, order.lines[1].open)), "reason": "sooner"}
            told |= {"new_supply": NewSupply(kind=kind, wh=wh, donor=donor)}
            self.do(resource_line, ResourceLine(so_id=order.so, line_no=1, **told), by=MGR_EAST)

    @rule(place=ANY, qty=st.integers(1, 200))
    def amend(self, place: int, qty: int) -> None:
        order = self.one(Order, place, "CONFIRMED", "PARTIALLY_SHIPPED", "ON_HOLD")
        if order:
            few = qty % 6 + 1 if order.lines[1].terms.sku == UNITS else qty
            change = FieldChange(op="set", line_no=1, field="qty", value=str(few))
            self.do(amend_order, AmendOrder(so_id=order.so, changes=[change], reason="wish"))

    @rule(place=ANY, made=st.booleans())
    def stop(self, place: int, made: bool) -> None:
        work, bought = (
            self.one(WorkOrder, place, "PLANNED"),
            self.one(Requisition, place, "CREATED"),
        )
        if made and work:
            self.do(steering.cancel, steering.CancelWorkOrder(wo=work.key, reason="off"))
        elif bought and not made:
            self.do(purchasing.cancel, purchasing.CancelRequisition(pr=bought.key, reason="off"))

    @rule(wh=PLACES)
    def expire(self, wh: str) -> None:
        self.do(mark_expired, MarkExpired(wh=wh, sku=LOTS), on="2026-08-01")

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
    max_examples=150,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
