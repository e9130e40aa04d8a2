"""Work orders: made for an order or for stock, never more than planned, and told when late."""

from decimal import Decimal

import msgspec
import pytest

from domain.company.company_policy import CompanyPolicy, SmallDifference
from domain.flows.goods.receiving import receive_stock
from domain.flows.supply.producing import (
    CreateWorkOrder,
    IssueComponents,
    ReleaseWorkOrder,
    ReportOutput,
    ReportProgress,
    create,
    issue_components,
    release,
    report_output,
    report_progress,
)
from domain.flows.supply.steering import (
    CancelWorkOrder,
    CloseWorkOrder,
    RescheduleWorkOrder,
    cancel,
    close,
    reschedule,
)
from domain.goods.product_terms import Component, Registration
from domain.goods.refusals import LotRequired, SerialDuplicate, SerialRequired, UnknownSku
from domain.kernel.refusal import InvalidState, ValidationFailed
from domain.orders.line_events import LinePromised
from domain.orders.refusals import RegistrationExpired
from domain.supply.backorders import BackorderQueue
from domain.supply.refusals import MaterialShortage, NeedDatePast, OverOutput
from domain.supply.requisition import Requisition
from domain.supply.work_order import WorkOrder
from domain.supply.work_order_terms import Issued
from tests.domain.company import LIMITS, company, master_data, policy
from tests.domain.story import of, placed
from tests.domain.supply.steps import (
    bucket,
    buckets,
    line,
    made,
    output,
    output_lot,
    product,
    receiving,
    shelf,
    unit,
)
from tests.domain.support import day, given, like
from tests.domain.world import BY

WO = "WO-0001"
N1, N2, N3, N4 = (f"P5-26-010{number}" for number in range(1, 5))


def planning(qty=3, **more):
    told = {"sku": "P5", "wh": "WH-WH", "due": day("2026-03-20")} | more
    return CreateWorkOrder(qty=qty, **told)


def planned(qty=3, *more, **terms):
    return given(company(), *more).when(create, planning(qty, **terms)).accepted()


def waiting(qty=2, *more):
    """D05 wants devices of which none are there: they are made for it in Wuhan."""
    return placed(of("P5", qty, "84000"), past=given(master_data(), *more))


def tolerant(pct):
    limits = msgspec.structs.replace(LIMITS, output_tolerance_pct=Decimal(pct))
    return policy(CompanyPolicy.LimitsSet(*BY, limits=limits, small_difference=SmallDifference()))


@pytest.mark.parametrize(
    ("command", "refusals"),
    [
        (planning(0), [ValidationFailed]),
        (planning(wh="WH-XX"), [ValidationFailed]),
        (planning(sku="P9"), [UnknownSku]),
        (planning(due=day("2026-03-01")), [NeedDatePast]),
    ],
)
def test_a_work_order_is_for_a_known_product_place_and_day(command, refusals):
    given(company()).when(create, command).refuses(*refusals)


def test_what_is_not_registered_any_more_is_not_made():
    last = Registration("REGISTRATION", "REG-P5", "us", day("2020-01-01"), day("2026-03-10"))
    past = given(company(), product("P5", registrations=(last,)))
    past.when(create, planning(due=day("2026-03-30"))).accepted()

    past.when(create, planning(due=day("2026-03-30")), on="2026-03-11").refuses(RegistrationExpired)
    past.when(release, ReleaseWorkOrder(wo=WO), on="2026-03-11").refuses(RegistrationExpired)


def test_a_device_made_after_the_registration_ended_is_not_taken():
    last = Registration("REGISTRATION", "REG-P5", "us", day("2020-01-01"), day("2026-02-19"))
    past = planned()
    changed = product("P5", registrations=(last,))
    past.log.get(changed.aggregate, *changed.key).record(changed.event)

    past.when(report_output, output(WO, N1)).refuses(RegistrationExpired)


def test_production_begins_with_its_parts_or_with_an_accepted_shortage():
    past = planned()
    short = {"missing": {"PROBE": 2}}

    past.when(release, ReleaseWorkOrder(wo=WO, **short)).refuses(
        MaterialShortage, missing={"PROBE": 2}
    )
    past.when(release, ReleaseWorkOrder(wo=WO, accept_shortage=True, **short)).then(
        like(WorkOrder.Released, shortages={"PROBE": 2}, state="RELEASED")
    )
    past.when(release, ReleaseWorkOrder(wo=WO)).refuses(InvalidState)


def test_parts_and_progress_are_told_once_production_has_begun():
    past = planned()
    took = IssueComponents(wo=WO, items=(Issued("PROBE", 3),))
    half = ReportProgress(wo=WO, step="assembly", pct=50)
    past.when(issue_components, took).refuses(InvalidState)
    past.when(report_progress, half).refuses(InvalidState)
    past.when(release, ReleaseWorkOrder(wo=WO)).accepted()

    past.when(issue_components, took).accepted()
    past.when(report_progress, half).then(like(WorkOrder.ProgressReported, pct=50))
    past.when(report_progress, ReportProgress(wo=WO, step="x", pct=101)).refuses(ValidationFailed)
    assert past.get(WorkOrder, WO).issued == {"PROBE": 3}


@pytest.mark.parametrize(
    ("pct", "good", "scrap", "fine"),
    [
        ("0", 3, 0, True),
        ("0", 2, 1, True),
        ("0", 3, 1, False),
        ("0", 4, 0, False),
        ("34", 3, 1, True),
        ("33", 4, 0, False),
        ("34", 4, 1, False),
    ],
)
def test_inv_wo_1_no_more_is_made_and_scrapped_than_planned_and_tolerated(pct, good, scrap, fine):
    past = planned(3, tolerant(pct))
    names = (N1, N2, N3, N4)[:good]

    done = past.when(report_output, output(WO, *names, scrap=scrap))

    assert (done.refusal is None) == fine
    assert fine or isinstance(done.refusal, OverOutput)


def test_inv_wo_1_counts_all_reports_together():
    past = planned(3)
    past.when(report_output, output(WO, N1, scrap=1)).accepted()

    past.when(report_output, output(WO, N2, N3)).refuses(OverOutput, made=2, more=2, most=3)
    past.when(report_output, output(WO, N2)).accepted()


def test_inv_wo_1_what_was_made_within_the_tolerance_comes_to_stock():
    past = planned(3, tolerant("34"))
    past.when(report_output, output(WO, N1, N2, N3, N4)).accepted()
    first = receiving(("PRODUCTION", WO), bucket(0, N1, N2, N3), wh="WH-WH")
    past.when(receive_stock, first).accepted()

    rest = receiving(("PRODUCTION", WO), bucket(0, N4), wh="WH-WH")
    past.when(receive_stock, rest).accepted()

    assert unit(past, N4).state == "IN_STOCK"


@pytest.mark.parametrize(
    ("command", "refusals"),
    [
        (ReportOutput(wo=WO), [SerialRequired]),
        (output(WO, N1, N1), [SerialDuplicate]),
        (output(WO, "P5-26-0001"), [SerialDuplicate]),
        (output(WO, N1, scrap=-1), [ValidationFailed]),
        (output(WO, N1, qty=1), [ValidationFailed]),
        (output_lot(WO, 3, "L1"), [SerialRequired, ValidationFailed]),
    ],
)
def test_devices_are_put_out_by_their_numbers(command, refusals):
    planned().when(report_output, command).refuses(*refusals)


def test_boxes_are_put_out_by_their_lot():
    past = planned(50, sku="INJ")

    past.when(report_output, ReportOutput(wo=WO)).refuses(LotRequired)
    past.when(report_output, output(WO, "INJ-1")).refuses(ValidationFailed, LotRequired)
    past.when(report_output, output_lot(WO, 50, "INJ2603E")).accepted()


def test_inv_wo_3_another_day_is_promised_to_the_order_that_waits():
    past = waiting()

    done = past.when(
        reschedule, RescheduleWorkOrder(wo=WO, due=day("2026-03-12"), cause="parts late")
    )

    (told,) = done.recorded(LinePromised)
    assert (told.before, told.promise_date, told.reason) == (
        day("2026-03-03"),
        day("2026-03-13"),
        "parts late",
    )
    assert line(past).promise_date == day("2026-03-13")
    (rank,) = past.get(BackorderQueue, "P5").ranked()
    assert rank.promise_date == day("2026-03-13")


def test_inv_wo_3_says_nothing_where_nothing_changed_or_nobody_waits():
    past = waiting()
    same = RescheduleWorkOrder(wo=WO, due=day("2026-03-02"), cause="as before")
    past.when(reschedule, same).then()

    planned().when(reschedule, RescheduleWorkOrder(wo=WO, due=day("2026-03-25"), cause="x")).then(
        like(WorkOrder.Rescheduled, due=day("2026-03-25"), due_before=day("2026-03-20"))
    )


def test_what_is_made_for_an_order_is_reserved_for_who_waits():
    past = waiting()
    assert buckets(past) == (0, 0, 2, 0)

    made(past, WO, N1).accepted()
    assert buckets(past) == (1, 0, 1, 0)
    made(past, WO, N2).accepted()

    assert buckets(past) == (2, 0, 0, 0)
    assert past.get(WorkOrder, WO).state == "COMPLETED"


def test_scrap_lets_the_order_wait_on():
    past = waiting()

    past.when(report_output, output(WO, N1, scrap=1)).accepted()
    command = receiving(("PRODUCTION", WO), bucket(0, N1), wh="WH-WH")
    past.when(receive_stock, command).accepted()

    assert buckets(past) == (1, 0, 1, 0)
    assert past.get(WorkOrder, WO).expected == 0


def test_a_cancelled_work_order_has_its_order_supplied_again():
    past = waiting()

    past.when(cancel, CancelWorkOrder(wo=WO, reason="no capacity")).accepted()

    (link,) = line(past).supplies
    assert (link.kind, link.ref, link.qty) == ("BACKORDER", "WO-0002", 2)
    assert past.get(WorkOrder, "WO-0002").known.so == "SO-0001"
    past.when(cancel, CancelWorkOrder(wo=WO, reason="again")).refuses(InvalidState)


def test_a_work_order_that_has_made_something_is_closed_and_not_cancelled():
    past = planned()
    past.when(report_output, output(WO, N1)).accepted()

    past.when(cancel, CancelWorkOrder(wo=WO, reason="late")).refuses(InvalidState)
    past.when(close, CloseWorkOrder(wo=WO)).then(like(WorkOrder.Closed, expected=0))
    past.when(report_output, output(WO, N2)).refuses(InvalidState)
    assert shelf(past, "WH-WH", "P5").on_hand == 4


def test_parts_that_are_bought_are_asked_for_in_time():
    parts = (Component("PROBE", 2, 5), Component("CASE", 1, 60))
    past = waiting(2, product("P5", components=parts, supply_lead_days=20))

    asked = [past.get(Requisition, f"PR-000{number}").known for number in (1, 2)]
    assert [(one.item, one.qty, one.need_date, one.reason, one.ref) for one in asked] == [
        ("PROBE", 4, day("2026-03-17"), "WO_COMPONENT", WO),
        ("CASE", 2, day("2026-03-02"), "WO_COMPONENT", WO),
    ]
