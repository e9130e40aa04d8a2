"""R05 and R10: one number in two places, at two hospitals, by two sellers, or faster than a plane."""

from datetime import timedelta

import pytest

from domain.channel.book import Buyer
from domain.flows.cases.observing import observe_scan
from domain.flows.cases.serving import RelocateDevice, relocate_device
from domain.flows.goods.disposing import InspectReturn, inspect_return
from domain.goods.goods_return import Disposed
from domain.kernel.stamp import Stamp
from tests.domain.diversion.steps import (
    NANJING,
    SUZHOU,
    alert,
    bought,
    case,
    cases,
    install,
    points,
    register,
    report,
    rules,
    sale,
    see,
    serve,
    thresholds,
    unit,
)
from tests.domain.diversion.test_rules_of_presence import inspected, returned
from tests.domain.story import US80_1, scan, seeing
from tests.domain.supply.steps import QUALITY, came_back, item
from tests.domain.support import SERVICE, day, instant

SHANGHAI_GPS, CHENGDU_GPS = "31.23,121.47", "30.57,104.07"
GHOST = "US80-26-9999"


def used(place=NANJING):
    """D05's device stands at a hospital of its province."""
    return install(bought(US80_1), US80_1, place, on="2026-03-10").accepted()


def test_r05_a_device_of_one_hospital_is_seen_at_another():
    found = alert(see(used(), US80_1, "320500", hospital="H-SZ-01"))

    assert (found.rule, found.note) == ("R05", "at H-NJ-02 and at H-SZ-01")
    assert (points(found), found.score, found.severity) == ([80, 10, -4], 86, "HIGH")
    assert (found.source_dealer, found.suspect_dealer, found.responsible_dealer) == ("D05",) * 3


@pytest.mark.parametrize(
    "seen",
    [
        lambda past: install(past, US80_1, SUZHOU),
        lambda past: register(past, US80_1, SUZHOU),
        lambda past: serve(past, US80_1, SUZHOU),
    ],
)
def test_r05_whatever_tells_of_the_second_hospital(seen):
    past = used()

    assert rules(seen(past)) == ["R05"]
    assert unit(past, US80_1).hospital == "H-NJ-02"


def test_r05_nobody_of_the_holders_own_chain_is_its_victim_and_others_are():
    assert alert(see(used(), US80_1, "320500", hospital="H-SZ-01")).victim_dealer is None
    found = alert(see(used(), US80_1, "330100", hospital="H-HZ-03"))

    assert (found.victim_dealer, points(found)) == ("D06", [80, 20, 10, 10, -4])


def test_r05_a_number_that_nobody_knows_at_two_hospitals():
    past = see(bought(US80_1), GHOST, "320500", hospital="H-SZ-01").past

    found = alert(see(past, GHOST, "330100", hospital="H-HZ-03"))

    assert (found.rule, found.source_dealer, points(found)) == ("R05", None, [80, 10, -4])


def test_r05_looks_alike_seen_again_at_the_same_hospital_or_at_none():
    past = used()
    for seen in (
        see(past, US80_1, "320100", hospital="H-NJ-02"),
        see(past, US80_1, "320500"),
        register(past, US80_1, NANJING),
    ):
        seen.accepted()

    assert cases(past) == {}


def test_r05_looks_alike_a_device_that_its_owner_moved_between():
    past = moved_to(used(), SUZHOU, "2026-03-15")

    see(past, US80_1, "320500", hospital="H-SZ-01").accepted()

    assert cases(past) == {}
    assert rules(see(past, US80_1, "320100", hospital="H-NJ-02")) == ["R05"]


def given_back(past, rma):
    one = Disposed(sku="US80", serial=US80_1, disposition="BACK_TO_DEALER")
    command = InspectReturn(rma_id=rma, items=(one,), report_hash="sha256:q")
    past.when(inspect_return, command, by=QUALITY, on="2026-03-23").accepted()


def test_r05_looks_alike_a_device_that_came_back_and_was_sold_again():
    past = see(bought(US80_1), US80_1, "320500", hospital="H-SZ-01").past
    rma = came_back(past, item("US80", serial=US80_1), on="2026-03-22")
    given_back(past, rma)

    see(past, US80_1, "320100", on="2026-03-25", hospital="H-NJ-02").accepted()

    assert cases(past) == {}


def test_r05_two_dealers_claim_one_device():
    past = report(bought(US80_1), "D05", sale("H-NJ-02", US80_1)).past

    done = report(past, "D06", sale("H-NJ-02", US80_1))

    assert rules(done) == ["R06", "R05"]
    found = case(past, "DIV-0002").known
    assert (found.rule, found.note) == ("R05", "sold by D05 and by D06")


def test_r05_looks_alike_two_dealers_of_whom_one_never_sold_it():
    past = bought(US80_1)

    assert rules(report(past, "D06", sale("H-NJ-02", US80_1))) == ["R06"]


def test_r05_looks_alike_a_device_in_use_that_nobody_else_has_reported_as_sold():
    assert rules(report(used(), "D06", sale("H-NJ-02", US80_1))) == ["R06"]


def test_r05_looks_alike_a_device_that_went_through_two_dealers_of_a_family():
    past = report(bought(US80_1), "D05", sale(Buyer(dealer="D12"), US80_1, "2026-03-10")).past

    assert report(past, "D12", sale("H-SZ-01", US80_1)).answer["cases"] == []


def seen_at(past, gps, region, hours):
    """Somebody saw the device so many hours after a morning's eight o'clock."""
    at = instant("2026-03-20", "08:00") + timedelta(hours=hours)
    stamp = Stamp(SERVICE, at, at.date())
    command = seeing(US80_1, region, "FIELD_AUDIT", gps=gps)
    return past.when(lambda log: observe_scan(log, stamp, command))


def test_r10_two_sightings_farther_apart_than_anybody_travels_in_a_day():
    past = seen_at(bought(US80_1), SHANGHAI_GPS, "310100", 0).past

    found = alert(seen_at(past, CHENGDU_GPS, "510100", 24))

    assert (found.rule, found.note) == ("R10", "1660 km within 24 h of 310100")
    assert (points(found), found.score) == ([75, 20, 10, 10, -4], 100)
    assert (found.suspect_dealer, found.victim_dealer) == ("D05", "D09")


@pytest.mark.parametrize(
    ("gps", "region", "hours"),
    [
        (CHENGDU_GPS, "510100", 24.01),
        ("31.23,111.50", "420500", 1),
        ("31.23,121.47", "510100", 1),
    ],
)
def test_r10_looks_alike_later_or_nearer(gps, region, hours):
    past = seen_at(bought(US80_1), SHANGHAI_GPS, "310100", 0).past

    seen_at(past, gps, region, hours).accepted()

    assert cases(past) == {}


def test_r10_without_positions_the_seats_of_the_provinces_speak():
    past = seen_at(bought(US80_1), None, "310100", 0).past

    seen_at(past, None, "310115", 1).accepted()
    assert cases(past) == {}
    assert rules(seen_at(past, None, "510700", 2)) == ["R10"]


def test_r10_does_not_depend_on_which_sighting_is_told_first():
    past = seen_at(bought(US80_1), CHENGDU_GPS, "510100", 3).past

    assert rules(seen_at(past, SHANGHAI_GPS, "310100", 0)) == ["R10"]


def test_r10_looks_alike_a_day_without_an_hour():
    past = install(bought(US80_1), US80_1, NANJING, on="2026-03-20", told="2026-03-21").past

    done = see(past, US80_1, "510100", on="2026-03-20")

    assert rules(done) == []


def test_r10_by_the_companys_own_thresholds():
    past = thresholds(bought(US80_1), travel_km=2000)
    seen_at(past, SHANGHAI_GPS, "310100", 0).accepted()
    seen_at(past, CHENGDU_GPS, "510100", 1).accepted()
    assert cases(past) == {}

    thresholds(past, travel_km=1000, travel_hours=1)
    assert rules(seen_at(past, SHANGHAI_GPS, "310100", 2)) == ["R10"]


def test_r05_and_r10_of_one_device_are_one_case():
    past = see(used(), US80_1, "320100", on="2026-03-20", hospital="H-NJ-02").past

    done = see(past, US80_1, "510100", on="2026-03-21", hospital="H-CD-05")

    assert (rules(done), done.answer["cases"]) == (["R05"], ["DIV-0001"])
    assert cases(past) == {"DIV-0001": "R05"}


def moved_to(past, place, on):
    moved = RelocateDevice(
        scan=scan("US80", US80_1),
        hospital_id=place[0],
        region_code=place[1],
        moved_on=day(on),
        document_hash="sha256:m",
    )
    return past.when(relocate_device, moved, on=on).accepted()


def test_r05_looks_alike_what_was_seen_before_a_move_and_is_told_after_it():
    past = moved_to(used(), SUZHOU, "2026-03-15")
    see(past, US80_1, "320500", on="2026-03-16", hospital="H-SZ-01").accepted()

    late = register(past, US80_1, NANJING, on="2026-03-12", told="2026-03-18")

    assert rules(late) == []
    assert rules(see(past, US80_1, "320500", on="2026-03-20", hospital="H-SZ-01")) == []


def test_r05_looks_alike_what_was_seen_before_a_return_and_is_told_after_the_next_sale():
    past = inspected(*returned(), "RESTOCK")
    bought(US80_1, dealer="D06", past=past, on="2026-03-11")

    late = register(past, US80_1, NANJING, on="2026-03-05", told="2026-03-18")

    assert rules(late) == []
    assert rules(install(past, US80_1, ("H-HZ-03", "330100"))) == []


def test_r10_looks_alike_what_was_seen_before_a_move_and_is_told_after_it():
    past = moved_to(thresholds(used(), off=("R01",)), ("H-CD-05", "510100"), "2026-03-15")

    late = see(past, US80_1, "320100", on="2026-03-14")

    assert rules(late) == []
    assert rules(see(past, US80_1, "510100", on="2026-03-15")) == []
