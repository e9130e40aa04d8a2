"""Typing errors: a number one character away from a device of the dealer that reports it."""

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.channel.book import Buyer
from domain.policies.diversion.explanations import one_apart
from tests.domain.diversion.steps import (
    bought,
    case,
    cases,
    explained,
    report,
    rules,
    sale,
    see,
    serve,
    unit,
    world,
)
from tests.domain.story import US80_1, US80_2, US80_3
from tests.domain.world import units

SERIALS = st.text("AB12-", max_size=6)


def distance(first, second):
    """Edit distance by its definition: the fewest changes, additions and omissions."""
    if not first or not second:
        return len(first) + len(second)
    same = first[0] == second[0]
    return min(
        distance(first[1:], second[1:]) + (not same),
        distance(first[1:], second) + 1,
        distance(first, second[1:]) + 1,
    )


@for_all(SERIALS, SERIALS)
def test_one_apart_is_an_edit_distance_of_one(first, second):
    assert one_apart(first, second) is (distance(first, second) == 1)


@for_all(SERIALS, SERIALS)
def test_one_apart_is_symmetric(first, second):
    assert one_apart(first, second) is one_apart(second, first)


@for_all(SERIALS, st.integers(0, 6), st.sampled_from("AB12-"))
def test_one_character_added_left_out_or_changed_is_one_apart(serial, place, character):
    longer = serial[:place] + character + serial[place:]

    assert one_apart(serial, longer)
    assert one_apart(longer, serial)
    changed = serial[:place] + character + serial[place + 1 :]
    assert one_apart(serial, changed) is (changed != serial)


@pytest.mark.parametrize("wrong", ["US80-26-0O01", "US80-26-001", "US80-26-00001", "US8O-26-0001"])
def test_r04_a_number_that_is_one_character_wrong_is_a_task_and_no_alarm(wrong):
    past = bought(US80_1)

    done = report(past, "D05", sale("H-NJ-02", wrong, sku="US80"))

    assert explained(done) == ["PROBABLE_TYPO"]
    assert (case(past, "SUP-0001").known.rule, case(past, "SUP-0001").status) == (
        "R04",
        "SUPPRESSED",
    )
    assert unit(past, US80_1).state == "AT_DEALER"


@pytest.mark.parametrize("wrong", ["US80-26-0O0I", "US80-26-00", "US80-26-0001XY", "US80-99-0001"])
def test_r04_looks_alike_a_number_of_which_two_characters_are_wrong(wrong):
    past = bought(US80_1)

    assert rules(report(past, "D05", sale("H-NJ-02", wrong))) == ["R04"]


def test_r04_a_number_one_character_away_from_another_dealers_device_is_an_alarm():
    past = bought(US80_1)

    assert rules(report(past, "D06", sale("H-HZ-03", "US80-26-0O01"))) == ["R04"]


def test_r04_a_number_one_character_away_from_another_products_device_is_an_alarm():
    past = bought("P5-26-0005")

    assert rules(report(past, "D05", sale("H-NJ-02", "P5-26-0O05", sku="US80"))) == ["R04"]


def test_r04_what_somebody_scans_is_not_typed():
    past = bought(US80_1)

    assert rules(see(past, "US80-26-0O01", "320100")) == ["R04"]
    assert rules(serve(past, "US80-26-0I01", ("H-NJ-02", "320100"))) == ["R04"]


def test_r06_the_number_of_another_dealers_device_one_character_away_is_a_task():
    past = bought(US80_2, dealer="D06", past=bought(US80_1))

    done = report(past, "D06", sale("H-HZ-03", US80_1))

    assert explained(done) == ["PROBABLE_TYPO"]
    assert case(past, "SUP-0001").known.rule == "R06"
    assert unit(past, US80_1).dealer == "D05"


def test_r06_looks_alike_where_two_characters_are_wrong():
    older = "US80-26-0012"
    past = bought(older, dealer="D06", past=world(*units("WH-SH", "US80", "2025-12-05", older)))
    bought(US80_1, past=past)

    assert rules(report(past, "D06", sale("H-HZ-03", US80_1))) == ["R06"]


def test_r07_is_never_a_typing_error():
    past, shop = bought(US80_1), Buyer(name="a shop", region_code="320100")

    assert rules(report(past, "D05", sale(shop, "US80-26-0O01"))) == ["R07"]
    assert cases(past) == {"SUP-0001": "R04", "DIV-0001": "R07"}


def test_r03_the_number_of_a_device_of_our_shelf_one_character_away_is_a_task():
    past = bought(US80_1)

    done = report(past, "D05", sale("H-NJ-02", US80_2))

    assert explained(done) == ["PROBABLE_TYPO"]
    assert case(past, "SUP-0001").known.rule == "R03"
    assert unit(past, US80_2).state == "IN_STOCK"


def test_r03_looks_alike_a_number_that_another_dealer_tells_or_somebody_scans():
    past = bought(US80_1)

    assert rules(report(past, "D06", sale("H-HZ-03", US80_2))) == ["R03"]
    assert rules(see(past, US80_3, "320100")) == ["R03"]
