"""Deposits: money for an order, and what becomes of it; each refusal of its five commands."""

import pytest

from domain.accounts import account_events
from domain.accounts.deposit_account import DepositAccount
from domain.accounts.refusals import DepositExceeded, ItemClosed, OrderStillOpen, Overallocated
from domain.flows.accounts.depositing import (
    ApplyDeposit,
    ForfeitDeposit,
    ReceiveDeposit,
    RefundDeposit,
    TransferDeposit,
)
from domain.flows.orders.ending import CancelOrder
from domain.kernel.refusal import FutureDated, NotFound, ValidationFailed
from domain.orders.order import Order
from tests.domain.ledger.books import credit, debit, does, ledger, opened, pct, posts
from tests.domain.story import US80_1, goods, of, order, paying, sent, signing
from tests.domain.support import day
from tests.domain.world import FINANCE

SHARE = 90_174_00
PLAN = pct(("DEPOSIT", 30, 0), ("POD", 70, 30))
DEP = {"dealer_id": "D05", "so_id": "SO-0001", "doc_no": "DEP-0001"}


def ordered(plan=PLAN, past=None):
    past = past or opened()
    does(past, order("D05", of("US80", 1, "266000"), billing_plan=plan)).accepted()
    return past


def receiving(amount=SHARE, so="SO-0001", dealer="D05", **more):
    terms = {"bank_ref": f"BK-{so}-{amount}", "value_date": day("2026-03-02")} | more
    return ReceiveDeposit(dealer_id=dealer, so_id=so, amount=amount, **terms)


def secured(plan=PLAN):
    return does(ordered(plan), receiving()).accepted()


def cancelled():
    past = secured()
    return does(past, CancelOrder(so_id="SO-0001", reason="project stopped")).accepted()


def held(past, so="SO-0001"):
    return past.get(DepositAccount, "D05", "CNY").of_order(so)


def refunding(amount=10_00, **more):
    return RefundDeposit(**DEP | {"amount": amount, "bank_ref": "OUT-1"} | more)


def forfeiting(amount=10_00, **more):
    return ForfeitDeposit(**DEP | {"amount": amount, "reason": "contract, clause 7"} | more)


def transferring(amount=10_00, **more):
    return TransferDeposit(**DEP | {"amount": amount, "to_so_id": "SO-0002"} | more)


def applying(amount=10_00, **more):
    return ApplyDeposit(**DEP | {"amount": amount, "invoice": "INV-2603-001"} | more)


def test_a_deposit_is_an_advance_and_lets_its_order_go_on():
    past = ordered()
    assert "DEPOSIT_PENDING" in past.get(Order, "SO-0001").holds

    done = does(past, receiving())

    posts(done, debit("1002", SHARE), credit("2203", SHARE))
    (one,) = done.recorded(DepositAccount.Received)
    assert (one.doc, one.so, one.amount) == ("DEP-0001", "SO-0001", SHARE)
    assert past.get(Order, "SO-0001").holds == ()


def test_money_in_two_parts_is_two_deposits():
    past = does(ordered(), receiving(40_000_00)).accepted()
    does(past, receiving(50_174_00)).accepted()

    assert held(past) == SHARE
    assert list(past.get(DepositAccount, "D05", "CNY").held["SO-0001"]) == ["DEP-0001", "DEP-0002"]


@pytest.mark.parametrize(
    ("more", "refusals"),
    [
        ({"amount": 0}, [ValidationFailed]),
        ({"dealer": "D06"}, [ValidationFailed]),
        ({"value_date": day("2026-03-03")}, [FutureDated]),
        ({"so": "SO-0009"}, [NotFound]),
        (
            {"amount": -1, "dealer": "D06", "value_date": day("2026-03-03"), "bank_ref": ""},
            [ValidationFailed, ValidationFailed, ValidationFailed, FutureDated],
        ),
    ],
)
def test_a_deposit_that_does_not_fit_is_refused_for_all_its_reasons(more, refusals):
    does(ordered(), receiving(**more)).refuses(*refusals)


def test_a_deposit_is_not_posted_in_the_future():
    does(ordered(), receiving(accounting_date=day("2026-04-20"))).refuses(FutureDated)


def test_a_deposit_fits_the_accounts():
    does(ordered(), receiving(10**15 + 1)).refuses(ValidationFailed, field="amount")


def invoiced(received_before=False):
    """The device was signed for, and its invoice is open; the deposit came in after it."""
    past = secured() if received_before else ordered(pct(("POD", 100, 30)))
    sent(past, "SHP-0001", goods("SO-0001", 1, "US80", US80_1), on="2026-03-02")
    does(past, signing("SHP-0001", "2026-03-02"), on="2026-03-02").accepted()
    return past


def test_an_invoice_takes_the_deposit_of_its_order_by_itself():
    past = invoiced(received_before=True)

    assert (held(past), ledger(past).items["INV-2603-001"].open) == (0, 210_406_00)


def test_a_deposit_that_came_late_is_applied_by_hand():
    past = does(invoiced(), receiving(100_00)).accepted()

    done = does(past, applying(60_00), by=FINANCE)

    posts(done, debit("2203", 60_00), credit("1122", 60_00))
    assert (held(past), ledger(past).items["INV-2603-001"].open) == (40_00, 300_520_00)


def test_a_deposit_is_applied_to_an_open_invoice_of_its_order_and_to_no_more_than_it_owes():
    past = does(invoiced(), receiving(300_600_00)).accepted()

    does(past, applying(300_600_01)).refuses(Overallocated)
    does(past, applying(300_580_01)).refuses(Overallocated)
    does(past, applying(0)).refuses(ValidationFailed, field="amount")
    does(past, applying(invoice="INV-9")).refuses(ValidationFailed, field="invoice")
    does(past, applying(dealer_id="D06")).refuses(ValidationFailed, field="so_id")
    does(past, applying(doc_no="DEP-0009")).refuses(DepositExceeded, held=0)
    does(past, paying("D05", 300_580_00), on="2026-03-09").accepted()
    does(past, applying()).refuses(ItemClosed)


def test_no_more_is_applied_than_the_deposit_holds():
    past = does(invoiced(), receiving(10_00)).accepted()

    does(past, applying(10_01)).refuses(DepositExceeded, amount=10_01, held=10_00)


@pytest.mark.parametrize("make", [refunding, forfeiting, transferring])
def test_an_order_that_goes_on_keeps_its_deposit(make):
    past = ordered(past=secured())

    does(past, make()).refuses(OrderStillOpen, so="SO-0001")


@pytest.mark.parametrize("make", [refunding, forfeiting, transferring])
@pytest.mark.parametrize(
    ("amount", "more", "refusal"),
    [
        (SHARE + 1, {}, DepositExceeded),
        (0, {}, ValidationFailed),
        (1_00, {"doc_no": "DEP-0009"}, DepositExceeded),
        (1_00, {"dealer_id": "D06"}, ValidationFailed),
        (1_00, {"so_id": "SO-0009"}, NotFound),
    ],
)
def test_no_more_goes_than_the_deposit_holds(make, amount, more, refusal):
    past = ordered(past=cancelled())

    told = does(past, make(amount, **more)).refusal
    assert {type(one) for one in getattr(told, "violations", ()) or (told,)} == {refusal}


def test_the_deposit_of_an_order_that_is_over_is_paid_back():
    past = cancelled()

    done = does(past, refunding(SHARE), by=FINANCE)

    posts(done, debit("2203", SHARE), credit("1002", SHARE))
    assert held(past) == 0
    does(past, refunding(1, bank_ref="OUT-2")).refuses(DepositExceeded, held=0)


def test_a_deposit_that_we_keep_is_other_income_and_has_a_reason():
    past = cancelled()
    does(past, forfeiting(reason=" ")).refuses(ValidationFailed, field="reason")

    done = does(past, forfeiting(90_000_00), by=FINANCE)

    posts(done, debit("2203", 90_000_00), credit("6301", 90_000_00))
    assert held(past) == 174_00


def test_a_deposit_is_moved_to_another_order_which_goes_on():
    past = ordered(past=cancelled())
    assert past.get(Order, "SO-0002").holds == ("DEPOSIT_PENDING",)

    done = does(past, transferring(SHARE))

    assert posts(done) is past  # it is an advance before and after
    assert (held(past), held(past, "SO-0002")) == (0, SHARE)
    assert past.get(Order, "SO-0002").holds == ()


def test_a_deposit_is_not_moved_to_an_order_of_another_dealer_or_to_one_that_is_over():
    past = cancelled()
    does(past, transferring(to_so_id="SO-0009")).refuses(NotFound)
    does(past, order("D06", of("US80", 1, "277400"))).accepted()

    does(past, transferring()).refuses(ValidationFailed, field="to_so_id")
    does(past, transferring(to_so_id="SO-0001")).refuses(ValidationFailed, field="to_so_id")


def test_a_deposit_that_was_moved_settles_the_invoice_of_its_new_order():
    past = does(ordered(past=cancelled()), transferring(SHARE)).accepted()
    sent(past, "SHP-0001", goods("SO-0002", 1, "US80", US80_1), on="2026-03-02")

    done = does(past, signing("SHP-0001", "2026-03-02"), on="2026-03-02")

    (one,) = done.recorded(account_events.DepositApplied)
    assert (one.deposit, one.amount) == ("DEP-0001", SHARE)
