"""Forms: what has to be said with a step, and what nobody believes."""

from decimal import Decimal

import pytest

from domain.cases.case_terms import (
    ALERTED,
    APPEALED,
    AWAITING,
    CLOSED,
    DECIDED,
    INVESTIGATING,
    RESPONDED,
    SANCTIONED,
    TRIAGED,
    Sanction,
)
from domain.flows.company.administering import RegisterUser, register_user
from domain.kernel.refusal import ForbiddenRole, FutureDated, NotFound, ValidationFailed
from tests.domain.cases.court import (
    CASE,
    DEALER_6,
    FOUND_ON,
    Step,
    answering,
    appealing,
    asking,
    assigning,
    came_to,
    case_of,
    closing,
    deciding,
    does,
    judging,
    merging,
    reopening,
    sanctioning,
    showing,
    triaging,
    tries,
)
from tests.domain.support import day
from tests.domain.world import REP_EAST

WORDS = [
    (ALERTED, triaging(), "note"),
    (AWAITING, answering(), "text"),
    (RESPONDED, deciding(), "reason"),
    (SANCTIONED, appealing(), "grounds"),
    (APPEALED, judging(), "reason"),
    (SANCTIONED, closing(), "reason"),
    (CLOSED, reopening(), "reason"),
]


def saying(step, **more):
    """A step, said in another way."""
    return step._replace(command=type(step.command)(**vars(step.command) | more))


@pytest.mark.parametrize("word", ["", "  ", "\n"])
@pytest.mark.parametrize(("state", "step", "field"), WORDS)
def test_a_step_is_taken_with_words(state, step, field, word):
    tries(came_to(state), saying(step, **{field: word})).refuses(ValidationFailed, field=field)


def test_an_investigator_is_known():
    tries(came_to(TRIAGED), assigning(investigator="nobody")).refuses(
        ValidationFailed, field="investigator"
    )


def test_the_user_of_a_dealer_investigates_nothing():
    user = RegisterUser(user_id="dlr-d06", role="DLR", dealer_id="D06")
    past = does(came_to(TRIAGED), Step(register_user, user))

    tries(past, assigning(investigator="dlr-d06")).refuses(ValidationFailed, field="investigator")


@pytest.mark.parametrize(
    "step",
    [
        *(saying(step, **{field: " "}) for _, step, field in WORDS if step.by.role == "MGR"),
        assigning(investigator="nobody"),
        asking(due=FOUND_ON),
        deciding(evidence=("sha256:none",)),
        sanctioning(Sanction(kind="PRISON")),
        showing(weight=Decimal(2)),
        merging(CASE, CASE),
    ],
    ids=lambda one: one.flow.__name__,
)
def test_what_is_wrong_with_a_step_is_not_told_to_whom_it_is_not_given(step):
    tries(came_to(AWAITING), step, by=REP_EAST).refuses(ForbiddenRole, role="REP")
    tries(came_to(AWAITING), step, by=DEALER_6).refuses(NotFound, id=CASE)


@pytest.mark.parametrize("due", [FOUND_ON, "2026-03-20", "2025-01-01"])
def test_a_dealer_is_not_asked_for_an_answer_by_today(due):
    tries(came_to(TRIAGED), asking(due=due)).refuses(ValidationFailed, field="due")


@pytest.mark.parametrize("code", [None, ""])
def test_a_case_is_dismissed_with_a_code(code):
    past = came_to(RESPONDED)

    tries(past, deciding("DISMISSED", code=code)).refuses(ValidationFailed, field="code")
    tries(past, deciding("DISMISSED", code="LOAN")).accepted()
    assert case_of(past).decision.code == "LOAN"


def test_everything_that_is_wrong_with_a_decision_is_told_at_once():
    wrong = deciding("DISMISSED", code=None, reason=" ", evidence=("sha256:none",))

    tries(came_to(RESPONDED), wrong).refuses(*[ValidationFailed] * 3)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"document": " "}, "document_hash"),
        ({"kind": ""}, "kind"),
        ({"kind": "A/B"}, "kind"),
        ({"captured_by": ""}, "captured_by"),
        ({"weight": Decimal("-0.01")}, "weight"),
        ({"weight": Decimal("1.01")}, "weight"),
        ({"weight": Decimal("NaN")}, "weight"),
    ],
)
def test_evidence_says_what_it_is_who_captured_it_and_how_far_to_believe_it(wrong, field):
    tries(came_to(INVESTIGATING), showing(**wrong)).refuses(ValidationFailed, field=field)


@pytest.mark.parametrize("weight", ["0", "1"])
def test_evidence_may_be_worth_nothing_or_everything(weight):
    does(came_to(INVESTIGATING), showing(weight=Decimal(weight)))


def test_nothing_is_captured_tomorrow():
    past = came_to(INVESTIGATING)

    tries(past, showing(captured_on=day("2026-03-22"))).refuses(FutureDated, field="captured_on")
    tries(past, showing(captured_on=day(FOUND_ON))).accepted()


def test_what_is_refused_leaves_the_case_as_it_was():
    past = came_to(DECIDED)
    before = case_of(past).version

    tries(past, saying(closing(), reason="")).refuses(ValidationFailed, field="reason")

    assert (case_of(past).version, case_of(past).key) == (before, CASE)
