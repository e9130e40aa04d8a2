"""Opening a recall locks all of it that is with us, in every warehouse, in one append."""

import pytest

from domain.cases.recall import Recall
from domain.cases.recall_terms import SerialRange
from domain.flows.goods.securing import Block, Quarantine, block, quarantine
from domain.flows.orders.ordering import place_order
from domain.goods import serial_events, stock_events
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.orders.order import Order
from tests.domain.diversion.steps import LOT, boxes, world
from tests.domain.recalls.steps import (
    OPENED_ON,
    SECOND,
    locked,
    marks,
    mine,
    of_lot,
    of_product,
    of_range,
    open_it,
    opened,
    recall,
    two_lots,
)
from tests.domain.story import US80_1, US80_2, of, order, placed
from tests.domain.supply.steps import QUALITY, shelf, unit
from tests.domain.support import day

OLD = "INJ2508B"
U = [f"US80-26-000{number}" for number in range(1, 10)]
TOLD = {"reason": "smell", "qa_document": "QA-1"}


def apart(past, flow, kind, qty, lot=LOT):
    command = kind(wh="WH-SH", sku="INJ", qty=qty, lot=lot, **TOLD)
    return past.when(flow, command, by=QUALITY).accepted()


def test_a_lot_is_locked_in_every_warehouse_at_once():
    past = opened(world(), **of_lot(LOT))

    assert locked(past) == {("WH-SH", LOT): 200, ("WH-WH", LOT): 300}
    for wh, qty in (("WH-SH", 200), ("WH-WH", 300)):
        here = mine(past, wh=wh)
        assert (here.on_hand, here.blocked, here.available) == (qty, qty, 0)


def test_other_lots_stay_free():
    past = opened(two_lots(), **of_lot(LOT))

    assert (mine(past, OLD).available, mine(past, SECOND).available) == (40, 80)
    assert past.get(Lot, "INJ", SECOND).recall is None
    assert past.get(Lot, "INJ", SECOND).status == "RELEASED"


def test_a_lot_knows_the_recall_that_covers_it():
    past = opened(world(), **of_lot(LOT))

    known = past.get(Lot, "INJ", LOT)
    assert (known.status, known.recall) == ("RECALLED", "RCL-0001")


def test_reserved_goods_are_locked_like_free_ones():
    past = placed(of("INJ", 150), past=world())

    opened(past, **of_lot(LOT))

    assert (mine(past).blocked, mine(past).reserved, mine(past).available) == (200, 0, 0)
    assert locked(past)["WH-SH", LOT] == 200


def test_what_waits_for_inspection_stays_in_quarantine_and_is_not_locked_besides():
    past = apart(world(), quarantine, Quarantine, 50)

    opened(past, **of_lot(LOT))

    assert (mine(past).quarantined, mine(past).blocked, mine(past).available) == (50, 150, 0)
    assert locked(past)["WH-SH", LOT] == 150


def test_what_was_locked_before_is_not_locked_twice():
    past = apart(world(), block, Block, 200)

    done = open_it(past, **of_lot(LOT))

    assert [one.goods.qty for one in done.recorded(stock_events.Blocked)] == [300]
    assert locked(past) == {("WH-WH", LOT): 300}


def test_a_product_is_locked_with_all_its_lots():
    past = opened(two_lots(), **of_product("INJ"))

    assert locked(past) == {
        ("WH-SH", OLD): 40,
        ("WH-SH", LOT): 200,
        ("WH-SH", SECOND): 80,
        ("WH-WH", LOT): 300,
    }
    assert shelf(past, "WH-SH", "INJ").available == 0
    assert past.get(Product, "INJ").locks == {"RECALL_BLOCK": "RCL-0001: leaks"}


def test_an_order_for_a_recalled_product_is_accepted_and_held():
    past = opened(world(), **of_product("INJ"))

    wanted = order("D05", of("INJ", 10), requested_date=day("2026-04-20"))
    past.when(place_order, wanted, on=OPENED_ON).accepted()

    assert past.get(Order, "SO-0001").holds == ("RECALL_BLOCK",)


def test_devices_are_locked_by_a_range_of_their_numbers_wherever_they_lie():
    past = opened(world(), **of_range(U[2], U[4]))

    assert locked(past) == {("WH-SH", "US80"): (U[2], U[3]), ("WH-BJ", "US80"): (U[4],)}
    assert marks(past, "WH-SH", "US80") == {
        U[0]: "",
        U[1]: "",
        U[2]: "BLOCKED",
        U[3]: "BLOCKED",
    }
    assert marks(past, "WH-BJ", "US80") == {U[4]: "BLOCKED", U[5]: ""}
    assert [unit(past, one).state for one in U[1:6]] == [
        "IN_STOCK",
        "QUARANTINED",
        "QUARANTINED",
        "QUARANTINED",
        "IN_STOCK",
    ]


@pytest.mark.parametrize(
    ("serial", "covered"),
    [
        ("A-09", False),
        ("A-10", True),
        ("A-15", True),
        ("A-20", True),
        ("A-21", False),
        ("A-100", False),
        ("A-1", False),
        ("B-15", False),
    ],
)
def test_a_range_goes_from_its_first_to_its_last_number_in_numbers_of_one_length(serial, covered):
    assert SerialRange("US80", "A-10", "A-20").covers("US80", serial) is covered
    assert not SerialRange("US80", "A-10", "A-20").covers("P5", serial)


def test_one_device_is_a_range_from_it_to_itself():
    past = opened(world(), **of_range(U[1], U[1]))

    assert locked(past) == {("WH-SH", "US80"): (U[1],)}


def test_a_product_of_devices_is_locked_in_every_warehouse():
    past = opened(world(), **of_product("US80"))

    assert {wh: serials for (wh, _), serials in locked(past).items()} == {
        "WH-SH": tuple(U[:4]),
        "WH-BJ": tuple(U[4:6]),
        "WH-GZ": tuple(U[6:8]),
        "WH-CD": (U[8],),
    }
    assert shelf(past, "WH-SH", "P5").available == 2


def test_one_recall_covers_lots_devices_and_products_together():
    scope = of_lot(LOT) | of_range(US80_1, US80_2) | of_product("DR50")

    past = opened(world(), **scope)

    assert {one.sku for one in recall(past).locked} == {"INJ", "US80", "DR50"}
    assert sum(one.qty for one in recall(past).locked) == 500 + 2 + 1
    assert mine(past, OLD).available == 40
    assert "RECALL_BLOCK" in past.get(Product, "DR50").locks
    assert past.get(Product, "US80").locks == {}


def test_it_locks_in_one_append_and_no_person_locked():
    done = open_it(world(), **of_lot(LOT))

    blocked = done.recorded(stock_events.Blocked)
    assert {(one.by.user, one.cause, one.qa_ref) for one in blocked} == {
        ("system:recall", "RECALL_BLOCK", "RCL-0001")
    }
    (told,) = done.recorded(Recall.Opened)
    assert (told.by.user, told.level, told.reason, told.drill) == ("qa-1", 2, "leaks", False)
    assert done.recorded(Recall.GoodsLocked)
    assert done.recorded(Recall.ConsigneesListed)


def test_a_locked_device_says_why_in_its_own_history():
    done = open_it(world(), **of_range(US80_1, US80_1))

    (told,) = done.recorded(serial_events.Quarantined)
    assert (told.warehouse, told.cause, told.document) == ("WH-SH", "RECALL_BLOCK", "RCL-0001")


def test_a_lot_of_which_nothing_is_with_us_any_more_is_recalled_all_the_same():
    past = boxes(80, SECOND, past=two_lots())

    opened(past, **of_lot(SECOND))

    assert locked(past) == {}
    assert (recall(past).state, recall(past).open) == ("STOCK_LOCKED", True)


def test_the_answer_says_who_is_to_be_told_until_when():
    done = open_it(boxes(60), **of_lot(LOT))

    assert done.answer == {
        "recall": "RCL-0001",
        "state": "STOCK_LOCKED",
        "deadline": day("2026-03-27"),
        "consignees": ["D05"],
        "to_notify": ["D05"],
        "orders": [],
    }
