"""Everything that is wrong with a command is told at once, what leads first."""

import pytest

from domain.accounts.refusals import (
    AmountMismatch,
    CurrencyMismatch,
    FapiaoDuplicate,
    OrderStillOpen,
    Overallocated,
    PayerMismatch,
)
from domain.flows.accounts.applying import ApplyCash, NetMoney, RefundMoney, UnapplyCash
from domain.flows.accounts.depositing import ForfeitDeposit, ReceiveDeposit, RefundDeposit
from domain.flows.accounts.registering import RegisterTaxInvoice
from domain.kernel.refusal import FutureDated, ReasonRequired, ValidationFailed
from tests.domain.ledger.books import does, opened, pct, told
from tests.domain.story import of, order, paying
from tests.domain.support import day

ON = "2026-03-09"
AHEAD = day("2026-03-10")


def fields(done):
    return [one.facts.get("field") for one in done.refusal.violations]


def test_a_payment_in_which_everything_is_wrong():
    wrong = paying(
        "D05",
        0,
        ("INV-1", 0),
        ("INV-1", 5),
        bank_ref="a/b",
        currency="EUR",
        payer_name="X",
        maturity=day("2026-09-09"),
        value_date=AHEAD,
        accounting_date=AHEAD,
    )

    done = does(opened(100_00), wrong, on=ON)

    done.refuses(
        ValidationFailed,
        ValidationFailed,
        CurrencyMismatch,
        PayerMismatch,
        ValidationFailed,
        FutureDated,
        FutureDated,
        ValidationFailed,
        Overallocated,
    )
    assert [one for one in fields(done) if one] == [
        "bank_ref",
        "amount",
        "maturity",
        "value_date",
        "accounting_date",
        "remittance[0].amount",
    ]


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        (
            NetMoney(dealer_id="D05", receipt="R", amount=0, to_dealer_id="D05", agreement=""),
            ["to_dealer_id", "agreement", "amount"],
        ),
        (
            NetMoney(dealer_id="D05", receipt="R", amount=0, to_dealer_id="D99", agreement=""),
            ["to_dealer_id", "agreement", "amount"],
        ),
        (RefundMoney(dealer_id="D05", receipt="R", amount=0, bank_ref=""), ["bank_ref", "amount"]),
        (
            ApplyCash(dealer_id="D05", receipt="R", allocations=told(("A", 0), ("B", -1))),
            ["allocations[0].amount", "allocations[1].amount"],
        ),
    ],
)
def test_each_wrong_field_of_money_is_named(command, wrong):
    done = does(opened(100_00), command, on=ON)

    done.refuses(*[ValidationFailed] * len(wrong))
    assert fields(done) == wrong


def test_taking_back_in_which_everything_is_wrong():
    wrong = UnapplyCash(
        dealer_id="D05", receipt="R", allocations=told(("A", 0), ("B", 5)), reason=""
    )

    does(opened(100_00), wrong, on=ON).refuses(ReasonRequired, ValidationFailed, Overallocated)


def test_a_deposit_in_which_everything_is_wrong():
    past = does(opened(), order("D06", of("US80", 1, "277400"))).accepted()
    wrong = ReceiveDeposit(
        dealer_id="D05", so_id="SO-0001", bank_ref="", value_date=AHEAD, amount=0
    )

    done = does(past, wrong, on=ON)

    done.refuses(ValidationFailed, ValidationFailed, ValidationFailed, FutureDated)
    assert fields(done)[:3] == ["bank_ref", "amount", "so_id"]


PLAN = pct(("DEPOSIT", 30, 0), ("POD", 70, 30))
WISHES = [
    RefundDeposit(dealer_id="D06", so_id="SO-0001", doc_no="D", amount=0, bank_ref=""),
    ForfeitDeposit(dealer_id="D06", so_id="SO-0001", doc_no="D", amount=0, reason=""),
]


def ordered():
    return does(opened(), order("D05", of("US80", 1, "266000"), billing_plan=PLAN)).accepted()


@pytest.mark.parametrize("wish", WISHES)
def test_what_speaks_against_giving_a_deposit_up_is_told_at_once(wish):
    done = does(ordered(), wish)

    assert [type(one) for one in done.refusal.violations] == [
        ValidationFailed,
        ValidationFailed,
        ValidationFailed,
        OrderStillOpen,
    ]


@pytest.mark.parametrize("wish", WISHES)
def test_what_is_missing_of_a_deposit_that_is_given_up_is_told_with_it(wish):
    done = does(ordered(), wish)

    assert {"bank_ref", "reason"} & set(fields(done))


def test_a_tax_invoice_in_which_number_and_amount_are_wrong():
    past = opened(100_00, 250_00)
    number = {"fapiao_no": "F-1", "issued_at": day("2026-03-02")}
    does(past, RegisterTaxInvoice(doc_no="INV-1", amount=100_00, **number)).accepted()

    wrong = RegisterTaxInvoice(doc_no="INV-2", amount=1, **number)

    does(past, wrong).refuses(FapiaoDuplicate, AmountMismatch)
