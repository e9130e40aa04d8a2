"""Reopening and merging: new evidence takes a case up again, and two about one thing become one."""

import msgspec
import pytest

from domain.cases import case_events
from domain.cases.case_terms import (
    ALERTED,
    AWAITING,
    CLOSED,
    DECIDED,
    MERGED,
    REOPENED,
    RESPONDED,
    SANCTIONED,
    SUPPRESSED,
)
from domain.cases.diversion_case import DiversionCase
from domain.cases.refusals import EvidenceInsufficient, NoNewEvidence
from domain.flows.cases.observing import observe_scan
from domain.kernel.refusal import InvalidState, NotFound, ValidationFailed
from tests.domain.cases.court import (
    CASE,
    DECIDED_ON,
    LATER,
    alerted,
    answering,
    asking,
    came_to,
    case_of,
    cloned,
    closing,
    deciding,
    declaring_wrong,
    does,
    explained,
    finding,
    merging,
    oversold,
    reopening,
    showing,
    supporting,
    triaging,
    tries,
)
from tests.domain.story import US80_1, US80_2, seeing
from tests.domain.support import like, stamp
from tests.domain.world import ENGINEER

R05, R01, THIRD = "DIV-0001", "DIV-0002", "DIV-0003"
WARRANTY = "WARRANTY_REGISTRATION"


def closed(outcome="DISMISSED"):
    return does(came_to(RESPONDED), deciding(outcome), closing())


@pytest.mark.parametrize("more", [showing(), finding(on="2026-04-01", source=WARRANTY)])
def test_a_closed_case_is_taken_up_again_for_evidence_that_came_since(more):
    past = closed()
    tries(past, reopening()).refuses(NoNewEvidence, case=CASE, status=CLOSED)

    does(past, more)

    tries(past, reopening()).then(like(case_events.CaseReopened, reason="new evidence"))


def test_a_case_is_taken_up_again_before_it_is_closed():
    past = does(came_to(RESPONDED), deciding("DISMISSED"), showing())

    does(past, reopening())

    assert case_of(past).status == REOPENED


@pytest.mark.parametrize("state", [DECIDED, SANCTIONED])
def test_evidence_that_came_before_a_case_was_closed_takes_it_up_again_afterwards(state):
    past = does(came_to(state), showing(), closing())

    tries(past, reopening()).then(case_events.CaseReopened)


def test_a_case_is_taken_up_again_while_its_dealer_may_appeal():
    past = does(came_to(SANCTIONED), showing())

    tries(past, reopening(), on=DECIDED_ON).then(case_events.CaseReopened)


def test_evidence_that_is_not_new_takes_nothing_up_again():
    past = does(came_to(RESPONDED), showing(), deciding("DISMISSED"), closing())

    tries(does(past, showing()), reopening()).refuses(NoNewEvidence)


def test_an_explanation_may_be_doubted_without_new_evidence():
    past = explained()
    assert case_of(past, "SUP-0001").status == SUPPRESSED

    does(past, reopening("SUP-0001"), triaging("SUP-0001"))


def test_who_reopens_a_case_begins_to_hear_its_dealer_and_second_persons_again():
    past = does(came_to(RESPONDED), supporting(), deciding(), showing(), reopening())

    case = case_of(past)
    assert (case.heard, case.response_due, case.supporters) == (False, None, {})
    assert (case.investigator, len(case.evidence), len(case.exhibits)) == ("rep-south", 1, 1)


def test_a_case_is_taken_up_again_as_often_as_evidence_comes():
    past = does(closed(), showing(), reopening(), triaging(), asking(), answering())
    does(past, deciding("INCONCLUSIVE"), closing())

    does(past, showing(document="sha256:third"), reopening())

    reopened = [one for _, _, one in past.log.journal if isinstance(one, case_events.CaseReopened)]
    assert len(reopened) == 2


def test_a_closed_case_begins_again_by_itself_where_the_device_is_seen_elsewhere():
    past = closed()

    done = tries(past, finding(on="2026-04-12", region="340100"))

    [reopened] = done.recorded(case_events.CaseReopened)
    assert (reopened.reason, reopened.by.user) == ("seen in 340100", "system:diversion")
    assert case_of(past).status == REOPENED


def test_a_closed_case_stays_closed_where_the_device_is_seen_at_the_same_place():
    past = closed()

    done = tries(past, finding(on="2026-04-12", source=WARRANTY))

    assert done.recorded(case_events.EvidenceAdded)
    assert case_of(past).status == CLOSED


def test_the_evidence_of_a_case_goes_along_into_the_other():
    past = does(cloned(), showing(R01))
    assert [len(case_of(past, name).evidence) for name in (R05, R01)] == [1, 1]

    done = tries(past, merging(R01, R05))

    done.then(like(case_events.CaseMerged, into=R05), case_events.ExhibitAdded)
    assert case_of(past, R01).merged_into == R05
    assert len(case_of(past, R05).exhibits) == 1


def test_sightings_that_the_other_has_not_go_along_too():
    past, seen = cloned(), seeing(US80_1, "330100", "FIELD_AUDIT", hospital="H-HZ-03")
    past.when(observe_scan, seen, by=ENGINEER, on="2026-03-23").accepted()
    [own] = [one for one in case_of(past, R05).evidence if one not in case_of(past, R01).evidence]

    done = tries(past, merging(R05, R01))

    assert [one.sighting for one in done.recorded(case_events.EvidenceAdded)] == [own]
    assert len(case_of(past, R01).evidence) == 2


def test_the_evidence_of_a_merged_case_stays_in_it_too():
    past = does(cloned(), showing(R01))
    before = (list(case_of(past, R01).evidence), list(case_of(past, R01).exhibits))

    does(past, merging(R01, R05))

    assert (case_of(past, R01).evidence, case_of(past, R01).exhibits) == before


def test_what_is_seen_afterwards_is_evidence_of_the_case_that_goes_on():
    past = does(cloned(), merging(R01, R05))
    before = len(case_of(past, R05).evidence)

    done = tries(past, finding(on="2026-04-01", source=WARRANTY))

    assert done.answer["cases"] == [R05]
    assert done.recorded(case_events.AlertRaised) == []
    assert len(case_of(past, R05).evidence) == before + 1
    assert (case_of(past, R01).status, len(case_of(past, R01).evidence)) == (MERGED, 1)


def chained():
    """A case was merged into a second, and that into a third."""
    past = cloned()
    past.get(DiversionCase, THIRD).raise_alert(
        case_of(past, R05).known, case_of(past, R05).evidence[0], stamp()
    )
    return does(past, merging(R01, R05), merging(R05, THIRD))


def test_what_is_seen_afterwards_is_evidence_of_the_last_of_a_chain():
    past = chained()
    before = len(case_of(past, THIRD).evidence)

    done = tries(past, finding(on="2026-04-01", source=WARRANTY))

    assert done.answer["cases"] == [THIRD]
    assert len(case_of(past, THIRD).evidence) == before + 1
    assert [case_of(past, name).status for name in (R01, R05, THIRD)] == [MERGED, MERGED, ALERTED]


def test_a_sighting_that_was_an_error_does_not_count_in_the_last_of_a_chain():
    past = chained()
    wrong = case_of(past, R01).evidence[-1]
    assert wrong in case_of(past, THIRD).counted

    [withdrawn] = tries(past, declaring_wrong(past)).recorded(case_events.EvidenceWithdrawn)

    assert withdrawn.sighting == wrong
    assert wrong not in case_of(past, THIRD).counted


def test_cases_about_different_devices_are_not_merged():
    past = alerted(US80_1, US80_2)

    tries(past, merging(R01, R05)).refuses(ValidationFailed, field="into")


@pytest.mark.parametrize("lot", ["INJ2512A", None])
def test_a_case_about_a_lot_is_merged_into_one_about_the_same_lot_only(lot):
    past = oversold()
    known = msgspec.structs.replace(case_of(past).known, lot=lot)
    past.get(DiversionCase, R01).raise_alert(known, case_of(past).evidence[0], stamp())

    done = tries(past, merging(R01, CASE))

    if lot is None:
        done.refuses(ValidationFailed, field="into")
    else:
        done.accepted()


@pytest.mark.parametrize("state", [DECIDED, SANCTIONED])
def test_evidence_of_a_merged_case_is_new_evidence_for_one_that_is_decided(state):
    past = came_to(state, cloned(), R05)

    does(past, showing(R01), merging(R01, R05))

    assert case_of(past, R05).news


def test_two_weak_cases_prove_one_together():
    past = alerted(source="FIELD_AUDIT")
    other = past.get(DiversionCase, "DIV-0002")
    seen = case_of(past).evidence[0]
    other.raise_alert(case_of(past).known, seen, stamp())
    does(past, showing("DIV-0002", document="sha256:else"), triaging(), asking(), answering())
    tries(past, deciding()).refuses(EvidenceInsufficient)

    does(past, merging("DIV-0002", CASE), deciding())

    assert case_of(past).confirmed


@pytest.mark.parametrize("state", [MERGED, CLOSED])
def test_nothing_goes_into_a_case_that_is_over(state):
    case, into = (R05, R01) if state == MERGED else (R01, R05)
    past = came_to(state, cloned(), into)

    tries(past, merging(case, into)).refuses(ValidationFailed, field="into")


def test_a_case_goes_into_another_one_and_into_one_that_is_known():
    tries(alerted(), merging(CASE, CASE)).refuses(ValidationFailed, field="into")
    tries(alerted(), merging(CASE, "DIV-9999")).refuses(NotFound, id="DIV-9999")


@pytest.mark.parametrize("state", [AWAITING, RESPONDED, DECIDED])
def test_a_case_in_which_a_dealer_was_asked_goes_its_own_way(state):
    past = came_to(state, cloned(), R01)

    tries(past, merging(R01, R05), on=LATER).refuses(InvalidState, status=state)


def test_merging_is_no_step_of_the_case_that_goes_on():
    past = does(cloned(), merging(R01, R05))

    assert case_of(past, R05).status == ALERTED


def test_what_is_taken_up_again_is_closed_without_waiting_for_an_appeal_of_the_past():
    past = does(came_to(SANCTIONED), showing(), reopening()._replace(on=DECIDED_ON))
    assert case_of(past).appeal_until is None
    does(past, triaging(), asking(), answering(), deciding("DISMISSED"))

    tries(past, closing(), on=DECIDED_ON).then(case_events.CaseClosed)
