"""What rebates and claims post to the general ledger: debits above, credits below nothing."""

from decimal import Decimal

import pytest

from domain.accounts.dealer_account import DealerAccount
from domain.books.period import Period
from domain.cases.case_terms import REBATE_DEDUCTION, RESPONDED, Sanction
from domain.flows.incentives.expiring import ExpireClaims
from domain.flows.incentives.rewarding import SetOpeningRebate
from domain.incentives.claim import Claim
from domain.incentives.policy_terms import Tier
from domain.policies.posting.of_incentives import lapsed
from tests.domain.cases.court import CASE, appealing, came_to, deciding, judging, sanctioning
from tests.domain.cases.court import does as acts
from tests.domain.company import company
from tests.domain.incentives.doubts import decided, doubted, owed
from tests.domain.incentives.offers import ASKED, ON, approved, reviewing, settle, submitted
from tests.domain.incentives.schemes import (
    EARNED,
    FACTORS,
    HELD,
    POLICY,
    accepted,
    accrue,
    booked,
    close,
    confirmed,
    confirming,
    credit,
    does,
    pay,
    quarter,
    sell,
    settling,
)
from tests.domain.support import day, given
from tests.domain.world import MGR_EAST

NOTE = {"red_info_no": "RED-1"}


def steps(past, one):
    return does(past, one.command, one.by, one.on)


def entry_of(done):
    [lines] = booked(done)
    return lines


def entry(done):
    [posted] = done.recorded(Period.EntryPosted)
    return posted


def test_an_opening_rebate_comes_from_the_technical_account():
    told = SetOpeningRebate(dealer_id="D05", policy=POLICY, net=17_800_00)

    done = does(given(company()), told, on="2026-02-28")

    assert booked(done) == [{"0000": 17_800_00, "2241.01": -17_800_00}]
    assert (entry(done).doc, entry(done).day, entry(done).dealer) == (
        POLICY,
        day("2026-02-28"),
        "D05",
    )


def test_an_opening_rebate_of_nothing_posts_nothing():
    told = SetOpeningRebate(dealer_id="D05", policy=POLICY, net=0)

    assert booked(does(given(company()), told, on="2026-02-28")) == []


def test_an_accrual_reduces_revenue():
    past = accepted()
    sell(past, 1_150_000_00, "2026-01-10")

    done = accrue(past, "2026-01", "2026-02-02")

    assert booked(done) == [{"6001.R": 1_500_00, "2241.01": -1_500_00}]
    assert (entry(done).doc, entry(done).day) == (POLICY, day("2026-01-31"))
    assert entry(done).cause == "rebate.accrued"


def test_a_negative_accrual_gives_revenue_back():
    past = quarter()
    credit(past, 100_000_00, "2026-03-30")

    assert booked(accrue(past, "2026-03", "2026-03-31")) == [
        {"6001.R": -2_000_00, "2241.01": 2_000_00}
    ]


def test_what_is_confirmed_posts_nothing():
    past = close(quarter())

    assert booked(does(past, confirming())) == []


def test_a_note_takes_the_accrual_and_vat_off_the_receivables():
    done = does(confirmed(), settling())

    assert booked(done) == [{"2241.01": EARNED, "2221": 3_202_16, "1122": -27_834_16}]
    assert (entry(done).doc, entry(done).dealer) == ("CN-2604-001", "D05")


def test_what_no_invoice_takes_of_a_note_is_an_advance():
    past = confirmed()
    past.get(DealerAccount, "D05", "CNY").items.clear()

    assert booked(does(past, settling())) == [
        {"2241.01": EARNED, "2221": 3_202_16, "2203": -27_834_16}
    ]


def test_cash_leaves_the_bank_with_vat():
    done = does(confirmed(payout="CASH"), settling(method="CASH", bank_ref="BK-1"))

    assert booked(done) == [{"2241.01": EARNED, "2221": 3_202_16, "1002": -27_834_16}]
    assert entry(done).doc == "RBP-2604-001"


def test_a_reversal_gives_revenue_back():
    done = steps(came_to(RESPONDED, doubted()), deciding())

    assert booked(done) == [{"2241.01": HELD, "6001.R": -HELD}]
    assert entry(done).day == day("2026-03-25")


@pytest.mark.parametrize("outcome", ["DISMISSED", "INCONCLUSIVE"])
def test_what_is_withheld_and_released_posts_nothing(outcome):
    past = came_to(RESPONDED, owed())

    assert booked(steps(past, deciding(outcome))) == []


def test_a_deduction_gives_revenue_back_and_an_appeal_that_is_won_takes_it_again():
    past = decided(doubted())
    one = sanctioning(Sanction(kind=REBATE_DEDUCTION, amount=1_000_00))

    done = steps(past, one)

    assert booked(done) == [{"2241.01": 1_000_00, "6001.R": -1_000_00}]
    assert entry(done).doc == CASE
    acts(past, appealing())
    assert booked(steps(past, judging("OVERTURNED"))) == [
        {"2241.01": -1_000_00, "6001.R": 1_000_00},
        {"2241.01": -HELD, "6001.R": HELD},  # and the device earns again
    ]


def test_what_the_last_payment_leaves_is_not_owed_any_more():
    """Ten days late, 80 % count: of 5,000.00 that were accrued 4,000.00 are paid."""
    past = accepted(tiers=(Tier(0, Decimal(1)),), payment_factors=FACTORS)
    pay(past, sell(past, 500_000_00, "2026-03-02", due="2026-03-10"), "2026-03-20")
    owed = entry_of(accrue(past, "2026-03", "2026-03-31"))
    sell(past, 50_000_00, "2026-04-01")
    does(close(past), confirming(5_000_00))

    first = does(past, settling(1_000_00))
    last = does(past, settling(3_000_00))

    assert booked(first) == [{"2241.01": 1_000_00, "2221": 130_00, "1122": -1_130_00}]
    assert booked(last) == [
        {"2241.01": 4_000_00, "2221": 390_00, "1122": -3_390_00, "6001.R": -1_000_00}
    ]
    paid = sum(lines["2241.01"] for lines in booked(first) + booked(last))
    assert owed["2241.01"] + paid == 0


def test_what_was_agreed_to_and_lapsed_is_no_expense():
    past = approved()
    settle(past, amount=4_000_00)
    late = ExpireClaims(claims=["CL-0001"], as_of=day("2027-03-31"))

    [event] = does(past, late, on="2027-03-31").recorded(Claim.Expired)

    posted = lapsed(event)
    assert {one.account: one.debit - one.credit for one in posted.lines} == {
        "2241.02": 8_000_00,
        "6601": -8_000_00,
    }
    assert (posted.doc, posted.dealer, posted.day) == ("CL-0001", "D05", day("2027-03-31"))


def test_a_claim_that_nobody_decided_posts_nothing_at_its_end():
    late = ExpireClaims(claims=["CL-0001"], as_of=day("2026-06-30"))

    [event] = does(submitted(), late, on="2026-06-30").recorded(Claim.Expired)

    assert lapsed(event) is None


def test_an_approved_claim_is_an_expense_that_is_owed():
    done = does(submitted(), reviewing(10_000_00, 2_000_00), MGR_EAST, ON)

    assert booked(done) == [{"6601": 10_000_00, "2241.02": -10_000_00}]
    assert (entry(done).doc, entry(done).day) == ("CL-0001", day(ON))


def test_a_refused_claim_posts_nothing():
    assert booked(does(submitted(), reviewing(0, ASKED), MGR_EAST, ON)) == []


def test_a_claim_that_is_set_off_reduces_the_receivables():
    assert booked(settle(approved())) == [{"2241.02": ASKED, "1122": -ASKED}]


def test_what_no_invoice_takes_of_a_claim_is_an_advance():
    past = approved()
    past.get(DealerAccount, "D05", "CNY").items.clear()

    assert booked(settle(past)) == [{"2241.02": ASKED, "2203": -ASKED}]


def test_a_claim_about_prices_takes_vat_back_too():
    done = settle(approved(type="DISCOUNT"), "CREDIT_NOTE", **NOTE)

    assert booked(done) == [{"2241.02": ASKED, "2221": 1_560_00, "1122": -13_560_00}]


def test_a_claim_that_is_paid_in_cash_leaves_the_bank():
    done = settle(approved(), "CASH", bank_ref="BK-1", invoice_ref="D05-1")

    assert booked(done) == [{"2241.02": ASKED, "1002": -ASKED}]


def test_a_claim_that_is_paid_in_goods_is_revenue():
    assert booked(settle(approved(type="FREE_GOODS"), "GOODS")) == [
        {"2241.02": ASKED, "6001": -ASKED}
    ]
