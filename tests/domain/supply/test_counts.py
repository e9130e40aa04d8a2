"""Counts: frozen, counted again where they differ, approved by others, and then the book."""

import pytest

from domain.flows.goods.counting import (
    Bucket,
    CountedLine,
    DiscardCount,
    discard_count,
    freeze_count,
    post_count,
)
from domain.flows.goods.securing import Quarantine, quarantine
from domain.flows.supply.transferring import ReceiveTransfer, receive_transfer
from domain.goods import stock_events
from domain.goods.count_sheet import CountSheet
from domain.goods.refusals import (
    ApprovalRequired,
    CountStale,
    LotRequired,
    RecountRequired,
    SerialCountMismatch,
    UnknownSku,
)
from domain.kernel.refusal import InvalidState, ValidationFailed
from domain.kernel.stamp import Actor
from tests.domain.company import company
from tests.domain.story import US80_1, US80_2, US80_3, goods, of, placed, sent
from tests.domain.supply.counts import (
    ALL,
    COUNTER,
    LOT,
    SHEET,
    US80_4,
    approved,
    boxes,
    counted,
    counting,
    devices,
    freezing,
)
from tests.domain.supply.steps import (
    WAREHOUSE,
    buckets,
    dispatched,
    of_lot,
    product,
    shelf,
    unit,
)
from tests.domain.support import given
from tests.domain.world import FINANCE


@pytest.mark.parametrize(
    ("lines", "refusals"),
    [
        ((), [ValidationFailed]),
        ((boxes(-1),), [ValidationFailed]),
        ((CountedLine(sku="X9", counted=1),), [UnknownSku]),
        ((CountedLine(sku="INJ", counted=1),), [LotRequired]),
        ((boxes(1, "GHOST"),), [ValidationFailed]),
        ((CountedLine(sku="US80", counted=1, lot="L"),), [ValidationFailed]),
        ((boxes(200), boxes(200)), [ValidationFailed]),
        ((devices(US80_1, counted=2),), [SerialCountMismatch]),
        ((devices(counted=4),), [SerialCountMismatch]),
        ((devices(US80_1, US80_1),), [SerialCountMismatch]),
    ],
)
def test_a_count_names_what_is_counted_as_it_is_tracked(lines, refusals):
    given(company()).when(post_count, counting(*lines, recounted="wh-2")).refuses(*refusals)


@pytest.mark.parametrize(
    ("number", "fine"), [(200, True), (199, True), (201, True), (198, False), (202, False)]
)
def test_boxes_are_counted_again_beyond_half_a_per_cent(number, fine):
    done = given(company()).when(post_count, counting(boxes(number)))

    assert isinstance(done.refusal, RecountRequired) != fine
    again = given(company()).when(post_count, counting(boxes(number), recounted="wh-2"))
    assert again.answer["value"] == abs(number - 200) * 100_00


@pytest.mark.parametrize("found", [ALL[:3], (*ALL, "US80-26-0099"), (*ALL[:3], "US80-26-0099")])
def test_devices_are_counted_again_for_any_difference(found):
    past = given(company())

    past.when(post_count, counting(devices(*found))).refuses(RecountRequired)
    past.when(post_count, counting(devices(*ALL))).accepted()


def test_the_second_count_is_by_a_second_person():
    past = given(company())

    past.when(post_count, counting(boxes(190), recounted="wh-1")).refuses(ValidationFailed)


def test_a_count_changes_nothing_before_it_is_approved():
    past = counted(given(company()), boxes(190))
    assert shelf(past, "WH-SH", "INJ").lots[LOT].on_hand == 200

    (told,) = approved(past).recorded(stock_events.CountPosted)

    assert (told.book, told.counted, told.delta, told.value) == (200, 190, -10, -10 * 100_00)
    assert shelf(past, "WH-SH", "INJ").lots[LOT].on_hand == 190
    assert past.get(CountSheet, SHEET).state == "APPROVED"
    approved(past).refuses(InvalidState)


@pytest.mark.parametrize(
    ("number", "who", "fine"),
    [
        (150, WAREHOUSE, True),
        (250, WAREHOUSE, True),
        (149, WAREHOUSE, False),
        (251, WAREHOUSE, False),
        (149, FINANCE, True),
        (200, FINANCE, True),
        (150, Actor("rep", "REP"), False),
        (150, COUNTER, False),
        (150, Actor("wh-2", "WH"), False),
        (150, Actor("wh-1", "FIN"), False),
    ],
)
def test_another_warehouse_manager_approves_up_to_5000_and_finance_any(number, who, fine):
    # A box costs 100.00: 50 boxes are exactly 5,000.00.
    past = counted(given(company()), boxes(number))

    refusal = approved(past, who).refusal

    assert (refusal is None) == fine
    assert fine or isinstance(refusal, ApprovalRequired)


def test_gains_do_not_make_up_for_losses_in_the_value_of_a_sheet():
    past = counted(given(company()), boxes(170), boxes(70, "INJ2508B"))

    assert past.get(CountSheet, SHEET).value == 60 * 100_00
    approved(past, WAREHOUSE).refuses(ApprovalRequired)


def test_a_device_that_came_up_does_not_make_up_for_one_that_is_missing():
    past = counted(given(company(), product("US80", std_cost=4_000_00)), devices(*ALL[1:], "NEW-1"))

    assert past.get(CountSheet, SHEET).value == 8_000_00
    approved(past, WAREHOUSE).refuses(ApprovalRequired)


def test_the_book_is_stale_once_goods_have_left_or_come():
    past = placed(of("INJ", 60, "1260"))
    past.when(freeze_count, freezing(Bucket(sku="INJ", lot=LOT))).accepted()
    sent(past, "SHP-0001", goods("SO-0001", 1, "INJ", LOT, qty=60))

    past.when(post_count, counting(boxes(200), recounted="wh-2")).refuses(CountStale, frozen=200)


def test_the_book_is_stale_at_approval_as_well():
    past = counted(placed(of("US80", 1)), devices(*ALL[1:]))
    sent(past, "SHP-0001", goods("SO-0001", 1, "US80", US80_1))

    approved(past).refuses(CountStale)


def test_the_book_is_stale_also_where_as_much_came_as_left():
    past = placed(of("INJ", 60, "1260"))
    past.when(freeze_count, freezing(Bucket(sku="INJ", lot=LOT))).accepted()
    sent(past, "SHP-0001", goods("SO-0001", 1, "INJ", LOT, qty=60))
    counted_then = counting(boxes(140), recounted="wh-2")
    to = dispatched(past, "WH-WH", "WH-SH", "INJ", of_lot(60))
    past.when(receive_transfer, ReceiveTransfer(to=to, good=(of_lot(60),))).accepted()

    past.when(post_count, counted_then).refuses(CountStale)


def test_a_reservation_moves_no_goods_and_leaves_a_count_as_it_is():
    past = given(company())
    past.when(freeze_count, freezing(Bucket(sku="INJ", lot=LOT))).accepted()
    placed(of("INJ", 60, "1260"), past=past)

    past.when(post_count, counting(boxes(200))).accepted()


def test_a_sheet_counts_only_what_was_frozen_and_where():
    past = given(company())
    past.when(freeze_count, freezing(Bucket(sku="INJ", lot=LOT))).accepted()

    past.when(post_count, counting(boxes(40, "INJ2508B"))).refuses(ValidationFailed)
    past.when(post_count, counting(boxes(200), wh="WH-WH")).refuses(ValidationFailed)


def test_a_discarded_sheet_is_not_used():
    past = counted(given(company()), boxes(190))
    past.when(discard_count, DiscardCount(sheet_id=SHEET, reason="moved")).accepted()

    approved(past).refuses(InvalidState)
    past.when(post_count, counting(boxes(200))).refuses(InvalidState)


def test_reserved_goods_that_are_missing_are_supplied_again():
    past = counted(placed(of("US80", 2)), devices(US80_2, US80_3, US80_4))

    done = approved(past)

    assert done.answer["orders"] == ["SO-0001"]
    assert buckets(past) == (2, 0, 0, 0)
    assert {unit(past, one).order for one in (US80_2, US80_3)} == {"SO-0001"}


def test_reserved_boxes_that_are_missing_never_make_available_negative():
    past = counted(placed(of("INJ", 190, "1260")), boxes(150))
    assert buckets(past) == (190, 0, 0, 0)

    approved(past).accepted()

    mine = shelf(past, "WH-SH", "INJ").lots[LOT]
    assert (mine.on_hand, mine.reserved <= 150, mine.available >= 0) == (150, True, True)
    assert sum(buckets(past)) == 190


def test_a_gain_goes_to_who_waits():
    past = placed(of("P5", 7, "84000"))
    assert buckets(past)[2] > 0
    held = buckets(past)[0]
    mine = tuple(sorted(shelf(past, "WH-SH", "P5").units))

    approved(counted(past, devices(*mine, "P5-26-0099", sku="P5"))).accepted()

    assert buckets(past)[0] == held + 1
    assert unit(past, "P5-26-0099").order == "SO-0001"


def test_quarantined_goods_that_are_missing_can_be_written_off():
    past = given(company())
    held = Quarantine(
        wh="WH-SH", sku="US80", qty=1, serials=(US80_1,), reason="smell", qa_document="QA-1"
    )
    past.when(quarantine, held).accepted()
    counted(past, devices(*ALL[1:]))

    approved(past).accepted()

    assert (unit(past, US80_1).state, shelf(past, "WH-SH", "US80").on_hand) == ("LOST", 3)
