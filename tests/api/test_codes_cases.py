"""Cases of diversion: what is not confirmed, not decided alone, not imposed, closed or reopened."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.scene import Scene
from tests.support.diversion import (
    AGREEING,
    ANSWERING,
    APPEALING,
    ASKING,
    CASE,
    CLOSING,
    CONFIRMING,
    DISMISSING,
    FINE,
    FINING,
    HEARD,
    OVERTURNING,
    REOPENING,
    SHOWING,
    TRIAGING,
    Said,
    bought,
    finding,
    goes,
)
from tests.support.world import MovableClock

WARNING = (*FINING[:2], FINING[2] | {"sanctions": [{"kind": "WARNING"}]})
LIMIT = 10_000_000
"""What a regional manager may impose, minor units: 100,000.00."""


def refused(scene: Scene, code: str, step: Said, who: str | None = None, **other: Any) -> None:
    """A step is refused with a code, to whoever usually takes it or to another."""
    usual, name, body = step
    scene.refuses(code, who or usual, name, **body | other)


@pytest.fixture
def accused(scene: Scene) -> Scene:
    """A device of D01 was found where it has no right to sell: a case."""
    bought(scene, 1)
    goes(scene, finding())
    return scene


@pytest.fixture
def heard(accused: Scene) -> Scene:
    """Its dealer was heard."""
    goes(accused, *HEARD)
    return accused


@pytest.fixture
def confirmed(heard: Scene) -> Scene:
    """It was confirmed."""
    goes(heard, CONFIRMING)
    return heard


@pytest.fixture
def sentenced(confirmed: Scene) -> Scene:
    """A penalty was imposed."""
    goes(confirmed, FINING)
    return confirmed


def test_a_single_weak_observation_confirms_nothing(scene: Scene):
    bought(scene, 1)
    goes(scene, finding(source="FIELD_AUDIT"), *HEARD)
    refused(scene, "EVIDENCE_INSUFFICIENT", CONFIRMING)
    goes(scene, SHOWING, CONFIRMING)


def test_the_same_engineer_who_looks_again_is_one_observer(scene: Scene, clock: MovableClock):
    bought(scene, 1)
    goes(scene, finding(source="FIELD_AUDIT"))
    clock.move(hours=5)
    goes(scene, finding(source="FIELD_AUDIT"), *HEARD)
    refused(scene, "EVIDENCE_INSUFFICIENT", CONFIRMING)


@pytest.mark.parametrize("step", [CONFIRMING, DISMISSING], ids=["confirm", "dismiss"])
def test_the_manager_of_the_region_does_not_decide_alone(heard: Scene, step: Said):
    refused(heard, "DECIDER_IS_OWNER", step, "mgr-east")


def test_with_a_second_person_the_manager_of_the_region_decides(heard: Scene):
    goes(heard, AGREEING, ("mgr-east", *CONFIRMING[1:]))


def test_the_manager_of_the_region_is_no_second_person(heard: Scene):
    refused(heard, "DECIDER_IS_OWNER", AGREEING, "mgr-east")


def test_whoever_investigates_does_not_decide_alone(heard: Scene):
    body = {"case_id": CASE, "investigator": "mgr-national"}
    heard.does("mgr-national", "assign-case", **body)
    refused(heard, "DECIDER_IS_OWNER", CONFIRMING)


@pytest.mark.parametrize("who", ["mgr-national", "mgr-east"])
def test_an_appeal_is_not_decided_by_who_has_a_part_in_it(sentenced: Scene, who: str):
    goes(sentenced, APPEALING)
    refused(sentenced, "DECIDER_IS_OWNER", OVERTURNING, who)
    goes(sentenced, OVERTURNING)


def test_a_dealer_that_was_not_asked_is_not_found_guilty(accused: Scene):
    goes(accused, TRIAGING)
    refused(accused, "RESPONSE_PERIOD_RUNNING", CONFIRMING)


def test_a_dealer_that_was_asked_has_ten_days(accused: Scene, clock: MovableClock):
    goes(accused, TRIAGING, ASKING)
    refused(accused, "RESPONSE_PERIOD_RUNNING", CONFIRMING)
    clock.move(days=10)
    refused(accused, "RESPONSE_PERIOD_RUNNING", CONFIRMING)
    clock.move(days=1)
    goes(accused, CONFIRMING)


@pytest.mark.parametrize(
    "sanctions",
    [
        [FINE | {"amount": LIMIT + 1}],
        [FINE | {"amount": LIMIT}, {"kind": "COMPENSATION"}],
        [FINE, FINE | {"amount": LIMIT}],
    ],
    ids=["at once", "with a compensation", "in two parts"],
)
def test_a_regional_manager_imposes_no_more_than_the_limit(
    confirmed: Scene, sanctions: list[dict[str, Any]]
):
    refused(confirmed, "SANCTION_ABOVE_LIMIT", FINING, "mgr-west", sanctions=sanctions)
    confirmed.does("mgr-national", "apply-sanction", case_id=CASE, sanctions=sanctions)


def test_the_limit_itself_is_imposed_by_a_regional_manager(confirmed: Scene):
    body = {"case_id": CASE, "sanctions": [FINE | {"amount": LIMIT}]}
    confirmed.does("mgr-west", "apply-sanction", **body)


def test_a_limit_that_the_company_sets_is_the_limit(confirmed: Scene):
    limits = {"duplicate_hours": 0, "sanction_amount": 4_999}
    confirmed.does("adm-1", "set-approval-limits", **limits)
    refused(confirmed, "SANCTION_ABOVE_LIMIT", FINING, "mgr-west")


def test_nothing_is_closed_while_its_dealer_may_appeal(sentenced: Scene, clock: MovableClock):
    refused(sentenced, "APPEAL_PERIOD_RUNNING", CLOSING)
    clock.move(days=15)
    refused(sentenced, "APPEAL_PERIOD_RUNNING", CLOSING)
    clock.move(days=1)
    goes(sentenced, CLOSING)


def test_after_fifteen_days_nobody_appeals(sentenced: Scene, clock: MovableClock):
    clock.move(days=16)
    refused(sentenced, "APPEAL_PERIOD_OVER", APPEALING)


def test_nobody_appeals_twice(sentenced: Scene):
    goes(sentenced, APPEALING)
    refused(sentenced, "INVALID_STATE", APPEALING)
    goes(sentenced, OVERTURNING)
    refused(sentenced, "APPEAL_PERIOD_OVER", APPEALING)


@pytest.mark.parametrize("closed", [False, True], ids=["decided", "closed"])
def test_without_new_evidence_nothing_is_taken_up_again(heard: Scene, closed: bool):
    goes(heard, DISMISSING, *([CLOSING] if closed else []))
    refused(heard, "NO_NEW_EVIDENCE", REOPENING)
    goes(heard, SHOWING, REOPENING)


def test_a_case_that_is_not_decided_yet_has_no_end(heard: Scene):
    for step in (CLOSING, FINING, REOPENING, APPEALING, OVERTURNING):
        refused(heard, "INVALID_STATE", step)


def test_a_case_is_not_triaged_twice(accused: Scene):
    goes(accused, TRIAGING)
    refused(accused, "INVALID_STATE", TRIAGING)


def test_a_sentence_names_the_kinds_that_there_are(confirmed: Scene):
    refused(confirmed, "VALIDATION_FAILED", FINING, sanctions=[{"kind": "PRISON"}])
    refused(confirmed, "VALIDATION_FAILED", FINING, sanctions=[])
    refused(confirmed, "VALIDATION_FAILED", FINING, sanctions=[{"kind": "WARNING", "amount": 1}])


def test_nothing_is_shown_that_was_captured_tomorrow(heard: Scene):
    refused(heard, "FUTURE_DATED", SHOWING, captured_on="2026-03-02")


@pytest.mark.parametrize("who", ["fin-1", "se-1", "rep-east", "adm-1", "qa-1", "dlr-d01"])
def test_only_managers_lead_a_case(confirmed: Scene, who: str):
    for step in (TRIAGING, ASKING, CONFIRMING, WARNING, CLOSING, REOPENING):
        refused(confirmed, "FORBIDDEN_ROLE", step, who)


@pytest.mark.parametrize("who", ["se-1", "rep-east", "adm-1", "qa-1", "dlr-d01"])
def test_a_penalty_is_imposed_by_managers_and_by_finance(confirmed: Scene, who: str):
    refused(confirmed, "FORBIDDEN_ROLE", FINING, who)
    goes(confirmed, ("fin-1", *FINING[1:]))


@pytest.mark.parametrize("who", ["dlr-d02", "dlr-d03"])
def test_a_dealer_that_was_not_asked_finds_no_case_to_take_a_step_in(confirmed: Scene, who: str):
    for step in (TRIAGING, ASKING, CONFIRMING, FINING, CLOSING, REOPENING, SHOWING, AGREEING):
        refused(confirmed, "NOT_FOUND", step, who)


def test_for_everybody_but_the_accused_there_is_nothing_to_answer(accused: Scene):
    goes(accused, TRIAGING, ASKING)
    for who in ("dlr-d02", "dlr-d03", "rep-east", "mgr-national"):
        refused(accused, "NOT_FOUND", ANSWERING, who)


@pytest.mark.parametrize("who", ["dlr-d02", "dlr-d03"])
def test_the_case_of_another_dealer_is_like_one_that_does_not_exist(sentenced: Scene, who: str):
    told = [
        sentenced.door.command("appeal", key, {"case_id": case, "grounds": "x"}, on_behalf_of=who)
        for key, case in (("theirs", CASE), ("nobody's", "DIV-9999"))
    ]

    mine, nothing = (one.json() for one in told)
    assert mine["code"] == "NOT_FOUND"
    assert str(mine).replace(CASE, "DIV-9999") == str(nothing)
