"""Recalled devices are flagged wherever they are, until they are dealt with."""

import pytest

from domain.cases.recall_terms import OVER
from domain.channel.book import Buyer
from domain.flows.goods.losing import RecordLoss, record_loss
from domain.flows.goods.opening import RegisterSerials, register_serials
from domain.flows.goods.securing import (
    Quarantine,
    ReleaseFromQuarantine,
    ScrapStock,
    quarantine,
    release_from_quarantine,
    scrap_stock,
)
from domain.goods import serial_events
from domain.goods.serial_number import SerialNumber
from domain.goods.shelf import Goods
from domain.orders.refusals import RecallBlock
from tests.domain.diversion.steps import NANJING, bought, install, report, sale, world
from tests.domain.laws import all_of
from tests.domain.recalls.steps import (
    OPENED_ON,
    close,
    closed,
    had,
    of_product,
    of_range,
    open_it,
    opened,
    recover,
)
from tests.domain.story import goods, of, placed, sent
from tests.domain.supply.steps import QUALITY, came_back, dispatched, item, unit
from tests.domain.support import day

U = [f"US80-26-000{number}" for number in range(1, 10)]
NEW = "US80-26-0050"
D12 = Buyer(dealer="D12")


def flags(past, *serials):
    return [unit(past, one).recall for one in serials]


def flagged(past):
    return {one.serial for one in all_of(past.log, SerialNumber) if one.recall}


def everywhere():
    """U1 stands at a hospital, U2 was sold to one, U3 to a sub-dealer, U4 lies at D05."""
    past = bought(*U[:4])
    install(past, U[0], NANJING).accepted()
    report(past, "D05", sale("H-NJ-02", U[1]), sale(D12, U[2], line_no=2)).accepted()
    return past


def test_devices_are_flagged_with_us_at_dealers_and_at_hospitals():
    past = opened(everywhere(), **of_product("US80"))

    assert flagged(past) == set(U)
    assert {one.recall for one in all_of(past.log, SerialNumber) if one.recall} == {"RCL-0001"}
    assert [unit(past, one).state for one in U[:4]] == [
        "INSTALLED",
        "SOLD",
        "AT_DEALER",
        "AT_DEALER",
    ]


def test_only_devices_within_the_range_are_flagged():
    past = opened(everywhere(), **of_range(U[1], U[4]))

    assert flagged(past) == set(U[1:5])


def test_devices_of_another_product_are_not_flagged():
    past = bought("P5-26-0005", past=everywhere())

    opened(past, **of_product("US80"))

    assert flags(past, "P5-26-0005", "P5-26-0006") == [None, None]


def test_a_reserved_device_and_one_in_quarantine_are_flagged():
    past = placed(of("US80", 1), past=world())
    told = {"reason": "smell", "qa_document": "QA-1"}
    apart = Quarantine(wh="WH-SH", sku="US80", qty=1, serials=(U[1],), **told)
    past.when(quarantine, apart, by=QUALITY).accepted()

    opened(past, **of_range(U[0], U[1]))

    assert flags(past, U[0], U[1]) == ["RCL-0001"] * 2
    assert [unit(past, one).state for one in U[:2]] == ["QUARANTINED"] * 2


def test_devices_are_flagged_that_were_only_made_that_travel_and_that_were_lost():
    past = placed(of("US80", 2), past=world())
    sent(past, "SHP-0001", goods("SO-0001", 1, "US80", U[0]))
    sent(past, "SHP-0002", goods("SO-0001", 1, "US80", U[1]))
    lost = RecordLoss(shp_id="SHP-0002", claim_no="C-1", reason="fire")
    past.when(record_loss, lost).accepted()
    dispatched(past, "WH-BJ", "WH-SH", "US80", Goods(1, serials=(U[4],)))
    made = {"manufacture_date": day("2026-02-01"), "registration_no": "R"}
    past.when(register_serials, RegisterSerials(sku="US80", serials=[NEW], **made)).accepted()

    opened(past, **of_product("US80"))

    several = (U[0], U[1], U[4], NEW)
    assert [unit(past, one).state for one in several] == ["SHIPPED", "LOST", "IN_TRANSFER", "MADE"]
    assert flags(past, *several) == ["RCL-0001"] * 4


def test_a_device_that_was_destroyed_is_not_flagged():
    past, told = world(), {"wh": "WH-SH", "sku": "US80", "qty": 1, "serials": (U[0],)}
    told |= {"reason": "broken", "qa_document": "QA-1"}
    past.when(quarantine, Quarantine(**told), by=QUALITY).accepted()
    past.when(scrap_stock, ScrapStock(**told), by=QUALITY).accepted()

    opened(past, **of_range(U[0], U[1]))

    assert flags(past, U[0], U[1]) == [None, "RCL-0001"]


def test_a_device_is_flagged_once_and_by_no_person():
    done = open_it(everywhere(), **(of_product("US80") | of_range(U[0], U[3])))

    told = done.recorded(serial_events.RecallFlagged)
    assert len(told) == len(U)
    assert {(one.recall, one.by.user) for one in told} == {("RCL-0001", "system:recall")}


def test_the_flag_is_no_state_and_moves_nothing():
    past = everywhere()
    before = [(one.state, one.dealer, one.hospital, one.region) for one in units(past)]

    opened(past, **of_range(U[0], U[3]))

    assert [(one.state, one.dealer, one.hospital, one.region) for one in units(past)] == before


def units(past):
    return [unit(past, one) for one in U[:4]]


@pytest.mark.parametrize("action", ["RECOVERED", "CORRECTED", "DESTROYED", "USED", "LOST"])
def test_a_device_that_was_dealt_with_is_not_flagged_any_more(action):
    past = opened(everywhere(), **of_range(U[0], U[3]))

    done = recover(past, "D05", 1, action, sku="US80", serials=(U[3],))

    (told,) = done.recorded(serial_events.RecallActionDone)
    assert (told.recall, told.action) == ("RCL-0001", action)
    assert flags(past, *U[:4]) == ["RCL-0001"] * 3 + [None]


def test_a_device_that_came_back_is_not_flagged_any_more_and_stays_locked():
    past = opened(bought(U[0]), **of_range(U[0], U[3]))
    recover(past, "D05", 1, "RECOVERED", sku="US80", serials=(U[0],)).accepted()
    came_back(past, item("US80", serial=U[0]), on=OPENED_ON)

    told = {"wh": "WH-SH", "sku": "US80", "qty": 1, "serials": (U[0],)}
    told |= {"reason": "fine", "qa_document": "QA-1"}
    freed = ReleaseFromQuarantine(**told)

    assert flags(past, U[0]) == [None]
    refused = past.when(release_from_quarantine, freed, by=QUALITY, on=OPENED_ON)
    refused.refuses(RecallBlock, recall="RCL-0001")
    closed(past)
    past.when(release_from_quarantine, freed, by=QUALITY, on=OPENED_ON).accepted()


def test_several_devices_are_dealt_with_at_once():
    past = opened(bought(*U[:3]), **of_range(U[0], U[3]))

    recover(past, "D05", 2, "CORRECTED", sku="US80", serials=(U[0], U[2])).accepted()

    assert flags(past, *U[:3]) == [None, "RCL-0001", None]


def test_what_is_said_of_a_quantity_leaves_the_flags_as_they_are():
    past = opened(bought(*U[:3]), **of_range(U[0], U[3]))

    recover(past, "D05", 2, "CORRECTED", sku="US80", serials=()).accepted()

    assert flags(past, *U[:3]) == ["RCL-0001"] * 3


def test_closing_takes_all_flags_away_and_says_that_nothing_was_done():
    past = opened(everywhere(), **of_range(U[0], U[5]))
    recover(past, "D05", 1, "CORRECTED", sku="US80", serials=(U[3],)).accepted()

    closed(past)

    assert flagged(past) == set()
    over = [
        event.action
        for stream, _, event in past.log.journal
        if isinstance(event, serial_events.RecallActionDone)
    ]
    assert sorted(over) == sorted(["CORRECTED"] + [OVER] * 5)


def test_a_recall_that_is_not_found_effective_keeps_its_flags():
    past = opened(everywhere(), **of_range(U[0], U[3]))

    assert close(past).refusal is not None

    assert flagged(past) == set(U[:4])


def test_a_device_that_is_sold_on_keeps_its_flag():
    past = opened(everywhere(), **of_range(U[0], U[3]))

    report(past, "D12", sale("H-SZ-01", U[2], on="2026-03-25")).accepted()
    install(past, U[3], NANJING, on="2026-03-25").accepted()

    assert flags(past, U[2], U[3]) == ["RCL-0001"] * 2
    assert had(past)["D12"] == 1
