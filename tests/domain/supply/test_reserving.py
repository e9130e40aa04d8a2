"""Reserving by hand: what a person may name, what speaks against it, and freeing it again."""

import pytest

from domain.flows.goods.reserving import (
    ReleaseReservation,
    Reserve,
    release_reservation,
    reserve_by_hand,
)
from domain.flows.goods.securing import Block, Quarantine, block, quarantine
from domain.flows.orders.ending import CancelOrder, ShortCloseLine, cancel_order, short_close_line
from domain.flows.orders.ordering import place_order
from domain.goods import serial_events, stock_events
from domain.goods.refusals import (
    FefoViolation,
    InsufficientAtp,
    LotNotSellable,
    LotRequired,
    QtySerialMismatch,
    ReservationNotFound,
    SerialNotAvailable,
    SerialRequired,
    ShelfLifeShort,
    UnknownSku,
)
from domain.kernel.refusal import InvalidState, NotFound, ValidationFailed
from domain.orders.line_events import LineBackordered, LineFreed
from domain.orders.refusals import HoldsActive, ReserveExceedsOpen
from tests.domain.company import company
from tests.domain.story import US80_1, US80_2, US80_3, of, order, placed
from tests.domain.supply.steps import QUALITY, buckets, shelf, unit
from tests.domain.support import given, like
from tests.domain.world import lot


def naming(sku="US80", *serials, so="SO-0001", wh="WH-SH", **more):
    told = {"qty": len(serials), "serials": serials} | more
    return Reserve(wh=wh, sku=sku, ref=so, **told)


def freeing(sku="US80", *serials, so="SO-0001", wh="WH-SH", **more):
    told = {"qty": len(serials), "serials": serials, "reason": "swapped"} | more
    return ReleaseReservation(wh=wh, sku=sku, ref=so, **told)


def waiting(past=None):
    """D05's order over two US80 waits: its goods were freed."""
    past = placed(of("US80", 2), past=past)
    past.when(release_reservation, freeing("US80", US80_1, US80_2)).accepted()
    return past


def boxes_waiting(qty=60):
    """D05's order over boxes of INJ waits; besides the usual lots there is a later one."""
    past = given(company(), lot("WH-SH", "INJ", "INJ2602C", 100, "2028-01-31"))
    placed(of("INJ", qty, "1260"), past=past)
    held = freeing("INJ", lot="INJ2512A", qty=qty)
    return past.when(release_reservation, held).accepted()


def boxes(qty, name="INJ2512A", **more):
    return naming("INJ", qty=qty, lot=name, **more)


def test_the_units_that_a_person_names_are_reserved():
    past = waiting()

    past.when(reserve_by_hand, naming("US80", US80_3, "US80-26-0004")).accepted()

    assert buckets(past) == (2, 0, 0, 0)
    assert (unit(past, US80_3).order, unit(past, US80_1).state) == ("SO-0001", "IN_STOCK")


def test_a_unit_is_not_reserved_twice_or_without_being_there():
    past = waiting()
    placed(of("US80", 1), past=past)
    assert unit(past, US80_1).order == "SO-0002"

    past.when(reserve_by_hand, naming("US80", US80_1)).refuses(SerialNotAvailable)
    past.when(reserve_by_hand, naming("US80", "US80-26-0005")).refuses(SerialNotAvailable)
    past.when(reserve_by_hand, naming("US80", US80_2, wh="WH-BJ")).refuses(SerialNotAvailable)


@pytest.mark.parametrize("lock", [(Quarantine, quarantine), (Block, block)])
def test_a_unit_that_is_set_apart_is_not_reserved(lock):
    command, flow = lock
    past = waiting()
    held = command(
        wh="WH-SH", sku="US80", qty=1, serials=(US80_3,), reason="smell", qa_document="QA-1"
    )
    past.when(flow, held, by=QUALITY).accepted()

    past.when(reserve_by_hand, naming("US80", US80_3)).refuses(SerialNotAvailable)


def test_everything_that_speaks_against_it_is_told_and_the_units_state_leads():
    past = waiting()
    wish = naming("US80", US80_1, US80_2, "US80-26-0099")

    past.when(reserve_by_hand, wish).refuses(SerialNotAvailable, ReserveExceedsOpen)


def test_a_lot_that_is_locked_is_not_sellable_rather_than_used_up():
    past = boxes_waiting()
    held = Block(
        wh="WH-SH", sku="INJ", qty=200, lot="INJ2512A", reason="recall", qa_document="QA-1"
    )
    past.when(block, held, by=QUALITY).accepted()

    refused = past.when(reserve_by_hand, boxes(10)).refusal

    assert isinstance(refused, LotNotSellable)


def test_shelf_life_leads_before_fefo_quantity_and_what_is_open():
    past = boxes_waiting()

    past.when(reserve_by_hand, boxes(300, "INJ2508B")).refuses(
        ShelfLifeShort, InsufficientAtp, ReserveExceedsOpen
    )
    past.when(reserve_by_hand, boxes(300, "INJ2602C")).refuses(
        FefoViolation, InsufficientAtp, ReserveExceedsOpen
    )
    past.when(reserve_by_hand, boxes(10, "GHOST")).refuses(LotNotSellable)


def test_a_later_lot_needs_a_reason():
    past = boxes_waiting()
    past.when(reserve_by_hand, boxes(60, "INJ2602C")).refuses(FefoViolation, earlier=["INJ2512A"])
    past.when(reserve_by_hand, boxes(60, "INJ2602C", reason=" ")).refuses(FefoViolation)

    done = past.when(reserve_by_hand, boxes(60, "INJ2602C", reason="same lot as before"))

    assert done.recorded(stock_events.Reserved)[0].reason == "same lot as before"
    assert buckets(past) == (60, 0, 0, 0)


def test_the_shelf_life_that_the_order_asks_for_counts():
    past = given(company())
    wish = order("D05", of("INJ", 60, "1260"), min_shelf_days=100)
    past.when(place_order, wish).accepted()
    held = freeing("INJ", lot="INJ2508B", qty=40)
    past.when(release_reservation, held).accepted()

    past.when(reserve_by_hand, boxes(40, "INJ2508B")).accepted()
    past.when(release_reservation, held).accepted()
    past.when(reserve_by_hand, boxes(40, "INJ2508B"), on="2026-04-23").refuses(
        ShelfLifeShort, days_left=99, days_needed=100
    )


def test_a_lot_with_exactly_the_days_needed_is_fine():
    past = boxes_waiting()

    past.when(reserve_by_hand, boxes(10), on="2027-06-03").accepted()
    past.when(reserve_by_hand, boxes(10), on="2027-06-04").refuses(ShelfLifeShort, days_left=179)


def test_no_more_is_reserved_than_is_open():
    past = waiting()
    wish = naming("US80", US80_1, US80_2, US80_3)

    past.when(reserve_by_hand, wish).refuses(ReserveExceedsOpen, qty=3, open=2)
    past.when(reserve_by_hand, naming("US80", US80_1)).accepted()
    past.when(reserve_by_hand, naming("US80", US80_2, US80_3)).refuses(ReserveExceedsOpen, open=1)


@pytest.mark.parametrize(
    ("command", "refusals"),
    [
        (naming("US80", US80_1, so="SO-0009"), [NotFound]),
        (naming("US80", US80_1, wh="WH-XX"), [ValidationFailed]),
        (naming("US99", qty=1), [UnknownSku]),
        (naming("US80", qty=0), [ValidationFailed]),
        (naming("US80", qty=2), [SerialRequired]),
        (naming("US80", US80_1, qty=2), [QtySerialMismatch]),
        (naming("INJ", qty=5), [LotRequired]),
    ],
)
def test_goods_are_named_as_they_are_tracked(command, refusals):
    waiting().when(reserve_by_hand, command).refuses(*refusals)


def test_goods_are_not_reserved_for_an_order_on_hold_or_over():
    past = given(company())
    past.when(place_order, order("D05", of("US80", 1, "200000"))).accepted()
    past.when(reserve_by_hand, naming("US80", US80_1)).refuses(HoldsActive)
    past = waiting()
    past.when(cancel_order, CancelOrder(so_id="SO-0001", reason="off")).accepted()

    past.when(reserve_by_hand, naming("US80", US80_1)).refuses(ReserveExceedsOpen, InvalidState)


def test_freed_goods_are_free_and_the_line_waits():
    past = placed(of("US80", 2))

    past.when(release_reservation, freeing("US80", US80_1)).then(
        stock_events.ReservationReleased,
        like(serial_events.Released, so="SO-0001"),
        like(LineFreed, kind="STOCK", qty=1),
        like(LineBackordered, qty=1),
        *[type(one) for _, _, one in past.log.journal[-1:]],
    )

    assert buckets(past) == (1, 0, 1, 0)
    assert shelf(past, "WH-SH", "US80").available == 3


@pytest.mark.parametrize(
    "command",
    [
        freeing("US80", US80_3),
        freeing("US80", US80_1, so="SO-0002"),
        freeing("US80", US80_1, wh="WH-BJ"),
        freeing("INJ", qty=1, lot="INJ2512A"),
    ],
)
def test_only_what_the_order_holds_is_freed(command):
    past = placed(of("US80", 1), past=placed(of("US80", 2)))

    past.when(release_reservation, command).refuses(ReservationNotFound)


def test_as_many_units_are_freed_as_are_named():
    past = placed(of("US80", 2))

    past.when(release_reservation, freeing("US80", US80_1, qty=2)).refuses(QtySerialMismatch)

    assert buckets(past) == (2, 0, 0, 0)


def test_units_are_freed_by_their_names():
    past = placed(of("US80", 2))

    past.when(release_reservation, freeing("US80", qty=1)).refuses(SerialRequired)


def test_inv_st_5_freeing_gives_back_exactly_what_was_held():
    past = placed(of("INJ", 60, "1260"))
    before = shelf(given(company()), "WH-SH", "INJ").lots["INJ2512A"]
    closing = ShortCloseLine(so_id="SO-0001", line_no=1, qty=25, reason="DEALER_REQUEST")
    past.when(short_close_line, closing).accepted()
    assert shelf(past, "WH-SH", "INJ").lots["INJ2512A"].reserved == 35

    past.when(release_reservation, freeing("INJ", lot="INJ2512A", qty=35)).accepted()

    assert shelf(past, "WH-SH", "INJ").lots["INJ2512A"] == before
