"""What never breaks of stock and of devices, each told by one short story."""

from collections import Counter

import pytest

from domain.flows.cases.observing import observe_scan, record_installation
from domain.flows.goods.counting import CountedLine, PostCount, post_count
from domain.flows.goods.planning import plan_shipment
from domain.flows.goods.receiving import receive_stock
from domain.flows.goods.securing import Quarantine, ScrapStock, quarantine, scrap_stock
from domain.flows.supply.transferring import (
    ConfirmTransferLoss,
    ReceiveTransfer,
    confirm_transfer_loss,
    receive_transfer,
)
from domain.goods import serial_events
from domain.goods.refusals import NotReserved
from domain.goods.serial_number import SerialNumber
from tests.domain.company import company
from tests.domain.story import (
    US80_1,
    US80_2,
    at_dealer,
    goods,
    installing,
    of,
    placed,
    plan,
    seeing,
    sent,
    signed,
)
from tests.domain.supply import conserving
from tests.domain.supply.steps import (
    QUALITY,
    bucket,
    came_back,
    dispatched,
    item,
    made,
    receiving,
    shelf,
    unit,
    units,
)
from tests.domain.support import day, given
from tests.domain.world import DI

P1, P2, P3, P4 = (f"P5-26-000{number}" for number in range(1, 5))
OPENING = Counter({"US80": 9, "P5": 6, "CT64": 1, "DR50": 1, "INJ": 540})


def apart(kind, *serials, sku="P5", wh="WH-WH"):
    told = {"reason": "smell", "qa_document": "QA-1", "serials": serials}
    return kind(wh=wh, sku=sku, qty=len(serials), **told)


@pytest.mark.parametrize(
    "command", [Quarantine(wh="WH-SH", sku="INJ", qty=n, lot="INJ2512A", reason="x", qa_document="q")
                for n in (201, 10**9)]
)  # fmt: skip
def test_inv_st_1_nothing_goes_below_zero(command):
    past = given(company())

    past.when(quarantine, command, by=QUALITY)

    conserving.nothing_is_negative(past)
    assert shelf(past, "WH-SH", "INJ").lots["INJ2512A"].available == 200


def test_inv_st_1_goods_that_have_left_leave_no_second_time_also_not_for_an_earlier_day():
    past = sent(placed(of("US80", 2)), "SHP-0001", goods("SO-0001", 1, "US80", US80_1, US80_2))
    again = plan("SHP-0002", goods("SO-0001", 1, "US80", US80_1))

    refusal = past.when(plan_shipment, again, on="2026-03-01").refusal

    assert isinstance(refusal, NotReserved)
    conserving.nothing_is_negative(past)


def test_inv_st_3_what_came_in_is_here_on_its_way_or_gone():
    past = given(company())
    conserving.goods_are_conserved(past, OPENING)
    to = dispatched(past, "WH-WH", "WH-SH", "P5", units(P1, P2, P3))
    conserving.goods_are_conserved(past, OPENING)
    past.when(receive_transfer, ReceiveTransfer(to=to, good=(units(P1),))).accepted()
    conserving.goods_are_conserved(past, OPENING)
    gone = ConfirmTransferLoss(to=to, goods=(units(P2),), claim_no="C-1")
    past.when(confirm_transfer_loss, gone).accepted()
    past.when(quarantine, apart(Quarantine, P4), by=QUALITY).accepted()
    conserving.goods_are_conserved(past, OPENING - Counter(P5=1))
    past.when(scrap_stock, apart(ScrapStock, P4), by=QUALITY).accepted()

    conserving.goods_are_conserved(past, OPENING - Counter(P5=2))


def test_inv_st_3_what_is_sold_and_comes_back_is_counted_once():
    past = at_dealer(US80_1, US80_2)
    conserving.goods_are_conserved(past, OPENING - Counter(US80=2))

    came_back(past, item("US80", serial=US80_1), on="2026-03-10")

    conserving.goods_are_conserved(past, OPENING - Counter(US80=1))


def test_inv_st_4_the_shelf_and_the_register_name_the_same_devices():
    past = placed(of("P5", 7, "84000"))
    made(past, "WO-0001", "P5-26-0101").accepted()
    conserving.shelves_and_register_agree(past)
    to = dispatched(past, "WH-BJ", "WH-SH", "US80", units("US80-26-0005"))
    conserving.shelves_and_register_agree(past)
    past.when(receive_transfer, ReceiveTransfer(to=to, good=(units("US80-26-0005"),))).accepted()

    conserving.shelves_and_register_agree(past)
    assert len(shelf(past, "WH-SH", "US80").units) == 5


def test_inv_sn_2_a_device_that_is_elsewhere_is_not_here_as_well():
    past = at_dealer(US80_1)
    line = CountedLine(
        sku="US80", counted=4, serials_found=(US80_1, US80_2, "US80-26-0003", "US80-26-0004")
    )
    told = {"counter": "wh-1", "recounted_by": "wh-2", "lines": (line,)}
    past.when(post_count, PostCount(sheet_id="SC-0001", wh="WH-SH", **told))
    again = receiving(("PURCHASE", "PR-0001"), bucket(0, US80_1), sku="US80")
    past.when(receive_stock, again)

    conserving.shelves_and_register_agree(past)
    assert (unit(past, US80_1).state, unit(past, US80_1).warehouse) == ("AT_DEALER", None)


def test_inv_sn_3_a_device_leaves_only_for_the_order_that_it_is_reserved_for():
    past = placed(of("US80", 1), past=placed(of("US80", 1)), dealer="D04")
    assert [unit(past, one).order for one in (US80_1, US80_2)] == ["SO-0001", "SO-0002"]

    swapped = plan("SHP-0001", goods("SO-0002", 1, "US80", US80_1))
    past.when(plan_shipment, swapped).refuses(NotReserved)
    sent(past, "SHP-0002", goods("SO-0002", 1, "US80", US80_2))

    passport = unit(past, US80_2).passport
    assert (passport.dealer, passport.so) == ("D04", "SO-0002")


def test_inv_sn_6_the_stream_tells_where_a_device_was_on_any_day():
    past = sent(placed(of("US80", 1)), "SHP-0001", goods("SO-0001", 1, "US80", US80_1))
    signed(past, "SHP-0001")
    where = installing(US80_1, "H-NJ-02", "320100")
    past.when(record_installation, where, on="2026-03-21").accepted()
    stream = f"Serial/{DI['US80']}/{US80_1}"
    events = [event for name, _, event in past.log.journal if name == stream]

    def on(date):
        then = SerialNumber(stream=stream)
        for event in events:
            if event.occurred_at.date() <= day(date):
                then.fold(event)
        return then.state, then.dealer, then.hospital

    assert [on(date) for date in ("2026-03-01", "2026-03-02", "2026-03-04", "2026-03-05")] == [
        ("IN_STOCK", None, None),
        ("RESERVED", None, None),
        ("SHIPPED", "D05", None),
        ("AT_DEALER", "D05", None),
    ]
    assert on("2026-03-21") == ("INSTALLED", "D05", "H-NJ-02")
    assert {event.by.user for event in events} >= {"adm-1", "erp"}


def test_inv_sn_7_a_late_sighting_is_kept_and_rewinds_nothing():
    past = at_dealer(US80_1)
    there = installing(US80_1, "H-NJ-02", "320100")
    past.when(record_installation, there, on="2026-03-21").accepted()

    late = installing(US80_1, "H-SZ-01", "320500", installed_at=day("2026-03-10"))
    done = past.when(record_installation, late, on="2026-03-22")
    past.when(observe_scan, seeing(US80_1, "320500", "SERVICE_REQUEST")).accepted()

    assert len(done.recorded(serial_events.Observed)) == 1
    assert (unit(past, US80_1).state, unit(past, US80_1).hospital) == ("INSTALLED", "H-NJ-02")
