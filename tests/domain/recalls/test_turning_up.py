"""What a recall covers is locked when it turns up with us: counted, opened with, or made known."""

import pytest

from domain.flows.goods.correcting import ApproveCount, approve_count
from domain.flows.goods.counting import CountedLine, PostCount, post_count
from domain.flows.goods.opening import (
    RegisterSerials,
    SetOpeningStock,
    register_serials,
    set_opening_stock,
)
from domain.flows.goods.securing import Unblock, unblock
from domain.goods import stock_events
from domain.orders.refusals import RecallBlock
from tests.domain.diversion.steps import LOT, world
from tests.domain.recalls.steps import (
    OPENED_ON,
    closed,
    marks,
    mine,
    of_lot,
    of_product,
    of_range,
    opened,
)
from tests.domain.story import of, placed
from tests.domain.supply.steps import QUALITY, buckets, unit
from tests.domain.support import day
from tests.domain.world import FINANCE

U = [f"US80-26-000{number}" for number in range(1, 10)]
NEW, STRANGE = "US80-26-0050", "US80-26-0099"


def counted(past, **found):
    """Shanghai was counted, and the count became the book."""
    line = CountedLine(**found)
    told = {"lines": (line,), "counter": "a", "recounted_by": "b"}
    past.when(post_count, PostCount(sheet_id="SC-1", wh="WH-SH", **told), on=OPENED_ON).accepted()
    return past.when(approve_count, ApproveCount(sheet_id="SC-1"), by=FINANCE, on=OPENED_ON)


def devices_found(past, *serials):
    return counted(past, sku="US80", counted=len(serials), serials_found=serials)


def put(past, sku, wh="WH-GZ", **named):
    command = SetOpeningStock(wh=wh, sku=sku, **named)
    return past.when(set_opening_stock, command, on=OPENED_ON)


def registered(past, *serials):
    made = {"manufacture_date": day("2026-02-01"), "registration_no": "REG-US80"}
    command = RegisterSerials(sku="US80", serials=list(serials), **made)
    return past.when(register_serials, command, on=OPENED_ON).accepted()


@pytest.mark.parametrize("scope", [of_lot(LOT), of_product("INJ")])
def test_boxes_that_a_count_finds_too_many_are_locked(scope):
    done = counted(opened(world(), **scope), sku="INJ", counted=205, lot=LOT)

    assert (mine(done.past).on_hand, mine(done.past).blocked) == (205, 205)
    (told,) = done.recorded(stock_events.Blocked)
    assert (told.goods.qty, told.cause, told.qa_ref, told.by.user) == (
        5,
        "RECALL_BLOCK",
        "RCL-0001",
        "system:recall",
    )


def test_an_order_that_waits_does_not_get_what_a_count_finds_of_a_recalled_lot():
    past = opened(placed(of("INJ", 60), past=world()), **of_product("INJ"))

    done = counted(past, sku="INJ", counted=230, lot=LOT)

    assert (done.answer["orders"], buckets(past)) == ([], (0, 0, 60, 0))


def test_boxes_of_another_lot_that_a_count_finds_are_free():
    past = opened(world(), **of_lot("INJ2508B"))

    counted(past, sku="INJ", counted=205, lot=LOT).accepted()

    assert (mine(past).blocked, mine(past).available) == (0, 205)


@pytest.mark.parametrize("scope", [of_range(U[0], STRANGE), of_product("US80")])
def test_a_device_that_nobody_knew_is_flagged_and_locked_when_a_count_finds_it(scope):
    past = opened(world(), **scope)

    devices_found(past, *U[:4], STRANGE).accepted()

    assert (unit(past, STRANGE).recall, unit(past, STRANGE).state) == ("RCL-0001", "QUARANTINED")
    assert marks(past, "WH-SH", "US80")[STRANGE] == "BLOCKED"


def test_a_device_that_was_given_up_is_locked_when_a_count_finds_it_again():
    past = opened(devices_found(world(), *U[1:4]).accepted(), **of_range(U[0], U[0]))
    assert (unit(past, U[0]).state, unit(past, U[0]).recall) == ("LOST", "RCL-0001")

    again = PostCount(
        sheet_id="SC-2",
        wh="WH-SH",
        lines=(CountedLine(sku="US80", counted=4, serials_found=tuple(U[:4])),),
        counter="a",
        recounted_by="b",
    )
    past.when(post_count, again, on=OPENED_ON).accepted()
    past.when(approve_count, ApproveCount(sheet_id="SC-2"), by=FINANCE, on=OPENED_ON).accepted()

    assert (unit(past, U[0]).state, marks(past, "WH-SH", "US80")[U[0]]) == (
        "QUARANTINED",
        "BLOCKED",
    )
    assert marks(past, "WH-SH", "US80")[U[1]] == ""


def test_boxes_that_we_open_with_are_locked():
    past = opened(world(), **of_lot(LOT))

    put(past, "INJ", qty=7, lot=LOT).accepted()

    here = mine(past, wh="WH-GZ")
    assert (here.on_hand, here.blocked, here.available) == (7, 7, 0)


@pytest.mark.parametrize("scope", [of_range(U[0], NEW), of_product("US80")])
def test_a_device_that_is_registered_during_the_recall_is_flagged_and_locked_on_a_shelf(scope):
    past = registered(opened(world(), **scope), NEW, "US80-27-0001")

    put(past, "US80", wh="WH-WH", qty=1, serials=(NEW,)).accepted()

    assert (unit(past, NEW).recall, unit(past, NEW).state) == ("RCL-0001", "QUARANTINED")
    assert marks(past, "WH-WH", "US80") == {NEW: "BLOCKED"}
    told = {"wh": "WH-WH", "sku": "US80", "reason": "fine", "qa_document": "QA-1"}
    freed = Unblock(qty=1, serials=(NEW,), **told)
    past.when(unblock, freed, by=QUALITY, on=OPENED_ON).refuses(RecallBlock)
    closed(past)
    assert unit(past, NEW).recall is None
    past.when(unblock, freed, by=QUALITY, on=OPENED_ON).accepted()


def test_a_device_outside_the_range_that_is_registered_during_the_recall_is_free():
    past = registered(opened(world(), **of_range(U[0], U[3])), NEW)

    put(past, "US80", wh="WH-WH", qty=1, serials=(NEW,)).accepted()

    assert (unit(past, NEW).recall, marks(past, "WH-WH", "US80")) == (None, {NEW: ""})
