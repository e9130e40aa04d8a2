"""Steering a work order: a stop and what goes on after it, and what comes after its end."""

import pytest

from domain.flows.goods.receiving import receive_stock
from domain.flows.supply.producing import (
    ReleaseWorkOrder,
    ReportProgress,
    release,
    report_output,
    report_progress,
)
from domain.flows.supply.steering import (
    CancelWorkOrder,
    CloseWorkOrder,
    HoldWorkOrder,
    RescheduleWorkOrder,
    ResumeWorkOrder,
    cancel,
    close,
    hold,
    reschedule,
    resume,
)
from domain.kernel.refusal import InvalidState, ValidationFailed
from domain.supply.work_order import WorkOrder
from tests.domain.company import master_data
from tests.domain.story import of, placed
from tests.domain.supply.steps import bucket, buckets, line, output, receiving, shelf
from tests.domain.support import day, given, like

WO = "WO-0001"
ONE, TWO = "P5-26-0101", "P5-26-0102"
STOP = HoldWorkOrder(wo=WO, reason="a fixture broke")
GO = ResumeWorkOrder(wo=WO)


def waiting():
    """D05 wants two devices of which none are there: they are made for it in Wuhan."""
    return placed(of("P5", 2, "84000"), past=given(master_data()))


def state(past):
    return past.get(WorkOrder, WO).state


def test_a_stopped_work_order_makes_nothing_and_is_still_expected():
    past = waiting().when(release, ReleaseWorkOrder(wo=WO)).accepted()

    past.when(hold, STOP).then(like(WorkOrder.Held, state="ON_HOLD", expected=2, so="SO-0001"))

    past.when(report_output, output(WO, ONE)).refuses(InvalidState)
    past.when(report_progress, ReportProgress(wo=WO, step="test", pct=5)).refuses(InvalidState)
    past.when(hold, STOP).refuses(InvalidState)
    assert line(past).backordered == 2


@pytest.mark.parametrize("before", ["PLANNED", "RELEASED", "IN_PROGRESS"])
def test_what_was_stopped_goes_on_where_it_was(before):
    past = waiting()
    if before != "PLANNED":
        past.when(release, ReleaseWorkOrder(wo=WO)).accepted()
    if before == "IN_PROGRESS":
        past.when(report_progress, ReportProgress(wo=WO, step="test", pct=5)).accepted()
    past.when(hold, STOP).accepted()

    past.when(resume, GO).then(like(WorkOrder.Resumed, state=before))
    past.when(resume, GO).refuses(InvalidState)


def test_a_stop_has_a_reason_and_may_move_the_day_or_end_before_anything_was_made():
    past = waiting()
    past.when(hold, HoldWorkOrder(wo=WO, reason=" ")).refuses(ValidationFailed)
    past.when(hold, STOP).accepted()

    later = RescheduleWorkOrder(wo=WO, due=day("2026-04-10"), cause="fixture")
    past.when(reschedule, later).accepted()
    assert (state(past), line(past).promise_date) == ("ON_HOLD", day("2026-04-11"))
    past.when(cancel, CancelWorkOrder(wo=WO, reason="no capacity")).accepted()
    assert (state(past), line(past).supplies[0].ref) == ("CANCELLED", "WO-0002")


def test_a_stop_is_no_way_to_cancel_what_is_in_production():
    past = waiting().when(release, ReleaseWorkOrder(wo=WO)).accepted()
    past.when(report_progress, ReportProgress(wo=WO, step="test", pct=5)).accepted()
    past.when(hold, STOP).accepted()

    past.when(cancel, CancelWorkOrder(wo=WO, reason="late")).refuses(InvalidState)


def test_what_was_made_before_a_work_order_was_closed_still_comes_to_stock():
    past = waiting().when(report_output, output(WO, ONE)).accepted()
    past.when(close, CloseWorkOrder(wo=WO)).accepted()
    coming = receiving(("PRODUCTION", WO), bucket(0, ONE), sku="P5", wh="WH-WH")

    past.when(receive_stock, coming).accepted()

    assert (state(past), shelf(past, "WH-WH", "P5").on_hand) == ("CLOSED", 1)
    assert buckets(past) == (1, 0, 1, 0)
    more = receiving(("PRODUCTION", WO), bucket(0, TWO), sku="P5", wh="WH-WH")
    assert past.when(receive_stock, more).refusal is not None
