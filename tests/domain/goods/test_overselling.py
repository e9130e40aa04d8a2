"""Overselling: no line gets what another has, and no quantity is ever negative."""

from hypothesis import given as drawn
from hypothesis import strategies as st

from domain.goods.serial_number import SerialNumber
from domain.goods.shelf import Goods
from domain.kernel.refusal import Refusal
from domain.orders.order import Order
from tests.domain.company import company
from tests.domain.goods.claims import figures, issue, item, release, reserve
from tests.domain.story import US80_1, US80_2, of, placed
from tests.domain.support import given
from tests.domain.world import DI

MOVES = st.tuples(
    st.sampled_from(["reserve", "release", "issue"]),
    st.sampled_from(["SO-1", "SO-2"]),
    st.sampled_from(["INJ2508B", "INJ2512A"]),
    st.integers(1, 120),
)


def test_two_lines_of_the_same_product_never_get_the_same_unit():
    past = placed(of("US80", 2), of("US80", 2))

    claims = item(past, "US80").shelf.reservations["SO-0001"]
    assert [one.serials for one in claims] == [
        (US80_1, US80_2),
        ("US80-26-0003", "US80-26-0004"),
    ]


def test_two_lines_of_the_same_lot_never_claim_more_than_there_is():
    past = placed(of("INJ", 150), of("INJ", 100))

    # 150 of Shanghai's 200 are gone: the second line gets the other 50, and waits for 50.
    assert figures(past, "INJ2512A") == (200, 200, 0)
    second = past.get(Order, "SO-0001").lines[2]
    assert (second.reserved, second.backordered) == (50, 50)


def test_a_unit_on_the_shelf_and_in_the_register_are_claimed_together():
    past = placed(of("US80", 1))

    unit = past.get(SerialNumber, DI["US80"], US80_1)
    assert (unit.state, unit.order) == ("RESERVED", "SO-0001")
    assert item(past, "US80").shelf.units[US80_1].reserved_for == "SO-0001"


@drawn(st.lists(MOVES, max_size=25))
def test_no_quantity_is_ever_negative_and_no_claim_larger_than_the_goods(moves):
    past, left = given(company()), {"INJ2508B": 0, "INJ2512A": 0}
    for verb, ref, lot, qty in moves:
        goods = Goods(qty, lot)
        action = {
            "reserve": reserve(goods, ref),
            "release": release(ref),
            "issue": issue(goods, ref),
        }
        try:
            past.log.attempt(action[verb])
        except Refusal:
            continue
        left[lot] += qty if verb == "issue" else 0

    claims = [one for held in item(past).shelf.reservations.values() for one in held]
    for lot, opening in (("INJ2508B", 40), ("INJ2512A", 200)):
        on_hand, reserved, available = figures(past, lot)
        assert on_hand + left[lot] == opening
        assert 0 <= reserved <= on_hand
        assert available >= 0
        assert reserved == sum(one.qty for one in claims if one.lot == lot)
