"""The queue: who gets what comes in, by rank and never by who asked first or what it was made for."""

import pytest

from domain.flows.goods.receiving import receive_stock
from domain.flows.goods.securing import (
    Quarantine,
    ReleaseFromQuarantine,
    quarantine,
    release_from_quarantine,
)
from domain.flows.orders.amending import AmendOrder, FieldChange, amend_order
from domain.flows.orders.ending import CancelOrder, cancel_order
from domain.flows.orders.ordering import place_order
from domain.flows.supply.producing import CreateWorkOrder, create, report_output
from domain.flows.supply.steering import RescheduleWorkOrder, reschedule
from domain.goods.warehouse import Warehouse
from domain.orders.line_events import LineReserved
from domain.orders.order import Order
from domain.supply.backorders import BackorderQueue, Waiting
from domain.supply.work_order import WorkOrder
from tests.domain.company import master_data
from tests.domain.story import of, order
from tests.domain.supply.steps import (
    QUALITY,
    bucket,
    buckets,
    line,
    made,
    output_lot,
    receiving,
    shelf,
    unit,
)
from tests.domain.support import day, given
from tests.domain.world import BY

N1, N2, N3 = "P5-26-0101", "P5-26-0102", "P5-26-0103"


def empty(*more):
    """The company without any stock: what is ordered is made, and waits until then."""
    return given(master_data(), *more)


def wants(past, qty=1, dealer="D05", on="2026-03-02", **more):
    """An order over P5 that waits."""
    wish = order(dealer, of("P5", qty, "84000"), **more)
    return past.when(place_order, wish, on=on).accepted()


def late(past, wo, due):
    command = RescheduleWorkOrder(wo=wo, due=day(due), cause="late")
    return past.when(reschedule, command).accepted()


def owner(past, serial):
    return unit(past, serial).order


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"priority": 1, "so": "SO-0006"}, {"priority": 2, "promise_date": "2026-01-01"}),
        (
            {"promise_date": "2026-03-05", "order_date": "2026-03-09", "so": "SO-0006"},
            {"promise_date": "2026-03-06"},
        ),
        (
            {"promise_date": "2099-12-31", "so": "SO-0006"},
            {"promise_date": None, "order_date": "2026-01-01"},
        ),
        ({"order_date": "2026-03-01", "so": "SO-0009"}, {"so": "SO-0001"}),
        ({"so": "SO-0001", "line_no": 9}, {"so": "SO-0002", "line_no": 1}),
        ({"so": "SO-0002", "line_no": 1}, {"so": "SO-0002", "line_no": 2}),
        ({"so": "SO-9999"}, {"so": "SO-10000"}),
    ],
)
def test_the_queue_ranks_by_priority_promise_order_date_and_number(first, second):
    def waiting(
        so="SO-0005", line_no=1, promise_date="2026-03-10", order_date="2026-03-02", **more
    ):
        promised = None if promise_date is None else day(promise_date)
        return Waiting(so, line_no, 1, day(order_date), promised, more.get("priority", 0))

    queue = BackorderQueue.of("P5")
    for one in (waiting(**second), waiting(**first)):
        queue.fold(BackorderQueue.Joined(*BY, line=one))

    assert queue.ranked() == [waiting(**first), waiting(**second)]


def test_what_comes_goes_to_the_earliest_promise_and_not_to_what_it_was_made_for():
    past = wants(wants(empty()))
    late(past, "WO-0001", "2026-03-10")

    made(past, "WO-0001", N1).accepted()

    assert past.get(WorkOrder, "WO-0001").known.so == "SO-0001"
    assert owner(past, N1) == "SO-0002"
    assert buckets(past, "SO-0001") == (0, 0, 1, 0)


def test_a_tie_of_promises_goes_to_the_earlier_order():
    past = wants(wants(empty()), on="2026-03-03")
    late(past, "WO-0001", "2026-03-10")
    late(past, "WO-0002", "2026-03-10")

    made(past, "WO-0002", N1).accepted()

    assert owner(past, N1) == "SO-0001"


def test_a_tie_of_days_goes_to_the_lower_number():
    past = wants(wants(empty()))

    made(past, "WO-0002", N1).accepted()

    assert owner(past, N1) == "SO-0001"


def test_a_promise_that_changes_changes_the_rank():
    past = wants(wants(empty()))
    late(past, "WO-0001", "2026-03-20")
    made(past, "WO-0002", N1).accepted()
    late(past, "WO-0001", "2026-03-02")
    past = wants(past)

    made(past, "WO-0001", N2).accepted()

    assert [owner(past, one) for one in (N1, N2)] == ["SO-0002", "SO-0001"]


def test_an_order_on_hold_is_passed_over_and_keeps_its_rank():
    past = wants(wants(empty()))
    dear = FieldChange(op="set", line_no=1, field="unit_price", value="70000")
    past.when(amend_order, AmendOrder(so_id="SO-0001", changes=[dear], reason="x")).accepted()
    assert past.get(Order, "SO-0001").holds

    made(past, "WO-0001", N1).accepted()
    assert owner(past, N1) == "SO-0002"
    back = FieldChange(op="set", line_no=1, field="unit_price", value="84000")
    past.when(amend_order, AmendOrder(so_id="SO-0001", changes=[back], reason="y")).accepted()
    wants(past)
    made(past, "WO-0002", N2).accepted()

    assert owner(past, N2) == "SO-0001"


def test_a_warehouse_that_does_not_serve_the_region_does_not_serve_the_line():
    past = wants(empty())
    wish = CreateWorkOrder(sku="P5", wh="WH-XA", qty=1, due=day("2026-03-20"))
    built = Warehouse.Registered(*BY, region_code="610000", sales_region="WEST")
    past.log.get(Warehouse, "WH-XA").record(built)
    past.when(create, wish).accepted()

    made(past, "WO-0002", N1, wh="WH-XA").accepted()

    assert (owner(past, N1), buckets(past)) == (None, (0, 0, 1, 0))


def test_goods_too_short_of_life_pass_the_line_over():
    past = empty()
    for days in (700, 30):
        wish = order("D05", of("INJ", 10, "1260"), min_shelf_days=days)
        past.when(place_order, wish).accepted()
    made_lot = output_lot("WO-0001", 10, "INJ2603X", "2026-12-31")
    past.when(report_output, made_lot).accepted()

    command = receiving(
        ("PRODUCTION", "WO-0001"), bucket(10, lot="INJ2603X"), sku="INJ", wh="WH-WH"
    )
    done = past.when(receive_stock, command)

    assert done.answer["orders"] == ["SO-0002"]
    assert [buckets(past, so) for so in ("SO-0001", "SO-0002")] == [(0, 0, 10, 0), (10, 0, 0, 0)]


def test_a_part_that_comes_is_given_to_the_first_and_the_rest_to_the_next():
    past = wants(wants(empty(), 2), 2)

    made(past, "WO-0001", N1, N2).accepted()
    made(past, "WO-0002", N3).accepted()

    assert buckets(past, "SO-0001") == (2, 0, 0, 0)
    assert buckets(past, "SO-0002") == (1, 0, 1, 0)
    (waiting,) = past.get(BackorderQueue, "P5").ranked()
    assert (waiting.so, waiting.qty) == ("SO-0002", 1)


def test_who_is_cancelled_waits_no_longer():
    past = wants(wants(empty()))
    past.when(cancel_order, CancelOrder(so_id="SO-0001", reason="off")).accepted()

    made(past, "WO-0001", N1).accepted()

    assert owner(past, N1) == "SO-0002"
    assert past.get(BackorderQueue, "P5").ranked() == []


def test_what_is_released_from_quarantine_goes_to_who_waits():
    past = wants(empty())
    made(past, "WO-0001", N1).accepted()
    held = {"wh": "WH-WH", "sku": "P5", "qty": 1, "serials": (N1,), "qa_document": "QA-1"}
    past.when(quarantine, Quarantine(reason="smell", **held)).accepted()
    assert buckets(past) == (0, 0, 1, 0)

    fine = ReleaseFromQuarantine(reason="fine", **held)
    done = past.when(release_from_quarantine, fine, by=QUALITY)

    assert (done.answer["orders"], owner(past, N1)) == (["SO-0001"], "SO-0001")


def test_a_line_that_is_served_is_told_by_the_system():
    past = wants(empty())

    (told,) = made(past, "WO-0001", N1).recorded(LineReserved)

    assert told.by.user == "system:fulfilment"


def test_inv_so_11_each_open_unit_has_exactly_one_supply():
    past = wants(wants(empty(), 2), 1)
    made(past, "WO-0001", N1).accepted()

    for so in ("SO-0001", "SO-0002"):
        one = line(past, so)
        assert sum(link.qty for link in one.supplies) == one.open
    assert shelf(past, "WH-WH", "P5").available == 0
