"""Leave to sell elsewhere: used up before anything is explained, never for more than it says."""

import pytest

from domain.channel.book import Buyer
from domain.flows.cases.ruling import RecordEmergency, record_emergency
from domain.flows.parties.granting import CloseException, close_exception
from domain.parties import dealer_events
from domain.parties.dealer import Dealer
from tests.domain.diversion.steps import (
    CHANGSHA,
    CHENGDU,
    HANGZHOU,
    LOT,
    NANJING,
    SUZHOU,
    alert,
    bought,
    boxes,
    cases,
    explained,
    install,
    leave,
    points,
    register,
    report,
    rules,
    sale,
    see_lot,
    thresholds,
)
from tests.domain.story import US80_1, US80_2, US80_3
from tests.domain.support import day
from tests.domain.world import MGR_EAST

P5_5, P5_6 = "P5-26-0005", "P5-26-0006"


def used(done):
    """What was consumed, as it is told: of what, how much, how far it is used up."""
    return [
        (one.exception, one.ref, one.qty, f"{one.used}/{one.qty_max}")
        for one in done.recorded(dealer_events.ExceptionConsumed)
    ]


def left(past, dealer="D05", no="EX-1"):
    return past.get(Dealer, dealer).remaining(no)


@pytest.mark.parametrize(
    "use",
    [
        lambda past: install(past, US80_1, HANGZHOU),
        lambda past: register(past, US80_1, HANGZHOU),
        lambda past: report(past, "D05", sale("H-HZ-03", US80_1)),
    ],
)
def test_use_under_an_exception_consumes_it_and_raises_nothing(use):
    past = leave(bought(US80_1), qty=2)

    done = use(past)

    assert used(done) == [("EX-1", f"US80/{US80_1}", 1, "1/2")]
    assert (cases(past), left(past)) == ({}, 1)
    (record,) = done.recorded(dealer_events.ExceptionConsumed)
    assert record.by.user == "system:diversion"


def test_inv_dl_5_an_exception_lets_no_more_pass_than_its_quantity():
    past = leave(bought(US80_1, US80_2, US80_3), qty=2)

    done = [install(past, one, HANGZHOU) for one in (US80_1, US80_2, US80_3)]

    assert [used(one) for one in done] == [
        [("EX-1", f"US80/{US80_1}", 1, "1/2")],
        [("EX-1", f"US80/{US80_2}", 1, "2/2")],
        [],
    ]
    assert [rules(one) for one in done] == [[], [], ["R01"]]
    assert left(past) == 0


def test_golden_one_exception_for_one_device_and_the_next_is_an_alarm_of_66():
    past = leave(
        bought(P5_5, P5_6, dealer="D04"), dealer="D04", no="EX-2026-003", region_code="320500"
    )
    first = install(past, P5_5, SUZHOU, source="FIELD_AUDIT")
    second = install(past, P5_6, SUZHOU, source="FIELD_AUDIT")

    assert (used(first), rules(first)) == ([("EX-2026-003", f"P5/{P5_5}", 1, "1/1")], [])
    found = alert(second)
    assert (found.rule, found.score, found.severity) == ("R01", 66, "MEDIUM")
    assert points(found) == [60, 20, 10, -20, -4]
    assert (found.source_dealer, found.victim_dealer, str(found.gap_pct)) == ("D04", "D05", "0.00")
    assert (found.exception_id, found.exception_state) == ("EX-2026-003", "EXHAUSTED")
    assert cases(past) == {"DIV-0001": "R01"}


def test_where_the_territory_covers_a_place_its_exception_is_not_consumed():
    past = leave(bought(US80_1), region_code="320000")

    assert used(install(past, US80_1, NANJING)) == []
    assert left(past) == 1


def test_an_exception_comes_before_every_explanation():
    past = leave(bought(US80_1, US80_2))
    ordered = {"product_line": "ULTRASOUND", "region_code": "330000", "document_hash": "sha256:g"}
    days = {"valid_from": day("2026-03-01"), "valid_to": day("2026-03-31")}
    past.when(record_emergency, RecordEmergency(no="GOV-1", **ordered, **days)).accepted()

    first, second = (install(past, one, HANGZHOU) for one in (US80_1, US80_2))

    assert (used(first), explained(first)) == ([("EX-1", f"US80/{US80_1}", 1, "1/1")], [])
    assert (used(second), explained(second)) == ([], ["EMERGENCY"])


@pytest.mark.parametrize(
    "terms",
    [
        {"region_code": "330100"},
        {"region_code": None, "hospital": "H-HZ-03"},
        {"product_line": None, "sku": "US80"},
        {"valid_from": day("2026-03-21"), "valid_to": day("2026-03-21")},
    ],
)
def test_an_exception_speaks_of_a_region_or_a_hospital_a_line_or_a_product_and_days(terms):
    past = leave(bought(US80_1), **terms)

    assert len(used(install(past, US80_1, HANGZHOU))) == 1


@pytest.mark.parametrize(
    "terms",
    [
        {"region_code": "340000"},
        {"region_code": "330200"},
        {"region_code": None, "hospital": "H-SH-01"},
        {"product_line": "IMAGING"},
        {"product_line": None, "sku": "P5"},
        {"valid_from": day("2026-03-22")},
        {"dealer": "D04"},
    ],
)
def test_an_exception_for_another_place_thing_day_or_dealer_is_none(terms):
    past = leave(bought(US80_1), **terms)

    found = alert(install(past, US80_1, HANGZHOU))

    assert (found.exception_id, points(found)) == (None, [60, 20, 10, 10, -1])
    assert left(past, terms.get("dealer", "D05")) == 1


@pytest.mark.parametrize(
    ("on", "state", "parts"),
    [
        ("2026-03-20", None, None),
        ("2026-03-21", "EXPIRED", [60, 20, 10, 10, -20, -1]),
        ("2026-04-19", "EXPIRED", [60, 20, 10, 10, -20, -1]),
        ("2026-04-20", None, [60, 20, 10, 10, -1]),
    ],
)
def test_an_exception_that_expired_in_the_last_30_days_takes_20_points(on, state, parts):
    past = leave(bought(US80_1), valid_to=day("2026-03-20"))

    done = install(past, US80_1, HANGZHOU, on=on)

    if parts is None:
        assert (rules(done), left(past)) == ([], 0)
    else:
        found = alert(done)
        assert (points(found), found.exception_state, left(past)) == (parts, state, 1)


def test_an_exception_that_was_closed_lets_nothing_pass():
    past = leave(bought(US80_1))
    command = CloseException(dealer_id="D05", exception="EX-1", reason="not needed")
    past.when(close_exception, command, by=MGR_EAST, on="2026-03-10").accepted()

    found = alert(install(past, US80_1, HANGZHOU))

    assert (found.exception_id, found.exception_state) == ("EX-1", "EXPIRED")


def test_a_second_exception_is_used_when_the_first_is_used_up():
    past = leave(leave(bought(US80_1, US80_2)), no="EX-2")

    done = [install(past, one, HANGZHOU) for one in (US80_1, US80_2)]

    assert [used(one)[0][0] for one in done] == ["EX-1", "EX-2"]
    assert cases(past) == {}


def test_a_device_uses_an_exception_once_however_often_its_use_is_told():
    past = leave(bought(US80_1), qty=3)

    done = [
        report(past, "D05", sale("H-HZ-03", US80_1)),
        install(past, US80_1, HANGZHOU, on="2026-03-22"),
        register(past, US80_1, HANGZHOU, on="2026-03-25"),
    ]

    assert [len(used(one)) for one in done] == [1, 0, 0]
    assert (cases(past), left(past)) == ({}, 2)


def test_an_exception_that_is_used_up_still_covers_the_device_that_used_it_and_no_other():
    past = leave(bought(US80_1, US80_2))
    install(past, US80_1, HANGZHOU).accepted()

    assert rules(register(past, US80_1, HANGZHOU, on="2026-03-25")) == []
    assert rules(register(past, US80_2, HANGZHOU, on="2026-03-25")) == ["R01"]


def below(past, *serials):
    """D05 sold devices on to D12, its sub-dealer."""
    for serial in serials:
        report(past, "D05", sale(Buyer(dealer="D12"), serial, "2026-03-10")).accepted()
    return past


def test_a_sub_dealer_sells_by_the_exception_of_its_parent_and_not_the_other_way_round():
    past = leave(leave(bought(US80_1, US80_2)), dealer="D12", no="EX-2", region_code="430000")

    done = install(below(past, US80_1), US80_1, HANGZHOU)

    assert (used(done), rules(done)) == ([("EX-1", f"US80/{US80_1}", 1, "1/1")], [])
    assert rules(install(past, US80_2, CHANGSHA)) == ["R01"]
    assert left(past, "D12", "EX-2") == 1


def test_the_exception_of_the_parent_is_used_when_that_of_its_sub_dealer_is_used_up():
    past = below(leave(leave(bought(US80_1, US80_2)), dealer="D12", no="EX-2"), US80_1, US80_2)

    done = [install(past, one, HANGZHOU) for one in (US80_1, US80_2)]

    assert [[name for name, *_ in used(one)] for one in done] == [["EX-2"], ["EX-1"]]
    assert cases(past) == {}


LOTS = {"product_line": "CONSUMABLES", "region_code": "510000"}


def test_r09_goods_of_a_lot_consume_an_exception_by_their_quantity():
    past = leave(boxes(60), qty=10, **LOTS)

    done = see_lot(past, CHENGDU[1], qty=4, hospital="H-CD-05")

    assert used(done) == [("EX-1", f"INJ/{LOT} at H-CD-05", 4, "4/10")]
    sold = report(past, "D05", sale("H-CD-05", lot=LOT, qty=6))
    assert [one[2:] for one in used(sold)] == [(6, "10/10")]
    assert (cases(past), left(past)) == ({}, 0)


def test_r09_more_than_is_left_of_an_exception_consumes_nothing_of_it():
    past = leave(boxes(60), qty=10, **LOTS)

    done = see_lot(past, CHENGDU[1], qty=11)

    assert (used(done), rules(done), left(past)) == ([], ["R09"], 10)


def test_r09_the_exception_of_a_dealer_who_never_had_the_lot_is_none():
    past = leave(boxes(60), qty=10, dealer="D04", **LOTS)

    assert rules(see_lot(past, CHENGDU[1])) == ["R09"]
    assert left(past, "D04") == 10


@pytest.mark.parametrize("rule", ["R01", "R09"])
def test_a_rule_that_is_off_consumes_nothing(rule):
    past = leave(boxes(60, past=bought(US80_1)), qty=5)
    thresholds(leave(past, qty=5, no="EX-2", **LOTS), off=(rule,))

    done = install(past, US80_1, HANGZHOU) if rule == "R01" else see_lot(past, CHENGDU[1])

    assert (used(done), rules(done), explained(done)) == ([], [], [])
    assert (left(past), left(past, no="EX-2")) == (5, 5)
    assert cases(past) == {}


def test_r09_an_exception_that_is_used_up_takes_20_points():
    past = leave(boxes(60), qty=1, **LOTS)
    assert rules(see_lot(past, CHENGDU[1])) == []

    found = alert(see_lot(past, CHENGDU[1], on="2026-03-25"))

    assert (found.rule, points(found)) == ("R09", [50, -20, -4])


def test_r09_an_exception_with_enough_left_is_found_behind_one_without():
    past = leave(leave(boxes(60), qty=1, **LOTS), qty=10, no="EX-2", **LOTS)

    done = see_lot(past, CHENGDU[1], qty=5)

    assert (used(done), rules(done)) == ([("EX-2", f"INJ/{LOT} at 510100", 5, "5/10")], [])
    assert (left(past), left(past, no="EX-2")) == (1, 5)
