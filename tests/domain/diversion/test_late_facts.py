"""Late facts: what is told late is judged by what was true on its day, and moves nothing."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.channel.book import Buyer
from domain.flows.goods.delivering import confirm_delivery
from domain.flows.parties.granting import (
    AmendTerritory,
    GrantTerritory,
    amend_territory,
    grant_territory,
)
from domain.goods import serial_events
from domain.goods.serial_number import SerialNumber
from tests.domain.diversion.steps import (
    CHANGSHA,
    HANGZHOU,
    NANJING,
    SUZHOU,
    alert,
    bought,
    case,
    cases,
    explained,
    install,
    leave,
    points,
    register,
    report,
    rules,
    sale,
    see,
    serve,
    unit,
    world,
)
from tests.domain.story import US80_1, US80_2, US80_3, goods, of, placed, sent, signing
from tests.domain.supply.steps import came_back, item
from tests.domain.support import day, instant
from tests.domain.world import SETUP, right

SINCE, LATE = "2026-03-12", "2026-03-21"


def returned():
    """D05's device of 3 March came back on the 12th."""
    past = bought(US80_1)
    came_back(past, item("US80", serial=US80_1), on=SINCE)
    return past


def handed_on():
    """D05's device of 3 March is D12's from the 12th on."""
    past = bought(US80_1)
    return report(past, "D05", sale(Buyer(dealer="D12"), US80_1, SINCE)).accepted()


@pytest.mark.parametrize(
    "told",
    [
        lambda past: see(past, US80_1, "320100", on="2026-03-11"),
        lambda past: serve(past, US80_1, NANJING, on="2026-03-11"),
        lambda past: register(past, US80_1, NANJING, on="2026-03-11", told=LATE),
        lambda past: install(past, US80_1, NANJING, on="2026-03-11", told=LATE),
        lambda past: report(past, "D05", sale("H-NJ-02", US80_1, "2026-03-11"), told=LATE),
    ],
)
def test_what_was_seen_of_a_device_before_it_came_back_is_no_conflict(told):
    past = returned()

    told(past).accepted()

    assert cases(past) == {}
    assert (unit(past, US80_1).state, unit(past, US80_1).hospital) == ("QUARANTINED", None)


def test_what_is_seen_of_a_device_after_it_came_back_is_a_conflict():
    assert rules(see(returned(), US80_1, "320100", on="2026-03-13")) == ["R03"]


def test_what_was_seen_of_a_device_before_it_was_sent_is_a_conflict_though_it_was_sent_since():
    past = bought(US80_1)

    found = alert(see(past, US80_1, "320100", on="2026-03-02"))

    assert (found.rule, found.register_state) == ("R03", "IN_STOCK")
    assert unit(past, US80_1).state == "AT_DEALER"


def test_a_late_installation_is_the_matter_of_whoever_had_the_device_then():
    past = returned()

    found = alert(install(past, US80_1, HANGZHOU, on="2026-03-11", told=LATE))

    assert (found.rule, found.observed_on) == ("R01", day("2026-03-11"))
    assert (found.source_dealer, found.suspect_dealer, found.victim_dealer) == ("D05", "D05", "D06")
    assert points(found) == [60, 20, 10, 10, -1]


@pytest.mark.parametrize(("on", "code"), [("2026-03-11", None), (SINCE, "SUBDEALER_OUT_OF_AREA")])
def test_a_device_that_was_sold_on_since_is_judged_by_its_holder_of_the_day(on, code):
    past = handed_on()

    register(past, US80_1, NANJING, on=on, told=LATE).accepted()

    assert [case(past, one).known.code for one in cases(past)] == ([code] if code else [])


def test_a_late_installation_does_not_move_a_device_that_was_sold_on_since():
    past = handed_on()

    done = install(past, US80_1, SUZHOU, on="2026-03-11", told=LATE)

    assert done.answer["state"] == "AT_DEALER"
    assert (unit(past, US80_1).dealer, unit(past, US80_1).hospital) == ("D12", None)
    assert [one.sighting.hospital for one in unit(past, US80_1).sights] == ["H-SZ-01"]


def test_an_installation_of_an_earlier_day_moves_a_device_that_nothing_moved_since():
    past = bought(US80_1)

    install(past, US80_1, NANJING, on="2026-03-11", told=LATE).accepted()

    assert (unit(past, US80_1).state, unit(past, US80_1).hospital) == ("INSTALLED", "H-NJ-02")


def redrawn(past, *regions, since="2026-04-01"):
    granted = msgspec.structs.replace(
        right("ULTRASOUND", *regions), valid_from=day(since), version=2
    )
    command = AmendTerritory(dealer_id="D05", authorisation=granted)
    return past.when(amend_territory, command).accepted()


@pytest.mark.parametrize(
    ("on", "codes"), [("2026-03-31", []), ("2026-04-01", ["TERRITORY_CHANGED"])]
)
def test_what_was_installed_while_the_dealer_had_the_right_needs_no_explanation(on, codes):
    past = redrawn(bought(US80_1), "320500")

    assert explained(install(past, US80_1, NANJING, on=on, told="2026-04-20")) == codes
    assert unit(past, US80_1).state == "INSTALLED"


def test_a_right_that_was_granted_later_heals_nothing():
    past = bought(US80_1, US80_2)
    granted = msgspec.structs.replace(right("ULTRASOUND", "430000"), valid_from=day("2026-04-01"))
    command = GrantTerritory(dealer_id="D05", authorisation=granted)
    past.when(grant_territory, command).accepted()

    assert rules(install(past, US80_1, CHANGSHA, on="2026-03-31", told="2026-04-20")) == ["R01"]
    assert rules(install(past, US80_2, CHANGSHA, on="2026-04-01", told="2026-04-20")) == []


def test_m10_a_changed_territory_changes_no_past_decision():
    past = install(bought(US80_1, US80_2), US80_1, HANGZHOU).past
    install(past, US80_2, NANJING).accepted()
    before = case(past).known

    redrawn(past, "340000")

    assert (case(past).known, cases(past)) == (before, {"DIV-0001": "R01"})


@pytest.mark.parametrize(
    ("on", "raised"), [("2026-03-09", True), ("2026-03-10", False), ("2026-03-20", False)]
)
def test_an_exception_covers_what_was_used_on_its_days_whenever_that_is_told(on, raised):
    past = leave(bought(US80_1), valid_from=day("2026-03-10"), valid_to=day("2026-03-20"))

    done = install(past, US80_1, HANGZHOU, on=on, told="2026-04-20")

    assert rules(done) == (["R01"] if raised else [])


def test_devices_that_were_found_after_the_day_do_not_make_three_in_thirty_days():
    past = bought(US80_1, US80_2, US80_3)
    for serial, on in ((US80_1, "2026-03-20"), (US80_2, "2026-03-21")):
        install(past, serial, CHANGSHA, on=on).accepted()

    late = alert(install(past, US80_3, CHANGSHA, on="2026-03-19", told="2026-03-22"))

    assert points(late) == [60, 10, -1]


MOMENTS = st.integers(0, 6).map(lambda hours: instant("2026-03-01") + timedelta(hours=hours))


@for_all(st.lists(MOMENTS, min_size=1, max_size=8), MOMENTS)
def test_where_a_device_was_is_its_latest_stay_whatever_was_told_first(moments, at):
    device = SerialNumber.of("06970012340033", US80_1)
    for number, when in enumerate(moments):
        stocked = serial_events.Stocked(SETUP, when, warehouse=f"WH-{number}", document="D")
        device.record(stocked)

    before = [(when, number) for number, when in enumerate(moments) if when <= at]

    expected = f"WH-{max(before)[1]}" if before else None
    assert device.then(at).warehouse == expected
    assert device.moved_after(at) is any(when > at for when in moments)


def test_a_device_was_nowhere_before_anything_was_known_of_it():
    stay = unit(world(), "US80-26-9999").then(instant("2026-03-01"))

    assert (stay.state, stay.version) == ("", 0)


def test_what_does_not_move_a_device_leaves_no_stay():
    past = bought(US80_1)
    stays = len(unit(past, US80_1).trail)

    see(past, US80_1, "320100").accepted()
    serve(past, US80_1, NANJING).accepted()

    assert len(unit(past, US80_1).trail) == stays


def test_an_installation_that_is_told_after_a_sale_of_before_it_installs_the_device():
    past = bought(US80_1)
    report(past, "D05", sale("H-NJ-02", US80_1, "2026-03-10"), told=LATE).accepted()

    done = install(past, US80_1, NANJING, on="2026-03-15", told="2026-03-22")

    (installed,) = done.recorded(serial_events.Installed)
    assert installed.occurred_at.date() == day("2026-03-15")
    assert unit(past, US80_1).state == "INSTALLED"


def test_a_delivery_that_is_entered_late_does_not_stand_in_the_way_of_what_came_after_it():
    past = placed(of("US80", 1), past=world())
    sent(past, "SHP-0001", goods("SO-0001", 1, "US80", US80_1))
    past.when(confirm_delivery, signing("SHP-0001", "2026-03-05"), on=SINCE).accepted()

    install(past, US80_1, NANJING, on="2026-03-10", told="2026-03-13").accepted()

    assert [one.state for one in unit(past, US80_1).trail][-2:] == ["AT_DEALER", "INSTALLED"]
    assert unit(past, US80_1).trail[-2].at.date() == day("2026-03-05")


@pytest.mark.parametrize(("on", "suspect"), [("2026-03-09", "D05"), ("2026-03-15", "D12")])
def test_a_transfer_that_is_told_late_counts_from_its_own_day_on(on, suspect):
    past = bought(US80_1)
    report(past, "D05", sale(Buyer(dealer="D12"), US80_1, "2026-03-10"), told="2026-03-20")

    assert alert(register(past, US80_1, HANGZHOU, on=on, told=LATE)).suspect_dealer == suspect


def test_nothing_moves_a_device_before_what_moved_it_last():
    past = bought(US80_1, on="2026-03-10")
    received = unit(past, US80_1).trail[-1].at

    done = report(past, "D05", sale("H-NJ-02", US80_1, "2026-03-04"), told=LATE)

    (sold,) = done.recorded(serial_events.SoldOn)
    assert (sold.occurred_at, sold.sold_on) == (received, day("2026-03-04"))
    assert unit(past, US80_1).then(received).state == "SOLD"


@pytest.mark.parametrize(
    "tell",
    [
        lambda past: register(past, US80_1, NANJING, on="2026-03-11", told=LATE),
        lambda past: install(past, US80_1, NANJING, on="2026-03-11", told=LATE),
        lambda past: report(past, "D06", sale("H-HZ-03", US80_1, "2026-03-11"), told=LATE),
    ],
)
def test_what_was_seen_on_a_day_is_kept_with_that_day_whenever_it_is_told(tell):
    (kept,) = tell(handed_on()).recorded(serial_events.Observed)

    assert kept.occurred_at.date() == day("2026-03-11")
