"""States: which step a case allows in which of them, and what it answers to all others."""

import pytest

from domain.cases.case_terms import (
    ALERTED,
    APPEALED,
    AWAITING,
    CLOSED,
    DECIDED,
    INVESTIGATING,
    MERGED,
    REOPENED,
    RESPONDED,
    SANCTIONED,
    SUPPRESSED,
    TRIAGED,
)
from domain.cases.refusals import AppealPeriodRunning, NoNewEvidence
from domain.kernel.refusal import InvalidState, NotFound
from tests.domain.cases.court import (
    CASE,
    DECIDED_ON,
    LATER,
    answering,
    appealing,
    asking,
    assigning,
    came_to,
    case_of,
    cloned,
    closing,
    deciding,
    does,
    explained,
    finding,
    judging,
    merging,
    reopening,
    sanctioning,
    showing,
    supporting,
    triaging,
    tries,
)

STATES = (
    ALERTED, SUPPRESSED, TRIAGED, INVESTIGATING, AWAITING, RESPONDED, DECIDED, SANCTIONED, APPEALED,
    CLOSED, MERGED, REOPENED,
)  # fmt: skip
UNASKED = (ALERTED, SUPPRESSED, TRIAGED, INVESTIGATING, MERGED)
"""States in which no dealer was asked: for dealers there is no case then."""

STEPS = {
    "triage": triaging,
    "assign": assigning,
    "ask the dealer": lambda case: asking(case, "2026-05-01"),
    "answer": answering,
    "agree": lambda case: supporting("DISMISSED", case),
    "decide": lambda case: deciding("DISMISSED", case),
    "sanction": lambda case: sanctioning(case=case),
    "appeal": appealing,
    "decide the appeal": lambda case: judging("UPHELD", case),
    "close": closing,
    "reopen": reopening,
    "merge": lambda case: merging(case, CASE),
}
ALLOWED = {
    "triage": (ALERTED, REOPENED),
    "assign": (TRIAGED, INVESTIGATING, AWAITING, RESPONDED, REOPENED),
    "ask the dealer": (TRIAGED, INVESTIGATING),
    "answer": (AWAITING,),
    "agree": (TRIAGED, INVESTIGATING, AWAITING, RESPONDED),
    "decide": (TRIAGED, INVESTIGATING, AWAITING, RESPONDED),
    "sanction": (DECIDED,),
    "appeal": (SANCTIONED,),
    "decide the appeal": (APPEALED,),
    "close": (DECIDED, SANCTIONED),
    "reopen": (CLOSED, DECIDED, SANCTIONED, SUPPRESSED),
    "merge": (ALERTED, TRIAGED, INVESTIGATING),
}
"""What was confirmed before it was reopened, as here, goes its own way: it is not merged."""
LEADS_TO = {
    "triage": TRIAGED,
    "ask the dealer": AWAITING,
    "answer": RESPONDED,
    "decide": DECIDED,
    "sanction": SANCTIONED,
    "appeal": APPEALED,
    "decide the appeal": SANCTIONED,
    "close": CLOSED,
    "reopen": REOPENED,
    "merge": MERGED,
}
PAIRS = [(step, state) for step in STEPS for state in STATES]


def standing(state):
    """A case in a state, which heard of new evidence, if it may; another about the device is open."""
    if state == SUPPRESSED:
        past, case = does(explained(), finding(region="430100")), "SUP-0001"
    else:
        past, case = came_to(state, cloned(), "DIV-0002"), "DIV-0002"
    news = [] if state == MERGED else [showing(case, "sha256:news")]
    return does(past, *news), case


@pytest.mark.parametrize(("step", "state"), [pair for pair in PAIRS if pair[1] in ALLOWED[pair[0]]])
def test_a_step_that_its_state_allows_leads_on(step, state):
    past, case = standing(state)

    done = tries(past, STEPS[step](case))

    assert done.accepted() is past
    taken_over = state in (TRIAGED, REOPENED)
    expected = LEADS_TO.get(step, INVESTIGATING if step == "assign" and taken_over else state)
    assert case_of(past, case).status == expected


@pytest.mark.parametrize(
    ("step", "state"), [pair for pair in PAIRS if pair[1] not in ALLOWED[pair[0]]]
)
def test_a_step_that_its_state_does_not_allow_is_refused(step, state):
    past, case = standing(state)

    done = tries(past, STEPS[step](case))

    if step in ("answer", "appeal") and state in UNASKED:
        done.refuses(NotFound, id=case)
    else:
        done.refuses(InvalidState, case=case)
    assert case_of(past, case).status == state


@pytest.mark.parametrize("state", [one for one in STATES if one != MERGED])
def test_evidence_is_taken_in_every_state_and_changes_none(state):
    past, case = standing(state)
    before = len(case_of(past, case).exhibits)

    does(past, showing(case, "sha256:more"))

    assert (case_of(past, case).status, len(case_of(past, case).exhibits)) == (state, before + 1)


def test_a_case_that_was_merged_takes_no_evidence_for_the_one_that_goes_on_does():
    past, case = standing(MERGED)

    tries(past, showing(case)).refuses(InvalidState, case=case, status=MERGED, into=CASE)
    tries(past, showing(CASE)).accepted()


@pytest.mark.parametrize("state", [DECIDED, SANCTIONED, CLOSED])
def test_without_new_evidence_nothing_is_taken_up_again(state):
    tries(came_to(state), reopening()).refuses(NoNewEvidence, case=CASE, status=state)


def test_what_the_decision_knew_is_no_new_evidence():
    past = does(came_to(RESPONDED), showing(), deciding("DISMISSED"))

    tries(past, reopening()).refuses(NoNewEvidence)


def test_a_case_that_is_taken_up_again_and_was_never_confirmed_is_merged():
    past, case = came_to(RESPONDED, cloned(), "DIV-0002"), "DIV-0002"
    does(past, deciding("DISMISSED", case), showing(case), reopening(case), merging(case, CASE))

    assert case_of(past, case).status == MERGED


def test_while_the_dealer_may_appeal_nothing_is_closed():
    tries(came_to(SANCTIONED), closing(), on=DECIDED_ON).refuses(AppealPeriodRunning, case=CASE)


def test_no_step_is_taken_in_a_case_that_nobody_knows():
    for step in STEPS.values():
        tries(cloned(), step("DIV-9999"), on=LATER).refuses(NotFound, id="DIV-9999")
