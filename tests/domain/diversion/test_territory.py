"""Territory: whether a place lies in a region, and who had the right to sell there."""

import pytest

from domain.parties.dealer_terms import Authorisation
from domain.policies.territory import (
    Verdict,
    chain,
    contains,
    covers,
    exclusive_dealer,
    inside,
    judge,
    overlaps,
)
from tests.domain.company import company
from tests.domain.support import day, given
from tests.domain.world import right

MARCH = day("2026-03-21")


@pytest.mark.parametrize(
    ("region", "place", "within"),
    [
        ("330000", "330100", True),
        ("330000", "330106", True),
        ("330100", "330106", True),
        ("330100", "330000", False),
        ("330100", "330200", False),
        ("330100", "331000", False),
        ("331000", "331003", True),
        ("331000", "330100", False),
        ("320000", "320500", True),
        ("320000", "330000", False),
        ("320500", "320500", True),
        ("320500", "320000", False),
        ("500000", "500112", True),
        ("500000", "510100", False),
        ("110000", "110100", True),
    ],
)
def test_a_region_contains_what_begins_with_its_code_without_pairs_of_noughts(
    region, place, within
):
    assert contains(region, place) is within


@pytest.mark.parametrize(
    ("hospital", "region", "reason"),
    [
        ("H-1", "320100", "REGION"),
        ("H-1", "330100", ""),
        ("H-IN", "330100", "HOSPITAL"),
        ("H-IN", "320100", "HOSPITAL"),
        ("H-OUT", "320100", ""),
        ("H-BOTH", "320100", ""),
        (None, "320100", "REGION"),
        (None, "330100", ""),
    ],
)
def test_inv_dl_3_what_is_said_of_a_hospital_beats_the_region_and_exclusion_beats_inclusion(
    hospital, region, reason
):
    granted = Authorisation(
        "ULTRASOUND",
        ("320000",),
        day("2026-01-01"),
        day("2026-12-31"),
        hospitals_include=("H-IN", "H-BOTH"),
        hospitals_exclude=("H-OUT", "H-BOTH"),
    )

    assert covers(granted, hospital, region) == reason


def verdict(holder, region, on=MARCH, line="ULTRASOUND", hospital=None):
    return judge(given(company()).log, holder, line, hospital, region, on)


def test_a_dealer_may_sell_in_its_own_region():
    assert verdict("D05", "320500") == Verdict(
        lawful=True, dealer="D05", reason="REGION", version=1
    )


def test_a_dealer_may_not_sell_in_the_next_province():
    assert verdict("D05", "330100") == Verdict(lawful=False)


def test_a_right_to_one_product_line_is_no_right_to_another():
    assert verdict("D05", "320500", line="ENDOSCOPY") == Verdict(lawful=False)


@pytest.mark.parametrize(
    ("on", "lawful"),
    [
        ("2025-12-31", False),
        ("2026-01-01", True),
        ("2026-12-31", True),
        ("2027-01-01", False),
    ],
)
def test_a_right_holds_on_its_first_and_on_its_last_day(on, lawful):
    assert verdict("D05", "320100", day(on)).lawful is lawful


def test_a_sub_dealer_sells_in_its_own_city_by_its_own_right():
    assert verdict("D12", "320500").dealer == "D12"
    assert verdict("D12", "320500").reason == "REGION"


def test_a_sub_dealer_out_of_its_city_sells_by_the_right_of_its_parent():
    found = verdict("D12", "320100")

    assert found == Verdict(lawful=True, dealer="D05", reason="SUBDEALER_OUT_OF_AREA", version=1)


def test_a_sub_dealer_out_of_its_parents_province_has_no_right():
    assert verdict("D12", "330100") == Verdict(lawful=False)


def test_a_parent_has_no_right_by_its_sub_dealer():
    assert [one.key for one in chain(given(company()).log, "D12")] == ["D12", "D05"]
    assert [one.key for one in chain(given(company()).log, "D05")] == ["D05"]


def test_the_victim_is_the_dealer_with_exclusive_rights_nearest_the_maker():
    log = given(company()).log

    assert exclusive_dealer(log, "ULTRASOUND", "H-HZ-03", "330100", MARCH) == "D06"
    assert exclusive_dealer(log, "ULTRASOUND", "H-SZ-01", "320500", MARCH) == "D05"
    assert exclusive_dealer(log, "ULTRASOUND", None, "430100", MARCH) is None
    assert exclusive_dealer(log, "ULTRASOUND", None, "330100", day("2027-01-01")) is None


def dated(first, last, *regions):
    return Authorisation("ULTRASOUND", regions, day(first), day(last))


@pytest.mark.parametrize(
    ("first", "second", "meet"),
    [
        (right("X", "320000"), right("X", "320500"), True),
        (right("X", "320500"), right("X", "320000"), True),
        (right("X", "320100"), right("X", "320500"), False),
        (right("X", "320000", "330000"), right("X", "330100"), True),
        (
            dated("2026-01-01", "2026-06-30", "320000"),
            dated("2026-06-30", "2026-12-31", "320000"),
            True,
        ),
        (
            dated("2026-01-01", "2026-06-29", "320000"),
            dated("2026-06-30", "2026-12-31", "320000"),
            False,
        ),
    ],
)
def test_rights_overlap_where_they_share_a_place_and_a_day(first, second, meet):
    log = given(company()).log
    assert overlaps(log, first, second) is meet
    assert overlaps(log, second, first) is meet


@pytest.mark.parametrize(
    ("inner", "within"),
    [
        (dated("2026-01-01", "2026-12-31", "320500"), True),
        (dated("2026-01-01", "2026-12-31", "320000"), True),
        (dated("2026-01-01", "2026-12-31", "320500", "330100"), False),
        (dated("2026-01-01", "2027-01-01", "320500"), False),
        (dated("2025-12-31", "2026-12-31", "320500"), False),
    ],
)
def test_a_right_lies_inside_another_with_all_its_places_and_all_its_days(inner, within):
    assert inside(inner, dated("2026-01-01", "2026-12-31", "320000")) is within
