"""Installing: planned, prepared, installed, tested, accepted; then the warranty runs."""

from decimal import Decimal

import pytest

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.flows.accounts.depositing import ReceiveDeposit, receive_deposit
from domain.flows.cases.observing import RecordInstallation, record_installation
from domain.flows.goods.disposing import InspectReturn, inspect_return
from domain.flows.goods.installing import (
    ConfirmSiteReady,
    RecordAcceptance,
    RecordTests,
    RejectAcceptance,
    ScheduleInstallation,
    StartInstallation,
    confirm_site_ready,
    record_acceptance,
    record_tests,
    reject_acceptance,
    schedule_installation,
    start_installation,
)
from domain.flows.orders.ordering import place_order
from domain.goods import refusals, serial_events
from domain.goods.goods_return import Disposed
from domain.goods.installation import Installation
from domain.goods.refusals import (
    AcceptanceDocRequired,
    NotInstalled,
    SerialMismatch,
    SerialNotOnOrder,
    SiteNotReady,
)
from domain.kernel.refusal import FutureDated, InvalidState, NotFound, ValidationFailed
from domain.orders.order import Order
from domain.orders.order_terms import Milestone
from tests.domain.company import company
from tests.domain.story import goods, of, order, scan, sent, signed
from tests.domain.supply.steps import QUALITY, came_back, item, line, product, unit
from tests.domain.support import day, given
from tests.domain.world import units

CT, OTHER = "CT64-25-0103", "CT64-25-0104"
INS = "INS-0001"
LAST = "2026-03-26"
PLAN = tuple(
    Milestone(name, Decimal(pct), 30)
    for name, pct in (("DEPOSIT", 30), ("POD", 60), ("ACCEPTANCE", 10))
)
GROSS = 2_240_000_00 * 113 // 100


def delivered(*serials, plan=None):
    """D05 sold a scanner to a hospital, which has signed for it."""
    serials = serials or (CT,)
    more = units("WH-SH", "CT64", "2025-11-20", OTHER)
    past = given(company(), more, product("CT64", installation_required=True, warranty_months=24))
    wish = order(
        "D05",
        of("CT64", len(serials)),
        ship_to="ADR-H-NJ-02",
        end_customer_id="H-NJ-02",
        billing_plan=plan,
    )
    past.when(place_order, wish).accepted()
    if plan:
        share = GROSS * 30 // 100
        paid = {"bank_ref": "BK-1", "value_date": day("2026-03-02"), "amount": share}
        deposit = ReceiveDeposit(dealer_id="D05", so_id="SO-0001", **paid)
        past.when(receive_deposit, deposit).accepted()
    sent(past, "SHP-0001", goods("SO-0001", 1, "CT64", *serials))
    return signed(past, "SHP-0001")


def planning(serial=CT, **more):
    told = {"so_id": "SO-0001", "hospital_id": "H-NJ-02", "planned_at": day("2026-03-20")} | more
    return ScheduleInstallation(serial=serial, **told)


def scanning(serial=CT, hospital="H-NJ-02", region="320100"):
    return RecordInstallation(
        scan=scan("CT64", serial),
        hospital_id=hospital,
        region_code=region,
        source="SERVICE_ENGINEER_SCAN",
        installed_at=day("2026-03-21"),
        install_id=INS,
    )


def accepting(**more):
    told = {"install_id": INS, "so_id": "SO-0001", "serial": CT, "document_hash": "sha256:a"}
    told |= {"hospital_signatory": "Dr Wang", "accepted_at": day(LAST)} | more
    return RecordAcceptance(**told)


def trying(passed=True, protocol="sha256:t"):
    return RecordTests(install_id=INS, protocol=protocol, passed=passed)


def state(past):
    return past.get(Installation, INS).state


def started(past=None):
    past = past or delivered()
    past.when(schedule_installation, planning()).accepted()
    past.when(confirm_site_ready, ConfirmSiteReady(install_id=INS, document_hash="d")).accepted()
    begin = StartInstallation(install_id=INS, engineer_id="se-1")
    return past.when(start_installation, begin).accepted()


def installed(past=None):
    return started(past).when(record_installation, scanning(), on=LAST).accepted()


def proven(past=None):
    return installed(past).when(record_tests, trying(), on=LAST).accepted()


def accepted(past=None):
    return proven(past).when(record_acceptance, accepting(), on=LAST).accepted()


def test_an_installation_goes_its_way_step_by_step():
    past = delivered()
    begin = StartInstallation(install_id=INS, engineer_id="se-1")
    past.when(start_installation, begin).refuses(NotFound)
    past.when(schedule_installation, planning()).accepted()
    past.when(start_installation, begin).refuses(SiteNotReady)
    past.when(record_tests, trying()).refuses(NotInstalled)
    ready = ConfirmSiteReady(install_id=INS, document_hash="d")
    past.when(confirm_site_ready, ready).accepted()
    past.when(confirm_site_ready, ready).refuses(InvalidState)
    past.when(start_installation, begin).accepted()

    assert state(past) == "IN_PROGRESS"
    past.when(record_acceptance, accepting(), on=LAST).refuses(NotInstalled)
    past.when(record_installation, scanning(), on=LAST).accepted()
    assert (state(past), unit(past, CT).state, line(past).installed) == (
        "INSTALLED",
        "INSTALLED",
        1,
    )


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (planning(OTHER), SerialNotOnOrder),
        (planning(so_id="SO-0009"), NotFound),
        (planning(hospital_id="H-XX"), ValidationFailed),
    ],
)
def test_only_a_device_of_the_order_is_planned(command, refusal):
    delivered().when(schedule_installation, command).refuses(refusal)


def test_an_acceptance_needs_passed_tests():
    past = installed()
    past.when(record_acceptance, accepting(), on=LAST).refuses(refusals.TestsIncomplete)
    past.when(record_tests, trying(passed=False), on=LAST).accepted()
    past.when(record_acceptance, accepting(), on=LAST).refuses(refusals.TestsIncomplete)
    past.when(record_tests, trying(protocol=" "), on=LAST).refuses(ValidationFailed)
    past.when(record_tests, trying(), on=LAST).accepted()

    past.when(record_acceptance, accepting(), on=LAST).accepted()
    past.when(record_acceptance, accepting(), on=LAST).refuses(InvalidState)


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (accepting(document_hash=" "), AcceptanceDocRequired),
        (accepting(hospital_signatory=""), ValidationFailed),
        (accepting(accepted_at=day("2026-03-27")), FutureDated),
        (accepting(serial=OTHER), SerialNotOnOrder),
        (accepting(install_id="INS-0009"), NotFound),
    ],
)
def test_an_acceptance_is_a_signed_document_of_this_device(command, refusal):
    proven().when(record_acceptance, command, on=LAST).refuses(refusal)


def test_inv_sn_5_the_warranty_ends_the_day_before_the_months_are_over():
    past = proven()

    done = past.when(record_acceptance, accepting(), on=LAST)

    (told,) = done.recorded(serial_events.Accepted)
    assert (told.warranty_from, told.warranty_to) == (day(LAST), day("2028-03-25"))
    assert done.answer["warranty_to"] == day("2028-03-25")
    assert (unit(past, CT).state, state(past)) == ("IN_SERVICE", "ACCEPTED")
    assert past.get(Order, "SO-0001").state == "ACCEPTED"


def test_the_acceptance_bills_the_last_tenth_of_a_30_60_10_plan():
    past = delivered(plan=PLAN)
    (first,) = [
        one for _, _, one in past.log.journal if isinstance(one, account_events.InvoicePosted)
    ]
    assert (first.gross, first.milestone) == (GROSS * 90 // 100, "POD")
    account = past.get(DealerAccount, "D05", "CNY")
    assert account.items[first.doc].open == GROSS * 60 // 100

    done = proven(past).when(record_acceptance, accepting(), on=LAST)
    (last,) = done.recorded(account_events.InvoicePosted)

    assert (last.gross, last.milestone) == (GROSS - first.gross, "ACCEPTANCE")
    assert line(past).billed == GROSS


def test_a_rejected_acceptance_is_tested_again():
    past = proven()
    past.when(reject_acceptance, RejectAcceptance(install_id=INS, issues=())).refuses(
        ValidationFailed
    )
    no = RejectAcceptance(install_id=INS, issues=("noise",))
    past.when(reject_acceptance, no, on=LAST).accepted()
    assert state(past) == "REJECTED_BY_HOSPITAL"
    past.when(record_acceptance, accepting(), on=LAST).refuses(refusals.TestsIncomplete)
    past.when(record_tests, trying(), on=LAST).accepted()

    past.when(record_acceptance, accepting(), on=LAST).accepted()
    past.when(reject_acceptance, no, on=LAST).refuses(InvalidState)


def test_another_device_than_the_shipped_one_is_recorded_and_blocks_the_acceptance():
    past = started(delivered(CT, OTHER))

    past.when(record_installation, scanning(OTHER), on=LAST).accepted()

    assert past.get(Installation, INS).mismatch == OTHER
    assert (unit(past, OTHER).state, unit(past, CT).state) == ("INSTALLED", "AT_HOSPITAL")
    past.when(record_acceptance, accepting(), on=LAST).refuses(
        SerialMismatch, shipped=CT, scanned=OTHER
    )


@pytest.mark.parametrize("before", [started, proven])
def test_the_right_device_clears_a_wrong_scan_up(before):
    past = before(delivered(CT, OTHER))
    past.when(record_installation, scanning(OTHER), on=LAST).accepted()
    past.when(record_acceptance, accepting(), on=LAST).refuses(SerialMismatch)

    past.when(record_installation, scanning(), on=LAST).accepted()
    past.when(record_tests, trying(), on=LAST).accepted()

    past.when(record_acceptance, accepting(), on=LAST).accepted()


def test_inv_sn_4_a_device_installed_once_is_not_installed_at_a_second_hospital():
    past = installed()

    done = past.when(record_installation, scanning(hospital="H-SZ-01", region="320500"), on=LAST)

    assert not done.recorded(serial_events.Installed)
    assert len(done.recorded(serial_events.Observed)) == 1
    assert (unit(past, CT).hospital, line(past).installed) == ("H-NJ-02", 1)


def test_inv_sn_4_a_device_that_came_back_may_be_installed_anew():
    past = accepted()
    rma = came_back(past, item("CT64", serial=CT), on=LAST)
    fate = (Disposed(sku="CT64", disposition="RESTOCK", serial=CT),)
    fine = InspectReturn(rma_id=rma, items=fate, report_hash="r")
    past.when(inspect_return, fine, by=QUALITY, on=LAST).accepted()
    terms = {"ship_to": "ADR-H-SZ-01", "end_customer_id": "H-SZ-01"}
    wish = order("D05", of("CT64", 1), requested_date=day("2026-04-20"), **terms)
    past.when(place_order, wish, on=LAST).accepted()
    sent(past, "SHP-0002", goods("SO-0002", 1, "CT64", CT), on=LAST)
    signed(past, "SHP-0002", LAST)

    again = planning(so_id="SO-0002", hospital_id="H-SZ-01")
    done = past.when(schedule_installation, again, on=LAST)

    done.accepted()
    assert done.answer["install_id"] != INS
    assert past.get(Installation, INS).so == "SO-0001"
