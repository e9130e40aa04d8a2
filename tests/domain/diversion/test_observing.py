"""Observing: what was seen is recorded, judged in the same append, and never refused."""

import pytest

from domain.cases import case_events
from domain.cases.diversion_case import DiversionCase
from domain.company.number_series import NumberSeries
from domain.flows.cases.observing import observe_scan, record_installation
from domain.goods import serial_events
from domain.goods.refusals import UdiCheckDigit, UdiMissingPi, UdiUnknownDi
from domain.goods.serial_number import SerialNumber
from domain.goods.udi import Scan
from domain.kernel.refusal import FutureDated, ValidationFailed
from tests.domain.company import company
from tests.domain.story import (
    US80_1,
    at_dealer,
    goods,
    installing,
    of,
    placed,
    seeing,
    sent,
)
from tests.domain.support import day, given, like
from tests.domain.world import DI, ENGINEER

RAISED = (
    NumberSeries.NumberTaken, case_events.AlertRaised, serial_events.CaseLinked,
)  # fmt: skip


def install(past, command, on="2026-03-21"):
    return past.when(record_installation, command, by=ENGINEER, on=on)


def see(past, command, on="2026-03-27"):
    return past.when(observe_scan, command, by=ENGINEER, on=on)


def alert(done):
    return done.recorded(case_events.AlertRaised)[0].alert


def unit(past, serial=US80_1):
    return past.get(SerialNumber, DI[serial.partition("-")[0]], serial)


def test_a_plain_sighting_of_a_sold_device_is_kept_and_raises_nothing():
    see(at_dealer(US80_1), seeing(US80_1, "330100", "FIELD_AUDIT")).then(
        like(serial_events.Observed, register_state="AT_DEALER", sku="US80")
    )


def test_a_device_that_lies_on_our_shelf_and_is_seen_in_the_market_raises_r03():
    past = given(company())

    done = see(past, seeing("P5-26-0001", "430100", "FIELD_AUDIT"))

    done.then(like(serial_events.Observed, register_state="IN_STOCK"), *RAISED)
    found = alert(done)
    assert (found.rule, found.score, found.severity) == ("R03", 96, "CRITICAL")
    assert (found.register_state, found.register_warehouse) == ("IN_STOCK", "WH-WH")
    assert unit(past, "P5-26-0001").state == "IN_STOCK"


def test_a_device_that_we_never_had_gets_a_stream_that_begins_with_the_sighting():
    past = given(company())

    done = see(past, seeing("US80-26-9999", "510100", "SERVICE_REQUEST", hospital="H-CD-05"))

    done.then(like(serial_events.Observed, register_state="UNKNOWN", sku="US80"), *RAISED)
    found = alert(done)
    assert (found.rule, found.score, found.severity) == ("R04", 74, "HIGH")
    assert (found.source_dealer, found.victim_dealer, found.shp) == (None, None, None)
    stream = f"Serial/{DI['US80']}/US80-26-9999"
    first = next(one for one in past.log.journal if one[0] == stream)
    assert (first[1], type(first[2])) == (1, serial_events.Observed)


def test_what_is_seen_again_is_evidence_in_the_same_case():
    past = given(company())
    see(past, seeing("US80-26-9999", "510100", "SERVICE_REQUEST")).accepted()

    see(past, seeing("US80-26-9999", "330100", "FIELD_AUDIT"), on="2026-03-30").then(
        like(serial_events.Observed, register_state="UNKNOWN"),
        like(case_events.EvidenceAdded, rule="R04"),
        like(case_events.AlertRescored, score_before=74, cause="R04 in 330100"),
    )
    assert len(past.get(DiversionCase, "DIV-0001").evidence) == 2


def test_the_same_sighting_is_evidence_once():
    past = given(company())
    see(past, seeing("US80-26-9999", "510100", "SERVICE_REQUEST")).accepted()

    see(past, seeing("US80-26-9999", "510100", "SERVICE_REQUEST")).then(serial_events.Observed)


def test_a_device_that_is_on_its_way_is_not_in_conflict_with_the_register():
    past = sent(placed(of("US80", 1)), "SHP-0001", goods("SO-0001", 1, "US80", US80_1))

    see(past, seeing(US80_1, "320100", "FIELD_AUDIT")).then(
        like(serial_events.Observed, register_state="SHIPPED")
    )


@pytest.mark.parametrize(
    ("label", "refusal"),
    [
        (Scan(di="06970012340034", serial="1"), UdiCheckDigit),
        (Scan(di=DI["US80"]), UdiMissingPi),
        (Scan(di="06970012349999", serial="1"), UdiUnknownDi),
        (Scan(di=DI["US80"], serial=""), ValidationFailed),
        (Scan(), ValidationFailed),
    ],
)
def test_only_a_label_that_names_no_device_is_refused(label, refusal):
    seen = seeing(US80_1, "330100", "FIELD_AUDIT")
    command = type(seen)(**vars(seen) | {"scan": label})

    see(given(company()), command).refuses(refusal)


@pytest.mark.parametrize("region", ["33010", "Hangzhou", "３３０１００", ""])
def test_a_sighting_has_a_place(region):
    see(given(company()), seeing(US80_1, region, "FIELD_AUDIT")).refuses(
        ValidationFailed, field="region_code"
    )


def test_a_report_of_the_future_or_of_nobody_is_refused():
    late = installing(US80_1, "H-XX-99", "330100", source="RUMOUR", installed_at=day("2026-03-22"))

    install(at_dealer(US80_1), late).refuses(ValidationFailed, ValidationFailed, FutureDated)
