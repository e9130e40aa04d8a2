"""Requisitions: one for each demand, from a reviewed supplier, within the buyer's limit."""

import pytest

from domain.company.refusals import NumberTaken
from domain.flows.goods.receiving import receive_stock
from domain.flows.supply.purchasing import (
    ApproveRequisition,
    CancelRequisition,
    CloseRequisition,
    CreateRequisition,
    OrderRequisition,
    QualifySupplier,
    RejectRequisition,
    approve,
    cancel,
    close,
    create,
    order,
    qualify_supplier,
    reject,
)
from domain.goods.product_terms import Component
from domain.kernel.refusal import BudgetExceeded, InvalidState, ValidationFailed
from domain.orders.line_events import LinePromised
from domain.supply.refusals import DuplicateForDemand, NeedDatePast, SupplierNotQualified
from domain.supply.requisition import Requisition
from tests.domain.company import company, master_data
from tests.domain.story import of, placed
from tests.domain.supply.steps import bucket, buckets, line, product, receiving
from tests.domain.support import day, given
from tests.domain.world import FINANCE

PR = "PR-0001"
BUY = {"supply_mode": "BUY", "supply_lead_days": 10}


def wish(qty=10, **more):
    told = {
        "item": "P5",
        "wh": "WH-SH",
        "need_date": day("2026-03-20"),
        "reason": "REPLENISHMENT",
    } | more
    return CreateRequisition(qty=qty, **told)


def asked(qty=10, *more, **terms):
    return given(company(), *more).when(create, wish(qty, **terms)).accepted()


def waiting(qty=2):
    """D05 wants devices of which none are there: they are bought for it."""
    return placed(of("P5", qty, "84000"), past=given(master_data(), product("P5", **BUY)))


def ordering(supplier="ACME", promised="2026-03-18", pr=PR):
    return OrderRequisition(pr=pr, po_ref="PO-1", supplier=supplier, promised=day(promised))


def qualified(past, *items):
    review = QualifySupplier(supplier="ACME", name="Acme", items=items, document_hash="sha256:q")
    return past.when(qualify_supplier, review).accepted()


@pytest.mark.parametrize(
    ("command", "refusals"),
    [
        (wish(0), [ValidationFailed]),
        (wish(wh="WH-XX"), [ValidationFailed]),
        (wish(need_date=day("2026-03-01")), [NeedDatePast]),
        (wish(0, wh="WH-XX", need_date=day("2026-03-01")), [ValidationFailed] * 2 + [NeedDatePast]),
    ],
)
def test_a_requisition_says_what_where_and_until_when(command, refusals):
    given(company()).when(create, command).refuses(*refusals)


def test_a_number_is_used_once():
    asked(pr="PR-0007").when(create, wish(pr="PR-0007")).refuses(NumberTaken)


def test_inv_pq_1_a_demand_has_one_open_requisition():
    past = asked(ref="DEMAND-1")

    past.when(create, wish(ref="DEMAND-1")).refuses(DuplicateForDemand, pr=PR)
    past.when(create, wish(ref="DEMAND-2")).accepted()
    past.when(create, wish(ref="DEMAND-1", item="US80")).accepted()


@pytest.mark.parametrize(
    ("flow", "command"),
    [
        (cancel, CancelRequisition(pr=PR, reason="off")),
        (reject, RejectRequisition(pr=PR, reason="no")),
    ],
)
def test_inv_pq_1_a_demand_whose_requisition_is_over_may_have_another(flow, command):
    past = asked(ref="DEMAND-1")
    past.when(flow, command).accepted()

    past.when(create, wish(ref="DEMAND-1")).accepted()
    past.when(create, wish(ref="DEMAND-1")).refuses(DuplicateForDemand, pr="PR-0002")


def test_inv_pq_1_a_demand_that_was_asked_for_automatically_is_not_asked_for_again():
    past = waiting()
    assert past.get(Requisition, PR).known.ref == "SO-0001"

    past.when(create, wish(reason="ORDER", ref="SO-0001")).refuses(DuplicateForDemand, pr=PR)


def test_inv_pq_1_a_part_that_a_work_order_asked_for_is_not_asked_for_again():
    made = product("P5", components=(Component("PROBE", 2),))
    past = placed(of("P5", 2, "84000"), past=given(master_data(), made))
    assert past.get(Requisition, PR).known.ref == "WO-0001"

    again = wish(item="PROBE", reason="WO_COMPONENT", ref="WO-0001")
    past.when(create, again).refuses(DuplicateForDemand, pr=PR)


def test_finance_approves_what_costs_more_than_the_buyers_limit():
    # Standard cost 100.00; the limit is 500,000.00.
    for qty, most in ((5_000, None), (5_001, BudgetExceeded)):
        done = asked(qty).when(approve, ApproveRequisition(pr=PR))
        assert (type(done.refusal) if done.refusal else None) == most
    asked(5_001).when(approve, ApproveRequisition(pr=PR), by=FINANCE).accepted()


def test_inv_pq_2_only_a_reviewed_supplier_delivers_and_only_what_was_reviewed():
    past = asked().when(approve, ApproveRequisition(pr=PR)).accepted()
    past.when(order, ordering()).refuses(SupplierNotQualified)
    qualified(past, "US80")
    past.when(order, ordering()).refuses(SupplierNotQualified, item="P5")
    qualified(past, "US80", "P5")

    past.when(order, ordering()).accepted()

    assert past.get(Requisition, PR).known.supplier == "ACME"


def test_goods_are_not_received_of_what_is_not_bought():
    for flow, command in (
        (cancel, CancelRequisition(pr=PR, reason="off")),
        (reject, RejectRequisition(pr=PR, reason="no")),
    ):
        past = asked().when(flow, command).accepted()

        come = receiving(("PURCHASE", PR), bucket(0, "P5-26-0101"))
        past.when(receive_stock, come).refuses(InvalidState)


def test_a_requisition_is_approved_before_it_is_ordered():
    past = qualified(asked(), "P5")

    past.when(order, ordering()).refuses(InvalidState)
    past.when(approve, ApproveRequisition(pr=PR)).accepted()
    past.when(order, ordering(promised="2026-03-01")).refuses(NeedDatePast)
    past.when(order, ordering()).accepted()
    past.when(reject, RejectRequisition(pr=PR, reason="no")).refuses(InvalidState)


def test_the_suppliers_day_is_promised_to_who_waits():
    past = qualified(waiting(), "P5").when(approve, ApproveRequisition(pr=PR)).accepted()

    done = past.when(order, ordering())

    (told,) = done.recorded(LinePromised)
    assert (told.before, told.promise_date) == (day("2026-03-13"), day("2026-03-19"))
    assert line(past).promise_date == day("2026-03-19")


def test_what_is_bought_for_an_order_meets_the_minimum_in_whole_lots():
    lots = product("P5", supply_lot_size=4, **BUY)
    past = placed(of("P5", 6, "84000"), past=given(master_data(), lots))

    assert past.get(Requisition, PR).known.qty == 8
    assert buckets(past) == (0, 0, 6, 0)


@pytest.mark.parametrize(
    ("flow", "command"),
    [
        (cancel, CancelRequisition(pr=PR, reason="supplier broke")),
        (reject, RejectRequisition(pr=PR, reason="too dear")),
    ],
)
def test_an_order_whose_requisition_is_over_is_supplied_again(flow, command):
    past = waiting()

    past.when(flow, command).accepted()

    (link,) = line(past).supplies
    assert (link.kind, link.ref, link.qty) == ("BACKORDER", "PR-0002", 2)


def test_what_came_is_not_cancelled_and_the_rest_is_closed():
    past = qualified(asked(3), "P5").when(approve, ApproveRequisition(pr=PR)).accepted()
    past.when(order, ordering()).accepted()
    past.when(close, CloseRequisition(pr=PR)).refuses(InvalidState)
    come = receiving(("PURCHASE", PR), bucket(0, "P5-26-0101"))
    past.when(receive_stock, come).accepted()

    past.when(cancel, CancelRequisition(pr=PR, reason="late")).refuses(InvalidState)
    past.when(close, CloseRequisition(pr=PR)).accepted()
    again = receiving(("PURCHASE", PR), bucket(0, "P5-26-0102"))
    past.when(receive_stock, again).refuses(InvalidState)
