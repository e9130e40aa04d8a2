"""Choosing goods: lots by first expiry among those with enough life left, units by age."""

from datetime import UTC, datetime

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from domain.flows.orders.ordering import place_order
from domain.goods import stock_events
from domain.goods.shelf import Bucket, Goods, Shelf
from domain.goods.stock_item import StockItem
from domain.policies.choosing import choose
from tests.domain.company import company
from tests.domain.story import of, order, placed
from tests.domain.support import day, given

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
B, A = "INJ2508B", "INJ2512A"


def shelf(**lots):
    buckets = {
        name: Bucket(on_hand=qty, expiry=None if expiry is None else day(expiry))
        for name, (qty, expiry) in lots.items()
    }
    return Shelf(lots=buckets)


LOTS = {"Z": (40, "2026-07-31"), "M": (200, "2027-11-30"), "A": (50, "2027-11-30")}


def picked(qty, needed, on, lots=LOTS, gone=()):
    found = choose(shelf(**lots), "LOT", qty, needed, day(on), list(gone))
    return [(one.lot, one.qty) for one in found.goods]


def test_a_lot_of_151_days_is_passed_over_where_180_are_needed():
    past = placed(of("INJ", 60, "1260"), on="2026-03-02")

    (reserved,) = past.get(StockItem, "WH-SH", "INJ").shelf.reservations["SO-0001"]
    assert (reserved.lot, reserved.qty) == (A, 60)


def test_a_lot_of_133_days_is_taken_first_where_the_order_needs_120():
    past = given(company())
    done = past.when(
        place_order, order("D06", of("INJ", 30, "1314"), min_shelf_days=120,
        requested_date=day("2026-03-28")), on="2026-03-20",
    )  # fmt: skip

    (reserved,) = done.recorded(stock_events.Reserved)
    assert (reserved.goods.lot, reserved.goods.qty) == (B, 30)
    assert reserved.considered == (f"{B}: 30 of 40 taken",)


def test_the_trace_says_why_a_lot_was_passed_over():
    found = choose(shelf(**LOTS), "LOT", 60, 180, day("2026-03-02"), [])

    assert found.considered == (
        "Z: 151 days left, 180 needed",
        "A: 50 of 50 taken",
        "M: 10 of 200 taken",
    )


@pytest.mark.parametrize(
    ("qty", "needed", "on", "goods"),
    [
        (60, 0, "2026-03-02", [("Z", 40), ("A", 20)]),  # first expiry, then the lot's name
        (30, 151, "2026-03-02", [("Z", 30)]),  # exactly the days that are needed
        (30, 152, "2026-03-02", [("A", 30)]),
        (30, 0, "2026-07-31", [("Z", 30)]),  # usable through its last day
        (30, 0, "2026-08-01", [("A", 30)]),  # expired from the next day on
        (1000, 0, "2026-03-02", [("Z", 40), ("A", 50), ("M", 200)]),
        (1000, 0, "2028-01-01", []),
    ],
)
def test_the_lot_that_expires_first_goes_first(qty, needed, on, goods):
    assert picked(qty, needed, on) == goods


def test_goods_without_an_expiry_go_last():
    lots = {"NEVER": (10, None), "SOON": (10, "2026-12-31")}

    assert picked(15, 180, "2026-03-02", lots) == [("SOON", 10), ("NEVER", 5)]


def test_goods_that_are_not_tracked_have_no_lot():
    assert picked(5, 180, "2026-03-02", {"": (10, None)}) == [(None, 5)]


def test_what_earlier_lines_took_is_gone():
    gone = [Goods(35, "Z"), Goods(50, "A")]

    assert picked(20, 0, "2026-03-02", gone=gone) == [("Z", 5), ("M", 15)]


def test_what_is_quarantined_blocked_or_claimed_is_not_chosen():
    kept = Shelf(lots={"Z": Bucket(on_hand=40, quarantined=10, blocked=5, reserved=20)})

    found = choose(kept, "LOT", 40, 0, day("2026-03-02"), [])

    assert [(one.lot, one.qty) for one in found.goods] == [("Z", 5)]


def units(**made):
    """A shelf with a unit for each name, made on a day."""
    here = Shelf()
    for serial, on in made.items():
        here.add(Goods(1, serials=(serial,), manufacture_date=day(on)), NOON)
    return here


def test_the_oldest_units_go_first_and_of_one_day_the_lowest_serial():
    here = units(S9="2026-01-05", S2="2026-01-06", S1="2026-01-06", S0="2026-01-01")
    here.claim(Goods(1, serials=("S0",)), "SO-7")

    found = choose(here, "SERIAL", 2, 0, day("2026-03-02"), [])

    assert found.goods == (Goods(2, serials=("S9", "S1")),)


def test_fewer_units_than_wanted_are_all_that_is_chosen():
    assert choose(units(S1="2026-01-06"), "SERIAL", 2, 0, day("2026-03-02"), []).qty == 1
    assert choose(Shelf(), "SERIAL", 2, 0, day("2026-03-02"), []).goods == ()


ACTS = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "claim", "unclaim", "mark", "unmark"]),
              st.integers(0, 5)), max_size=40,
)  # fmt: skip


@given_any(ACTS)
def test_the_list_of_free_units_keeps_step_with_the_units(acts):
    here = Shelf()
    for act, number in acts:
        goods = Goods(1, serials=(f"S{number}",), manufacture_date=day(f"2026-01-0{number + 1}"))
        if act == "add":
            here.add(goods, NOON)
        elif f"S{number}" in here.units:
            more = {"remove": (), "claim": ("SO",), "unclaim": ("SO",)}.get(act, ("BLOCKED",))
            getattr(here, act)(goods, *more)

    free = sorted((one.manufacture_date, name) for name, one in here.units.items() if one.free)
    assert here.free == free
    assert here.available == len(free)
