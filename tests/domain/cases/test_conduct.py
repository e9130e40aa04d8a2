"""Conduct: a confirmed case makes the next alerts of its dealer graver, for 180 days."""

import pytest

from domain.cases import case_events
from domain.cases.case_terms import APPEALED, DECIDED, RESPONDED, WARNING, Sanction
from domain.cases.dealer_conduct import DealerConduct
from tests.domain.cases.court import (
    CASE,
    DECIDED_ON,
    LATER,
    alerted,
    appealing,
    came_to,
    deciding,
    does,
    finding,
    hiring,
    judging,
    oversold,
    sanctioning,
    tries,
)
from tests.domain.story import US80_1, US80_2, US80_3, at_dealer
from tests.domain.support import day, stamp

NOWHERE = {"region": "430100"}
"""Nobody has exclusive rights there: 60 points of the rule, 10 of the list price, -1 of doubt."""
LAST_DAY, DAY_AFTER = "2026-09-21", "2026-09-22"
"""The 180th day after the decision, and the next."""
LATELY = (10, f"{CASE} was confirmed lately")


def suspected():
    """D05 bought three devices, and is suspected of one."""
    return does(at_dealer(US80_1, US80_2, US80_3), hiring(), finding(US80_1, **NOWHERE))


def appealed():
    """D05 was warned of it, and appealed."""
    warned = sanctioning(Sanction(kind=WARNING))
    return does(came_to(DECIDED, suspected()), warned, appealing())


def parts(past, on, serial=US80_2):
    """Points of the alert about another device of D05, with their reasons."""
    [raised] = tries(past, finding(serial, on, **NOWHERE)).recorded(case_events.AlertRaised)
    return [(one.points, one.reason) for one in raised.alert.parts]


@pytest.mark.parametrize(
    ("on", "counts"), [(DECIDED_ON, True), (LAST_DAY, True), (DAY_AFTER, False)]
)
def test_an_alert_within_180_days_of_a_confirmed_case_scores_10_more(on, counts):
    past = came_to(DECIDED, suspected())

    found = parts(past, on)

    assert (LATELY in found) is counts
    assert sum(points for points, _ in found) == (79 if counts else 69)


def test_the_latest_case_is_named():
    past = came_to(DECIDED, suspected())
    does(past, finding(US80_2, "2026-04-20", **NOWHERE))
    came_to(RESPONDED, past, "DIV-0002")
    tries(past, deciding(case="DIV-0002"), on="2026-04-21").accepted()

    assert (10, "DIV-0002 was confirmed lately") in parts(past, "2026-04-22", US80_3)


@pytest.mark.parametrize("outcome", ["DISMISSED", "INCONCLUSIVE"])
def test_a_case_that_was_not_confirmed_is_not_held_against_its_dealer(outcome):
    past = does(came_to(RESPONDED, suspected()), deciding(outcome))

    assert LATELY not in parts(past, LATER)


def test_a_case_that_is_only_open_is_not_held_against_its_dealer():
    past = came_to(RESPONDED, suspected())

    assert LATELY not in parts(past, LATER)


def test_a_case_that_was_overturned_is_not_held_against_its_dealer_any_more():
    past = does(appealed(), judging("OVERTURNED"))

    assert LATELY not in parts(past, "2026-04-20")


def test_a_case_that_was_upheld_is_held_against_its_dealer():
    past = does(appealed(), judging("UPHELD"))

    assert LATELY in parts(past, "2026-04-20")


def test_what_was_seen_before_the_decision_is_not_judged_by_it():
    past = came_to(DECIDED, suspected())
    late = finding(US80_2, "2026-03-24", **NOWHERE)

    [raised] = tries(past, late, on=LATER).recorded(case_events.AlertRaised)

    assert LATELY[1] not in [one.reason for one in raised.alert.parts]


def test_a_case_counts_for_the_dealer_that_had_the_goods_from_us():
    past = came_to(RESPONDED, alerted())

    [confirmed] = tries(past, deciding()).recorded(DealerConduct.CaseConfirmed)

    assert (confirmed.case, confirmed.decided_on) == (CASE, day(DECIDED_ON))
    held_against = {
        name: past.get(DealerConduct, name).confirmed_within(180, day(LATER))
        for name in ("D04", "D05", "D06", "D12")
    }
    assert held_against == {"D04": None, "D05": CASE, "D06": None, "D12": None}


def test_the_case_of_a_sub_dealer_is_held_against_the_sub_dealer():
    past = came_to(DECIDED, oversold())

    assert past.get(DealerConduct, "D12").confirmed == {CASE: day(DECIDED_ON)}
    assert past.get(DealerConduct, "D05").confirmed == {}


def test_an_alert_notes_the_unit_of_its_dealer():
    past = alerted()

    assert past.get(DealerConduct, "D05").units_within(30, day("2026-04-20")) == {
        "06970012340033/US80-26-0001"
    }
    assert past.get(DealerConduct, "D05").units_within(30, day("2026-04-21")) == set()


def test_what_was_never_confirmed_is_not_overturned():
    conduct = DealerConduct.of("D05")

    conduct.overturn(CASE, stamp())

    assert not conduct.exists


def test_a_case_that_is_overturned_is_forgotten_and_stays_in_the_log():
    past = came_to(APPEALED)

    assert tries(past, judging()).recorded(DealerConduct.CaseOverturned)

    topics = [one.TOPIC for stream, _, one in past.log.journal if stream == "Conduct/D05"]
    assert topics == ["conduct.unit_alerted", "conduct.case_confirmed", "conduct.case_overturned"]
    assert past.get(DealerConduct, "D05").confirmed == {}
