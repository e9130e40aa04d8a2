"""Ruling: how diversion is detected is data, with a version that alerts name."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.cases import case_events
from domain.cases.detection_policy import RULES, DetectionPolicy, Emergency
from domain.flows.cases.ruling import (
    NameServiceCentres,
    RecordEmergency,
    SetDetectionThresholds,
    SetPotential,
    name_service_centres,
    record_emergency,
    set_detection_thresholds,
    set_potential,
)
from domain.kernel.money import LARGEST_AMOUNT
from domain.kernel.refusal import DateRange, NotFound, ValidationFailed
from tests.domain.cases.court import case_of, finding, tries
from tests.domain.company import company
from tests.domain.story import US80_1, at_dealer
from tests.domain.support import day, given, like

LINES = SetDetectionThresholds(grace_days=30, price_match_pct=Decimal("0.5"), off=("R16",))
ORDER = RecordEmergency(
    no="E-1",
    product_line="ULTRASOUND",
    region_code="330000",
    valid_from=day("2026-03-20"),
    valid_to=day("2026-03-22"),
    document_hash="sha256:order",
)
NUMBERS = [name for name in vars(SetDetectionThresholds()) if name != "off"]


def policy(past):
    return past.get(DetectionPolicy, RULES)


def test_thresholds_are_set_and_have_a_version():
    past = given(company())

    done = past.when(set_detection_thresholds, LINES)

    done.then(DetectionPolicy.ThresholdsSet)
    assert done.answer == {"version": 1}
    assert (policy(past).thresholds.grace_days, policy(past).thresholds.border_km) == (30, 5)
    assert (policy(past).in_force("R16"), policy(past).in_force("R01")) == (False, True)


def test_thresholds_that_are_set_alike_are_set_once():
    past = given(company())
    past.when(set_detection_thresholds, LINES).accepted()

    past.when(set_detection_thresholds, LINES).then()


def test_an_alert_names_the_version_of_the_policy_that_judged_it():
    past = at_dealer(US80_1)
    past.when(set_detection_thresholds, LINES).accepted()
    past.when(name_service_centres, NameServiceCentres(region_codes=("310100",))).accepted()

    [raised] = tries(past, finding()).recorded(case_events.AlertRaised)

    assert raised.alert.rules_version == 2


def test_what_was_judged_stays_judged():
    past = at_dealer(US80_1)
    tries(past, finding()).accepted()
    alert = case_of(past).known

    past.when(set_detection_thresholds, replace(LINES, off=("R01",))).then(
        DetectionPolicy.ThresholdsSet
    )

    assert (case_of(past).known, alert.rules_version) == (alert, 0)


def test_a_rule_that_is_off_raises_nothing():
    past = at_dealer(US80_1)
    past.when(set_detection_thresholds, replace(LINES, off=("R01",))).accepted()

    assert tries(past, finding()).recorded(case_events.AlertRaised) == []


@pytest.mark.parametrize("name", NUMBERS)
def test_a_threshold_is_a_number_from_nought_on(name):
    kind = type(getattr(LINES, name))

    given(company()).when(set_detection_thresholds, replace(LINES, **{name: kind(-1)})).refuses(
        ValidationFailed, field=name
    )
    given(company()).when(set_detection_thresholds, replace(LINES, **{name: kind(0)})).accepted()


@pytest.mark.parametrize("name", [one for one in NUMBERS if one.endswith("_pct")])
def test_a_share_is_at_most_the_whole(name):
    past = given(company())

    past.when(set_detection_thresholds, replace(LINES, **{name: Decimal(101)})).refuses(
        ValidationFailed, field=name
    )
    past.when(set_detection_thresholds, replace(LINES, **{name: Decimal(100)})).accepted()


def test_only_rules_that_there_are_are_switched_off():
    given(company()).when(set_detection_thresholds, replace(LINES, off=("R01", "R17"))).refuses(
        ValidationFailed, field="off[1]"
    )


def test_service_centres_are_named_by_their_regions():
    past = given(company())
    centres = NameServiceCentres(region_codes=("310100", "420100"))

    past.when(name_service_centres, centres).then(
        like(DetectionPolicy.ServiceCentresNamed, region_codes=("310100", "420100"))
    )
    past.when(name_service_centres, centres).then()
    past.when(name_service_centres, NameServiceCentres(region_codes=("310100", "Wuhan"))).refuses(
        ValidationFailed, field="region_codes[1]"
    )


def test_an_emergency_is_recorded_with_its_document():
    past = given(company())

    past.when(record_emergency, ORDER).then(
        like(DetectionPolicy.EmergencyRecorded, emergency=Emergency(**vars(ORDER)))
    )
    past.when(record_emergency, ORDER).then()


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"no": ""}, ValidationFailed),
        ({"product_line": "A/B"}, ValidationFailed),
        ({"region_code": "Zhejiang"}, ValidationFailed),
        ({"document_hash": " "}, ValidationFailed),
        ({"valid_to": day("2026-03-19")}, DateRange),
    ],
)
def test_an_emergency_has_a_place_a_time_and_a_document(wrong, refusal):
    given(company()).when(record_emergency, replace(ORDER, **wrong)).refuses(refusal)


@pytest.mark.parametrize(
    ("change", "explained"),
    [
        ({}, True),
        ({"region_code": "330100"}, True),
        ({"region_code": "330200"}, False),
        ({"product_line": "IMAGING"}, False),
        ({"valid_from": day("2026-03-22")}, False),
        ({"valid_to": day("2026-03-20")}, False),
        ({"valid_from": day("2026-03-21"), "valid_to": day("2026-03-21")}, True),
    ],
    ids=["it", "the city", "another city", "other goods", "later", "before", "that day only"],
)
def test_an_emergency_explains_what_it_was_ordered_for(change, explained):
    past = at_dealer(US80_1)
    past.when(record_emergency, replace(ORDER, **change)).accepted()

    done = tries(past, finding())

    found = [one.explanation for one in done.recorded(case_events.AlertSuppressed)]
    assert found == (["EMERGENCY"] if explained else [])
    assert len(done.recorded(case_events.AlertRaised)) == (not explained)


def test_what_a_territory_can_use_is_estimated():
    past = given(company())
    estimate = SetPotential(dealer_id="D05", sku="INJ", qty=300)

    past.when(set_potential, estimate).then(like(DetectionPolicy.PotentialSet, qty=300))
    past.when(set_potential, estimate).then()
    assert policy(past).potentials == {"D05/INJ": 300}


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"dealer_id": "D99"}, NotFound),
        ({"sku": "NONE"}, NotFound),
        ({"qty": -1}, ValidationFailed),
        ({"qty": LARGEST_AMOUNT + 1}, ValidationFailed),
    ],
)
def test_an_estimate_is_of_a_dealer_and_a_product(wrong, refusal):
    estimate = replace(SetPotential(dealer_id="D05", sku="INJ", qty=300), **wrong)

    given(company()).when(set_potential, estimate).refuses(refusal)
