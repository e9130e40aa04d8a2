"""R03, R04 and R15: seen in the market while it is with us, given back, or nobody's that we know."""

import pytest

from domain.flows.goods.crediting import CreditReturn, credit_return
from domain.flows.goods.disposing import InspectReturn, inspect_return
from domain.goods import serial_events
from domain.goods.goods_return import Disposed
from domain.goods.serial_number import SerialNumber
from tests.domain.diversion.steps import (
    HANGZHOU,
    LOT,
    NANJING,
    add,
    alert,
    bought,
    boxes,
    case,
    cases,
    install,
    points,
    register,
    report,
    rules,
    sale,
    see,
    see_lot,
    serve,
    unit,
    world,
)
from tests.domain.story import US80_1, goods, of, placed, sent
from tests.domain.supply.steps import QUALITY, came_back, item
from tests.domain.support import day, fact, instant
from tests.domain.world import BY, DI, SETUP

GHOST = "US80-26-9999"


def happened(serial, *events):
    return [fact(SerialNumber, DI[serial.partition("-")[0]], serial, one) for one in events]


MADE = serial_events.Registered(
    *BY, sku="US80", manufacture_date=day("2026-02-20"), registration_no="REG-US80"
)
APART = serial_events.Quarantined(*BY, warehouse="WH-SH", cause="QC", document="QA-1")
AWAY = {
    "MADE": ("US80-26-0100", MADE),
    "RESERVED": (US80_1, serial_events.Reserved(*BY, warehouse="WH-SH", so="SO-0001")),
    "IN_TRANSFER": (US80_1, serial_events.Dispatched(*BY, warehouse="WH-SH", to="TO-0001")),
    "QUARANTINED": (US80_1, APART),
    "SCRAPPED": (US80_1, serial_events.Scrapped(*BY, document="QA-1", reason="drop")),
}


@pytest.mark.parametrize("state", AWAY)
def test_r03_seen_in_the_market_while_the_register_says_that_it_is_with_us(state):
    serial, event = AWAY[state]
    past = add(world(), *happened(serial, event))

    found = alert(see(past, serial, "430100"))

    assert (found.rule, found.register_state, found.severity) == ("R03", state, "CRITICAL")
    assert (points(found), found.score) == ([90, 10, -4], 96)
    assert unit(past, serial).state == state


@pytest.mark.parametrize(
    "seen",
    [
        lambda past: install(past, US80_1, HANGZHOU),
        lambda past: register(past, US80_1, HANGZHOU),
        lambda past: serve(past, US80_1, HANGZHOU),
        lambda past: report(past, "D06", sale("H-HZ-03", US80_1)),
        lambda past: see(past, US80_1, "330100"),
    ],
)
def test_r03_whoever_sees_a_device_of_our_shelf_and_nobody_is_accused(seen):
    found = alert(seen(world()))

    assert (found.rule, found.register_state, found.register_warehouse) == (
        "R03",
        "IN_STOCK",
        "WH-SH",
    )
    assert (found.source_dealer, found.suspect_dealer, found.victim_dealer) == (None, None, None)
    assert (found.p_source, found.p_local, found.shp) == (None, None, None)


def test_r03_looks_alike_a_device_on_its_way_or_at_its_dealer_or_in_use():
    on_its_way = sent(
        placed(of("US80", 1), past=world()), "SHP-0001", goods("SO-0001", 1, "US80", US80_1)
    )
    for past in (on_its_way, bought(US80_1), install(bought(US80_1), US80_1, NANJING).past):
        see(past, US80_1, "320100", hospital=None).accepted()
        assert cases(past) == {}


def test_r03_looks_alike_a_device_that_we_gave_up():
    past = add(world(), *happened(US80_1, serial_events.Lost(*BY, document="C", reason="gone")))

    see(past, US80_1, "430100").accepted()

    assert cases(past) == {}


@pytest.mark.parametrize(
    ("seen", "weight", "score"),
    [
        (lambda past: see(past, GHOST, "510100"), "0.8", 76),
        (lambda past: serve(past, GHOST, HANGZHOU), "0.7", 74),
        (lambda past: install(past, GHOST, HANGZHOU), "0.95", 79),
        (lambda past: report(past, "D06", sale("H-HZ-03", GHOST)), "0.8", 76),
    ],
)
def test_r04_a_number_that_nobody_knows_whoever_tells_of_it(seen, weight, score):
    found = alert(seen(world()))

    assert (found.rule, found.severity, str(found.weight)) == ("R04", "HIGH", weight)
    assert (points(found), found.score) == ([70, 10, score - 80], score)
    assert (found.source_dealer, found.responsible_dealer, found.victim_dealer) == (None,) * 3
    assert (found.di, found.serial) == (DI["US80"], GHOST)


def test_r04_the_same_number_under_another_device_identifier_is_another_device():
    past = add(world(), *happened("P5-26-0009", MADE))

    assert rules(see(past, "P5-26-0010", "430100")) == ["R04"]
    assert rules(see(past, "P5-26-0009", "430100")) == ["R03"]


def test_r04_a_lot_that_its_product_never_had():
    past = boxes(10)

    see_lot(past, "320100", lot="GHOST").accepted()

    found = case(past).known
    assert (found.rule, found.lot, found.serial, found.sku) == ("R04", "GHOST", "", "INJ")
    assert (points(found), found.score, found.severity) == ([70, -4], 66, "MEDIUM")


@pytest.mark.parametrize(
    "told",
    [
        lambda past: see_lot(past, "510100", lot="GHOST"),
        lambda past: report(past, "D05", sale("H-CD-05", lot="GHOST", qty=1)),
    ],
)
def test_r04_a_lot_that_nobody_knows_is_no_lot_that_came_from_elsewhere(told):
    assert rules(told(boxes(10))) == ["R04"]


def test_r04_looks_alike_a_lot_that_was_made():
    past = boxes(10)

    see_lot(past, "320100", lot=LOT).accepted()

    assert cases(past) == {}


def returned(*, credited=True):
    """D05's device came back, and its money went."""
    past = bought(US80_1)
    rma = came_back(past, item("US80", serial=US80_1), on="2026-03-08")
    if credited:
        command = CreditReturn(rma_id=rma, invoice="INV-2603-001", red_info_no="RED-1")
        past.when(credit_return, command, on="2026-03-09").accepted()
    return past, rma


def inspected(past, rma, disposition):
    one = Disposed(sku="US80", serial=US80_1, disposition=disposition)
    command = InspectReturn(rma_id=rma, items=(one,), report_hash="sha256:q")
    return past.when(inspect_return, command, by=QUALITY, on="2026-03-10").accepted()


def test_r15_a_device_that_was_given_back_for_money_and_is_seen_in_use():
    past, _ = returned()

    found = alert(install(past, US80_1, HANGZHOU))

    assert (found.rule, found.register_state, found.severity) == ("R15", "QUARANTINED", "CRITICAL")
    assert (points(found), found.score) == ([90, 10, -1], 99)
    assert (found.source_dealer, found.suspect_dealer, found.victim_dealer) == ("D05", "D05", None)
    assert found.responsible_dealer == "D05"


def test_r15_a_device_that_was_given_back_and_scrapped():
    found = alert(see(inspected(*returned(), "SCRAP"), US80_1, "330100"))

    assert (found.rule, found.register_state, found.source_dealer) == ("R15", "SCRAPPED", "D05")


def test_r15_looks_alike_a_return_that_was_not_credited_is_r03():
    past, _ = returned(credited=False)

    found = alert(see(past, US80_1, "330100"))

    assert (found.rule, found.register_state, found.source_dealer) == ("R03", "QUARANTINED", None)


def test_r15_looks_alike_a_device_that_was_given_back_and_sold_again():
    past = inspected(*returned(), "RESTOCK")
    bought(US80_1, dealer="D06", past=past, on="2026-03-11")

    install(past, US80_1, HANGZHOU).accepted()

    assert cases(past) == {}


def test_r15_a_device_that_its_next_dealer_sent_back_is_not_the_matter_of_an_earlier_one():
    past = inspected(*returned(), "RESTOCK")
    bought(US80_1, dealer="D06", past=past, on="2026-03-11")
    assert unit(past, US80_1).credited_to is None
    back = {"warehouse": "WH-SH", "document": "RMA-0002", "dealer": "D06"}
    event = serial_events.Returned(SETUP, instant("2026-03-13"), **back)
    add(past, *happened(US80_1, event))

    found = alert(see(past, US80_1, "330100"))

    assert (found.rule, found.source_dealer, found.suspect_dealer) == ("R03", None, None)
