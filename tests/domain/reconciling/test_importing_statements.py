"""Statements of the bank come in: each once, with its footing, in our currency, of days gone by."""

from __future__ import annotations

from datetime import date

import pytest

from domain.accounts.account_events import CashApplied, PaymentReceived
from domain.accounts.bank_statement import BankStatement
from domain.accounts.refusals import CurrencyMismatch, DuplicateStatement, FootingWrong
from domain.company.unique_key import UniqueKey
from domain.kernel.money import LARGEST_AMOUNT
from domain.kernel.refusal import ForbiddenRole, FutureDated, ValidationFailed
from tests.domain.reconciling.steps import (
    STOREKEEPER,
    account,
    bank_line,
    fields,
    imported,
    invoiced,
    owing,
)
from tests.domain.support import SERVICE
from tests.domain.world import DEALER_5, FINANCE, MGR_NATIONAL

ONE, TWO = bank_line(500_00, "B-1"), bank_line(-120_00, "B-2", text="fee")
OWED = invoiced("INV-1", 500_00)


@pytest.mark.parametrize("who", [FINANCE, SERVICE], ids=lambda one: one.role)
def test_finance_and_services_take_statements_in(who):
    past = owing(OWED)

    told = imported(past, ONE, TWO, opening=1_000_00, closing=1_380_00, by=who)

    assert told.accepted()
    assert told.answer == {
        "statement": "6222-01/S-1",
        "new": 2,
        "known": 0,
        "receipts": [{"line": "B-1", "dealer": "D05", "receipt": "RCPT-0001"}],
        "unassigned": [],
    }
    assert account(past) == ({}, {})


@pytest.mark.parametrize("who", [DEALER_5, STOREKEEPER, MGR_NATIONAL], ids=lambda one: one.role)
def test_nobody_else_does(who):
    imported(owing(OWED), ONE, by=who).refuses(ForbiddenRole)


@pytest.mark.parametrize("closing", [1_380_01, 1_379_99, -1_380_00, 0])
def test_a_statement_whose_lines_do_not_lead_to_its_closing_balance_is_refused(closing):
    told = imported(owing(OWED), ONE, TWO, opening=1_000_00, closing=closing)

    told.refuses(FootingWrong, comes_to=1_380_00, closing=closing)


@pytest.mark.parametrize(("opening", "closing"), [(None, 5), (5, None), (None, None)])
def test_without_both_balances_there_is_no_footing(opening, closing):
    imported(owing(OWED), ONE, opening=opening, closing=closing).accepted()


def test_an_overdrawn_account_has_a_footing_too():
    imported(owing(OWED), ONE, opening=-700_00, closing=-200_00).accepted()


def test_a_statement_without_lines_is_one_where_nothing_happened():
    past = owing(OWED)

    imported(past, opening=7_00, closing=7_00).then(BankStatement.Imported)
    imported(past, opening=7_00, closing=8_00, reference="S-2").refuses(FootingWrong)


def test_the_same_statement_again_adds_nothing_and_records_nothing():
    past = imported(owing(OWED), ONE, TWO, opening=0, closing=380_00).accepted()

    again = imported(past, ONE, TWO, opening=0, closing=380_00)

    again.then()
    assert (again.answer["new"], again.answer["receipts"]) == (0, [])


@pytest.mark.parametrize(
    "other",
    [
        {"lines": [ONE]},
        {"lines": [ONE, bank_line(-121_00, "B-2", text="fee")]},
        {"lines": [TWO, ONE]},
        {"lines": [ONE, bank_line(-120_00, "B-2", text="FEE")]},
        {"opening": 1, "closing": 380_01},
        {"opening": None},
    ],
    ids=["fewer lines", "an amount", "the order", "a text", "balances", "no balance"],
)
def test_another_content_under_the_same_reference_is_refused(other):
    past = imported(owing(OWED), ONE, TWO, opening=0, closing=380_00).accepted()
    told = {"lines": [ONE, TWO], "opening": 0, "closing": 380_00} | other
    if "lines" in other:
        told["closing"] = sum(one.amount for one in other["lines"])

    imported(past, *told.pop("lines"), **told).refuses(
        DuplicateStatement, account="6222-01", reference="S-1"
    )


def test_a_reference_is_the_accounts_own():
    past = imported(owing(OWED), ONE).accepted()

    imported(past, bank_line(3_00, "C-1"), account="6222-02").accepted()


def test_money_is_in_our_currency():
    imported(owing(OWED), ONE, currency="EUR").refuses(
        CurrencyMismatch, currency="EUR", account="CNY"
    )


def test_no_line_is_of_tomorrow():
    imported(owing(OWED), bank_line(1_00, "B-9", "2026-03-20")).accepted()
    told = imported(
        owing(OWED), ONE, bank_line(1_00, "B-9", "2026-03-21"), bank_line(-1, "", "2099-01-01")
    )

    told.refuses(FutureDated, FutureDated)
    assert fields(told) == ["lines[1].value_date", "lines[2].value_date"]


def test_everything_that_is_wrong_with_a_statement_is_said_at_once():
    told = imported(
        owing(OWED),
        bank_line(0),
        bank_line(LARGEST_AMOUNT + 1),
        bank_line(1, on="2026-03-21"),
        account="",
        reference="a/b",
        currency="USD",
        opening=0,
        closing=0,
    )

    told.refuses(
        *(ValidationFailed, ValidationFailed, CurrencyMismatch),
        *(ValidationFailed, ValidationFailed, FutureDated, FootingWrong),
    )


def test_the_largest_amount_that_the_bank_may_tell_is_taken():
    past = owing(OWED)

    imported(past, bank_line(LARGEST_AMOUNT, "B-1"), bank_line(-LARGEST_AMOUNT, "B-2")).accepted()

    assert account(past)[1] == {"RCPT-0001": LARGEST_AMOUNT - 500_00}


def test_what_is_booked_of_a_statement_is_recorded_in_its_order():
    told = imported(owing(OWED), ONE, TWO)

    assert [event.TOPIC for event in told.events if "." in event.TOPIC][:3] == [
        UniqueKey.Claimed.TOPIC,
        UniqueKey.Claimed.TOPIC,
        BankStatement.Imported.TOPIC,
    ]
    (received,) = told.recorded(PaymentReceived)
    (applied,) = told.recorded(CashApplied)
    (booked,) = told.recorded(BankStatement.LineBooked)
    assert (received.bank_ref, received.value_date) == ("B-1", date(2026, 3, 9))
    assert (received.by, booked.by.user) == (FINANCE, "system:banking")
    assert (applied.rule, booked.ref, booked.doc) == ("EXACT", "B-1", "RCPT-0001")
