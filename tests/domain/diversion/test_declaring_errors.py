"""Declaring errors: what was entered wrongly stays in the log, and nothing relies on it any more."""

import pytest

from domain.cases import case_events
from domain.channel.dealer_stock import DealerStock
from domain.flows.cases.revoking import DeclareError, declare_error
from domain.goods import serial_events
from domain.goods.serial_number import SerialNumber
from domain.kernel.refusal import NotFound, ValidationFailed
from tests.domain.diversion.steps import (
    CHENGDU,
    HANGZHOU,
    NANJING,
    SUZHOU,
    bought,
    case,
    cases,
    install,
    register,
    report,
    rules,
    sale,
    see,
    serve,
    unit,
)
from tests.domain.story import US80_1
from tests.domain.supply.steps import came_back, item
from tests.domain.world import DI

LATER = "2026-03-25"


def declare(past, version, serial=US80_1, document="sha256:e", reason="DID_NOT_OCCUR"):
    command = DeclareError(
        di=DI["US80"], serial=serial, version=version, reason=reason, document_hash=document
    )
    return past.when(declare_error, command, on=LATER)


def last(past, kind):
    """Version of the device's last event of a type."""
    stream = f"Serial/{DI['US80']}/{US80_1}"
    return max(
        version
        for name, version, event in past.log.journal
        if name == stream and isinstance(event, kind)
    )


def standing(past):
    one = unit(past, US80_1)
    return one.state, one.dealer, one.hospital, one.region


AT_DEALER = ("AT_DEALER", "D05", None, None)
SOLD = ("SOLD", "D05", "H-NJ-02", "320100")


def test_an_installation_that_did_not_occur_puts_the_device_back_and_clears_the_case():
    past = install(bought(US80_1), US80_1, HANGZHOU).past
    assert standing(past) == ("INSTALLED", "D05", "H-HZ-03", "330100")

    done = declare(past, last(past, serial_events.Installed))

    assert standing(past) == AT_DEALER
    assert past.get(DealerStock, "D05").balance("US80/") == 1
    (told,) = done.recorded(serial_events.ErrorDeclared)
    assert (told.corrects, told.reason, told.document_hash) == (
        last(past, serial_events.Installed),
        "DID_NOT_OCCUR",
        "sha256:e",
    )
    (withdrawn,) = done.recorded(case_events.EvidenceWithdrawn)
    assert withdrawn.sighting.hospital == "H-HZ-03"
    assert (len(case(past).evidence), case(past).counted, case(past).regions()) == (1, [], set())


def test_a_device_that_was_put_back_is_installed_where_it_really_is():
    past = install(bought(US80_1), US80_1, HANGZHOU).past
    declare(past, last(past, serial_events.Installed)).accepted()

    done = install(past, US80_1, NANJING, on="2026-03-26")

    assert rules(done) == []
    assert standing(past) == ("INSTALLED", "D05", "H-NJ-02", "320100")


def test_a_sale_that_did_not_occur_puts_the_device_back_at_its_seller():
    past = report(bought(US80_1), "D05", sale("H-NJ-02", US80_1)).past
    assert standing(past) == SOLD

    declare(past, last(past, serial_events.SoldOn)).accepted()

    assert standing(past) == AT_DEALER
    assert past.get(DealerStock, "D05").balance("US80/") == 1


def test_an_installation_after_a_sale_puts_the_device_back_to_the_sale():
    past = report(bought(US80_1), "D05", sale("H-NJ-02", US80_1, "2026-03-20")).past
    install(past, US80_1, SUZHOU).accepted()

    declare(past, last(past, serial_events.Installed), reason="INCORRECT_DATA").accepted()

    assert standing(past) == SOLD
    stock = past.get(DealerStock, "D05")
    assert (stock.balance("US80/"), stock.held) == (0, {})


def test_who_sold_a_device_by_mistake_did_not_sell_it():
    past = report(bought(US80_1), "D05", sale("H-NJ-02", US80_1)).past
    declare(past, last(past, serial_events.SoldOn)).accepted()
    install(past, US80_1, NANJING, on="2026-03-26").accepted()

    done = report(past, "D06", sale("H-NJ-02", US80_1, "2026-03-27"))

    assert rules(done) == ["R06"]


def test_who_sold_a_device_has_sold_it_though_its_installation_did_not_occur():
    past = report(bought(US80_1), "D05", sale("H-NJ-02", US80_1, "2026-03-20")).past
    install(past, US80_1, NANJING).accepted()
    declare(past, last(past, serial_events.Installed)).accepted()

    done = report(past, "D06", sale("H-NJ-02", US80_1, "2026-03-27"))

    assert rules(done) == ["R06", "R05"]


def test_a_device_that_something_moved_since_stays_where_it_is():
    past = report(bought(US80_1), "D05", sale("H-NJ-02", US80_1, "2026-03-20")).past
    install(past, US80_1, SUZHOU).accepted()

    done = declare(past, last(past, serial_events.SoldOn))

    (told,) = done.recorded(serial_events.ErrorDeclared)
    assert told.standing is None
    assert standing(past) == ("INSTALLED", "D05", "H-SZ-01", "320500")


@pytest.mark.parametrize(
    ("tell", "kind"),
    [
        (lambda past: see(past, US80_1, "510100", hospital="H-CD-05"), serial_events.Observed),
        (lambda past: serve(past, US80_1, CHENGDU), serial_events.ServiceAsked),
        (lambda past: register(past, US80_1, CHENGDU), serial_events.Observed),
    ],
)
def test_a_sighting_that_was_wrong_is_forgotten_by_the_rules_and_withdrawn(tell, kind):
    past = install(bought(US80_1), US80_1, NANJING, on="2026-03-10").past
    tell(past).accepted()
    found = list(cases(past))
    assert found

    declare(past, last(past, kind)).accepted()

    assert all(one.counted == [] for one in (case(past, name) for name in found))
    assert [one.sighting.hospital for one in unit(past, US80_1).sights] == ["H-NJ-02"]
    assert rules(see(past, US80_1, "320100", on="2026-03-26", hospital="H-NJ-02")) == []
    assert standing(past) == ("INSTALLED", "D05", "H-NJ-02", "320100")


def test_other_sightings_of_the_case_still_count():
    past = install(bought(US80_1), US80_1, HANGZHOU).past
    wrong = last(past, serial_events.Installed)
    register(past, US80_1, HANGZHOU, on="2026-03-22").accepted()

    declare(past, wrong).accepted()

    assert [one.source for one in case(past).counted] == ["WARRANTY_REGISTRATION"]
    assert case(past).known.rule == "R01"


def test_an_error_is_declared_once():
    past = install(bought(US80_1), US80_1, HANGZHOU).past
    wrong = last(past, serial_events.Installed)
    declare(past, wrong).accepted()

    declare(past, wrong).refuses(ValidationFailed, ValidationFailed)
    assert standing(past) == AT_DEALER


def test_what_we_did_ourselves_stays_done():
    past = bought(US80_1)
    for kind in (serial_events.Shipped, serial_events.Delivered, serial_events.Registered):
        declare(past, last(past, kind)).refuses(ValidationFailed, field="version")
    rma_of = came_back(past, item("US80", serial=US80_1), on="2026-03-20")

    declare(past, last(past, serial_events.Returned)).refuses(ValidationFailed)
    assert (unit(past, US80_1).state, rma_of) == ("QUARANTINED", "RMA-0001")


def test_an_error_has_a_device_an_event_and_a_document():
    past = install(bought(US80_1), US80_1, HANGZHOU).past

    declare(past, 99).refuses(ValidationFailed, field="version")
    declare(past, 1, serial="US80-26-9999").refuses(NotFound)
    declare(past, last(past, serial_events.Installed), document=" ").refuses(
        ValidationFailed, field="document_hash"
    )


def test_the_wrong_event_stays_in_the_log():
    past = install(bought(US80_1), US80_1, HANGZHOU).past
    declare(past, last(past, serial_events.Installed)).accepted()

    mine = [event for name, _, event in past.log.journal if name.endswith(US80_1)]
    assert serial_events.Installed in [type(one) for one in mine]
    fresh = SerialNumber.of(DI["US80"], US80_1)
    for event in mine:
        fresh.fold(event)
    assert fresh == unit(past, US80_1)
