"""What a line of the bank settles, and on which day it is posted."""

from __future__ import annotations

import pytest

from domain.accounts import account_events
from domain.accounts.account_events import CashApplied, PaymentReceived
from domain.accounts.bank_statement import BankStatement
from domain.accounts.dealer_account import DealerAccount
from domain.books.period import Control, Period
from domain.flows.accounts.settling import RemittanceLine
from tests.domain.reconciling.steps import account, assign, bank_line, imported, invoiced, owing
from tests.domain.story import of, placed
from tests.domain.support import day, fact
from tests.domain.world import BY

OLD, NEW = invoiced("INV-2026-0007", 500_00), invoiced("INV-2026-0008", 300_00)
THIRD = invoiced("INV-2026-0009", 800_00)


def rule(told) -> str:
    (applied,) = told.recorded(CashApplied)
    return str(applied.rule)


@pytest.mark.parametrize(
    "text",
    [
        "INV-2026-0007 INV-2026-0008",
        "货款INV-2026-0008，INV-2026-0007（三月）",
        "INV-2026-0007/INV-2026-0008",
        "INV-2026-0007 INV-2026-0007 AND INV-2026-0008",
    ],
)
def test_documents_that_the_text_names_are_settled_where_the_sums_agree(text):
    # THIRD is the only document of that amount: without the text it would be settled.
    past = owing(OLD, NEW, THIRD)

    told = imported(past, bank_line(800_00, "B-1", text=text))

    assert rule(told) == "REMITTANCE"
    assert account(past) == ({"INV-2026-0009": 800_00}, {})


@pytest.mark.parametrize("amount", [799_99, 800_01, 500_00])
def test_where_they_do_not_agree_the_text_decides_nothing(amount):
    past = owing(OLD, NEW, THIRD)
    text = "INV-2026-0007 INV-2026-0008"

    told = imported(past, bank_line(amount, "B-1", text=text))

    assert rule(told) != "REMITTANCE"


def test_a_document_of_another_dealer_in_the_text_is_not_settled():
    past = owing(OLD, invoiced("INV-2026-0012", 800_00, dealer="D06"))

    imported(past, bank_line(800_00, "B-1", text="INV-2026-0012")).accepted()

    assert account(past, "D06") == ({"INV-2026-0012": 800_00}, {})
    assert account(past) == ({}, {"RCPT-0001": 300_00})


def test_a_part_of_what_is_open_is_what_the_text_is_compared_with():
    past = owing(OLD, NEW)
    imported(past, bank_line(200_00, "B-1", payer="Stranger")).accepted()
    part = [RemittanceLine(doc_no="INV-2026-0007", amount=200_00)]
    assign(past, "B-1", mandate="M", remittance=part).accepted()

    told = imported(past, bank_line(300_00, "B-2", text="rest of INV-2026-0007"), reference="S-2")

    assert rule(told) == "REMITTANCE"
    assert account(past) == ({"INV-2026-0008": 300_00}, {})


def test_a_settled_document_that_the_text_names_stops_nothing():
    past = owing(OLD, NEW)
    imported(past, bank_line(500_00, "B-1", text="INV-2026-0007")).accepted()
    text = "INV-2026-0007 INV-2026-0008"

    imported(past, bank_line(300_00, "B-2", text=text), reference="S-2").accepted()

    assert account(past) == ({}, {})


def test_lines_of_one_statement_settle_one_after_the_other():
    past = owing(OLD, NEW)
    text = "INV-2026-0007"

    imported(
        past, bank_line(500_00, "B-1", text=text), bank_line(500_00, "B-2", text=text)
    ).accepted()

    assert account(past) == ({}, {"RCPT-0002": 200_00})


def closed(period: str):
    totals = Control(debit=0, credit=0, receivables=0, entries=0)
    event = Period.Closed(*BY, control=totals, exceptions=(), revision=1)
    return fact(Period, period, event)


def locked(period: str):
    event = account_events.MonthLocked(
        *BY, period=period, closing=0, accounting_date=day("2026-04-02")
    )
    return fact(DealerAccount, "D05", "CNY", event)


def happens(past, one):
    past.get(one.aggregate, *one.key).record(one.event)


@pytest.mark.parametrize("shut", [closed, locked], ids=["the period", "the dealer's month"])
def test_money_of_a_month_that_is_closed_is_posted_today_with_its_own_day(shut):
    past = owing(OLD)
    happens(past, shut("2026-03"))

    told = imported(past, bank_line(500_00, "B-1", "2026-03-30"), day_="2026-04-06")

    (received,) = told.recorded(PaymentReceived)
    assert (received.value_date, received.accounting_date, received.effective_date) == (
        day("2026-03-30"),
        day("2026-04-06"),
        day("2026-03-30"),
    )
    (applied,) = told.recorded(CashApplied)
    assert applied.accounting_date == day("2026-04-06")


def test_money_of_an_open_month_is_posted_on_its_value_date():
    told = imported(owing(OLD), bank_line(500_00, "B-1", "2026-03-30"), day_="2026-04-06")

    (received,) = told.recorded(PaymentReceived)
    assert (received.accounting_date, received.effective_date) == (day("2026-03-30"), None)


def test_a_line_of_a_closed_month_that_is_assigned_later_is_posted_on_that_day():
    past = owing(OLD)
    imported(past, bank_line(500_00, "B-1", "2026-02-27", payer="Stranger")).accepted()
    happens(past, closed("2026-02"))

    told = assign(past, "B-1", mandate="M")

    (received,) = told.recorded(PaymentReceived)
    assert (received.accounting_date, received.effective_date) == (
        day("2026-03-20"),
        day("2026-02-27"),
    )


def test_one_late_line_does_not_move_the_others():
    past = owing(OLD, NEW)
    happens(past, closed("2026-02"))

    told = imported(
        past, bank_line(500_00, "B-1", "2026-02-27"), bank_line(300_00, "B-2", "2026-03-02")
    )

    days = [one.accounting_date for one in told.recorded(PaymentReceived)]
    assert days == [day("2026-03-20"), day("2026-03-02")]


def test_money_for_the_deposit_of_an_order_becomes_that_deposit():
    past = placed(of("US80", 1, "266000"))
    imported(past, bank_line(80_000_00, "B-1", payer="Stranger")).accepted()
    for_order = [RemittanceLine(doc_no="SO-0001", amount=80_000_00)]

    told = assign(past, "B-1", mandate="M", remittance=for_order)

    (booked,) = told.recorded(BankStatement.LineBooked)
    assert told.answer["receipt"] == booked.doc != ""
    assert told.recorded(PaymentReceived) == []
