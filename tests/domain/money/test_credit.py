"""Credit: exposure against the limit, and invoices that are overdue."""

import pytest

from domain.accounts.credit_line import CreditLine
from domain.accounts.dealer_account import DealerAccount
from domain.flows.accounts.settling import record_payment
from domain.flows.orders.ordering import place_order
from domain.orders.order_events import Held
from domain.policies.credit import check_exposure, check_overdue, exposure
from tests.domain.company import company, limit, open_invoice
from tests.domain.story import (
    of,
    order,
    paying,
)
from tests.domain.support import day, given, stamp

LINES = (of("US80", 2, "266000"), of("INJ", 60, "1260"))


GROSS = 686_588_00


def used(past, dealer="D05"):
    account, credit = past.get(DealerAccount, dealer, "CNY"), past.get(CreditLine, dealer, "CNY")
    return exposure(account, credit)


def test_money_that_is_not_applied_lowers_the_exposure():
    past = given(company(), open_invoice("D05", "INV-1", 100_00, "2026-03-20"))
    past.when(record_payment, paying("D05", 250_00), on="2026-03-09").accepted()

    assert used(past) == -150_00


def test_the_exposure_of_an_order_is_its_evidence():
    past = given(company(), open_invoice("D05", "INV-1", 452_000_00, "2026-03-20"))
    past.when(place_order, order("D05", *LINES)).accepted()
    account, credit = past.get(DealerAccount, "D05", "CNY"), past.get(CreditLine, "D05", "CNY")

    assert check_exposure(account, credit, 0, day("2026-03-02")).inputs == {
        "exposure": 1_138_588_00,
        "order": 0,
        "limit": 6_000_000_00,
        "deviation": 0,
    }


@pytest.mark.parametrize(("decided", "hold"), [(GROSS, ""), (GROSS - 1, "CREDIT_LIMIT")])
def test_an_exposure_of_exactly_the_limit_passes_and_one_fen_more_holds(decided, hold):
    log = given(limit("D05", decided)).log
    account, credit = log.get(DealerAccount, "D05", "CNY"), log.get(CreditLine, "D05", "CNY")

    found = check_exposure(account, credit, GROSS, day("2026-03-02"))

    assert (found.check, found.hold) == ("K11", hold)
    assert found.inputs["deviation"] == (1 if hold else 0)


@pytest.mark.parametrize(
    ("on", "amount"),
    [("2025-12-31", 0), ("2026-01-01", 700), ("2026-12-31", 700), ("2027-01-01", 0)],
)
def test_a_limit_is_worth_nothing_outside_of_its_validity(on, amount):
    assert given(limit("D05", 700)).get(CreditLine, "D05", "CNY").limit_on(day(on)) == amount


@pytest.mark.parametrize(
    ("on", "hold"),
    [
        ("2026-02-28", ""),
        ("2026-03-03", ""),
        ("2026-03-04", "CREDIT_OVERDUE"),
        ("2026-03-05", "CREDIT_OVERDUE"),
    ],
)
def test_an_invoice_is_overdue_when_the_three_days_of_grace_are_over(on, hold):
    past = given(limit("D09", 1), open_invoice("D09", "INV-2601-033", 1_017_000_00, "2026-02-28"))
    account, credit = past.get(DealerAccount, "D09", "CNY"), past.get(CreditLine, "D09", "CNY")

    assert check_overdue(account, credit, day(on)).hold == hold


@pytest.mark.parametrize(("open_", "hold"), [(999_99, ""), (1_000_00, "CREDIT_OVERDUE")])
def test_an_overdue_invoice_of_less_than_1000_00_does_not_hold(open_, hold):
    past = given(limit("D09", 1), open_invoice("D09", "INV-1", open_, "2026-01-31"))
    account, credit = past.get(DealerAccount, "D09", "CNY"), past.get(CreditLine, "D09", "CNY")

    assert check_overdue(account, credit, day("2026-03-05")).hold == hold


def test_overdue_invoices_are_summed_named_and_counted_in_days():
    owing = [
        open_invoice("D09", "INV-B", 2_000_00, "2026-02-20"),
        open_invoice("D09", "INV-A", 3_000_00, "2026-02-28"),
        open_invoice("D09", "INV-C", 9_000_00, "2026-03-05"),
    ]
    past = given(company(), owing)

    done = past.when(place_order, order("D09", of("DR50", 1, "474500")), on="2026-03-05")

    (held,) = done.recorded(Held)
    assert held.evidence == {
        "grace_days": 3,
        "overdue": 5_000_00,
        "deviation": 5_000_00,
        "days": 13,
        "documents": "INV-A,INV-B",
    }


def test_moving_nothing_records_nothing():
    given(company()).when(
        lambda log: log.get(CreditLine, "D05", "CNY").move("SO-1", "", "ORDERED", 0, stamp())
    ).then()


def test_deciding_the_same_limit_again_records_nothing():
    decided = limit("D05", 5).event.limit
    past = given(limit("D05", 5))

    past.when(lambda log: log.get(CreditLine, "D05", "CNY").set_limit(decided, "x", stamp())).then()
