"""Document numbers: the lowest free one, no silent hole, and a value that only one thing may have."""

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from domain.accounts.refusals import DuplicateBankRef
from domain.company.number_series import NumberSeries
from domain.company.refusals import NumberTaken
from domain.company.unique_key import UniqueKey
from domain.flows.company.numbering import VoidNumber, monthly, next_number, void_number
from domain.kernel.refusal import ValidationFailed
from tests.domain.support import day, given, like, stamp


def void(number, series="SO", reason="test print"):
    return VoidNumber(series=series, number=number, reason=reason)


def take(past, series="SO"):
    return past.when(lambda log: next_number(log, series, stamp())).answer


def test_numbers_are_given_away_from_one_on():
    past = given()

    assert [take(past) for _ in range(3)] == ["SO-0001", "SO-0002", "SO-0003"]


def test_a_series_with_its_month_has_three_digits_and_others_four():
    past = given()

    assert take(past, "INV-2603") == "INV-2603-001"
    assert take(past, "RCPT") == "RCPT-0001"


def test_a_number_may_outgrow_its_digits():
    past = given()
    for number in range(1, 1000):
        past.when(void_number, void(number, "INV-2603")).accepted()

    assert take(past, "INV-2603") == "INV-2603-1000"


def test_a_month_is_that_of_the_day():
    assert monthly("INV", day("2026-03-31")) == "INV-2603"
    assert monthly("INV", day("2026-04-01")) == "INV-2604"


def test_a_void_number_is_never_given_away_and_says_why():
    past = (
        given()
        .when(void_number, void(2))
        .then(like(NumberSeries.NumberVoided, number=2, reason="test print"))
    )

    assert [take(past) for _ in range(3)] == ["SO-0001", "SO-0003", "SO-0004"]


def test_a_number_that_is_used_cannot_be_voided():
    past = given().when(void_number, void(2)).accepted()
    take(past)

    past.when(void_number, void(1)).refuses(NumberTaken, number="SO-0001")
    past.when(void_number, void(2)).refuses(NumberTaken, number="SO-0002")
    past.when(void_number, void(3)).accepted()


def test_a_void_number_has_a_series_a_place_and_a_reason():
    given().when(void_number, void(0, "", " ")).refuses(*[ValidationFailed] * 3)


def test_automation_gives_numbers_away():
    (event,) = given().when(lambda log: next_number(log, "SO", stamp())).events

    assert (event.by.user, event.by.role) == ("system:numbering", "SYSTEM")


@drawn(st.lists(st.one_of(st.just("take"), st.integers(1, 12)), max_size=20))
def test_every_number_is_used_by_one_event_and_the_next_is_the_lowest_free_one(steps):
    past, used = given(), set()
    for step in steps:
        lowest = min(set(range(1, 40)) - used)
        if step == "take":
            assert take(past) == f"SO-{lowest:04}"
            used.add(lowest)
        elif step in used:
            past.when(void_number, void(step)).refuses(NumberTaken)
        else:
            past.when(void_number, void(step)).accepted()
            used.add(step)

    events = [event.number for _, _, event in past.log.journal]
    assert sorted(events) == sorted(used)


def claim(owner):
    return lambda log: log.get(UniqueKey, "bank-ref", "BK/1").claim(
        owner, DuplicateBankRef, stamp()
    )


@pytest.mark.parametrize("owner", ["RCPT-0001"])
def test_a_value_belongs_to_its_first_owner(owner):
    past = given().when(claim(owner)).then(like(UniqueKey.Claimed, owner=owner))

    past.when(claim(owner)).then()
    past.when(claim("RCPT-0002")).refuses(DuplicateBankRef, value="BK/1", owner=owner)
