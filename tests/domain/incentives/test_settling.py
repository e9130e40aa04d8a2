"""Settling: a confirmed rebate is paid, whole or in parts, and no more than was confirmed."""

from decimal import Decimal

import pytest

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.invoice import RED, Invoice
from domain.accounts.refusals import DuplicateBankRef, ItemOfOtherDealer, RedInfoMissing
from domain.books.refusals import PeriodClosed
from domain.flows.incentives.paying_out import deduct
from domain.flows.incentives.rewarding import SetOpeningRebate
from domain.incentives.policy_terms import Tier
from domain.incentives.rebate import Rebate
from domain.incentives.refusals import (
    AlreadySettled,
    ExceedsConfirmed,
)
from domain.kernel.refusal import InvalidState, NotFound, ValidationFailed
from domain.policies.rebates import payable
from tests.domain.company import company
from tests.domain.incentives.schemes import (
    EARNED,
    FACTORS,
    POLICY,
    accepted,
    accrue,
    close,
    confirmed,
    confirming,
    does,
    open_of,
    pay,
    quarter,
    rebate,
    reopen,
    sell,
    settling,
    tries,
)
from tests.domain.support import day, given, stamp

ON = stamp(on="2026-03-15")
CASH = {"method": "CASH", "bank_ref": "BK-1", "red_info_no": ""}


def test_a_credit_note_pays_the_named_invoice_with_vat():
    past = confirmed()
    before = open_of(past)

    done = does(past, settling(19_312_00, invoice="INV-2"))

    [note] = done.recorded(account_events.CreditNotePosted)
    assert (note.kind, note.net, note.vat, note.gross) == (
        "REBATE",
        19_312_00,
        2_510_56,
        21_822_56,
    )
    assert (note.invoice, note.policy, note.red_info_no) == ("INV-2", POLICY, "RED-9")
    assert open_of(past) == before | {"INV-2": before["INV-2"] - 21_822_56}
    assert past.get(Invoice, note.doc).known.kind == RED


def test_a_rebate_that_is_paid_in_full_carries_3_202_16_of_vat_and_is_over():
    past = confirmed()

    done = does(past, settling())

    told = {"net": EARNED, "vat": 3_202_16, "final": True, "method": "CREDIT_NOTE"}
    [paid] = done.recorded(Rebate.Settled)
    assert {name: getattr(paid, name) for name in told} == told
    assert done.answer == {"doc": "CN-2604-001", "net": EARNED, "vat": 3_202_16, "state": "SETTLED"}
    tries(past, settling(1)).refuses(AlreadySettled)
    tries(past, confirming()).refuses(AlreadySettled)


def test_without_an_invoice_the_one_that_is_due_first_is_paid():
    past = accepted()
    late, soon = (sell(past, 1_000_000_00, "2026-03-02", due=due) for due in ("2026-06-30", "2026-05-31"))  # fmt: skip
    accrue(past, "2026-03", "2026-03-31")
    before = open_of(confirmed(past))

    does(past, settling(10_000_00))

    assert open_of(past) == {late: before[late], soon: before[soon] - 11_300_00}


def test_a_note_that_is_more_than_its_invoice_pays_the_next_one_too():
    past = confirmed()
    small = sell(past, 1_000_00, "2026-04-01", due="2026-07-31")
    before = open_of(past)

    does(past, settling(invoice=small))

    rest = before["INV-1"] - (27_834_16 - 1_130_00)
    assert open_of(past) | {small: 1_130_00} == before | {"INV-1": rest}
    assert small not in open_of(past)


def test_a_rebate_is_paid_in_parts_and_no_more_than_was_confirmed():
    past = confirmed()
    does(past, settling(10_000_00))

    tries(past, settling(14_632_01)).refuses(ExceedsConfirmed, payable=14_632_00)
    done = does(past, settling(14_632_00))

    assert (rebate(past).settled, done.answer["state"]) == (EARNED, "SETTLED")


def test_cash_is_paid_with_vat_and_needs_the_banks_reference():
    past = confirmed(payout="CASH")
    before = open_of(past)
    tries(past, settling(**CASH | {"bank_ref": " "})).refuses(ValidationFailed, field="bank_ref")

    [paid] = does(past, settling(**CASH)).recorded(Rebate.Settled)

    assert (paid.doc, paid.method, paid.vat) == ("RBP-2604-001", "CASH", 3_202_16)
    assert paid.bank_ref == "BK-1"
    assert open_of(past) == before


def test_the_same_bank_reference_pays_once():
    past = confirmed(payout="CASH")
    does(past, settling(1_00, **CASH))

    tries(past, settling(1_00, **CASH)).refuses(DuplicateBankRef)


def test_a_note_needs_the_number_of_the_tax_office():
    tries(confirmed(), settling(red_info_no=" ")).refuses(RedInfoMissing)


@pytest.mark.parametrize("net", [0, -1])
def test_at_least_a_fen_is_paid(net):
    tries(confirmed(), settling(net)).refuses(ValidationFailed, field="amount_net")


def test_what_nobody_confirmed_is_not_paid():
    tries(quarter(), settling()).refuses(InvalidState, state="RUNNING")
    tries(accepted(), settling()).refuses(NotFound)


def test_nothing_is_paid_into_a_closed_month():
    tries(confirmed(), settling(), on="2026-03-31").refuses(PeriodClosed)


def test_the_invoice_of_another_dealer_is_not_paid():
    past = confirmed()
    other = past.get(DealerAccount, "D06", "CNY")
    other.open_item("INV-6", 1_000_000_00, day("2026-04-30"), ON)
    known = past.get(Invoice, "INV-1").known
    past.get(Invoice, "INV-6").issue(type(known)(dealer="D06", gross=1_00, due=ON.today), ON)

    tries(past, settling(invoice="INV-6")).refuses(ItemOfOtherDealer)


def test_an_invoice_that_is_unknown_is_not_paid():
    tries(confirmed(), settling(invoice="INV-99")).refuses(NotFound)


def test_a_rebate_is_paid_as_its_policy_says():
    tries(confirmed(), settling(**CASH)).refuses(ValidationFailed, field="method")


def test_an_opening_rebate_that_is_confirmed_is_paid_at_13_per_cent():
    past = given(company())
    old = SetOpeningRebate(dealer_id="D05", policy="RB-2025-Q4", net=30_000_00, confirmed=True)
    does(past, old, on="2026-02-28")
    doc = sell(past, 1_330_000_00, "2026-03-02")

    done = does(past, settling(30_000_00, policy="RB-2025-Q4", invoice=doc), on="2026-03-12")

    assert done.answer == {
        "doc": "CN-2603-001",
        "net": 30_000_00,
        "vat": 3_900_00,
        "state": "SETTLED",
    }


def test_what_was_forfeited_stays_so_though_a_better_factor_came_after_it():
    """80 % of 5,000.00 were paid; then 2,000.00 more were earned, and nothing is late any more."""
    assert payable(7_000_00, Decimal(100), 0, 4_000_00, 1_000_00) == 2_000_00
    assert payable(7_000_00, Decimal(80), 0, 4_000_00, 1_000_00) == 1_600_00


def test_what_is_earned_after_the_last_payment_is_paid_at_its_own_factor():
    past = accepted(tiers=(Tier(0, Decimal(1)),), payment_factors=FACTORS)
    pay(past, sell(past, 500_000_00, "2026-03-02", due="2026-03-10"), "2026-03-20")
    accrue(past, "2026-03", "2026-03-31")
    sell(past, 50_000_00, "2026-04-01")
    does(confirmed(past), settling(4_000_00))
    sell(reopen(past), 200_000_00, "2026-03-30")
    accrue(past, "2026-03", "2026-04-04")

    answer = does(close(past), confirming(7_000_00)).answer

    assert answer["factor_pct"] == "85.71"  # 500,000.00 at 80 %, 200,000.00 at 100 %
    assert answer["payable"] == 2_000_00
    does(past, settling(2_000_00))
    assert (rebate(past).state, rebate(past).outstanding) == ("SETTLED", 0)


def test_a_deduction_is_no_more_than_what_was_not_forfeited():
    past = accepted(tiers=(Tier(0, Decimal(1)),), payment_factors=FACTORS)
    pay(past, sell(past, 500_000_00, "2026-03-02", due="2026-03-10"), "2026-03-20")
    accrue(past, "2026-03", "2026-03-31")
    sell(past, 50_000_00, "2026-04-01")
    does(confirmed(past), settling(4_000_00))

    assert deduct(past.log, "D05", "DIV-1", 1_00, stamp(on="2026-04-03")) == 0
