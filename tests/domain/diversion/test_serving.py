"""Serving: a hospital is served whatever we know of its device, and told whether warranty pays."""

import pytest

from domain.company.number_series import NumberSeries
from domain.company.refusals import NumberTaken
from domain.flows.cases.serving import (
    MarkWarrantyExpired,
    RegisterWarranty,
    RequestService,
    mark_warranty_expired,
    register_warranty,
    request_service,
)
from domain.goods import serial_events
from domain.goods.refusals import SerialRequired, UdiCheckDigit, UdiUnknownDi
from domain.goods.serial_number import SerialNumber
from domain.goods.udi import Scan
from domain.kernel.refusal import FutureDated, NotFound, ValidationFailed
from tests.domain.diversion.steps import (
    HANGZHOU,
    NANJING,
    ON,
    add,
    bought,
    case,
    cases,
    install,
    register,
    rules,
    serve,
    unit,
    world,
)
from tests.domain.story import US80_1, scan
from tests.domain.support import day, fact, like
from tests.domain.world import BY, DI, ENGINEER

GHOST = "US80-26-9999"
LAST = "2028-03-25"


def happened(past, *events):
    return add(past, *(fact(SerialNumber, DI["US80"], US80_1, one) for one in events))


def in_service(since="2026-03-26", until=LAST):
    past = install(bought(US80_1), US80_1, NANJING).past
    days = {"warranty_from": since and day(since), "warranty_to": until and day(until)}
    return happened(
        past,
        serial_events.Accepted(
            *BY,
            document="INS-0001",
            accepted_at=day("2026-03-26"),
            signatory="head of radiology",
            **days,
        ),
    )


def recalled(past):
    return happened(past, serial_events.RecallFlagged(*BY, recall="RC-1"))


def scrapped(past):
    return happened(past, serial_events.Scrapped(*BY, document="QA-1", reason="drop"))


def diverted():
    return install(bought(US80_1), US80_1, HANGZHOU).past


DEVICES = {
    "sold": (lambda: bought(US80_1), US80_1),
    "diverted": (diverted, US80_1),
    "recalled": (lambda: recalled(in_service()), US80_1),
    "diverted and recalled": (lambda: recalled(diverted()), US80_1),
    "scrapped": (lambda: scrapped(world()), US80_1),
    "on our shelf": (world, US80_1),
    "unknown": (world, GHOST),
}


@pytest.mark.parametrize("kind", ["CONSULT", "REPAIR", "COMPLAINT", "MAINTENANCE", "ADVERSE_EVENT"])
@pytest.mark.parametrize("device", DEVICES)
def test_service_is_never_refused_for_what_we_know_of_a_device(device, kind):
    past, serial = DEVICES[device]

    done = serve(past(), serial, HANGZHOU, kind=kind)

    (asked,) = done.recorded(serial_events.ServiceAsked)
    assert (asked.kind, asked.request) == (kind, done.answer["request"])


def test_a_request_is_a_sighting_with_a_number():
    past = bought(US80_1)

    done = serve(past, US80_1, NANJING)

    done.then(
        NumberSeries.NumberTaken,
        like(serial_events.ServiceAsked, request="SR-0001", under_warranty=False),
    )
    (seen,) = unit(past, US80_1).sights
    assert (seen.sighting.source, seen.sighting.hospital, str(seen.sighting.weight)) == (
        "SERVICE_REQUEST",
        "H-NJ-02",
        "0.7",
    )
    assert done.answer == {
        "di": DI["US80"],
        "serial": US80_1,
        "state": "AT_DEALER",
        "case": None,
        "cases": [],
        "request": "SR-0001",
        "under_warranty": False,
        "warranty_to": None,
    }


@pytest.mark.parametrize(
    ("on", "pays"),
    [("2026-03-25", False), ("2026-03-26", True), (LAST, True), ("2028-03-26", False)],
)
def test_warranty_pays_from_its_first_day_to_its_last(on, pays):
    done = serve(in_service(), US80_1, NANJING, on=on)

    assert (done.answer["under_warranty"], done.answer["warranty_to"]) == (pays, day(LAST))
    (asked,) = done.recorded(serial_events.ServiceAsked)
    assert asked.under_warranty is pays


def test_warranty_pays_for_a_diverted_and_for_a_recalled_device():
    past = recalled(in_service())
    assert rules(serve(past, US80_1, HANGZHOU, on="2026-04-01")) == ["R05"]

    again = serve(past, US80_1, HANGZHOU, on="2026-04-02")

    assert again.answer["under_warranty"] is True
    assert unit(past, US80_1).recall == "RC-1"


def test_warranty_pays_nothing_for_a_device_without_one_or_that_nobody_knows():
    assert serve(in_service(None, None), US80_1, NANJING).answer["under_warranty"] is False
    assert serve(world(), GHOST, NANJING).answer["under_warranty"] is False


def test_a_request_for_a_number_that_nobody_knows_is_taken_and_raises_r04_once():
    past = world()

    done = serve(past, GHOST, HANGZHOU)
    serve(past, GHOST, HANGZHOU, on="2026-03-22").accepted()

    assert (rules(done), done.answer["state"], done.answer["case"]) == (
        ["R04"],
        "UNKNOWN",
        "DIV-0001",
    )
    assert (cases(past), len(case(past).evidence)) == ({"DIV-0001": "R04"}, 2)
    assert unit(past, GHOST).sku == "US80"


def requesting(past, label, hospital="H-NJ-02", region="320100", **more):
    told = {"kind": "REPAIR"} | more
    command = RequestService(scan=label, hospital_id=hospital, region_code=region, **told)
    return past.when(request_service, command, by=ENGINEER, on=ON)


def test_only_errors_of_form_are_refused():
    past, good = bought(US80_1), scan("US80", US80_1)

    requesting(past, scan("US80", lot="L1")).refuses(SerialRequired)
    requesting(past, Scan(di="06970012340034", serial="1")).refuses(UdiCheckDigit)
    requesting(past, Scan(di="06970012349999", serial="1")).refuses(UdiUnknownDi)
    requesting(past, good, "H-XX", "Nanjing").refuses(ValidationFailed, ValidationFailed)
    requesting(past, good, sr_id=" ").refuses(ValidationFailed)


def test_a_request_keeps_the_number_that_it_brings_and_nobody_gets_it_twice():
    past, good = bought(US80_1), scan("US80", US80_1)

    assert requesting(past, good, sr_id="SR-0007").answer["request"] == "SR-0007"
    requesting(past, good, sr_id="SR-0007").refuses(NumberTaken)


def test_a_registration_for_warranty_is_a_sighting_of_use_and_moves_nothing():
    past = bought(US80_1)

    done = register(past, US80_1, NANJING)

    done.then(like(serial_events.Observed, register_state="AT_DEALER"))
    assert (done.answer["case"], unit(past, US80_1).hospital) == (None, None)


def test_a_registration_names_a_device_a_hospital_and_a_day_of_the_past():
    past = bought(US80_1)

    def registering(label, hospital="H-NJ-02", on=ON):
        command = RegisterWarranty(
            scan=label, hospital_id=hospital, region_code="320100", registered_at=day(on)
        )
        return past.when(register_warranty, command, on=ON)

    registering(scan("US80", lot="L1")).refuses(SerialRequired)
    registering(scan("US80", US80_1), "H-XX").refuses(ValidationFailed)
    registering(scan("US80", US80_1), on="2026-03-22").refuses(FutureDated)
    registering(scan("US80", GHOST)).accepted()
    assert cases(past) == {"DIV-0001": "R04"}


def test_the_end_of_a_warranty_is_noted_once_and_only_when_it_is_over():
    past = in_service()
    command = MarkWarrantyExpired(di=DI["US80"], serial=US80_1)

    assert past.when(mark_warranty_expired, command, on=LAST).answer["over"] is False
    past.when(mark_warranty_expired, command, on="2028-03-26").then(
        like(serial_events.WarrantyExpired, warranty_to=day(LAST))
    )
    past.when(mark_warranty_expired, command, on="2028-03-27").then()
    gone = MarkWarrantyExpired(di=DI["US80"], serial=GHOST)
    past.when(mark_warranty_expired, gone).refuses(NotFound)
