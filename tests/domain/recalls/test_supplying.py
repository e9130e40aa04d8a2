"""Orders whose goods are recalled are supplied with others in the same append, or wait."""

import pytest

from domain.flows.goods.planning import plan_shipment
from domain.flows.goods.shipping import ship
from domain.goods import stock_events
from domain.goods.refusals import NotReserved
from domain.orders.line_events import LineBackordered, LineFreed, LineReserved
from domain.orders.refusals import RecallBlock
from domain.supply.transfer import Transfer
from domain.supply.work_order import WorkOrder
from tests.domain.company import discontinued
from tests.domain.diversion.steps import LOT, world
from tests.domain.recalls.steps import (
    SECOND,
    mine,
    of_lot,
    of_product,
    of_range,
    open_it,
    opened,
    recall,
    two_lots,
)
from tests.domain.story import goods, of, placed, plan, reviewed, sending
from tests.domain.supply.steps import buckets, dispatched, leads, line, shelf, unit, units
from tests.domain.supply.steps import of_lot as part

U = [f"US80-26-000{number}" for number in range(1, 10)]
P1, P2, P3, P4 = (f"P5-26-000{number}" for number in range(1, 5))


def on_second(qty=60):
    """D05's boxes are reserved of the lot that expires first."""
    return placed(of("INJ", qty), past=two_lots())


def test_an_order_gets_another_lot_in_the_same_append():
    past = on_second()
    assert mine(past, SECOND).reserved == 60

    done = open_it(past, **of_lot(SECOND))

    assert done.answer["orders"] == ["SO-0001"]
    (freed,) = done.recorded(LineFreed)
    assert (freed.kind, freed.warehouse, freed.qty, freed.reason) == (
        "STOCK",
        "WH-SH",
        60,
        "RECALL_BLOCK",
    )
    assert [(one.lot, one.qty, one.warehouse) for one in done.recorded(LineReserved)] == [
        (LOT, 60, "WH-SH")
    ]
    assert (mine(past, SECOND).reserved, mine(past).reserved, buckets(past)) == (
        0,
        60,
        (60, 0, 0, 0),
    )


def test_goods_that_are_recalled_too_are_no_replacement():
    done = open_it(on_second(), **of_lot(SECOND, LOT))

    assert done.recorded(stock_events.Reserved) == []
    assert sum(one.qty for one in done.recorded(LineBackordered)) == 60


def test_an_order_keeps_what_is_not_recalled_of_its_goods():
    past = on_second(150)
    assert (mine(past, SECOND).reserved, mine(past).reserved) == (80, 70)

    done = open_it(past, **of_lot(SECOND))

    assert [one.qty for one in done.recorded(LineFreed)] == [80]
    assert (mine(past, SECOND).reserved, mine(past).reserved) == (0, 150)
    assert buckets(past) == (150, 0, 0, 0)


def test_a_device_is_replaced_by_one_that_is_not_recalled():
    past = placed(of("US80", 2), past=world())

    done = open_it(past, **of_range(U[0], U[0]))

    assert done.answer["orders"] == ["SO-0001"]
    assert [unit(past, one).order for one in U[:4]] == [None, "SO-0001", "SO-0001", None]
    assert buckets(past) == (2, 0, 0, 0)


def test_an_order_gets_its_goods_from_another_warehouse_where_its_own_has_none_left():
    past = placed(of("US80", 2), past=world())

    opened(past, **of_range(U[0], U[3]))

    assert [unit(past, one).order for one in U[4:6]] == ["SO-0001", "SO-0001"]
    assert [(one.kind, one.warehouse) for one in line(past).supplies] == [("STOCK", "WH-BJ")]


def test_an_order_whose_goods_are_nowhere_else_waits_for_those_that_are_made():
    past = on_second()

    opened(past, **of_product("INJ"))

    assert buckets(past) == (0, 0, 60, 0)
    assert past.get(WorkOrder, line(past).supplies[0].ref).known.so == "SO-0001"


def test_an_order_of_a_product_that_is_neither_made_nor_bought_any_more_waits():
    past = placed(of("INJ", 60), past=world(*discontinued("INJ")))

    done = open_it(past, **of_lot(LOT))

    assert done.answer["orders"] == ["SO-0001"]
    assert [one.reason for one in done.recorded(LineBackordered)] == ["NO_SUPPLY"]
    assert buckets(past) == (0, 0, 60, 0)


def test_all_orders_that_lose_goods_are_supplied_once_each_and_the_others_are_left_alone():
    past = on_second(50)
    placed(of("INJ", 20), dealer="D06", past=past)
    placed(of("INJ", 30), dealer="D04", past=past)
    placed(of("US80", 1), past=past)

    done = open_it(past, **of_lot(SECOND))

    assert done.answer["orders"] == ["SO-0001", "SO-0002", "SO-0003"]
    assert [buckets(past, f"SO-000{n}")[0] for n in (1, 2, 3, 4)] == [50, 20, 30, 1]
    assert mine(past).reserved == 100


def test_what_the_recall_took_is_told_in_the_order():
    done = open_it(on_second(), **of_lot(SECOND))

    freed = done.recorded(stock_events.ReservationReleased)
    assert {(one.ref, one.reason, one.by.user) for one in freed} == {
        ("SO-0001", "RECALL_BLOCK", "system:recall")
    }


def test_goods_of_a_planned_shipment_do_not_leave():
    package = goods("SO-0001", 1, "INJ", SECOND, qty=60)
    past = reviewed(on_second(), "SHP-0001", package)

    opened(past, **of_lot(SECOND))

    past.when(ship, sending("SHP-0001")).refuses(NotReserved, lot=SECOND)
    again = goods("SO-0001", 1, "INJ", LOT, qty=60)
    reviewed(past, "SHP-0002", again).when(ship, sending("SHP-0002")).accepted()


def test_a_device_of_a_planned_shipment_does_not_leave():
    package = goods("SO-0001", 1, "US80", U[0])
    past = reviewed(placed(of("US80", 1), past=world()), "SHP-0001", package)

    opened(past, **of_range(U[0], U[0]))

    past.when(ship, sending("SHP-0001")).refuses(NotReserved, serials=(U[0],))
    assert unit(past, U[0]).state == "QUARANTINED"


def test_nothing_of_a_recalled_product_leaves():
    package = goods("SO-0001", 1, "INJ", SECOND, qty=60)
    past = reviewed(on_second(), "SHP-0001", package)

    opened(past, **of_product("INJ"))

    refused = past.when(ship, sending("SHP-0001")).refusal
    assert RecallBlock in [type(one) for one in refused.violations]


@pytest.mark.parametrize("scope", [of_lot(SECOND), of_product("INJ")])
def test_recalled_goods_are_not_planned_into_a_shipment(scope):
    past = opened(on_second(), **scope)

    package = goods("SO-0001", 1, "INJ", SECOND, qty=60)
    refused = past.when(plan_shipment, plan("SHP-0001", package)).refusal

    assert NotReserved in [type(one) for one in refused.violations]


def test_a_transfer_whose_goods_have_not_left_is_called_off_and_its_order_supplied_again():
    past = placed(of("P5", 4), past=world(*leads(2, ("WH-SH", "WH-WH"))))
    assert buckets(past) == (2, 2, 0, 0)

    done = open_it(past, **of_range(P1, P2))

    assert past.get(Transfer, "TO-0001").state == "CANCELLED"
    assert done.answer["orders"] == ["SO-0001"]
    assert [unit(past, one).order for one in (P3, P4)] == ["SO-0001", "SO-0001"]
    assert buckets(past) == (4, 0, 0, 0)


def test_a_transfer_that_has_left_goes_on():
    past = world()
    to = dispatched(past, "WH-SH", "WH-WH", "INJ", part(50))

    opened(past, **of_lot(LOT))

    assert past.get(Transfer, to).state == "DISPATCHED"
    assert {one.warehouse: one.qty for one in recall(past).locked} == {"WH-SH": 150, "WH-WH": 300}


def test_a_transfer_of_other_goods_is_not_called_off():
    past = placed(of("P5", 4), past=world(*leads(2, ("WH-SH", "WH-WH"))))

    opened(past, **of_range(P3, P4))

    assert past.get(Transfer, "TO-0001").state == "RESERVED"
    assert buckets(past) == (2, 2, 0, 0)
    assert shelf(past, "WH-WH", "P5").reservations["TO-0001"][0].serials == units(P1, P2).serials
