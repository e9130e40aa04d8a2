"""Stock: goods are claimed before they leave, by lot or by serial."""

import pytest

from domain.goods import stock_events
from domain.goods.refusals import (
    InsufficientAtp,
    LotNotSellable,
    NotReserved,
    ReservationNotFound,
    SerialDuplicate,
    SerialNotAvailable,
)
from domain.goods.shelf import Goods
from tests.domain.company import company
from tests.domain.goods.claims import STAMP, figures, issue, item, release, reserve
from tests.domain.story import US80_1, US80_2
from tests.domain.support import day, given, like

LOT_B = Goods(30, "INJ2508B")


UNIT = Goods(1, serials=(US80_1,))


def bought(goods, cost):
    return stock_events.Received(
        STAMP.by, STAMP.at, goods=goods, unit_cost=cost, source="PURCHASE", source_ref="PO-1",
        inspector="qa-1",
    )  # fmt: skip


def safety(qty):
    return stock_events.ParametersSet(STAMP.by, STAMP.at, safety_stock=qty, valid_from=STAMP.today)


def test_a_claim_takes_from_what_is_available_and_not_from_what_is_on_hand():
    past = given(company())

    past.when(reserve(LOT_B)).then(like(stock_events.Reserved, ref="SO-1", line=1, goods=LOT_B))

    assert figures(past, "INJ2508B") == (40, 30, 10)
    assert figures(past, "INJ2512A") == (200, 0, 200)


def test_more_than_is_available_cannot_be_claimed():
    past = given(company()).when(reserve(LOT_B)).accepted()

    past.when(reserve(Goods(11, "INJ2508B"), "SO-2")).refuses(
        InsufficientAtp, lot="INJ2508B", wanted=11, available=10
    )
    past.when(reserve(Goods(10, "INJ2508B"), "SO-2")).accepted()
    past.when(reserve(Goods(1, "INJ2508B"), "SO-3")).refuses(InsufficientAtp, available=0)


@pytest.mark.parametrize("lot", ["INJ9999Z", None])
def test_a_lot_that_is_not_here_cannot_be_claimed(lot):
    given(company()).when(reserve(Goods(1, lot))).refuses(LotNotSellable, warehouse="WH-SH")


@pytest.mark.parametrize("serial", ["US80-26-0005", "US80-26-9999"])
def test_a_unit_that_is_elsewhere_or_nowhere_cannot_be_claimed(serial):
    given(company()).when(reserve(Goods(1, serials=(serial,)), sku="US80")).refuses(
        SerialNotAvailable, serial=serial, warehouse="WH-SH"
    )


def test_a_claimed_unit_cannot_be_claimed_again_not_even_by_the_same_order():
    past = given(company()).when(reserve(UNIT, sku="US80")).accepted()

    past.when(reserve(UNIT, "SO-2", "US80")).refuses(SerialNotAvailable)
    past.when(reserve(UNIT, "SO-1", "US80")).refuses(SerialNotAvailable)


def test_a_claim_that_is_given_up_frees_everything_of_its_reference_and_nothing_else():
    past = given(company())
    for goods, ref in (
        (LOT_B, "SO-1"),
        (Goods(50, "INJ2512A"), "SO-1"),
        (Goods(7, "INJ2512A"), "SO-2"),
    ):
        past.when(reserve(goods, ref)).accepted()

    done = past.when(release())

    done.then(
        like(stock_events.ReservationReleased, goods=Goods(50, "INJ2512A")),
        like(stock_events.ReservationReleased, ref="SO-1", goods=LOT_B, reason="cancelled"),
    )
    assert (figures(past, "INJ2508B"), figures(past, "INJ2512A")) == ((40, 0, 40), (200, 7, 193))
    assert list(item(past).shelf.reservations) == ["SO-2"]


def test_nothing_is_released_where_nothing_is_claimed():
    past = given(company())

    past.when(release()).refuses(ReservationNotFound, ref="SO-1", sku="INJ")
    past.when(reserve(LOT_B)).accepted()
    past.when(release()).accepted().when(release()).refuses(ReservationNotFound)


def test_claimed_goods_leave_in_parts():
    past = given(company()).when(reserve(LOT_B)).accepted()

    past.when(issue(Goods(20, "INJ2508B"))).then(
        like(stock_events.Issued, ref="SO-1", document="SHP-1", goods=Goods(20, "INJ2508B"))
    )

    assert figures(past, "INJ2508B") == (20, 10, 10)
    past.when(issue(Goods(11, "INJ2508B"))).refuses(NotReserved)
    past.when(issue(Goods(10, "INJ2508B"))).accepted()
    assert figures(past, "INJ2508B") == (10, 0, 10)
    assert item(past).shelf.reservations == {}


@pytest.mark.parametrize(
    ("goods", "ref"),
    [(LOT_B, "SO-2"), (Goods(31, "INJ2508B"), "SO-1"), (Goods(1, "INJ2512A"), "SO-1")],
)
def test_goods_leave_for_the_order_that_claimed_them_and_no_more_of_them(goods, ref):
    past = given(company()).when(reserve(LOT_B)).accepted()

    past.when(issue(goods, ref)).refuses(NotReserved, ref=ref)


def test_a_unit_leaves_once_for_the_order_that_claimed_it():
    past = given(company()).when(reserve(UNIT, sku="US80")).accepted()

    past.when(issue(Goods(1, serials=(US80_2,)), sku="US80")).refuses(NotReserved)
    past.when(issue(UNIT, sku="US80")).accepted()
    past.when(issue(UNIT, sku="US80")).refuses(NotReserved)
    assert sorted(item(past, "US80").shelf.units) == [f"US80-26-000{one}" for one in (2, 3, 4)]


def test_units_leave_one_by_one_from_a_claim_of_several():
    both = Goods(2, serials=(US80_1, US80_2))
    past = given(company()).when(reserve(both, sku="US80")).accepted()

    past.when(issue(UNIT, sku="US80")).accepted()

    assert item(past, "US80").shelf.reservations == {"SO-1": [Goods(1, serials=(US80_2,))]}


def test_a_unit_that_lies_here_cannot_arrive_again():
    def receive(log):
        item(log, "US80").receive(bought(UNIT, 1))

    given(company()).when(receive).refuses(SerialDuplicate, serial=US80_1)
    given(company()).when(lambda log: item(log, "US80").open(UNIT, 1, STAMP)).refuses(
        SerialDuplicate
    )


def test_goods_that_arrive_are_available_at_once():
    fresh = Goods(100, "INJ2602C", expiry=day("2028-01-31"))
    past = given(company())

    past.when(lambda log: item(log).receive(bought(fresh, 700_00))).then(
        like(stock_events.Received, goods=fresh, source="PURCHASE", source_ref="PO-1")
    )

    assert figures(past, "INJ2602C") == (100, 0, 100)


def test_deciding_the_same_safety_stock_again_records_nothing():
    past = given(company()).when(lambda log: item(log).plan(safety(60))).accepted()

    past.when(lambda log: item(log).plan(safety(60))).then()
