"""Two recalls at a time: each keeps what it covers, whatever becomes of the other."""

from domain.flows.goods.correcting import ApproveCount, approve_count
from domain.flows.goods.counting import CountedLine, PostCount, post_count
from domain.flows.goods.securing import Unblock, unblock
from domain.goods import serial_events, stock_events
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.orders.refusals import RecallBlock
from tests.domain.company import discontinued
from tests.domain.diversion.steps import LOT, bought, boxes, world
from tests.domain.recalls.steps import (
    OPENED_ON,
    SECOND,
    closed,
    had,
    locked,
    mine,
    of_lot,
    of_product,
    of_range,
    open_it,
    opened,
    recall,
    recover,
    two_lots,
)
from tests.domain.story import of, placed
from tests.domain.supply.steps import QUALITY, buckets, unit
from tests.domain.world import FINANCE

FIRST, OTHER = "RCL-0001", "RCL-0002"
U = [f"US80-26-000{number}" for number in range(1, 10)]


def freed(past, qty=1, lot=LOT):
    told = {"reason": "fine", "qa_document": "QA-1"}
    command = Unblock(wh="WH-SH", sku="INJ", qty=qty, lot=lot, **told)
    return past.when(unblock, command, by=QUALITY, on=OPENED_ON)


def free_device(past, serial):
    told = {"wh": "WH-SH", "sku": "US80", "reason": "fine", "qa_document": "QA-1"}
    command = Unblock(qty=1, serials=(serial,), **told)
    return past.when(unblock, command, by=QUALITY, on=OPENED_ON)


def flags(past, *serials):
    return [unit(past, one).recall for one in serials]


def test_the_second_locks_only_what_the_first_left_free():
    past = opened(two_lots(), **of_lot(LOT))

    done = open_it(past, **of_lot(LOT, SECOND))

    assert [one.goods.lot for one in done.recorded(stock_events.Blocked)] == [SECOND]
    assert locked(past, OTHER) == {("WH-SH", SECOND): 80}
    assert mine(past).blocked == 200


def test_both_list_the_same_consignees():
    past = opened(boxes(60), **of_lot(LOT))

    opened(past, **of_product("INJ"))

    assert had(past, FIRST) == had(past, OTHER) == {"D05": 60}


def test_what_becomes_of_goods_is_counted_by_the_recall_that_it_is_told_to():
    past = opened(opened(boxes(60), **of_lot(LOT)), **of_product("INJ"))

    recover(past, "D05", 20, recall_id=OTHER).accepted()

    assert recall(past, FIRST).outstanding("D05") == 60
    assert recall(past, OTHER).outstanding("D05") == 40


def test_two_lots_are_recalled_independently():
    past = opened(opened(two_lots(), **of_lot(LOT)), **of_lot(SECOND))

    closed(past, OTHER)

    freed(past).refuses(RecallBlock, recall=FIRST)
    freed(past, lot=SECOND).accepted()


def test_a_lot_stays_recalled_when_the_recall_of_its_product_is_over():
    past = opened(opened(two_lots(), **of_lot(LOT)), **of_product("INJ"))

    closed(past, OTHER)

    assert past.get(Product, "INJ").locks == {}
    freed(past).refuses(RecallBlock, recall=FIRST)
    freed(past, lot=SECOND).accepted()


def test_a_product_stays_recalled_when_the_recall_of_a_lot_is_over():
    past = opened(opened(two_lots(), **of_lot(LOT)), **of_product("INJ"))

    closed(past, FIRST)

    assert past.get(Lot, "INJ", LOT).recall == OTHER
    freed(past).refuses(RecallBlock, recall=OTHER)
    freed(past, lot=SECOND).refuses(RecallBlock, recall=OTHER)
    closed(past, OTHER)
    freed(past).accepted()
    freed(past, lot=SECOND).accepted()


def test_a_lot_stays_recalled_when_the_first_of_its_recalls_is_over():
    past = opened(opened(two_lots(), **of_lot(LOT)), **of_lot(LOT, SECOND))

    closed(past, FIRST)

    assert past.get(Lot, "INJ", LOT).status == "RECALLED"
    freed(past).refuses(RecallBlock, recall=OTHER)
    closed(past, OTHER)
    freed(past).accepted()


def test_devices_stay_flagged_when_the_first_of_two_ranges_that_overlap_is_over():
    past = opened(opened(bought(*U[:2]), **of_range(U[0], U[2])), **of_range(U[1], U[3]))

    closed(past, FIRST)

    assert flags(past, *U[:4]) == [None, OTHER, OTHER, OTHER]


def test_what_one_recall_did_to_a_device_leaves_what_the_other_asks_for():
    past = opened(opened(bought(*U[:2]), **of_range(U[0], U[0])), **of_range(U[0], U[1]))
    assert flags(past, *U[:2]) == [FIRST, OTHER]

    told = {"sku": "US80", "serials": (U[0],)}
    done = recover(past, "D05", 1, "CORRECTED", recall_id=OTHER, **told)

    assert done.recorded(serial_events.RecallActionDone) == []
    assert flags(past, *U[:2]) == [FIRST, OTHER]
    recover(past, "D05", 1, "RECOVERED", recall_id=FIRST, **told).accepted()
    assert flags(past, *U[:2]) == [None, OTHER]


def test_a_device_of_two_recalls_stays_locked_until_both_are_over():
    past = opened(opened(world(), **of_range(U[0], U[2])), **of_range(U[1], U[3]))

    closed(past, FIRST)
    free_device(past, U[0]).accepted()
    free_device(past, U[1]).refuses(RecallBlock, recall=OTHER)
    closed(past, OTHER)

    assert flags(past, *U[:4]) == [None] * 4
    free_device(past, U[1]).accepted()


def test_a_product_stays_locked_when_the_first_of_its_recalls_is_over():
    past = opened(opened(world(), **of_product("INJ")), **of_product("INJ", "US80"))

    closed(past, FIRST)
    assert set(past.get(Product, "INJ").locks) == {"RECALL_BLOCK"}
    freed(past).refuses(RecallBlock, recall=OTHER)
    closed(past, OTHER)

    assert past.get(Product, "INJ").locks == {}
    freed(past).accepted()


def test_what_comes_in_is_locked_for_the_recall_that_is_still_open():
    past = closed(opened(opened(world(), **of_lot(LOT)), **of_product("INJ")), FIRST)

    sheet = PostCount(
        sheet_id="SC-1",
        wh="WH-SH",
        lines=(CountedLine(sku="INJ", counted=205, lot=LOT),),
        counter="a",
        recounted_by="b",
    )
    past.when(post_count, sheet, on=OPENED_ON).accepted()
    done = past.when(approve_count, ApproveCount(sheet_id="SC-1"), by=FINANCE, on=OPENED_ON)

    (told,) = done.recorded(stock_events.Blocked)
    assert (told.goods.qty, told.qa_ref) == (5, OTHER)


def test_an_order_whose_replacement_is_recalled_too_waits():
    past = placed(of("INJ", 60), past=two_lots())
    for one in discontinued("INJ"):
        past.log.get(one.aggregate, *one.key).record(one.event)
    opened(past, **of_lot(SECOND))
    assert buckets(past) == (60, 0, 0, 0)

    done = open_it(past, **of_lot(LOT))

    assert done.answer["orders"] == ["SO-0001"]
    assert buckets(past) == (0, 0, 60, 0)


def test_a_recall_that_is_over_may_be_followed_by_another_of_the_same_goods():
    past = closed(opened(world(), **of_lot(LOT)))
    freed(past, 200).accepted()

    opened(past, **of_lot(LOT))

    assert locked(past, OTHER) == {("WH-SH", LOT): 200}
    assert past.get(Lot, "INJ", LOT).recall == OTHER
