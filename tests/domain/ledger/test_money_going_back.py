"""Money that goes back: bounced drafts, refunds, and what three parties agree on (三方抵账)."""

import pytest

from domain.accounts import account_events
from domain.accounts.refusals import DuplicateBankRef, Overallocated
from domain.flows.accounts.applying import (
    ApplyCash,
    NetMoney,
    RefundMoney,
    ReversePayment,
    UnapplyCash,
)
from domain.kernel.refusal import ForbiddenRole, NotFound, ReasonRequired, ValidationFailed
from tests.domain.ledger.books import (
    balances,
    credit,
    debit,
    does,
    held,
    ledger,
    opened,
    posts,
    told,
)
from tests.domain.story import paying
from tests.domain.support import day
from tests.domain.world import FINANCE, MGR_NATIONAL

RCPT = "RCPT-0001"
ON = "2026-03-09"


def bouncing(receipt=RCPT, reason="the draft bounced", dealer="D05"):
    return ReversePayment(dealer_id=dealer, receipt=receipt, reason=reason)


def refunding(amount, receipt=RCPT, ref="OUT-1"):
    return RefundMoney(dealer_id="D05", receipt=receipt, amount=amount, bank_ref=ref)


def netting(amount, to="D06", receipt=RCPT, agreement="AGR-1", dealer="D05"):
    parties = {"dealer_id": dealer, "to_dealer_id": to, "agreement": agreement}
    return NetMoney(receipt=receipt, amount=amount, **parties)


def paid(amount, *gross, **more):
    return does(opened(*gross), paying("D05", amount, **more), on=ON).accepted()


def open_items(past, dealer="D05"):
    return {doc: item.open for doc, item in ledger(past, dealer).items.items()}


def test_a_draft_that_bounces_opens_again_what_it_had_settled():
    draft = {"instrument": "BANK_DRAFT", "maturity": day("2026-09-09")}
    past = paid(350_00, 100_00, 250_00, **draft)
    assert open_items(past) == {}

    done = does(past, bouncing(), on="2026-03-20", by=FINANCE)

    posts(done, debit("1122", 350_00), credit("1002", 350_00))
    assert [type(one) for one in done.events[:2]] == [
        account_events.CashUnapplied,
        account_events.PaymentReversed,
    ]
    assert open_items(past) == {"INV-1": 100_00, "INV-2": 250_00}
    assert ledger(past).items["INV-2"].due == day("2026-03-21")
    assert (ledger(past).unapplied, ledger(past).receipts) == ({}, {})


def test_money_that_waited_is_given_up_when_it_bounces():
    past = paid(130_00, 100_00)

    posts(
        does(past, bouncing(), on=ON),
        debit("1122", 100_00),
        debit("2203", 30_00),
        credit("1002", 130_00),
    )


def test_a_payment_is_reversed_once_with_a_reason_by_finance():
    past = paid(100_00, 100_00)

    does(past, bouncing(reason=" "), on=ON).refuses(ReasonRequired)
    does(past, bouncing(), on=ON, by=MGR_NATIONAL).refuses(ForbiddenRole)
    does(past, bouncing("RCPT-0009"), on=ON).refuses(NotFound)
    does(past, bouncing(dealer="D06"), on=ON).refuses(NotFound)
    does(past, bouncing(), on=ON).accepted()
    does(past, bouncing(), on=ON).refuses(NotFound)


def test_the_reference_of_a_payment_that_bounced_stays_booked():
    past = does(paid(100_00, 100_00), bouncing(), on=ON).accepted()

    does(past, paying("D05", 100_00), on=ON).refuses(DuplicateBankRef, receipt=RCPT)


def test_a_payment_of_which_a_part_was_paid_back_cannot_bounce_whole():
    past = does(paid(130_00, 100_00), refunding(10_00), on=ON).accepted()

    does(past, bouncing(), on=ON).refuses(Overallocated, amount=130_00)
    assert open_items(past) == {}


def test_what_was_let_go_with_a_payment_is_owed_again_when_it_bounces():
    past = paid(564_995_00, 565_000_00)

    does(past, bouncing(), on=ON).accepted()

    assert open_items(past) == {"INV-1": 565_000_00}


def test_money_that_settles_nothing_is_paid_back():
    past = paid(130_00, 100_00)

    done = does(past, refunding(20_00), on="2026-03-11", by=FINANCE)

    posts(done, debit("2203", 20_00), credit("1002", 20_00))
    assert ledger(past).unapplied == {RCPT: 10_00}


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (refunding(30_01), Overallocated),
        (refunding(0), ValidationFailed),
        (refunding(1_00, receipt="RCPT-0009"), NotFound),
        (refunding(1_00, ref=""), ValidationFailed),
        (netting(30_01), Overallocated),
        (netting(0), ValidationFailed),
        (netting(1_00, receipt="RCPT-0009"), NotFound),
        (netting(1_00, to="D99"), ValidationFailed),
        (netting(1_00, to="D05"), ValidationFailed),
        (netting(1_00, agreement=" "), ValidationFailed),
    ],
)
def test_no_more_goes_away_than_waits(command, refusal):
    does(paid(130_00, 100_00), command, on=ON).refuses(refusal)


def test_money_that_settled_something_is_taken_back_before_it_is_paid_back():
    past = paid(100_00, 100_00)
    does(past, refunding(10_00), on=ON).refuses(NotFound)

    back = UnapplyCash(
        dealer_id="D05", receipt=RCPT, allocations=told(("INV-1", 10_00)), reason="paid twice"
    )
    does(past, back, on=ON).accepted()

    does(past, refunding(10_00), on=ON).accepted()


@pytest.mark.parametrize("command", [refunding(1_00), netting(1_00)])
def test_only_finance_gives_money_away(command):
    does(paid(130_00, 100_00), command, on=ON, by=MGR_NATIONAL).refuses(ForbiddenRole)


def test_three_parties_agree_and_money_of_one_dealer_is_anothers():
    past = opened(80_00, dealer="D06", past=paid(130_00, 100_00))

    done = does(past, netting(30_00), on=ON, by=FINANCE)

    mine, theirs = done.recorded(account_events.MoneyNetted)
    assert (mine.amount, mine.other, theirs.amount, theirs.other) == (-30_00, "D06", 30_00, "D05")
    assert mine.agreement == theirs.agreement == "AGR-1"
    assert (ledger(past).unapplied, ledger(past, "D06").unapplied) == ({}, {"NET-2603-001": 30_00})
    assert balances(past)["1122"] == 80_00


def test_netted_money_settles_nothing_by_itself_and_then_what_a_person_says():
    past = opened(80_00, dealer="D06", past=paid(130_00, 100_00))
    does(past, netting(30_00), on=ON).accepted()
    assert open_items(past, "D06") == {"D06-1": 80_00}

    wish = ApplyCash(dealer_id="D06", receipt="NET-2603-001", allocations=told(("D06-1", 30_00)))
    done = does(past, wish, on=ON)

    posts(done, debit("2203", 30_00), credit("1122", 30_00))
    assert open_items(past, "D06") == {"D06-1": 50_00}


def test_a_payment_of_which_a_part_is_anothers_cannot_bounce_whole():
    past = does(paid(130_00, 100_00), netting(30_00), on=ON).accepted()

    does(past, bouncing(), on=ON).refuses(Overallocated)


def test_the_control_account_of_advances_says_whose_netted_money_it_is():
    past = does(paid(130_00, 100_00), netting(30_00), on=ON).accepted()

    assert [-balances(past, one)["2203"] for one in ("D05", "D06")] == [
        held(past, "D05"),
        held(past, "D06"),
    ]
