"""Counting devices: by identity; what is missing, what came up, and what belongs elsewhere."""

from domain.flows.goods.correcting import ApproveCount, approve_count
from domain.flows.goods.counting import PostCount, post_count
from domain.goods import serial_events, stock_events
from tests.domain.company import company
from tests.domain.story import US80_1, at_dealer
from tests.domain.supply.counts import ALL, approved, counted, devices
from tests.domain.supply.steps import unit
from tests.domain.support import given
from tests.domain.world import FINANCE


def test_a_missing_device_is_given_up_and_one_that_came_up_is_taken_in():
    past = counted(given(company()), devices(*ALL[1:], "US80-26-0099"))

    done = approved(past)

    told = done.recorded(stock_events.CountPosted)
    assert [(one.delta, one.missing, one.found) for one in told] == [
        (-1, (US80_1,), ()),
        (1, (), ("US80-26-0099",)),
    ]
    assert [unit(past, one).state for one in (US80_1, "US80-26-0099")] == ["LOST", "IN_STOCK"]


def test_a_device_that_was_given_up_may_be_found_again():
    past = approved(counted(given(company()), devices(*ALL[1:]))).accepted()
    again = PostCount(
        sheet_id="SC-0002", wh="WH-SH", lines=(devices(*ALL),), counter="a", recounted_by="b"
    )
    past.when(post_count, again).accepted()

    done = past.when(approve_count, ApproveCount(sheet_id="SC-0002"), by=FINANCE)

    assert [one.warehouse for one in done.recorded(serial_events.Found)] == ["WH-SH"]
    assert unit(past, US80_1).state == "IN_STOCK"


def test_a_device_that_belongs_elsewhere_is_not_taken_in_but_kept_as_seen():
    past = counted(given(company()), devices(*ALL, "US80-26-0005"))

    done = approved(past)

    assert (done.answer["elsewhere"], done.recorded(stock_events.CountPosted)) == (
        ["US80-26-0005"],
        [],
    )
    (seen,) = done.recorded(serial_events.Observed)
    assert (seen.register_state, seen.sighting.source, seen.sighting.region_code) == (
        "IN_STOCK",
        "COUNT",
        "310000",
    )
    assert unit(past, "US80-26-0005").warehouse == "WH-BJ"


def test_a_device_that_was_sold_and_is_found_here_stays_with_its_dealer():
    past = counted(at_dealer(US80_1), devices(*ALL))

    done = approved(past)

    assert done.answer["elsewhere"] == [US80_1]
    assert unit(past, US80_1).state == "AT_DEALER"
