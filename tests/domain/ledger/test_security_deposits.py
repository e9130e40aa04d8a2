"""Security deposits (保证金): received, paid back, and taken for a penalty; they net nothing."""

import pytest

from domain.accounts import account_events
from domain.accounts.credit_line import CreditLine
from domain.accounts.refusals import DepositExceeded
from domain.accounts.security_deposit import SecurityDeposit
from domain.cases.case_terms import PENALTY, Sanction
from domain.flows.accounts.securing import ReceiveSecurityDeposit, RefundSecurityDeposit
from domain.kernel.refusal import ForbiddenRole, FutureDated, NotFound, ValidationFailed
from domain.policies.credit import exposure
from tests.domain.cases.court import DECIDED_ON, came_to, sanctioning
from tests.domain.ledger.books import balances, credit, debit, does, ledger, opened, posts
from tests.domain.support import day
from tests.domain.world import FINANCE, MGR_NATIONAL

IN = {"dealer_id": "D05", "bank_ref": "BK-S", "value_date": day("2026-03-02"), "amount": 500_00}


def receiving(**more):
    return ReceiveSecurityDeposit(**IN | more)


def refunding(amount, **more):
    return RefundSecurityDeposit(**{"dealer_id": "D05", "bank_ref": "OUT-1"} | more, amount=amount)


def held(past, dealer="D05"):
    return past.get(SecurityDeposit, dealer, "CNY").held


def secured(past=None):
    return does(past or opened(), receiving(), by=FINANCE).accepted()


def test_a_security_deposit_is_owed_to_the_dealer():
    done = does(opened(), receiving(), by=FINANCE)

    posts(done, debit("1002", 500_00), credit("2241.03", 500_00))
    assert done.answer == {"doc": "SEC-0001", "held": 500_00}


def test_it_settles_no_invoice_and_lowers_no_exposure():
    past = opened(300_00)
    line = past.get(CreditLine, "D05", "CNY")
    assert exposure(ledger(past), line) == 300_00

    secured(past)

    assert exposure(ledger(past), line) == 300_00
    assert (ledger(past).open(), ledger(past).unapplied) == (300_00, {})


def test_it_is_paid_back_in_parts_and_no_further():
    past = secured()

    done = does(past, refunding(200_00), by=FINANCE)

    posts(done, debit("2241.03", 200_00), credit("1002", 200_00))
    does(past, refunding(300_01, bank_ref="OUT-2")).refuses(DepositExceeded, held=300_00)
    does(past, refunding(300_00, bank_ref="OUT-2")).accepted()
    does(past, refunding(1, bank_ref="OUT-3")).refuses(DepositExceeded, held=0)


@pytest.mark.parametrize(
    ("more", "refusals"),
    [
        ({"amount": 0}, [ValidationFailed]),
        ({"dealer_id": "D99"}, [NotFound]),
        ({"value_date": day("2026-03-03")}, [FutureDated]),
        (
            {"amount": -1, "bank_ref": " ", "value_date": day("2026-03-03")},
            [ValidationFailed, ValidationFailed, FutureDated],
        ),
    ],
)
def test_money_that_does_not_fit_is_refused_for_all_its_reasons(more, refusals):
    does(opened(), receiving(**more)).refuses(*refusals)


def test_a_refund_that_does_not_fit_is_refused_for_all_its_reasons():
    does(secured(), refunding(0, bank_ref="")).refuses(ValidationFailed, ValidationFailed)
    does(secured(), refunding(1, dealer_id="D99")).refuses(NotFound)


@pytest.mark.parametrize("command", [receiving(), refunding(1)])
def test_it_is_finances_alone(command):
    does(opened(), command, by=MGR_NATIONAL).refuses(ForbiddenRole)


@pytest.mark.parametrize(
    ("money", "taken", "owed"),
    [(100_000_00, 40_000_00, 0), (30_000_00, 30_000_00, 10_000_00), (None, 0, 40_000_00)],
)
def test_a_penalty_takes_what_there_is_and_the_rest_is_owed(money, taken, owed):
    past = came_to("DECIDED")
    if money:
        does(past, receiving(amount=money), on=DECIDED_ON).accepted()
    before = ledger(past).open()
    wish = Sanction(kind=PENALTY, amount=40_000_00, from_deposit=True)

    done = does(past, sanctioning(wish).command, on=DECIDED_ON, by=MGR_NATIONAL)

    lines = [debit("2241.03", taken), debit("1122", owed)]
    parts = [credit("6301", 40_000_00)] if taken and owed else [credit("6301", taken or owed)]
    posts(done, *(one for one in lines if one[1]), *parts)
    assert (held(past), ledger(past).open() - before) == ((money or 0) - taken, owed)
    (one,) = done.recorded(account_events.PenaltyCharged)
    assert (one.amount, one.from_deposit, one.owed) == (40_000_00, taken, owed)


def test_a_penalty_that_is_not_taken_from_it_leaves_it_alone():
    past = came_to("DECIDED")
    does(past, receiving(amount=100_000_00), on=DECIDED_ON).accepted()
    wish = Sanction(kind=PENALTY, amount=40_000_00)

    done = does(past, sanctioning(wish).command, on=DECIDED_ON, by=MGR_NATIONAL)

    posts(done, debit("1122", 40_000_00), credit("6301", 40_000_00))
    assert (held(past), balances(past)["2241.03"]) == (100_000_00, -100_000_00)
