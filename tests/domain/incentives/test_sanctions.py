"""Sanctions that cost a rebate or a deposit, and what an appeal that is won takes back."""

import pytest

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.security_deposit import SecurityDeposit
from domain.books.refusals import PeriodClosed
from domain.cases.case_terms import PENALTY, REBATE_DEDUCTION, Sanction
from domain.flows.accounts.securing import ReceiveSecurityDeposit
from domain.incentives.rebate import Rebate
from domain.incentives.refusals import ExceedsConfirmed
from domain.kernel.stamp import Stamp
from tests.domain.cases.court import CASE, MARGIN, appealing, judging, sanctioning, tries
from tests.domain.cases.court import does as acts
from tests.domain.incentives.doubts import END, decided, doubted
from tests.domain.incentives.schemes import (
    EARNED,
    HELD,
    POLICY,
    accepted,
    accrue,
    booked,
    close,
    confirming,
    does,
    rebate,
    sell,
    settling,
)
from tests.domain.incentives.schemes import tries as wants
from tests.domain.support import day, instant

LEFT = EARNED - HELD
"""What is accrued once the case is confirmed."""
PEN = "PEN-2603-001"
ADJUSTED = account_events.AdjustmentPosted


def deducting(amount=MARGIN, *more):
    return sanctioning(Sanction(kind=REBATE_DEDUCTION, amount=amount), *more)


def sanctioned(amount=MARGIN):
    return acts(decided(doubted()), deducting(amount))


def test_a_deduction_takes_its_amount_out_without_a_payment():
    [one] = tries(decided(doubted()), deducting()).recorded(Rebate.Deducted)

    assert (one.policy, one.case, one.net) == (POLICY, CASE, MARGIN)
    assert one.accounting_date == day("2026-03-25")


def test_a_deduction_lowers_what_is_to_be_paid_and_not_what_was_accrued():
    one = rebate(sanctioned())

    assert (one.accrued, one.settled, one.deducted) == (LEFT, 0, {CASE: MARGIN})
    assert one.outstanding == LEFT - MARGIN


def test_a_deduction_is_no_more_than_there_is():
    past = sanctioned(LEFT + 5_000_00)

    assert rebate(past).deducted == {CASE: LEFT}


def test_a_deduction_goes_on_to_the_next_policy():
    past = accepted(doubted(), "RB-2026-03", period="2026-03")
    sell(past, 1_600_000_00, "2026-03-30")
    accrue(past, "2026-03", END)
    first, second = rebate(past).accrued, rebate(past, "RB-2026-03").accrued
    past = decided(past)
    before = rebate(past, POLICY).accrued + rebate(past, "RB-2026-03").accrued

    acts(past, deducting(before - 1_00))

    assert first > 0 < second
    assert rebate(past, POLICY).outstanding == 0
    assert rebate(past, "RB-2026-03").outstanding == 1_00


def test_where_there_is_no_rebate_nothing_is_deducted():
    past = decided(doubted())
    rebate(past).record(
        Rebate.Settled(
            *_who(past), policy=POLICY, doc="X", method="CASH", net=LEFT, vat=0,
            accounting_date=day(END),
        )
    )  # fmt: skip

    assert tries(past, deducting()).recorded(Rebate.Deducted) == []


def _who(past):
    event = past.log.journal[-1][2]
    return event.by, event.occurred_at


def test_two_deductions_of_one_case_add_up_and_are_given_back_once():
    past = acts(decided(doubted()), deducting(1_00, Sanction(kind=REBATE_DEDUCTION, amount=2_00)))
    assert rebate(past).deducted == {CASE: 3_00}

    acts(past, appealing(), judging("OVERTURNED"))

    assert rebate(past).deducted == {CASE: 0}


@pytest.mark.parametrize("amount", [MARGIN, LEFT + 5_000_00])
def test_an_appeal_that_is_won_gives_back_what_was_deducted_and_no_more(amount):
    past = acts(sanctioned(amount), appealing())
    used = min(amount, LEFT)

    [back] = tries(past, judging("OVERTURNED")).recorded(Rebate.Deducted)

    assert (back.net, rebate(past).deducted) == (-used, {CASE: 0})


def test_an_appeal_that_is_lost_gives_nothing_back():
    past = acts(sanctioned(), appealing(), judging("UPHELD"))

    assert rebate(past).deducted == {CASE: MARGIN}


def test_after_a_deduction_the_rest_is_confirmed_and_paid():
    past = close(sanctioned())

    does(past, confirming(LEFT))
    wants(past, settling(LEFT - MARGIN + 1)).refuses(ExceedsConfirmed, payable=LEFT - MARGIN)
    does(past, settling(LEFT - MARGIN))


@pytest.mark.parametrize(
    ("held", "taken"), [(0, 0), (5_000_00, 5_000_00), (MARGIN, MARGIN), (50_000_00, MARGIN)]
)
def test_a_penalty_takes_the_security_deposit_first_as_far_as_it_goes(held, taken):
    past = decided(secured(held))
    owed = account(past).owed()

    done = tries(past, sanctioning(Sanction(kind=PENALTY, from_deposit=True)))

    [charged] = done.recorded(account_events.PenaltyCharged)
    assert (charged.amount, charged.from_deposit) == (MARGIN, taken)
    assert account(past).owed() == owed + MARGIN - taken
    assert deposit(past).held == held - taken
    assert (PEN in account(past).items) is (taken < MARGIN)
    assert len(done.recorded(SecurityDeposit.Taken)) == (taken > 0)


def test_a_penalty_that_does_not_say_so_leaves_the_deposit_alone():
    past = acts(decided(secured(50_000_00)), sanctioning(Sanction(kind=PENALTY)))

    assert deposit(past).held == 50_000_00


def test_what_a_penalty_takes_of_the_deposit_is_other_income():
    past = decided(secured(5_000_00))
    step = sanctioning(Sanction(kind=PENALTY, from_deposit=True))

    done = does(past, step.command, step.by, step.on)

    assert booked(done) == [{"1122": MARGIN - 5_000_00, "2241.03": 5_000_00, "6301": -MARGIN}]


def test_a_penalty_that_is_overturned_is_not_owed_any_more():
    past = decided(secured(0))
    owed = account(past).owed()

    acts(past, sanctioning(Sanction(kind=PENALTY)), appealing(), judging("OVERTURNED"))

    assert account(past).owed() == owed


def test_a_penalty_from_the_deposit_that_is_overturned_goes_back_to_the_deposit():
    past = decided(secured(MARGIN))
    owed = account(past).owed()

    acts(past, sanctioning(Sanction(kind=PENALTY, from_deposit=True)))
    acts(past, appealing(), judging("OVERTURNED"))

    assert (deposit(past).held, account(past).owed()) == (MARGIN, owed)


def test_of_a_penalty_that_is_overturned_the_deposit_gets_back_what_it_paid_and_no_more():
    past = decided(secured(5_000_00))
    owed = account(past).owed()

    acts(past, sanctioning(Sanction(kind=PENALTY, from_deposit=True)))
    acts(past, appealing(), judging("OVERTURNED"))

    assert (deposit(past).held, account(past).owed()) == (5_000_00, owed)


def test_two_penalties_that_are_overturned_give_the_deposit_back_as_it_was():
    past, half = decided(secured(1_500_00)), {"kind": PENALTY, "from_deposit": True}
    owed = account(past).owed()

    acts(past, sanctioning(Sanction(**half, amount=1_000_00), Sanction(**half, amount=1_000_00)))
    assert deposit(past).held == 0
    acts(past, appealing(), judging("OVERTURNED"))

    assert (deposit(past).held, account(past).owed()) == (1_500_00, owed)


def test_what_goes_back_to_the_deposit_is_no_income():
    past = acts(decided(secured(MARGIN)), sanctioning(Sanction(kind=PENALTY, from_deposit=True)))
    acts(past, appealing())
    step = judging("OVERTURNED")

    posted = booked(does(past, step.command, step.by, step.on))

    assert posted[0] == {"2241.03": -MARGIN, "6301": MARGIN}
    assert not any("6603" in lines for lines in posted)


def test_what_is_taken_back_in_a_closed_month_is_posted_when_it_is_recorded():
    past = acts(decided(secured(0)), sanctioning(Sanction(kind=PENALTY)), appealing())
    step = judging("OVERTURNED")
    late = Stamp(step.by, instant(step.on), day(step.on), recorded_on=day("2026-05-02"))

    step.flow(close(past, "2026-04").log, late, step.command)

    [back] = [one for _, _, one in past.log.journal if isinstance(one, ADJUSTED)]
    assert (back.accounting_date, back.amount) == (day("2026-05-02"), -MARGIN)


def test_nothing_is_taken_back_while_no_month_is_open():
    past = acts(decided(secured(0)), sanctioning(Sanction(kind=PENALTY)), appealing())

    tries(close(past, "2026-04"), judging("OVERTURNED")).refuses(PeriodClosed)


def test_a_penalty_that_is_overturned_is_no_income():
    past = acts(decided(secured(0)), sanctioning(Sanction(kind=PENALTY)), appealing())
    step = judging("OVERTURNED")

    posted = booked(does(past, step.command, step.by, step.on))

    assert posted[0] == {"1122": -MARGIN, "6301": MARGIN}
    assert not any("6603" in lines for lines in posted)


def secured(amount):
    """A device is in doubt, and D05 has left a deposit."""
    past = doubted()
    if amount:
        ref = {"bank_ref": "BK-S", "value_date": day("2026-03-20")}
        does(past, ReceiveSecurityDeposit(dealer_id="D05", amount=amount, **ref), on="2026-03-20")
    return past


def account(past):
    return past.get(DealerAccount, "D05", "CNY")


def deposit(past):
    return past.get(SecurityDeposit, "D05", "CNY")
