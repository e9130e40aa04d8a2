"""What if Beijing had kept more or fewer boxes back: it has 50 and keeps 40, Chengdu spares 4."""

from __future__ import annotations

import pytest

from domain.kernel.refusal import NotFound, ValidationFailed
from replays.whatif.report import LOOSER, STRICTER
from replays.whatif.safety_stock import safety_stock
from tests.replays.whatif.conftest import About, flips
from tests.replays.whatif.stories import BJ, CD, stocks
from tests.support.world import BOX, BOX_GROSS, WAREHOUSE

MANY, SOME, MOVED = "SO-0001", "SO-0002", "TO-0002"
REFUSED = "REFUSED DONOR_BELOW_SAFETY"
BROUGHT = f"SHIP 10 {WAREHOUSE}, TRANSFER 5 {BJ} > {WAREHOUSE}"


def test_with_what_was_kept_back_everything_is_decided_as_it_was(about: About):
    found = safety_stock(about(stocks), BJ, BOX, 40)

    assert (found.retaken, found.flips, found.unexplained) == (4, (), ())


def test_with_less_kept_back_an_order_that_nothing_could_supply_could_have_been(about: About):
    found = safety_stock(about(stocks), BJ, BOX, 8)

    whole = f"SHIP 10 {WAREHOUSE}, TRANSFER 42 {BJ} > {WAREHOUSE}"
    assert flips(found) == [("SOURCING", MANY, "HOLD NO_SUPPLY", whole, LOOSER)]
    assert [one.amount for one in found.totals] == [52 * BOX_GROSS]


def test_with_more_kept_back_neither_orders_nor_transfers_would_have_got_anything(about: About):
    found = safety_stock(about(stocks), BJ, BOX, 46)

    assert flips(found) == [
        ("SOURCING", SOME, BROUGHT, "HOLD NO_SUPPLY", STRICTER),
        ("TRANSFER", MOVED, "REQUESTED", REFUSED, STRICTER),
        ("TRANSFER", MOVED, "APPROVED", REFUSED, STRICTER),
    ]
    assert found.flips[1].evidence_then == {"wanted": 3, "surplus": 5, "safety_stock": 40}
    assert found.flips[1].evidence_now == {"wanted": 3, "surplus": 0, "safety_stock": 46}
    assert found.flips[1].amount == 3 * 700


def test_what_the_first_difference_leaves_is_not_given_to_the_next(about: About):
    """At 43 the order still gets its 5 of 7, and the transfer finds 2, as if it had not."""
    found = safety_stock(about(stocks), BJ, BOX, 43)

    assert [one.document for one in found.flips] == [MOVED, MOVED]
    assert found.flips[0].evidence_now["surplus"] == 2


def test_where_nothing_was_ever_given_away_nothing_differs(about: About):
    assert flips(safety_stock(about(stocks), WAREHOUSE, BOX, 10)) == []


@pytest.mark.parametrize(
    ("wh", "sku", "qty", "refusal"),
    [
        ("WH-NONE", BOX, 1, NotFound),
        (CD, "US99", 1, NotFound),
        (CD, BOX, -1, ValidationFailed),
    ],
)
def test_a_stock_that_there_cannot_be_is_refused(
    about: About, wh: str, sku: str, qty: int, refusal: type[Exception]
):
    with pytest.raises(refusal):
        safety_stock(about(stocks), wh, sku, qty)
