"""What a recall covers is not sold again, whoever asks, until the recall is closed."""

import pytest

from domain.flows.goods.disposing import InspectReturn, inspect_return
from domain.flows.goods.locking import LockProduct, UnlockProduct, lock_product, unlock_product
from domain.flows.goods.reserving import Reserve, reserve_by_hand
from domain.flows.goods.securing import (
    Quarantine,
    ReleaseFromQuarantine,
    ScrapStock,
    Unblock,
    quarantine,
    release_from_quarantine,
    scrap_stock,
    unblock,
)
from domain.flows.orders.ordering import place_order
from domain.goods.goods_return import Disposed
from domain.goods.product import Product
from domain.goods.refusals import LotNotSellable
from domain.orders.refusals import RecallBlock
from tests.domain.company import discontinued
from tests.domain.diversion.steps import LOT, bought, boxes, world
from tests.domain.recalls.steps import (
    OPENED_ON,
    SECOND,
    closed,
    marks,
    mine,
    of_lot,
    of_product,
    of_range,
    opened,
    two_lots,
)
from tests.domain.story import of, order, placed
from tests.domain.supply.steps import QUALITY, buckets, came_back, item, unit
from tests.domain.support import day

U = [f"US80-26-000{number}" for number in range(1, 10)]
TOLD = {"reason": "looks fine", "qa_document": "QA-1"}


def boxes_of(kind, qty, lot=LOT, **more):
    return kind(wh="WH-SH", sku="INJ", qty=qty, lot=lot, **(TOLD | more))


def devices(kind, *serials, **more):
    return kind(wh="WH-SH", sku="US80", qty=len(serials), serials=serials, **(TOLD | more))


def asked(past, flow, command):
    return past.when(flow, command, by=QUALITY, on=OPENED_ON)


def inspected(past, rma, *items):
    return asked(past, inspect_return, InspectReturn(rma_id=rma, items=items, report_hash="r"))


def waiting_for_inspection(**scope):
    """Part of the lot was in quarantine when it was recalled."""
    past = world()
    past.when(quarantine, boxes_of(Quarantine, 50), by=QUALITY).accepted()
    past.when(quarantine, devices(Quarantine, U[0]), by=QUALITY).accepted()
    return opened(past, **scope)


@pytest.mark.parametrize("scope", [of_lot(LOT), of_product("INJ")])
def test_locked_goods_are_not_unlocked(scope):
    past = opened(world(), **scope)

    asked(past, unblock, boxes_of(Unblock, 1)).refuses(
        RecallBlock, sku="INJ", lot=LOT, recall="RCL-0001"
    )
    assert mine(past).blocked == 200


@pytest.mark.parametrize("scope", [of_lot(LOT), of_product("INJ")])
def test_what_waited_for_inspection_is_not_released(scope):
    past = waiting_for_inspection(**scope)

    command = boxes_of(ReleaseFromQuarantine, 10)
    asked(past, release_from_quarantine, command).refuses(RecallBlock, recall="RCL-0001")


@pytest.mark.parametrize("scope", [of_range(U[0], U[1]), of_product("US80")])
def test_devices_are_neither_unlocked_nor_released(scope):
    past = waiting_for_inspection(**scope)
    assert marks(past, "WH-SH", "US80")[U[0]] == "QUARANTINED"

    asked(past, release_from_quarantine, devices(ReleaseFromQuarantine, U[0])).refuses(RecallBlock)
    asked(past, unblock, devices(Unblock, U[1])).refuses(RecallBlock)
    assert [unit(past, one).state for one in U[:2]] == ["QUARANTINED"] * 2


def test_one_recalled_device_among_others_keeps_them_all():
    past = world()
    past.when(quarantine, devices(Quarantine, U[0], U[1]), by=QUALITY).accepted()
    opened(past, **of_range(U[1], U[1]))

    both = devices(ReleaseFromQuarantine, U[0], U[1])
    asked(past, release_from_quarantine, both).refuses(RecallBlock)
    asked(past, release_from_quarantine, devices(ReleaseFromQuarantine, U[0])).accepted()


def test_what_is_not_recalled_is_released_as_ever():
    past = two_lots()
    past.when(quarantine, boxes_of(Quarantine, 20, SECOND), by=QUALITY).accepted()
    opened(past, **of_lot(LOT))

    command = boxes_of(ReleaseFromQuarantine, 20, SECOND)
    asked(past, release_from_quarantine, command).accepted()

    assert mine(past, SECOND).available == 80


def test_locked_goods_are_not_reserved_by_hand():
    past = placed(of("INJ", 10), past=world(*discontinued("INJ")))
    opened(past, **of_lot(LOT))

    wanted = Reserve(wh="WH-SH", sku="INJ", ref="SO-0001", qty=1, lot=LOT, reason="at once")
    refused = past.when(reserve_by_hand, wanted, on=OPENED_ON).refusal

    assert LotNotSellable in [type(one) for one in refused.violations]


@pytest.mark.parametrize(
    ("scope", "came_before"), [(of_lot(LOT), True), (of_lot(LOT), False), (of_product("INJ"), True)]
)
def test_returned_goods_are_not_restocked(scope, came_before):
    past, back = boxes(60), item("INJ", 10, lot=LOT)
    rma = came_back(past, back, on="2026-03-20") if came_before else ""
    opened(past, **scope)
    rma = rma or came_back(past, back, on=OPENED_ON)

    inspected(past, rma, Disposed("INJ", "RESTOCK", 10, LOT)).refuses(RecallBlock, sku="INJ")
    assert mine(past).quarantined == 10


def test_a_returned_device_is_not_restocked_nor_released_once_it_is_refurbished():
    past = bought(U[0])
    opened(past, **of_range(U[0], U[0]))
    rma = came_back(past, item("US80", serial=U[0]), on=OPENED_ON)

    inspected(past, rma, Disposed("US80", "RESTOCK", 1, None, U[0])).refuses(RecallBlock)
    inspected(past, rma, Disposed("US80", "REFURBISH", 1, None, U[0])).accepted()
    asked(past, release_from_quarantine, devices(ReleaseFromQuarantine, U[0])).refuses(RecallBlock)


def test_a_refused_inspection_leaves_the_return_as_it_was():
    past = boxes(60)
    opened(past, **of_lot(LOT))
    rma = came_back(past, item("INJ", 10, lot=LOT), on=OPENED_ON)

    both = (Disposed("INJ", "SCRAP", 4, LOT), Disposed("INJ", "RESTOCK", 6, LOT))
    inspected(past, rma, *both).refuses(RecallBlock)
    inspected(past, rma, Disposed("INJ", "SCRAP", 10, LOT)).accepted()

    assert (mine(past).quarantined, mine(past).on_hand) == (0, 140)


def test_everything_that_may_not_go_is_said_at_once():
    past = opened(boxes(60), **of_lot(LOT))
    rma = came_back(past, item("INJ", 10, lot=LOT), on=OPENED_ON)

    three = (("RESTOCK", 2), ("SCRAP", 3), ("BACK_TO_DEALER", 5))
    done = inspected(past, rma, *(Disposed("INJ", what, qty, LOT) for what, qty in three))

    done.refuses(RecallBlock, RecallBlock, sku="INJ", lot=LOT, recall="RCL-0001")
    assert mine(past).quarantined == 10


@pytest.mark.parametrize("scope", [of_lot(LOT), of_product("INJ")])
def test_returned_goods_do_not_go_back_to_their_dealer(scope):
    past = opened(boxes(60), **scope)
    rma = came_back(past, item("INJ", 10, lot=LOT), on=OPENED_ON)
    back = Disposed("INJ", "BACK_TO_DEALER", 10, LOT)

    inspected(past, rma, back).refuses(RecallBlock, lot=LOT, recall="RCL-0001")
    closed(past)
    inspected(past, rma, back).accepted()


def test_a_returned_device_does_not_go_back_to_its_dealer():
    past = opened(bought(U[0]), **of_range(U[0], U[0]))
    rma = came_back(past, item("US80", serial=U[0]), on=OPENED_ON)

    back = Disposed("US80", "BACK_TO_DEALER", 1, None, U[0])
    inspected(past, rma, back).refuses(RecallBlock, serial=U[0], recall="RCL-0001")


def test_recalled_goods_may_be_destroyed():
    past = waiting_for_inspection(**of_lot(LOT))

    asked(past, scrap_stock, boxes_of(ScrapStock, 50)).accepted()
    asked(past, scrap_stock, boxes_of(ScrapStock, 150, from_state="BLOCKED")).accepted()

    assert mine(past).on_hand == 0


def test_what_was_locked_stays_locked_when_the_recall_is_closed_until_quality_decides():
    past = closed(waiting_for_inspection(**of_lot(LOT)))
    assert (mine(past).quarantined, mine(past).blocked) == (50, 150)

    asked(past, unblock, boxes_of(Unblock, 150)).accepted()
    asked(past, release_from_quarantine, boxes_of(ReleaseFromQuarantine, 50)).accepted()

    assert mine(past).available == 200


def test_a_product_is_sold_again_after_its_recall():
    past = opened(world(), **of_product("INJ"))
    wanted = order("D05", of("INJ", 10), requested_date=day("2026-04-20"))
    held = past.when(place_order, wanted, on=OPENED_ON)
    assert held.answer["holds"] == ["RECALL_BLOCK"]

    closed(past)
    asked(past, unblock, boxes_of(Unblock, 200)).accepted()

    assert buckets(past)[0] == 10


def test_a_recalled_product_is_not_unlocked_before_the_recall_is_closed():
    past = opened(world(), **of_product("INJ"))
    command = UnlockProduct(sku="INJ", code="RECALL_BLOCK", reason="fine")

    asked(past, unlock_product, command).refuses(RecallBlock, sku="INJ", recall="RCL-0001")

    assert set(past.get(Product, "INJ").locks) == {"RECALL_BLOCK"}


def test_another_lock_of_a_recalled_product_is_taken_off_as_ever():
    past = opened(world(), **of_product("INJ"))
    told = {"sku": "INJ", "code": "QUALITY_LOCK", "reason": "smell"}
    asked(past, lock_product, LockProduct(**told)).accepted()

    asked(past, unlock_product, UnlockProduct(**told)).accepted()

    assert set(past.get(Product, "INJ").locks) == {"RECALL_BLOCK"}


def test_a_product_that_was_locked_by_hand_is_unlocked_while_one_of_its_lots_is_recalled():
    past = opened(world(), **of_lot(LOT))
    told = {"sku": "INJ", "code": "RECALL_BLOCK", "reason": "smell"}
    asked(past, lock_product, LockProduct(**told)).accepted()

    asked(past, unlock_product, UnlockProduct(**told)).accepted()

    assert past.get(Product, "INJ").locks == {}
    asked(past, unblock, boxes_of(Unblock, 1)).refuses(RecallBlock)


def test_unlocked_goods_go_to_the_order_that_lost_them():
    past = placed(of("INJ", 60), past=world(*discontinued("INJ")))
    closed(opened(past, **of_lot(LOT)))
    assert buckets(past) == (0, 0, 60, 0)

    done = asked(past, unblock, boxes_of(Unblock, 100))

    assert done.answer["orders"] == ["SO-0001"]
    assert (buckets(past), mine(past).reserved, mine(past).available) == ((60, 0, 0, 0), 60, 40)


def test_a_device_is_sold_again_after_its_recall():
    past = closed(opened(world(), **of_range(U[0], U[1])))

    asked(past, unblock, devices(Unblock, U[0], U[1])).accepted()

    assert [unit(past, one).state for one in U[:2]] == ["IN_STOCK"] * 2
    assert marks(past, "WH-SH", "US80")[U[0]] == ""
