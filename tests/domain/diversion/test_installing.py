"""Installing: use is judged in the append that records it, against the rights of that day."""

from decimal import Decimal

import pytest

from domain.cases import case_events
from domain.cases.dealer_conduct import DealerConduct
from domain.channel.dealer_stock import DealerStock
from domain.company.number_series import NumberSeries
from domain.flows.cases.observing import record_installation
from domain.flows.orders.ordering import place_order
from domain.goods import serial_events
from domain.goods.serial_number import SerialNumber
from domain.orders.line_events import LineInstalled
from domain.orders.order import Order
from tests.domain.company import company
from tests.domain.story import (
    US80_1,
    US80_2,
    US80_3,
    at_dealer,
    goods,
    installing,
    of,
    order,
    placed,
    sent,
    signed,
)
from tests.domain.support import day, given, instant, like
from tests.domain.world import DI, ENGINEER

RAISED = (
    NumberSeries.NumberTaken, case_events.AlertRaised, serial_events.CaseLinked,
)  # fmt: skip


FOREIGN = installing(US80_1, "H-HZ-03", "330100")


def install(past, command, on="2026-03-21"):
    return past.when(record_installation, command, by=ENGINEER, on=on)


def alert(done):
    return done.recorded(case_events.AlertRaised)[0].alert


def unit(past, serial=US80_1):
    return past.get(SerialNumber, DI[serial.partition("-")[0]], serial)


def test_use_outside_of_the_territory_raises_the_alarm_in_the_same_append():
    done = install(at_dealer(US80_1), FOREIGN)

    done.then(
        like(serial_events.Installed, hospital="H-HZ-03", dealer="D05"),
        like(DealerStock.UseObserved, hospital="H-HZ-03"),
        *RAISED,
        DealerConduct.UnitAlerted,
    )
    found = alert(done)
    assert (found.rule, found.score, found.severity) == ("R01", 99, "CRITICAL")
    assert [one.points for one in found.parts] == [60, 20, 10, 10, -1]
    assert (found.p_source, found.p_local, found.gap_pct) == (
        Decimal(266000),
        Decimal(277400),
        Decimal("4.11"),
    )
    assert (found.so, found.shp, found.invoice) == ("SO-0001", "SHP-0001", "INV-2603-001")
    assert (found.observed_region, found.observed_hospital, found.observed_on) == (
        "330100",
        "H-HZ-03",
        day("2026-03-21"),
    )
    assert found.due_at == instant("2026-03-22")


def test_the_alert_names_source_suspect_responsible_and_victim():
    found = alert(install(at_dealer(US80_1), FOREIGN))

    assert (found.source_dealer, found.suspect_dealer) == ("D05", "D05")
    assert (found.responsible_dealer, found.victim_dealer) == ("D05", "D06")
    assert (found.authorised_regions, found.territory_version) == (("320000",), 1)


@pytest.mark.parametrize(("hospital", "region"), [("H-NJ-02", "320100"), ("H-SZ-01", "320500")])
def test_lawful_use_raises_nothing(hospital, region):
    past = at_dealer(US80_1)

    install(past, installing(US80_1, hospital, region)).then(
        like(serial_events.Installed, hospital=hospital, installed_on=day("2026-03-21")),
        DealerStock.UseObserved,
    )
    assert (unit(past).state, unit(past).hospital, unit(past).region) == (
        "INSTALLED",
        hospital,
        region,
    )


def test_use_where_nobody_has_exclusive_rights_has_no_victim_and_no_gap():
    found = alert(install(at_dealer(US80_1), installing(US80_1, "H-HZ-03", "430100")))

    assert ([one.points for one in found.parts], found.score) == ([60, 10, -1], 69)
    assert (found.victim_dealer, found.p_local, found.gap_pct) == (None, None, None)


def test_use_that_is_reported_again_is_evidence_in_the_same_case():
    past = install(at_dealer(US80_1), FOREIGN).accepted()

    again = installing(US80_1, "H-HZ-03", "330100", source="WARRANTY_REGISTRATION")
    install(past, again).then(serial_events.Observed, like(case_events.EvidenceAdded, rule="R01"))


def test_a_device_that_was_lawfully_installed_and_turns_up_elsewhere_raises_the_alarm():
    past = install(at_dealer(US80_1), installing(US80_1, "H-NJ-02", "320100")).accepted()

    done = install(past, FOREIGN)

    assert [one.alert.rule for one in done.recorded(case_events.AlertRaised)] == ["R05", "R01"]


def test_a_device_that_is_installed_elsewhere_before_its_paper_came_raises_the_alarm():
    past = sent(placed(of("US80", 1)), "SHP-0001", goods("SO-0001", 1, "US80", US80_1))

    done = install(past, FOREIGN)

    assert [one.alert.rule for one in done.recorded(case_events.AlertRaised)] == ["R01"]


def test_an_installation_that_the_register_contradicts_is_kept_as_a_sighting():
    past = given(company())

    done = install(past, FOREIGN)

    done.then(like(serial_events.Observed, register_state="IN_STOCK"), *RAISED)
    assert (alert(done).rule, alert(done).score) == ("R03", 99)
    assert (unit(past).state, unit(past).hospital) == ("IN_STOCK", None)


def test_the_third_unit_of_a_dealer_in_30_days_scores_10_more():
    past = at_dealer(US80_1, US80_2, US80_3)
    place = ("H-HZ-03", "430100")

    scores = [
        alert(install(past, installing(serial, *place, installed_at=day(on)), on=on)).score
        for serial, on in ((US80_1, "2026-03-06"), (US80_2, "2026-03-20"), (US80_3, "2026-04-05"))
    ]

    assert scores == [69, 69, 79]


def test_a_unit_of_more_than_30_days_ago_does_not_count():
    past = at_dealer(US80_1, US80_2, US80_3)

    scores = [
        alert(
            install(past, installing(serial, "H-HZ-03", "430100", installed_at=day(on)), on=on)
        ).score
        for serial, on in ((US80_1, "2026-03-06"), (US80_2, "2026-03-20"), (US80_3, "2026-04-06"))
    ]

    assert scores == [69, 69, 69]


def test_an_installed_device_moves_its_order_on():
    wish = order("D04", of("CT64", 1, "2240000"), end_customer_id="H-SH-01")
    past = given(company()).when(place_order, wish).accepted()
    sent(past, "SHP-0001", goods("SO-0001", 1, "CT64", "CT64-25-0103"))
    signed(past, "SHP-0001")
    assert past.get(Order, "SO-0001").state == "DELIVERED"

    install(past, installing("CT64-25-0103", "H-SH-01", "310100")).then(
        serial_events.Installed,
        like(DealerStock.UseObserved, hospital="H-SH-01"),
        like(LineInstalled, line_no=1, serial="CT64-25-0103", state="INSTALLED"),
    )
