"""References of the bank: each is booked once, whatever the money was for (INV-AC-8)."""

import pytest

from domain.accounts import account_events
from domain.accounts.refusals import DuplicateBankRef
from domain.flows.accounts.applying import RefundMoney
from domain.flows.accounts.depositing import ReceiveDeposit, RefundDeposit
from domain.flows.accounts.securing import ReceiveSecurityDeposit, RefundSecurityDeposit
from domain.flows.orders.ending import CancelOrder
from tests.domain.ledger.books import balances, does, opened, pct
from tests.domain.story import of, order, paying
from tests.domain.support import day

REF = "BK-1"
MONEY = {"bank_ref": REF, "value_date": day("2026-03-02"), "amount": 100_00}
PLAN = pct(("DEPOSIT", 30, 0), ("POD", 70, 30))


def world():
    past = opened(500_00)
    return does(past, order("D05", of("US80", 1, "266000"), billing_plan=PLAN)).accepted()


WAYS = {
    "payment": paying("D05", 100_00, bank_ref=REF, value_date=day("2026-03-02")),
    "another dealer's payment": paying("D06", 100_00, bank_ref=REF, value_date=day("2026-03-02")),
    "payment for an order": paying(
        "D05", 100_00, ("SO-0001", 100_00), bank_ref=REF, value_date=day("2026-03-02")
    ),
    "deposit": ReceiveDeposit(dealer_id="D05", so_id="SO-0001", **MONEY),
    "security": ReceiveSecurityDeposit(dealer_id="D05", **MONEY),
}


@pytest.mark.parametrize("second", WAYS)
@pytest.mark.parametrize("first", WAYS)
def test_a_reference_is_booked_once(first, second):
    past = does(world(), WAYS[first]).accepted()

    does(past, WAYS[second]).refuses(DuplicateBankRef)

    assert balances(past)["1002"] == 100_00


def test_the_refusal_says_where_the_reference_is_booked():
    past = does(world(), WAYS["deposit"]).accepted()

    does(past, WAYS["payment"]).refuses(DuplicateBankRef, bank_ref=REF, receipt="DEP-0001")


def test_a_payment_that_was_refused_leaves_its_reference_free():
    past = world()
    wrong = paying("D05", 100_00, bank_ref=REF, payer_name="Leasing Ltd")
    assert does(past, wrong, on="2026-03-09").refusal is not None

    does(past, WAYS["payment"]).recorded(account_events.PaymentReceived)


def out(kind):
    """Two refunds of 10.00 each under one reference, from money that came in before."""
    past = world()
    does(past, WAYS[kind]).accepted()
    ref = {"amount": 10_00, "bank_ref": "OUT-1"}
    if kind == "security":
        return past, RefundSecurityDeposit(dealer_id="D05", **ref)
    does(past, CancelOrder(so_id="SO-0001", reason="the dealer changed its mind")).accepted()
    return past, RefundDeposit(dealer_id="D05", so_id="SO-0001", doc_no="DEP-0001", **ref)


@pytest.mark.parametrize("kind", ["security", "deposit"])
def test_a_refund_is_booked_once(kind):
    past, refund = out(kind)
    does(past, refund).accepted()

    does(past, refund).refuses(DuplicateBankRef)


def test_money_is_paid_back_once_under_a_reference():
    past = does(world(), paying("D05", 700_00), on="2026-03-09").accepted()
    refund = RefundMoney(dealer_id="D05", receipt="RCPT-0001", amount=10_00, bank_ref="OUT-1")
    does(past, refund, on="2026-03-09").accepted()

    does(past, refund, on="2026-03-09").refuses(DuplicateBankRef)
