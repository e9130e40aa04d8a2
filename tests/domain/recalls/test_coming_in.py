"""What a recall covers is locked when it comes in later, wherever it comes from."""

import pytest

from domain.flows.goods.losing import (
    ReceiveRefused,
    RefuseDelivery,
    receive_refused,
    refuse_delivery,
)
from domain.flows.goods.receiving import receive_stock
from domain.flows.goods.securing import (
    ReleaseFromQuarantine,
    Unblock,
    release_from_quarantine,
    unblock,
)
from domain.flows.supply.producing import CreateWorkOrder, create, report_output
from domain.flows.supply.purchasing import CreateRequisition
from domain.flows.supply.purchasing import create as create_requisition
from domain.flows.supply.transferring import (
    DispatchTransfer,
    ReceiveTransfer,
    dispatch_transfer,
    receive_transfer,
)
from domain.goods import serial_events, stock_events
from domain.goods.lot import Lot
from domain.orders.refusals import RecallBlock
from tests.domain.company import discontinued
from tests.domain.diversion.steps import LOT, boxes, world
from tests.domain.recalls.steps import (
    OPENED_ON,
    SECOND,
    closed,
    marks,
    mine,
    of_lot,
    of_product,
    opened,
    recall,
    two_lots,
)
from tests.domain.story import goods, of, placed, sent
from tests.domain.supply.steps import (
    QUALITY,
    bucket,
    buckets,
    came_back,
    dispatched,
    item,
    leads,
    output,
    output_lot,
    receiving,
    shelf,
    unit,
    units,
)
from tests.domain.supply.steps import of_lot as part
from tests.domain.support import day

LATER = "2026-03-25"
U = [f"US80-26-000{number}" for number in range(1, 10)]
NEW = "US80-26-0050"
REF = ("PURCHASE", "PR-0001")
TOLD = {"reason": "fine", "qa_document": "QA-1"}


def bought(past, *parts, sku="INJ", **more):
    """A requisition was written, and goods of it come to Shanghai after the recall was opened."""
    told = {"wh": "WH-SH", "need_date": day("2026-04-20"), "reason": "REPLENISHMENT"}
    wanted = CreateRequisition(item=sku, qty=sum(one.qty for one in parts), **told)
    past.when(create_requisition, wanted, on=OPENED_ON).accepted()
    return past.when(receive_stock, receiving(REF, *parts, sku=sku, **more), on=LATER)


def arrived(past, *good, damaged=(), to="TO-0001"):
    command = ReceiveTransfer(to=to, good=good, damaged=damaged)
    return past.when(receive_transfer, command, on=LATER)


def waiting(**scope):
    """D05 waits for 60 boxes, because all there were are recalled."""
    past = placed(of("INJ", 60), past=two_lots())
    past = opened(past, **scope)
    assert buckets(past) == (0, 0, 60, 0)
    return past


def test_goods_of_the_lot_that_are_bought_are_locked_at_once():
    done = bought(opened(world(), **of_lot(LOT)), bucket(100, lot=LOT))

    assert (mine(done.past).on_hand, mine(done.past).blocked, mine(done.past).available) == (
        300,
        300,
        0,
    )
    (told,) = done.recorded(stock_events.Blocked)
    assert (told.goods.qty, told.cause, told.qa_ref, told.by.user) == (
        100,
        "RECALL_BLOCK",
        "RCL-0001",
        "system:recall",
    )


def test_what_fails_its_inspection_waits_in_quarantine_and_the_rest_is_locked():
    past = bought(opened(world(), **of_lot(LOT)), bucket(100, lot=LOT), passed=70).accepted()

    assert (mine(past).blocked, mine(past).quarantined) == (270, 30)


@pytest.mark.parametrize("scope", [of_lot(LOT, SECOND), of_product("INJ")])
def test_an_order_that_waits_does_not_get_what_is_locked(scope):
    done = bought(waiting(**scope), bucket(100, lot=LOT))

    assert done.answer["orders"] == []
    assert buckets(done.past) == (0, 0, 60, 0)


def test_an_order_that_waits_gets_what_comes_of_another_lot():
    fresh = {"manufacture_date": day("2026-02-01"), "expiry": day("2028-01-31")}
    both = (bucket(100, lot=LOT), bucket(40, lot="INJ2602C", **fresh))

    done = bought(waiting(**of_lot(LOT, SECOND)), *both)

    assert done.answer["orders"] == ["SO-0001"]
    assert buckets(done.past) == (40, 0, 20, 0)
    assert mine(done.past).reserved == 0


def test_a_new_lot_of_a_recalled_product_is_locked():
    past = opened(world(), **of_product("INJ"))
    fresh = {"manufacture_date": day("2026-02-01"), "expiry": day("2028-01-31")}

    bought(past, bucket(40, lot="INJ2602C", **fresh)).accepted()

    assert (mine(past, "INJ2602C").blocked, mine(past, "INJ2602C").available) == (40, 0)


def test_a_device_of_a_recalled_product_is_locked_when_it_is_bought():
    past = opened(world(), **of_product("US80"))

    bought(past, bucket(0, NEW), sku="US80").accepted()

    assert marks(past, "WH-SH", "US80")[NEW] == "BLOCKED"
    assert unit(past, NEW).state == "QUARANTINED"


def test_a_device_of_a_recalled_product_is_locked_when_it_is_made():
    past = opened(world(), **of_product("US80"))
    wanted = CreateWorkOrder(sku="US80", wh="WH-WH", qty=1, due=day("2026-04-20"))
    past.when(create, wanted, on=OPENED_ON).accepted()
    past.when(report_output, output("WO-0001", NEW), on=OPENED_ON).accepted()

    made = receiving(("PRODUCTION", "WO-0001"), bucket(0, NEW), sku="US80", wh="WH-WH")
    done = past.when(receive_stock, made, on=LATER)

    assert done.recorded(serial_events.Quarantined)[0].document == "RCL-0001"
    assert (unit(past, NEW).state, shelf(past, "WH-WH", "US80").available) == ("QUARANTINED", 0)


def test_a_lot_that_is_recalled_before_it_is_released_from_production_is_locked():
    past = world()
    wanted = CreateWorkOrder(sku="INJ", wh="WH-WH", qty=50, due=day("2026-04-20"))
    past.when(create, wanted).accepted()
    past.when(report_output, output_lot("WO-0001", 50, "INJ2602C")).accepted()
    assert past.get(Lot, "INJ", "INJ2602C").known
    opened(past, **of_lot("INJ2602C"))
    assert recall(past).locked == []

    made = receiving(("PRODUCTION", "WO-0001"), bucket(50, lot="INJ2602C"), sku="INJ", wh="WH-WH")
    past.when(receive_stock, made, on=LATER).accepted()

    assert mine(past, "INJ2602C", "WH-WH").blocked == 50


def test_goods_on_their_way_between_warehouses_are_locked_on_arrival():
    past = world()
    dispatched(past, "WH-WH", "WH-SH", "INJ", part(50))
    opened(past, **of_lot(LOT))

    arrived(past, part(40), damaged=(part(5),)).accepted()

    here = mine(past)
    assert (here.on_hand, here.blocked, here.quarantined, here.available) == (245, 240, 5, 0)


def test_devices_of_a_recalled_product_are_locked_on_arrival():
    past = world()
    dispatched(past, "WH-SH", "WH-BJ", "US80", units(U[0], U[1]))
    opened(past, **of_product("US80"))

    arrived(past, units(U[0], U[1])).accepted()

    assert set(marks(past, "WH-BJ", "US80").values()) == {"BLOCKED"}
    assert [unit(past, one).warehouse for one in U[:2]] == ["WH-BJ"] * 2


def test_an_order_for_which_recalled_goods_arrive_waits():
    past = placed(of("INJ", 240), past=world(*leads(2, ("WH-SH", "WH-WH")), *discontinued("INJ")))
    assert buckets(past) == (200, 40, 0, 0)
    past.when(dispatch_transfer, DispatchTransfer(to="TO-0001", waybill="WB-1")).accepted()
    opened(past, **of_lot(LOT))
    assert buckets(past) == (0, 40, 200, 0)

    done = arrived(past, part(40))

    assert done.answer["orders"] == []
    assert buckets(past) == (0, 0, 240, 0)
    assert mine(past).blocked == 240


def test_what_a_dealer_sends_back_waits_in_quarantine_and_stays_there():
    past = boxes(60)
    opened(past, **of_lot(LOT))

    came_back(past, item("INJ", 10, lot=LOT), on=LATER)

    assert (mine(past).quarantined, mine(past).blocked) == (10, 140)
    freed = ReleaseFromQuarantine(wh="WH-SH", sku="INJ", qty=10, lot=LOT, **TOLD)
    past.when(release_from_quarantine, freed, by=QUALITY, on=LATER).refuses(RecallBlock)


def test_what_a_receiver_refused_waits_in_quarantine_and_stays_there():
    past = placed(of("INJ", 60), past=world())
    sent(past, "SHP-0001", goods("SO-0001", 1, "INJ", LOT, qty=60))
    opened(past, **of_lot(LOT))

    refused = RefuseDelivery(shp_id="SHP-0001", reason="recalled")
    past.when(refuse_delivery, refused, on=LATER).accepted()
    back = ReceiveRefused(shp_id="SHP-0001", wh="WH-SH")
    past.when(receive_refused, back, on=LATER).accepted()

    assert (mine(past).quarantined, mine(past).available) == (60, 0)
    freed = ReleaseFromQuarantine(wh="WH-SH", sku="INJ", qty=60, lot=LOT, **TOLD)
    past.when(release_from_quarantine, freed, by=QUALITY, on=LATER).refuses(RecallBlock)


def test_goods_that_come_after_the_recall_was_closed_are_free():
    past = closed(opened(world(), **of_lot(LOT)))

    bought(past, bucket(100, lot=LOT)).accepted()

    assert (mine(past).blocked, mine(past).available) == (200, 100)
    assert past.get(Lot, "INJ", LOT).status == "RELEASED"


def test_goods_that_were_locked_on_their_arrival_are_unlocked_like_the_others():
    past = closed(bought(opened(world(), **of_lot(LOT)), bucket(100, lot=LOT)).accepted())

    freed = Unblock(wh="WH-SH", sku="INJ", qty=300, lot=LOT, **TOLD)
    past.when(unblock, freed, by=QUALITY, on=LATER).accepted()

    assert mine(past).available == 300
