"""Hearing: a dealer is asked, has its days to answer, and is not found guilty before."""

import pytest

from domain.cases import case_events
from domain.cases.case_terms import AWAITING, INVESTIGATING, REOPENED, RESPONDED, TRIAGED
from domain.cases.refusals import ResponsePeriodRunning
from domain.kernel.refusal import InvalidState, ValidationFailed
from tests.domain.cases.court import (
    ANSWERED_ON,
    CASE,
    FOUND_ON,
    alerted,
    answering,
    asking,
    assigning,
    came_to,
    case_of,
    deciding,
    does,
    finding,
    oversold,
    showing,
    triaging,
    tries,
)
from tests.domain.support import SERVICE, day, like
from tests.domain.world import MGR_NATIONAL


@pytest.mark.parametrize("state", [TRIAGED, INVESTIGATING])
@pytest.mark.parametrize("on", [FOUND_ON, "2026-12-31"])
def test_a_dealer_that_was_not_asked_is_not_found_guilty_on_any_day(state, on):
    tries(came_to(state), deciding(), on=on).refuses(ResponsePeriodRunning, case=CASE, due=None)


@pytest.mark.parametrize(
    ("due", "last", "over"),
    [(None, "2026-03-31", "2026-04-01"), ("2026-03-25", "2026-03-25", "2026-03-26")],
    ids=["ten days", "the day that was named"],
)
def test_a_dealer_has_time_to_answer_until_the_last_day_included(due, last, over):
    past = does(alerted(), triaging(), asking(due=due))

    tries(past, deciding(), on=FOUND_ON).refuses(ResponsePeriodRunning, due=day(last))
    tries(past, deciding(), on=last).refuses(ResponsePeriodRunning, due=day(last))
    tries(past, deciding(), on=over).accepted()
    assert case_of(past).confirmed


def test_a_dealer_that_answered_is_judged_at_once():
    past = came_to(RESPONDED)

    tries(past, deciding(), on=ANSWERED_ON).accepted()


@pytest.mark.parametrize("outcome", ["DISMISSED", "INCONCLUSIVE"])
@pytest.mark.parametrize("state", [TRIAGED, INVESTIGATING, AWAITING])
def test_nobody_has_to_be_heard_to_be_let_go(state, outcome):
    tries(came_to(state), deciding(outcome)).then(case_events.CaseDecided)


def test_an_answer_that_comes_late_is_heard_as_long_as_nothing_was_decided():
    past = came_to(AWAITING)

    tries(past, answering(), on="2026-04-15").then(case_events.ResponseSubmitted)
    assert (case_of(past).status, case_of(past).heard) == (RESPONDED, True)


def test_a_dealer_answers_once():
    tries(came_to(RESPONDED), answering()).refuses(InvalidState, status=RESPONDED)


def test_a_dealer_is_asked_once():
    tries(came_to(AWAITING), asking()).refuses(InvalidState, status=AWAITING)


def test_a_service_may_hand_in_the_answer_that_a_dealer_gave():
    past = came_to(AWAITING)

    tries(past, answering(), by=SERVICE).then(like(case_events.ResponseSubmitted, dealer="D05"))


def test_a_case_for_which_nobody_answers_asks_nobody_and_waits_for_nobody():
    past = does(alerted(), finding("US80-26-9999"), triaging("DIV-0002"))

    tries(past, asking("DIV-0002")).refuses(ValidationFailed, field="case_id")
    tries(past, deciding(case="DIV-0002")).then(case_events.CaseDecided)


def test_a_case_that_is_taken_up_again_hears_its_dealer_again():
    past = does(came_to(REOPENED), triaging(), assigning())
    assert (case_of(past).heard, case_of(past).response_due) == (False, None)

    tries(past, deciding(), on="2026-12-31").refuses(ResponsePeriodRunning, due=None)
    does(past, asking(due="2026-04-20"), showing(document="sha256:more"))
    tries(past, deciding(), on="2026-04-20").refuses(ResponsePeriodRunning)
    tries(past, deciding(), on="2026-04-21", by=MGR_NATIONAL).accepted()


def test_a_dealer_answers_for_its_sub_dealer():
    past = does(oversold(), triaging())
    assert case_of(past).known.source_dealer == "D12"

    assert tries(past, asking()).answer["dealer"] == "D05"
