"""Paying: money comes in once and settles what it is for."""

import pytest

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.invoice import Invoice
from domain.accounts.ledger import Allocation
from domain.accounts.refusals import (
    CurrencyMismatch,
    DuplicateBankRef,
    DuplicateDocument,
    PayerMismatch,
)
from domain.company.number_series import NumberSeries
from domain.company.refusals import AlreadyPosted
from domain.company.unique_key import UniqueKey
from domain.flows.accounts.settling import record_payment
from domain.flows.goods.opening import SetOpeningItem, set_opening_item
from domain.kernel.refusal import FutureDated, NotFound, ValidationFailed
from tests.domain.company import company
from tests.domain.money.payments import RECEIVED, account, owing, pay
from tests.domain.story import paying
from tests.domain.support import day, given, like
from tests.domain.world import BY


def test_a_payment_settles_the_item_it_is_for():
    past = owing(100_00, 250_00)

    pay(past, 250_00).then(
        like(NumberSeries.NumberTaken, number=1),
        like(UniqueKey.Claimed, owner="RCPT-0001"),
        like(
            account_events.PaymentReceived, receipt="RCPT-0001", amount=250_00, bank_ref="BK-25000"
        ),
        like(
            account_events.CashApplied,
            rule="EXACT",
            allocations=(Allocation("INV-2", 250_00),),
            accounting_date=day("2026-03-09"),
        ),
    )
    assert account(past) == ({"INV-1": 100_00}, {})


def test_a_payment_that_could_be_for_two_items_stays_unapplied():
    past = owing(250_00, 250_00)

    done = pay(past, 250_00)

    done.then(*RECEIVED)
    assert done.answer == {"receipt": "RCPT-0001", "unapplied": 250_00, "orders": []}
    assert account(past) == ({"INV-1": 250_00, "INV-2": 250_00}, {"RCPT-0001": 250_00})


def test_more_than_is_owed_stays_unapplied():
    past = owing(100_00)

    assert pay(past, 130_00).answer["unapplied"] == 30_00
    assert account(past) == ({}, {"RCPT-0001": 30_00})


def test_a_small_difference_is_written_off_under_a_number_of_its_own():
    past = owing(565_000_00)

    pay(past, 564_995_00, value_date=day("2026-03-31"), on="2026-04-02").then(
        *RECEIVED,
        like(account_events.CashApplied, rule="SMALL_DIFFERENCE"),
        NumberSeries.NumberTaken,
        like(
            account_events.SmallDifferenceWrittenOff,
            doc="ADJ-2603-001",
            item="INV-1",
            amount=5_00,
            accounting_date=day("2026-03-31"),
        ),
    )
    assert account(past) == ({}, {})


@pytest.mark.parametrize(
    ("value_date", "rules"),
    [("2026-03-31", ["OLDEST_FIRST"]), ("2026-04-01", ["SMALL_DIFFERENCE"])],
)
def test_the_cap_on_small_differences_is_counted_by_month(value_date, rules):
    let_go = account_events.SmallDifferenceWrittenOff(
        *BY, doc="ADJ-1", item="INV-2", amount=96_00, accounting_date=day("2026-03-01")
    )
    past = owing(565_000_00, 96_00)
    past.get(DealerAccount, "D05", "CNY").record(let_go)

    done = pay(past, 564_995_00, value_date=day(value_date), on="2026-04-02")

    assert [one.rule for one in done.recorded(account_events.CashApplied)] == rules


def test_a_bank_reference_is_booked_once_for_all_dealers():
    past = owing(100_00)
    pay(past, 100_00, bank_ref="BK-1").accepted()

    pay(past, 100_00, bank_ref="BK-1").refuses(DuplicateBankRef, receipt="RCPT-0001")
    pay(past, 700_00, bank_ref="BK-1", dealer="D06").refuses(DuplicateBankRef)


@pytest.mark.parametrize(
    ("more", "refusals"),
    [
        ({"currency": "EUR"}, [CurrencyMismatch]),
        ({"payer_name": "Somebody else"}, [PayerMismatch]),
        ({"value_date": day("2026-03-10")}, [FutureDated]),
        ({"bank_ref": ""}, [ValidationFailed]),
        (
            {"currency": "EUR", "payer_name": "X", "value_date": day("2026-03-10")},
            [CurrencyMismatch, PayerMismatch, FutureDated],
        ),
    ],
)
def test_a_payment_that_does_not_fit_is_refused_for_all_its_reasons(more, refusals):
    pay(owing(100_00), 100_00, **more).refuses(*refusals)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_payment_is_at_least_one_fen(amount):
    pay(owing(100_00), amount).refuses(ValidationFailed, field="amount")


def test_an_unknown_dealer_pays_nothing():
    given().when(record_payment, paying("D05", 1)).refuses(NotFound)


def test_open_items_are_set_before_the_first_posting_and_once():
    item = SetOpeningItem(dealer_id="D05", doc="INV-9", gross=1_00, due=day("2026-03-20"))
    past = given(company())

    past.when(set_opening_item, item).then(
        like(account_events.OpenItemOpeningSet, doc="INV-9"), like(Invoice.Issued)
    )
    past.when(set_opening_item, item).refuses(DuplicateDocument, doc="INV-9")
    pay(past, 5_00).accepted().when(set_opening_item, item).refuses(
        AlreadyPosted, DuplicateDocument
    )
