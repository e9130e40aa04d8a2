"""Relocating: an owner moves its device, and whether its dealer might have sold it there is judged."""

import msgspec
import pytest

from domain.cases import case_events
from domain.flows.cases.serving import RelocateDevice, relocate_device
from domain.flows.parties.granting import GrantTerritory, grant_territory
from domain.goods import serial_events
from domain.goods.refusals import SerialNotAvailable, SerialRequired
from domain.goods.serial_number import SerialNumber
from domain.kernel.refusal import FutureDated, ValidationFailed
from tests.domain.diversion.steps import (
    HANGZHOU,
    NANJING,
    SHANGHAI,
    SUZHOU,
    add,
    bought,
    case,
    cases,
    explained,
    install,
    register,
    rules,
    see,
    thresholds,
    unit,
    world,
)
from tests.domain.story import US80_1, scan
from tests.domain.support import day, fact, like
from tests.domain.world import BY, DI, right

ACCEPTED, YEAR_LATER = "2026-03-26", "2027-03-26"


def in_service(place=NANJING, accepted=ACCEPTED):
    """D05's device has served a hospital since its acceptance; rights go on next year."""
    past = install(bought(US80_1), US80_1, place).accepted()
    if accepted is not None:
        kept = serial_events.Accepted(
            *BY, document="INS-0001", accepted_at=day(accepted), signatory="head of radiology"
        )
        add(past, fact(SerialNumber, DI["US80"], US80_1, kept))
    for dealer, region in (("D05", "320000"), ("D06", "330000")):
        granted = msgspec.structs.replace(
            right("ULTRASOUND", region),
            valid_from=day("2027-01-01"),
            valid_to=day("2027-12-31"),
            version=2,
        )
        command = GrantTerritory(dealer_id=dealer, authorisation=granted)
        past.when(grant_territory, command).accepted()
    return past


def move(past, place=HANGZHOU, on=YEAR_LATER, told="", **more):
    to = {"hospital_id": place[0], "region_code": place[1], "document_hash": "sha256:m"}
    to |= {"scan": scan("US80", US80_1), "moved_on": day(on)} | more
    return past.when(relocate_device, RelocateDevice(**to), on=told or on)


def test_a_device_that_its_owner_moves_stands_there_and_keeps_its_state_and_dealer():
    past = in_service()

    move(past, SUZHOU, on="2026-04-10").then(
        like(serial_events.Relocated, source="H-NJ-02", target="H-SZ-01", region_code="320500")
    )

    one = unit(past, US80_1)
    assert (one.state, one.dealer, one.hospital, one.region) == (
        "IN_SERVICE",
        "D05",
        "H-SZ-01",
        "320500",
    )


@pytest.mark.parametrize(
    ("on", "code"),
    [
        ("2026-04-10", None),
        ("2027-02-26", None),
        ("2027-03-25", None),
        (YEAR_LATER, "RELOCATED"),
        ("2027-11-30", "RELOCATED"),
    ],
)
def test_old_equipment_may_be_moved_12_months_after_its_acceptance(on, code):
    done = move(in_service(), on=on)

    assert explained(done) == [code] if code else rules(done) == ["R01"]


def test_the_explanation_names_the_document():
    done = move(in_service())

    (kept,) = done.recorded(case_events.AlertSuppressed)
    assert kept.detail == "moved by its owner on 2027-03-26: sha256:m"
    assert case(done.past, "SUP-0001").status == "SUPPRESSED"


def test_an_old_device_that_was_never_accepted_may_not_be_moved_out():
    assert rules(move(in_service(accepted=None))) == ["R01"]


def test_the_months_are_the_companys():
    past = thresholds(in_service(), relocation_months=1)

    assert explained(move(past, on="2026-04-26")) == ["RELOCATED"]


def test_what_is_seen_of_it_at_its_new_place_is_explained_and_elsewhere_is_not():
    past = move(in_service()).past

    assert explained(register(past, US80_1, HANGZHOU, on="2027-04-02")) == []
    assert cases(past) == {"SUP-0001": "R01"}
    done = register(past, US80_1, ("H-CD-05", "510100"), on="2027-04-03")
    assert rules(done) == ["R05", "R01"]


def test_a_move_inside_of_the_territory_raises_nothing_and_a_scan_there_is_no_second_hospital():
    past = move(in_service(), SUZHOU, on="2026-04-10").past

    see(past, US80_1, "320500", on="2026-04-20", hospital="H-SZ-01").accepted()

    assert cases(past) == {}


def test_only_a_device_in_use_is_moved_by_its_owner():
    move(bought(US80_1), on="2026-04-10").refuses(SerialNotAvailable)
    move(world(), on="2026-04-10").refuses(SerialNotAvailable)


def test_a_move_has_a_device_a_document_a_place_and_a_day_of_the_past():
    past = in_service()

    move(past, scan=scan("US80", lot="L1"), on="2026-04-10").refuses(SerialRequired)
    move(past, ("H-XX", "330100"), on="2026-04-10", document_hash=" ").refuses(
        ValidationFailed, ValidationFailed
    )
    move(past, on="2026-04-10", told="2026-04-09").refuses(FutureDated)
    move(past, ("H-HZ-03", "Hangzhou"), on="2026-04-10").refuses(ValidationFailed)


def test_a_move_that_is_told_after_the_device_was_moved_again_is_seen_and_moves_nothing():
    past = move(in_service(accepted=None), SUZHOU, on="2026-04-15").past

    done = move(past, SHANGHAI, on="2026-04-10", told="2026-04-20")

    assert done.recorded(serial_events.Relocated) == []
    (seen,) = done.recorded(serial_events.Observed)
    assert (seen.sighting.hospital, seen.occurred_at.date()) == ("H-SH-01", day("2026-04-10"))
    assert rules(done) == ["R01"]
    assert (unit(past, US80_1).hospital, unit(past, US80_1).region) == SUZHOU


def test_a_move_that_is_told_late_moves_a_device_that_nothing_moved_since():
    past = move(in_service(), SUZHOU, on="2026-04-10", told="2026-04-20").past

    assert (unit(past, US80_1).hospital, unit(past, US80_1).region) == SUZHOU
    assert unit(past, US80_1).trail[-1].at.date() == day("2026-04-10")
