"""A drill finds what a recall would find, and changes nothing but its own stream."""

import pytest

from domain.flows.goods.receiving import receive_stock
from domain.flows.goods.securing import Quarantine, ReleaseFromQuarantine, quarantine
from domain.flows.goods.securing import release_from_quarantine as release
from domain.flows.orders.ordering import place_order
from domain.flows.supply.purchasing import CreateRequisition, create
from domain.goods.lot import Lot
from domain.goods.product import Product
from tests.domain.diversion.steps import LOT, bought, boxes, report, sale, world
from tests.domain.recalls.steps import (
    OPENED_ON,
    SECOND,
    acknowledge,
    check,
    close,
    had,
    locked,
    mine,
    notify,
    of_lot,
    of_product,
    of_range,
    open_it,
    opened,
    recall,
    recover,
    two_lots,
)
from tests.domain.story import of, order, placed
from tests.domain.supply.steps import QUALITY, bucket, buckets, receiving, unit
from tests.domain.support import day
from tests.domain.world import DEALER_5

U = [f"US80-26-000{number}" for number in range(1, 10)]
SCOPES = [
    of_lot(LOT),
    of_lot(LOT, SECOND),
    of_product("INJ"),
    of_range(U[0], U[4]),
    of_product("US80") | of_lot(SECOND),
]


def trading():
    """Dealers and hospitals have goods of both lots and devices; an order waits for its shipment."""
    past = boxes(50, SECOND, past=two_lots(50))
    boxes(60, past=past, dealer="D06")
    bought(U[0], U[1], past=past)
    report(past, "D05", sale("H-NJ-02", lot=SECOND, qty=10), sale("H-NJ-02", U[0], line_no=2))
    return placed(of("INJ", 40), of("US80", 1), past=past)


def streams_since(past, mark):
    return {stream for stream, _, _ in past.log.journal[mark:]}


@pytest.mark.parametrize("scope", SCOPES)
def test_it_changes_nothing_but_its_own_stream(scope):
    past = trading()
    mark = len(past.log.journal)

    opened(past, drill=True, recall_id="DRILL-1", **scope)

    assert streams_since(past, mark) == {"Recall/DRILL-1"}


@pytest.mark.parametrize("scope", SCOPES)
def test_it_finds_what_the_recall_finds(scope):
    tried, real = trading(), trading()
    opened(tried, drill=True, **scope)
    opened(real, **scope)

    assert recall(tried).locked == recall(real).locked
    assert recall(tried).consignees == recall(real).consignees
    assert recall(tried).deadline == recall(real).deadline
    assert locked(tried)
    assert had(tried)


def test_a_recall_after_its_drill_finds_the_same():
    past = trading()
    opened(past, drill=True, **of_lot(LOT, SECOND))

    opened(past, **of_lot(LOT, SECOND))

    assert recall(past).locked == recall(past, "RCL-0002").locked
    assert recall(past).consignees == recall(past, "RCL-0002").consignees


def test_it_takes_a_number_like_a_recall():
    past = trading()
    mark = len(past.log.journal)

    done = open_it(past, drill=True, **of_lot(LOT))

    assert done.answer["recall"] == "RCL-0001"
    assert streams_since(past, mark) == {"Recall/RCL-0001", "Series/RCL"}


def test_no_order_loses_its_goods():
    past = trading()
    before = (buckets(past, "SO-0004"), mine(past, SECOND), mine(past))

    done = open_it(past, drill=True, **of_product("INJ", "US80"))

    assert done.answer["orders"] == []
    assert (buckets(past, "SO-0004"), mine(past, SECOND), mine(past)) == before


def test_nothing_is_flagged_or_covered():
    past = opened(trading(), drill=True, **(of_lot(LOT) | of_product("INJ") | of_range(U[0], U[8])))

    assert past.get(Lot, "INJ", LOT).recall is None
    assert past.get(Product, "INJ").locks == {}
    assert [unit(past, one).recall for one in U] == [None] * 9
    assert not recall(past).open


def test_what_comes_in_is_free_and_what_waits_may_be_released():
    past = opened(world(), drill=True, **of_lot(LOT))
    told = {"wh": "WH-SH", "qty": 10, "need_date": day("2026-04-20"), "reason": "REPLENISHMENT"}
    past.when(create, CreateRequisition(item="INJ", **told), on=OPENED_ON).accepted()
    goods = receiving(("PURCHASE", "PR-0001"), bucket(10, lot=LOT), sku="INJ")
    past.when(receive_stock, goods, on=OPENED_ON).accepted()
    same = {"wh": "WH-SH", "sku": "INJ", "qty": 5, "lot": LOT, "reason": "x", "qa_document": "q"}
    past.when(quarantine, Quarantine(**same), by=QUALITY, on=OPENED_ON).accepted()
    past.when(release, ReleaseFromQuarantine(**same), by=QUALITY, on=OPENED_ON).accepted()

    assert mine(past).available == 210


def test_orders_are_taken_as_ever():
    past = opened(world(), drill=True, **of_product("INJ"))

    wanted = order("D05", of("INJ", 10), requested_date=day("2026-04-20"))
    done = past.when(place_order, wanted, on=OPENED_ON)

    assert (done.answer["state"], done.answer["holds"]) == ("CONFIRMED", [])


def test_it_is_played_to_its_end_and_still_changes_nothing():
    past = opened(trading(), drill=True, recall_id="DRILL-1", **of_range(U[0], U[8]))
    mark, name = len(past.log.journal), {"recall_id": "DRILL-1"}

    notify(past, "D05", **name).accepted()
    acknowledge(past, "D05", DEALER_5, **name).accepted()
    recover(past, "D05", 1, sku="US80", serials=(U[1],), **name).accepted()
    check(past, **name).accepted()
    close(past, **name).accepted()

    assert recall(past, "DRILL-1").state == "CLOSED"
    assert streams_since(past, mark) == {"Recall/DRILL-1"}


def test_a_drill_that_is_closed_leaves_a_recall_of_the_same_goods_alone():
    past = opened(trading(), **of_range(U[0], U[8]), **of_lot(LOT))
    opened(past, drill=True, **of_range(U[0], U[8]), **of_lot(LOT))

    name = {"recall_id": "RCL-0002"}
    check(past, **name).accepted()
    close(past, **name).accepted()

    assert [unit(past, one).recall for one in U] == ["RCL-0001"] * 9
    assert past.get(Lot, "INJ", LOT).recall == "RCL-0001"
