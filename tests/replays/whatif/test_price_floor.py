"""What if floors had been other ones: boxes with a floor of 9.00, sold at 9.20 and at 8.80."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.kernel.refusal import NotFound, ValidationFailed
from replays.whatif.price_floor import price_floor
from replays.whatif.report import LOOSER, STRICTER
from tests.replays.whatif.conftest import About, flips
from tests.replays.whatif.stories import prices
from tests.support.world import BOX, DEVICE

DEAR, CHEAP, BEYOND = "SO-0001", "SO-0003", "SO-0004"


def test_with_the_floors_that_there_were_everything_is_decided_as_it_was(about: About):
    found = price_floor(about(prices), Decimal(0))

    assert (found.retaken, found.flips, found.unexplained) == (6, (), ())


def test_with_higher_floors_more_is_stopped_and_a_release_would_have_been_too_small(about: About):
    found = price_floor(about(prices), Decimal(5))

    assert flips(found) == [
        ("CHECK", DEAR, "PASS", "HOLD PRICE_BELOW_FLOOR", STRICTER),
        ("RELEASE", CHEAP, "RELEASED", "RELEASE_REFUSED", STRICTER),
        ("CHECK", CHEAP, "PASS", "HOLD PRICE_BELOW_FLOOR", STRICTER),
    ]
    assert found.flips[0].evidence_now["floor"] == "9.45"
    assert found.flips[0].evidence_now["deviation"] == "2.65"
    assert found.flips[1].evidence_now == {"limit": "3.00", "deviation": "6.88"}
    gross = (103_96, 99_44)
    assert [(one.decisions, one.documents, one.amount) for one in found.totals] == [
        (3, 2, sum(gross))
    ]


def test_with_lower_floors_nobody_would_have_had_to_let_it_pass(about: About):
    found = price_floor(about(prices), Decimal(-5))

    assert flips(found) == [
        ("CHECK", CHEAP, "HOLD PRICE_BELOW_FLOOR", "PASS", LOOSER),
        ("RELEASE", CHEAP, "RELEASED", "NOT_NEEDED", LOOSER),
        ("CHECK", BEYOND, "HOLD PRICE_BELOW_FLOOR", "PASS", LOOSER),
    ]
    assert [one.evidence_now for one in found.flips] == [{}, {}, {"other_holds": "CREDIT_LIMIT"}]


@pytest.mark.parametrize(
    ("only", "documents"),
    [
        ({"sku": DEVICE}, ["SO-0002"]),
        ({"sku": BOX}, [DEAR, CHEAP, CHEAP]),
        ({"price_list": "PL-1"}, [DEAR, "SO-0002", CHEAP, CHEAP]),
    ],
)
def test_floors_of_one_product_or_list_leave_the_others_alone(
    about: About, only: dict[str, str], documents: list[str]
):
    found = price_floor(about(prices), Decimal("5.5"), **only)

    assert [one.document for one in found.flips] == documents
    assert found.unexplained == ()


@pytest.mark.parametrize(
    ("percent", "only", "refusal"),
    [
        ("-100.01", {}, ValidationFailed),
        ("1000.01", {}, ValidationFailed),
        ("NaN", {}, ValidationFailed),
        ("5", {"sku": "US99"}, NotFound),
        ("5", {"price_list": "PL-9"}, NotFound),
    ],
)
def test_floors_that_there_cannot_be_are_refused(
    about: About, percent: str, only: dict[str, str], refusal: type[Exception]
):
    with pytest.raises(refusal):
        price_floor(about(prices), Decimal(percent), **only)
