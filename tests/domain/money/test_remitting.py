"""Remittance advice: what the payer says an amount is for is followed to the letter."""

import pytest

from domain.accounts import account_events
from domain.accounts.ledger import Allocation
from domain.accounts.refusals import ItemClosed, Overallocated
from domain.kernel.refusal import ValidationFailed
from tests.domain.money.payments import RECEIVED, account, owing, pay
from tests.domain.support import like


def test_a_remittance_advice_is_followed_to_the_letter():
    past = owing(100_00, 250_00)

    pay(past, 160_00, ("INV-2", 150_00), ("INV-1", 10_00)).then(
        *RECEIVED,
        like(
            account_events.CashApplied,
            rule="REMITTANCE",
            allocations=(Allocation("INV-2", 150_00), Allocation("INV-1", 10_00)),
        ),
    )
    assert account(past) == ({"INV-1": 90_00, "INV-2": 100_00}, {})


def test_what_a_remittance_advice_does_not_name_stays_unapplied():
    past = owing(100_00)

    pay(past, 100_00, ("INV-1", 60_00)).accepted()

    assert account(past) == ({"INV-1": 40_00}, {"RCPT-0001": 40_00})


@pytest.mark.parametrize(
    ("remittance", "refusal"),
    [
        ([("INV-9", 10_00)], ItemClosed),
        ([("INV-1", 100_01)], Overallocated),
        ([("INV-1", 100_00), ("INV-2", 100_01)], Overallocated),
        ([("INV-1", 60_00), ("INV-1", 60_00)], Overallocated),
        ([("INV-1", 100_00), ("INV-1", 50_00)], Overallocated),
        ([("INV-1", 0)], ValidationFailed),
        ([("INV-1", -5)], ValidationFailed),
    ],
)
def test_a_remittance_advice_cannot_give_more_than_there_is(remittance, refusal):
    pay(owing(100_00, 250_00), 200_00, *remittance).refuses(refusal)


def test_an_item_that_is_settled_cannot_be_settled_again():
    past = owing(100_00)
    pay(past, 100_00).accepted()

    pay(past, 50_00, ("INV-1", 50_00)).refuses(ItemClosed)
