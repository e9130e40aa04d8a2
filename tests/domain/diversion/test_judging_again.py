"""Rules that change find what they did not find before, and leave every case alone."""

from __future__ import annotations

import pytest

from domain.cases import case_events
from domain.flows.cases.rejudging import DetectAgain, detect_again
from domain.kernel.refusal import ForbiddenRole, NotFound
from tests.domain.diversion.steps import (
    HANGZHOU,
    NANJING,
    bought,
    boxes,
    case,
    cases,
    install,
    leave,
    report,
    sale,
    see,
    thresholds,
)
from tests.domain.support import Actor, Given, When
from tests.domain.world import BY, MGR_EAST

UNIT = "US80-26-0001"
LATER = "2026-04-20"


def again(past: Given, sku: str = "US80", by: Actor = MGR_EAST) -> When:
    return past.when(detect_again, DetectAgain(sku=sku), by=by, on=LATER)


def unwatched(*rules: str) -> Given:
    """A world in which some rules are off, where a device is installed in a foreign region."""
    past = thresholds(bought(UNIT), off=rules)
    return install(past, UNIT, HANGZHOU).accepted()


def test_a_rule_that_was_off_finds_what_was_seen_then_and_says_so():
    past = thresholds(unwatched("R01"), off=())

    done = again(past)

    (raised,) = done.recorded(case_events.AlertRaised)
    assert (raised.alert.rule, raised.alert.retro) == ("R01", True)
    assert str(raised.alert.observed_on) == "2026-03-21"
    assert done.answer == {"sku": "US80", "cases": ["DIV-0001"]}


def test_what_a_rule_finds_at_the_time_is_not_called_retro():
    past = install(bought(UNIT), UNIT, HANGZHOU).accepted()

    assert case(past).known.retro is False


def test_what_it_found_once_it_does_not_find_again():
    past = again(thresholds(unwatched("R01"), off=())).accepted()

    assert again(past).events == []


def test_a_rule_that_is_still_off_finds_nothing():
    assert again(unwatched("R01")).events == []


def test_lawful_use_is_still_lawful():
    past = install(bought(UNIT), UNIT, NANJING).accepted()

    assert again(past).events == []


@pytest.mark.parametrize("closed", [False, True])
def test_a_case_that_exists_is_left_alone(closed: bool):
    past = install(thresholds(bought(UNIT), off=("R10",)), UNIT, HANGZHOU).accepted()
    if closed:
        case(past).record(case_events.CaseClosed(*BY, reason="done"))
    before = case(past).version

    done = again(thresholds(past, grace_days=1))

    assert done.events == []
    assert case(past).version == before


def test_no_exception_is_used_up_by_what_is_past():
    past = leave(thresholds(unwatched("R01"), off=()))

    assert again(past).events == []
    assert cases(past) == {}


def test_a_journey_that_was_thought_possible_is_found_when_the_limit_falls():
    past = thresholds(bought(UNIT), travel_km=5_000)
    past = see(past, UNIT, "320100").accepted()
    past = see(past, UNIT, "510100").accepted()
    assert cases(past) == {}

    done = again(thresholds(past, travel_km=500))

    (raised,) = done.recorded(case_events.AlertRaised)
    assert (raised.alert.rule, raised.alert.retro) == ("R10", True)


def test_books_of_lots_are_judged_again_too():
    past = thresholds(boxes(10), off=("R08", "R09"))
    past = report(past, "D05", sale(NANJING[0], qty=15, lot="INJ2512A")).accepted()
    assert cases(past) == {}

    done = again(thresholds(past, off=()), "INJ")

    assert [one.alert.rule for one in done.recorded(case_events.AlertRaised)] == ["R08"]
    assert all(one.alert.retro for one in done.recorded(case_events.AlertRaised))


def test_only_managers_and_the_scheduler_judge_again():
    past = bought(UNIT)

    again(past, by=Actor("wh-1", "WH", "WH-SH")).refuses(ForbiddenRole)
    again(past, "NONE").refuses(NotFound)
