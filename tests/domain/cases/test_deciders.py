"""Deciders: who is concerned decides with a second person, and the second is not concerned."""

import pytest

from domain.cases.case_terms import AWAITING, INVESTIGATING, RESPONDED, WARNING, Sanction
from domain.cases.refusals import DeciderIsOwner, EvidenceInsufficient, ResponsePeriodRunning
from domain.kernel.refusal import ForbiddenRole
from domain.kernel.stamp import Actor
from tests.domain.cases.court import (
    CASE,
    MGR_OTHER,
    MGR_SOUTH,
    QUALITY,
    alerted,
    answering,
    appealing,
    asking,
    assigning,
    came_to,
    case_of,
    deciding,
    does,
    finding,
    hiring,
    judging,
    reopening,
    sanctioning,
    showing,
    supporting,
    triaging,
    tries,
)
from tests.domain.story import US80_1
from tests.domain.support import SERVICE
from tests.domain.world import (
    DEALER_5,
    ENGINEER,
    FINANCE,
    MGR_EAST,
    MGR_NATIONAL,
    MGR_WEST,
    REP_EAST,
)

MGR_EAST_TOO = Actor("mgr-east-2", "MGR", "EAST")
CHENGDU = {"hospital": "H-CD-05", "region": "510100"}
"""D09 (WEST) has the rights there."""
NOWHERE = {"region": "430100"}
"""Nobody has exclusive rights there."""


def heard(**place):
    """A case of D05 (EAST), found at a place; its dealer was heard."""
    return came_to(RESPONDED, alerted(US80_1, **place))


def seconded(past, by, outcome="CONFIRMED"):
    """A second person agreed with an outcome."""
    tries(past, supporting(outcome), by=by).accepted()
    return past


ALONE = [
    ("a victim of the source's own region", {}, [MGR_EAST], [MGR_WEST, MGR_SOUTH, MGR_NATIONAL]),
    ("a victim of another region", CHENGDU, [MGR_EAST, MGR_WEST], [MGR_SOUTH, MGR_NATIONAL]),
    ("no victim", NOWHERE, [MGR_EAST], [MGR_WEST, MGR_SOUTH, MGR_NATIONAL]),
]


@pytest.mark.parametrize(
    ("place", "by"), [(place, by) for _, place, concerned, _ in ALONE for by in concerned]
)
@pytest.mark.parametrize("outcome", ["CONFIRMED", "DISMISSED", "INCONCLUSIVE"])
def test_the_manager_of_a_region_concerned_does_not_decide_alone(place, by, outcome):
    tries(heard(**place), deciding(outcome), by=by).refuses(DeciderIsOwner, case=CASE, user=by.user)


@pytest.mark.parametrize(
    ("place", "by"), [(place, by) for _, place, _, others in ALONE for by in others]
)
def test_any_other_manager_decides_alone(place, by):
    past = heard(**place)

    tries(past, deciding(), by=by).accepted()

    assert case_of(past).decision.deciders == (by.user,)


def test_whoever_investigates_a_case_does_not_decide_it_alone():
    past = heard()
    does(past, hiring("mgr-national", "MGR"), assigning(investigator="mgr-national"))

    tries(past, deciding(), by=MGR_NATIONAL).refuses(DeciderIsOwner, user="mgr-national")
    tries(seconded(past, FINANCE), deciding(), by=MGR_NATIONAL).accepted()


@pytest.mark.parametrize("second", [QUALITY, FINANCE, MGR_SOUTH, MGR_WEST, MGR_NATIONAL])
def test_with_a_second_person_a_manager_concerned_decides(second):
    past = seconded(heard(), second)

    tries(past, deciding(), by=MGR_EAST).accepted()

    assert case_of(past).decision.deciders == ("mgr-east", second.user)


@pytest.mark.parametrize(
    ("place", "second"),
    [({}, MGR_EAST), ({}, MGR_EAST_TOO), (CHENGDU, MGR_WEST), (CHENGDU, MGR_EAST_TOO)],
)
def test_a_second_person_is_not_concerned_either(place, second):
    tries(heard(**place), supporting(), by=second).refuses(
        DeciderIsOwner, case=CASE, user=second.user, scope=second.scope
    )


def test_whoever_investigates_a_case_is_no_second_person():
    past = heard()
    does(past, hiring("qa-1", "QA"), assigning(investigator="qa-1"))

    tries(past, supporting(), by=QUALITY).refuses(DeciderIsOwner, user="qa-1")


def test_a_second_person_that_is_made_investigator_afterwards_does_not_count():
    past = seconded(heard(), QUALITY)
    does(past, hiring("qa-1", "QA"), assigning(investigator="qa-1"))

    tries(past, deciding(), by=MGR_EAST).refuses(DeciderIsOwner, user="mgr-east")
    tries(past, deciding(), by=MGR_NATIONAL).accepted()
    assert case_of(past).decision.deciders == ("mgr-national",)


@pytest.mark.parametrize("second", [REP_EAST, ENGINEER, DEALER_5, SERVICE])
def test_a_second_person_is_a_manager_or_of_quality_or_finance(second):
    tries(heard(), supporting(), by=second).refuses(ForbiddenRole, role=second.role)


def test_nobody_is_the_second_person_to_oneself():
    past = seconded(heard(), MGR_NATIONAL)
    does(past, hiring("mgr-national", "MGR"), assigning(investigator="mgr-national"))

    tries(past, deciding(), by=MGR_NATIONAL).refuses(DeciderIsOwner)


@pytest.mark.parametrize("outcome", ["DISMISSED", "INCONCLUSIVE"])
def test_who_agreed_with_another_outcome_is_no_second_person(outcome):
    past = seconded(heard(), QUALITY, outcome)

    tries(past, deciding("CONFIRMED"), by=MGR_EAST).refuses(DeciderIsOwner)
    tries(past, deciding(outcome), by=MGR_EAST).accepted()


def test_what_a_second_person_said_last_counts():
    past = seconded(seconded(heard(), QUALITY, "CONFIRMED"), QUALITY, "DISMISSED")

    tries(past, deciding("CONFIRMED"), by=MGR_EAST).refuses(DeciderIsOwner)


def test_agreeing_twice_alike_is_agreeing_once():
    past = seconded(heard(), QUALITY)

    tries(past, supporting(), by=QUALITY).then()
    assert case_of(past).supporters == {"qa-1": "CONFIRMED"}


def test_a_second_person_may_agree_before_the_dealer_answered():
    past = seconded(came_to(INVESTIGATING), QUALITY)
    does(past, asking())
    assert case_of(past).status == AWAITING

    tries(does(past, answering()), deciding(), by=MGR_EAST).accepted()


def test_who_agreed_before_a_case_was_taken_up_again_has_to_agree_again():
    past = seconded(heard(), QUALITY)
    does(past, deciding("DISMISSED"), showing(), reopening(), triaging())

    does(past, asking(), answering())

    tries(past, deciding(), by=MGR_EAST).refuses(DeciderIsOwner)
    tries(seconded(past, QUALITY), deciding(), by=MGR_EAST).accepted()


def test_all_that_stands_in_the_way_of_a_decision_is_told_at_once():
    past = does(alerted(source="FIELD_AUDIT"), triaging(), asking())

    tries(past, deciding(), by=MGR_EAST).refuses(
        DeciderIsOwner, EvidenceInsufficient, ResponsePeriodRunning
    )


@pytest.mark.parametrize("by", [FINANCE, QUALITY, REP_EAST, ENGINEER, DEALER_5, SERVICE])
def test_only_managers_decide_whoever_agrees(by):
    past = seconded(heard(), MGR_OTHER)

    tries(past, deciding(), by=by).refuses(ForbiddenRole, role=by.role, required="MGR")


def test_a_case_that_nobody_answers_for_concerns_no_region():
    past = came_to("ALERTED")
    unknown = finding("US80-26-9999")
    does(past, unknown, triaging("DIV-0002"))
    assert case_of(past, "DIV-0002").known.responsible_dealer is None

    tries(past, deciding(case="DIV-0002"), by=MGR_EAST).accepted()


def confirmed_again(first, second):
    """A manager confirmed a case and sanctioned it; another one did so again; D05 appealed."""
    past = heard()
    for by, document in ((first, "sha256:one"), (second, "sha256:two")):
        for step in (deciding(), sanctioning(Sanction(kind=WARNING))):
            tries(past, step, by=by).accepted()
        if by is first:
            does(past, showing(document=document), reopening(), triaging(), asking(), answering())
    return does(past, appealing())


@pytest.mark.parametrize(("first", "second"), [(MGR_OTHER, MGR_SOUTH), (MGR_SOUTH, MGR_OTHER)])
def test_whoever_ever_decided_or_sanctioned_a_case_does_not_decide_its_appeal(first, second):
    past = confirmed_again(first, second)

    for by in (first, second):
        tries(past, judging(), by=by).refuses(DeciderIsOwner, user=by.user)
    tries(past, judging(), by=MGR_NATIONAL).accepted()


def test_who_only_sanctioned_a_case_before_it_was_taken_up_again_does_not_decide_its_appeal():
    past = does(heard(), deciding())
    tries(past, sanctioning(), by=MGR_OTHER).accepted()
    does(past, showing(), reopening(), triaging(), asking(), answering(), deciding())
    does(past, sanctioning(Sanction(kind=WARNING)), appealing())

    tries(past, judging(), by=MGR_OTHER).refuses(DeciderIsOwner, user="mgr-other")
    tries(past, judging(), by=MGR_SOUTH).accepted()
