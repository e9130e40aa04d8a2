"""The life of a case, from the alert to its end, and what goes on beside it."""

import pytest

from domain.accounts import account_events
from domain.cases import case_events
from domain.cases.case_terms import AWAITING, DECIDED, INVESTIGATING, RESPONDED, TRIAGED, Decision
from domain.cases.dealer_conduct import DealerConduct
from domain.company.number_series import NumberSeries
from domain.flows.cases.serving import RequestService, request_service
from domain.flows.orders.ordering import place_order
from tests.domain.cases.court import (
    CASE,
    DECIDED_ON,
    FOUND_ON,
    INVESTIGATOR,
    LAST_APPEAL,
    LATER,
    MARGIN,
    alerted,
    answering,
    appealing,
    asking,
    assigning,
    came_to,
    case_of,
    closing,
    deciding,
    does,
    explained,
    hiring,
    judging,
    reopening,
    sanctioning,
    showing,
    supporting,
    triaging,
    tries,
)
from tests.domain.story import US80_1, of, order, scan
from tests.domain.support import day, instant, like
from tests.domain.world import DEALER_5


def test_a_case_goes_from_the_alert_to_its_end():
    past = alerted()

    tries(past, triaging()).then(case_events.Triaged)
    tries(past, assigning()).then(
        like(case_events.Assigned, investigator=INVESTIGATOR, status=INVESTIGATING)
    )
    tries(past, asking()).then(
        like(case_events.ResponseRequested, dealer="D05", due=day("2026-03-31"))
    )
    tries(past, answering()).then(
        like(case_events.ResponseSubmitted, dealer="D05", documents=("sha256:letter",))
    )
    tries(past, supporting()).then(like(case_events.DecisionSupported, outcome="CONFIRMED"))
    tries(past, deciding()).then(case_events.CaseDecided, DealerConduct.CaseConfirmed)
    tries(past, sanctioning()).then(
        NumberSeries.NumberTaken,
        like(account_events.PenaltyCharged, amount=MARGIN, case=CASE),
        like(case_events.SanctionsApplied, dealer="D05", appeal_until=day(LAST_APPEAL)),
    )
    tries(past, appealing()).then(like(case_events.AppealFiled, dealer="D05"))
    tries(past, judging("UPHELD")).then(like(case_events.AppealDecided, outcome="UPHELD"))
    tries(past, closing()).then(like(case_events.CaseClosed, reason="done"))
    tries(past, showing()).then(case_events.ExhibitAdded)
    tries(past, reopening()).then(like(case_events.CaseReopened, reason="new evidence"))


def test_a_step_is_answered_with_the_state_that_it_led_to():
    past = came_to(TRIAGED)

    asked = {"case": CASE, "status": AWAITING, "dealer": "D05", "due": day("2026-03-31")}
    assert tries(past, asking()).answer == asked
    assert tries(past, answering()).answer == {"case": CASE, "status": RESPONDED}


def test_every_step_is_recorded_with_who_took_it_and_when():
    past = came_to(TRIAGED)

    [event] = tries(past, assigning()).recorded(case_events.Assigned)

    assert (event.by.user, event.occurred_at) == ("mgr-national", instant(FOUND_ON))


def test_an_investigator_is_another_one_only_once():
    past = came_to(INVESTIGATING)

    tries(past, assigning()).then()
    does(past, hiring("qa-7", "QA"))
    tries(past, assigning(investigator="qa-7")).then(
        like(case_events.Assigned, investigator="qa-7")
    )


@pytest.mark.parametrize("state", [AWAITING, RESPONDED])
def test_another_investigator_takes_a_case_over_as_it_stands(state):
    past = came_to(state)
    does(past, hiring("qa-7", "QA"))

    tries(past, assigning(investigator="qa-7")).then(like(case_events.Assigned, status=state))

    assert (case_of(past).status, case_of(past).investigator) == (state, "qa-7")


def test_a_dealer_is_asked_without_an_investigator_and_until_the_day_that_was_named():
    past = does(alerted(), triaging(), asking(due="2026-03-22"))

    assert (case_of(past).status, case_of(past).response_due) == (AWAITING, day("2026-03-22"))


def test_a_decision_says_by_whom_and_on_what_and_of_how_much():
    past = does(came_to(RESPONDED), showing(), supporting())

    [event] = tries(past, deciding(evidence=("sha256:photo",))).recorded(case_events.CaseDecided)

    assert event.decision == Decision(
        outcome="CONFIRMED",
        reason="what was found",
        deciders=("mgr-national", "qa-1"),
        evidence=("sha256:photo",),
        units=1,
        net=266_000_00,
        source_dealer="D05",
        destination="330100",
    )


@pytest.mark.parametrize("outcome", ["DISMISSED", "INCONCLUSIVE"])
def test_what_is_not_confirmed_was_not_diverted(outcome):
    past = came_to(RESPONDED)

    done = tries(past, deciding(outcome))

    done.then(case_events.CaseDecided)
    decision = case_of(past).decision
    assert (decision.units, decision.net, case_of(past).confirmed) == (0, 0, False)
    assert decision.code == ("RELOCATED" if outcome == "DISMISSED" else None)


@pytest.mark.parametrize("outcome", ["CONFIRMED", "DISMISSED", "INCONCLUSIVE"])
def test_a_case_is_closed_without_sanctions_as_soon_as_it_is_decided(outcome):
    past = does(came_to(RESPONDED), deciding(outcome))

    tries(past, closing(), on=DECIDED_ON).then(case_events.CaseClosed)


def test_a_case_that_is_taken_up_again_goes_the_same_way_once_more():
    past = does(came_to(RESPONDED), deciding("DISMISSED"), showing(), reopening())

    does(past, triaging(), assigning(), asking(), answering(), deciding())

    assert (case_of(past).status, case_of(past).confirmed) == (DECIDED, True)


def test_an_explanation_that_does_not_hold_makes_a_case():
    past = explained()

    tries(past, reopening("SUP-0001")).then(case_events.CaseReopened)
    tries(past, triaging("SUP-0001")).then(case_events.Triaged)


def test_an_open_case_stops_no_order_of_its_dealer():
    past = alerted()
    assert case_of(past).known.severity == "CRITICAL"

    wanted = order("D05", of("US80", 1, "266000"), requested_date=day("2026-03-25"))

    assert past.when(place_order, wanted, on=FOUND_ON).answer["holds"] == []


@pytest.mark.parametrize("state", ["ALERTED", "DECIDED", "SANCTIONED"])
def test_a_hospital_is_served_whatever_is_made_of_its_device(state):
    past = came_to(state)
    place = {"hospital_id": "H-HZ-03", "region_code": "330100", "kind": "REPAIR"}
    asked = RequestService(scan=scan("US80", US80_1), **place)

    assert past.when(request_service, asked, by=DEALER_5, on=LATER).answer["request"] == "SR-0001"
