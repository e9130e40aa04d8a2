"""Returns: who may send what back, how much of it, and what becomes of it."""

import pytest

from domain.channel.dealer_stock import DealerStock
from domain.flows.cases.observing import record_installation
from domain.flows.goods.delivering import confirm_delivery
from domain.flows.goods.disposing import InspectReturn, inspect_return
from domain.flows.goods.returning import (
    ApproveReturn,
    ReceiveReturn,
    RefuseReturn,
    approve_return,
    receive_return,
    refuse_return,
    request_return,
)
from domain.flows.goods.securing import ReleaseFromQuarantine, release_from_quarantine
from domain.goods.goods_return import Disposed, GoodsReturn
from domain.goods.package import Discrepancy
from domain.goods.product_terms import ColdChain
from domain.goods.refusals import (
    AlreadyInstalled,
    ApprovalRequired,
    ColdChainUnknown,
    NotShippedToDealer,
    QcRoleRequired,
    QtyExceedsShipped,
    ReturnWindowExpired,
)
from domain.kernel.refusal import InvalidState, ValidationFailed
from domain.kernel.stamp import Actor
from tests.domain.story import (
    US80_1,
    US80_2,
    at_dealer,
    goods,
    installing,
    of,
    placed,
    sent,
    signed,
    signing,
)
from tests.domain.supply.steps import (
    QUALITY,
    REQUESTER,
    buckets,
    came_back,
    item,
    line,
    product,
    shelf,
    unit,
    wish_back,
)
from tests.domain.world import MGR_EAST

LATER = "2026-03-10"
DEVICE = item("US80", serial=US80_1)
LOT = "INJ2512A"


def boxes(qty=60):
    """D05 signed for boxes of one lot on 5 March."""
    past = placed(of("INJ", qty, "1260"))
    return signed(sent(past, "SHP-0001", goods("SO-0001", 1, "INJ", LOT, qty=qty)), "SHP-0001")


def box(qty):
    return item("INJ", qty, lot=LOT)


def inspected(past, rma, *items, by=QUALITY, **more):
    command = InspectReturn(rma_id=rma, items=items, report_hash="sha256:r", **more)
    return past.when(inspect_return, command, by=by, on=LATER)


def of_box(disposition, qty):
    return Disposed(sku="INJ", disposition=disposition, qty=qty, lot=LOT)


def of_device(disposition):
    return Disposed(sku="US80", disposition=disposition, serial=US80_1)


def test_what_was_never_shipped_to_a_dealer_is_not_returned_by_it():
    past = at_dealer(US80_1)

    for wish in (
        wish_back(DEVICE, dealer_id="D04"),
        wish_back(item("US80", serial=US80_2)),
        wish_back(item("INJ", 1, lot=LOT)),
        wish_back(item("US80", 1)),
    ):
        past.when(request_return, wish, on=LATER).refuses(NotShippedToDealer)


def test_no_more_is_returned_than_was_signed_for():
    past = boxes(60)
    past.when(request_return, wish_back(box(61)), on=LATER).refuses(QtyExceedsShipped)
    past.when(request_return, wish_back(box(40)), on=LATER).accepted()

    past.when(request_return, wish_back(box(21)), on=LATER).refuses(QtyExceedsShipped, left=20)
    past.when(request_return, wish_back(box(20)), on=LATER).accepted()


@pytest.mark.parametrize("twice", [(box(60), box(60)), (box(40), box(21))])
def test_one_request_does_not_name_more_in_parts_than_was_signed_for(twice):
    boxes(60).when(request_return, wish_back(*twice), on=LATER).refuses(QtyExceedsShipped)


def test_one_request_does_not_name_a_device_twice():
    at_dealer(US80_1).when(request_return, wish_back(DEVICE, DEVICE), on=LATER).refuses(
        QtyExceedsShipped
    )


def test_what_was_short_at_delivery_is_not_returned():
    past = sent(placed(of("INJ", 60, "1260")), "SHP-0001", goods("SO-0001", 1, "INJ", LOT, qty=60))
    short = {"so": "SO-0001", "line": 1, "kind": "SHORT", "qty": 10}
    gone = (Discrepancy(**short),)
    past.when(confirm_delivery, signing("SHP-0001", discrepancies=gone), on="2026-03-05").accepted()

    past.when(request_return, wish_back(box(51)), on=LATER).refuses(QtyExceedsShipped, left=50)


def test_a_refused_return_may_be_asked_for_again():
    past = at_dealer(US80_1)
    rma = past.when(request_return, wish_back(DEVICE), by=REQUESTER, on=LATER).answer["rma_id"]
    past.when(request_return, wish_back(DEVICE), on=LATER).refuses(QtyExceedsShipped)
    refusal = RefuseReturn(rma_id=rma, reason="nothing wrong")
    past.when(refuse_return, refusal, on=LATER).refuses(ApprovalRequired)
    past.when(refuse_return, refusal, by=MGR_EAST, on=LATER).accepted()

    past.when(request_return, wish_back(DEVICE), by=REQUESTER, on=LATER).accepted()


def test_a_dealer_may_change_its_mind_for_thirty_days():
    past = at_dealer(US80_1)
    wish = wish_back(DEVICE, reason="COMMERCIAL")

    past.when(request_return, wish, on="2026-04-05").refuses(ReturnWindowExpired, days=30)
    past.when(request_return, wish_back(DEVICE), on="2026-04-05").accepted()
    at_dealer(US80_1).when(request_return, wish, on="2026-04-04").accepted()


def test_an_installed_device_is_not_returned_for_commercial_reasons():
    past = at_dealer(US80_1)
    where = installing(US80_1, "H-NJ-02", "320100")
    past.when(record_installation, where, on="2026-03-21").accepted()

    wish = wish_back(DEVICE, reason="COMMERCIAL")
    past.when(request_return, wish, on="2026-03-22").refuses(AlreadyInstalled)
    past.when(request_return, wish_back(DEVICE), on="2026-03-22").accepted()


def test_a_sales_manager_who_did_not_ask_for_it_approves_a_return():
    past = at_dealer(US80_1)
    rma = past.when(request_return, wish_back(DEVICE), by=MGR_EAST, on=LATER).answer["rma_id"]
    yes = ApproveReturn(rma_id=rma)

    past.when(approve_return, yes, by=REQUESTER, on=LATER).refuses(ApprovalRequired)
    past.when(approve_return, yes, by=MGR_EAST, on=LATER).refuses(ApprovalRequired)
    past.when(approve_return, yes, by=Actor("mgr-2", "MGR", "EAST"), on=LATER).accepted()


def test_only_an_approved_return_is_received():
    past = at_dealer(US80_1)
    rma = past.when(request_return, wish_back(DEVICE), by=REQUESTER, on=LATER).answer["rma_id"]
    command = ReceiveReturn(rma_id=rma, wh="WH-SH", items=(DEVICE,))

    past.when(receive_return, command, on=LATER).refuses(InvalidState)


def test_inv_rm_3_returned_goods_are_not_available_before_their_inspection():
    past = at_dealer(US80_1)
    before = shelf(past, "WH-SH", "US80").available

    came_back(past, DEVICE, on=LATER)

    assert shelf(past, "WH-SH", "US80").available == before
    assert (unit(past, US80_1).state, unit(past, US80_1).warehouse) == ("QUARANTINED", "WH-SH")
    assert (line(past).returned, buckets(past)) == (1, (0, 0, 0, 1))


def test_another_device_than_the_announced_one_is_noted_and_not_taken_in():
    past = at_dealer(US80_1, US80_2)
    rma = past.when(request_return, wish_back(DEVICE), by=REQUESTER, on=LATER).answer["rma_id"]
    past.when(approve_return, ApproveReturn(rma_id=rma), by=MGR_EAST, on=LATER).accepted()
    stranger = item("US80", serial=US80_2)
    command = ReceiveReturn(rma_id=rma, wh="WH-SH", items=(DEVICE, stranger))

    done = past.when(receive_return, command, on=LATER)

    assert done.answer["unauthorised"] == [US80_2]
    assert done.recorded(GoodsReturn.Received)[0].unauthorised == (stranger,)
    assert [unit(past, one).state for one in (US80_1, US80_2)] == ["QUARANTINED", "AT_DEALER"]


def test_quality_alone_inspects_and_only_what_came():
    past = boxes(60)
    rma = came_back(past, box(10), on=LATER)

    inspected(past, rma, of_box("RESTOCK", 10), by=MGR_EAST).refuses(QcRoleRequired)
    inspected(past, rma, of_box("RESTOCK", 11)).refuses(ValidationFailed)
    inspected(past, rma, of_device("RESTOCK")).refuses(ValidationFailed)
    inspected(past, rma, of_box("EAT", 10)).refuses(ValidationFailed)


@pytest.mark.parametrize(
    ("disposition", "state", "on_hand", "available"),
    [
        ("RESTOCK", "IN_STOCK", 4, 4),
        ("REFURBISH", "QUARANTINED", 4, 3),
        ("SCRAP", "SCRAPPED", 3, 3),
        ("TO_SUPPLIER", "SCRAPPED", 3, 3),
        ("BACK_TO_DEALER", "AT_DEALER", 3, 3),
    ],
)
def test_quality_decides_what_becomes_of_a_device(disposition, state, on_hand, available):
    past = at_dealer(US80_1)
    rma = came_back(past, DEVICE, on=LATER)

    inspected(past, rma, of_device(disposition)).accepted()

    here = shelf(past, "WH-SH", "US80")
    assert (unit(past, US80_1).state, here.on_hand, here.available) == (state, on_hand, available)


def test_a_refurbished_device_is_sold_again_as_grade_b():
    past = at_dealer(US80_1)
    rma = came_back(past, DEVICE, on=LATER)
    inspected(past, rma, of_device("REFURBISH")).accepted()
    release = ReleaseFromQuarantine(
        wh="WH-SH", sku="US80", qty=1, serials=(US80_1,), reason="refurbished", qa_document="QA-1"
    )

    past.when(release_from_quarantine, release, by=QUALITY, on=LATER).accepted()

    assert (unit(past, US80_1).state, unit(past, US80_1).grade) == ("IN_STOCK", "B")


def test_goods_that_must_be_kept_cold_are_not_restocked_without_their_temperatures():
    past = boxes(60)
    rma = came_back(past, box(10), on=LATER)
    chilled = product("INJ", cold_chain=ColdChain(20, 80))
    past.log.get(chilled.aggregate, *chilled.key).record(chilled.event)

    inspected(past, rma, of_box("RESTOCK", 10)).refuses(ColdChainUnknown)
    inspected(past, rma, of_box("RESTOCK", 10), temperatures="2 to 8").accepted()


def test_a_lot_may_be_inspected_in_parts_but_no_part_twice():
    past = boxes(60)
    first = came_back(past, box(30), on=LATER)
    came_back(past, box(30), on=LATER)
    inspected(past, first, of_box("RESTOCK", 20), of_box("SCRAP", 10)).accepted()
    assert shelf(past, "WH-SH", "INJ").lots[LOT].quarantined == 30

    again = inspected(past, first, of_box("RESTOCK", 20))

    assert again.refusal is not None
    assert shelf(past, "WH-SH", "INJ").lots[LOT].quarantined == 30


def test_one_inspection_does_not_decide_twice_on_the_same_goods():
    past = boxes(60)
    first = came_back(past, box(30), on=LATER)
    came_back(past, box(30), on=LATER)

    twice = inspected(past, first, of_box("RESTOCK", 30), of_box("SCRAP", 30))

    assert twice.refusal is not None


def test_two_returns_of_one_lot_come_off_two_orders_that_shared_a_shipment():
    past = placed(of("INJ", 10, "1260"), past=placed(of("INJ", 10, "1260")))
    both = (goods(f"SO-000{n}", 1, "INJ", LOT, qty=10) for n in (1, 2))
    signed(sent(past, "SHP-0001", *both), "SHP-0001")

    came_back(past, box(10), on=LATER)
    came_back(past, box(10), on=LATER)

    assert [line(past, f"SO-000{n}").returned for n in (1, 2)] == [10, 10]


def test_boxes_that_go_back_to_their_dealer_are_in_its_book_again():
    past = boxes()
    rma = came_back(past, box(20), on=LATER)

    done = inspected(past, rma, of_box("BACK_TO_DEALER", 20))

    (told,) = done.recorded(DealerStock.ReceiptRecorded)
    assert (told.moved.qty, told.moved.lot, told.shipment) == (20, LOT, rma)
    assert past.get(DealerStock, "D05").balance(f"INJ/{LOT}") == 60
