"""Withholding: what goods in doubt earn waits for the decision, is reversed, or released."""

from decimal import Decimal

import pytest

from domain.cases.case_terms import RESPONDED
from domain.incentives.policy_terms import Tier
from domain.incentives.rebate import Rebate, Withheld
from domain.incentives.refusals import ExceedsConfirmed, WithheldDiversion
from tests.domain.cases.court import (
    CASE,
    appealing,
    came_to,
    closing,
    deciding,
    finding,
    hiring,
    judging,
    merging,
    sanctioning,
    tries,
)
from tests.domain.cases.court import does as acts
from tests.domain.incentives.doubts import END, bought, decided, doubted, owed, shut
from tests.domain.incentives.schemes import (
    BASE,
    DEVICE,
    EARNED,
    HELD,
    POLICY,
    accepted,
    accrue,
    close,
    confirmed,
    confirming,
    does,
    rebate,
    sell,
    settling,
)
from tests.domain.incentives.schemes import tries as wants
from tests.domain.story import US80_1, at_dealer
from tests.domain.support import day

CAUGHT = BASE - DEVICE
LEFT = EARNED - HELD


def figures(past):
    one = rebate(past)
    return one.base, one.accrued, one.doubtful, sum(one.excluded.values())


def test_a_grave_alert_withholds_the_net_amount_of_its_goods_in_the_same_append():
    past = acts(bought(), hiring())

    [held] = tries(past, finding()).recorded(Rebate.Withholding)

    assert (held.policy, held.case, held.scope, held.base) == (POLICY, CASE, "US80", DEVICE)
    assert held.by.user == "system:rebate"


def test_what_is_in_doubt_is_still_accrued():
    past = doubted()

    assert figures(past) == (BASE, EARNED, DEVICE, 0)
    assert rebate(past).withheld == {CASE: Withheld("US80", DEVICE, US80_1)}


def test_payable_is_19_312_00_while_5_320_00_are_withheld():
    done = does(close(doubted()), confirming())

    assert (done.answer["withheld"], done.answer["payable"]) == (HELD, LEFT)


def test_no_more_than_what_is_not_withheld_is_paid():
    past = owed()

    wants(past, settling()).refuses(
        WithheldDiversion, payable=LEFT, withheld=HELD, confirmed=EARNED, cases=[CASE]
    )
    wants(past, settling(LEFT + 1)).refuses(WithheldDiversion)
    done = does(past, settling(LEFT))
    assert done.answer["state"] == "CONFIRMED"


def test_a_confirmed_case_is_reversed_to_19_312_00():
    past = came_to(RESPONDED, doubted())

    [back] = tries(past, deciding()).recorded(Rebate.Reversed)

    assert (back.case, back.base, back.net) == (CASE, DEVICE, HELD)
    assert back.accounting_date == day("2026-03-25")
    assert figures(past) == (CAUGHT, LEFT, 0, DEVICE)


def test_after_the_reversal_there_is_nothing_more_to_accrue():
    past = decided(doubted())

    assert accrue(past, "2026-03", END).answer["accrued"] == []
    does(close(past), confirming(LEFT))


def test_what_is_confirmed_before_the_month_is_accrued_comes_to_the_same():
    past = decided(acts(bought(), hiring(), finding()))

    accrue(past, "2026-03", END)

    assert figures(past) == (CAUGHT, LEFT, 0, DEVICE)


@pytest.mark.parametrize("outcome", ["DISMISSED", "INCONCLUSIVE"])
def test_a_case_that_came_to_nothing_releases_what_it_withheld(outcome):
    past = came_to(RESPONDED, doubted())

    tries(past, deciding(outcome)).accepted()

    assert figures(past) == (BASE, EARNED, 0, 0)
    does(close(past), confirming())
    assert does(past, settling()).answer["state"] == "SETTLED"


def test_what_was_released_after_the_first_payment_is_paid_then():
    past = owed()
    does(past, settling(LEFT))
    acts(came_to(RESPONDED, past), deciding("DISMISSED"))

    wants(past, settling(HELD + 1)).refuses(ExceedsConfirmed, payable=HELD)
    assert does(past, settling(HELD)).answer["state"] == "SETTLED"


def test_an_appeal_that_is_won_gives_the_rebate_back():
    past = acts(decided(doubted()), sanctioning(), appealing())
    assert figures(past) == (CAUGHT, LEFT, 0, DEVICE)

    acts(past, judging("OVERTURNED"))
    accrue(past, "2026-03", "2026-04-11")

    assert figures(past) == (BASE, EARNED, 0, 0)


def test_an_appeal_that_is_lost_changes_nothing():
    past = acts(decided(doubted()), sanctioning(), appealing(), judging("UPHELD"))

    accrue(past, "2026-03", "2026-04-11")

    assert figures(past) == (CAUGHT, LEFT, 0, DEVICE)


def test_an_appeal_that_is_won_after_the_month_is_closed_gives_the_rebate_back():
    past = close(acts(decided(doubted()), sanctioning(), appealing()))

    acts(past, judging("OVERTURNED"))

    assert rebate(past).accrued == EARNED


def test_a_device_that_is_found_a_month_later_withholds_what_it_earned():
    past = shut(bought())

    acts(past, hiring(), finding(on="2026-04-02"))

    assert rebate(past).doubtful == DEVICE


def test_a_device_that_never_earned_under_a_policy_takes_nothing_from_it():
    past = accepted(shut(bought()), "RB-2026-Q2", period="2026-Q2")

    acts(past, hiring(), finding(on="2026-04-02"))

    assert rebate(past, "RB-2026-Q2").doubtful == 0


def test_what_goods_would_earn_counts_when_it_is_paid_and_not_when_they_are_found():
    past = acts(accepted(at_dealer(US80_1)), hiring())  # 266,000.00 lie in the slice of 0 %

    [held] = tries(past, finding()).recorded(Rebate.Withholding)

    assert held.base == DEVICE
    sell(past, 1_000_000_00, "2026-03-20")
    accrue(past, "2026-03", END)
    assert does(close(past), confirming(2_660_00)).answer["withheld"] == 2_660_00


@pytest.mark.parametrize("more", [{"products": ("INJ",)}, {"period": "2026-02"}])
def test_nothing_is_recorded_where_no_policy_covers_the_goods(more):
    past = acts(accepted(at_dealer(US80_1), **more), hiring())

    assert tries(past, finding()).recorded(Rebate.Withholding) == []


def test_a_lesser_alert_withholds_nothing_while_it_is_open():
    past = acts(bought(), hiring(), finding(region="430100"))

    assert rebate(past).withheld == {}


def test_of_a_rebate_by_units_the_units_are_withheld():
    steps = (Tier(1, amount=10_00), Tier(2, amount=30_00))
    past = accepted(at_dealer(US80_1), metric="QTY", method="FIXED", tiers=steps)
    sell(past, 1_00, "2026-03-20")
    acts(past, hiring(), finding())

    accrue(past, "2026-03", END)

    answer = does(close(past), confirming(30_00)).answer
    assert (answer["withheld"], answer["payable"]) == (20_00, 10_00)


def twice_seen():
    """The device stood in Nanjing before it was found in Hangzhou: two cases, R05 and R01."""
    before = finding(hospital="H-NJ-02", region="320100")
    past = acts(bought(), hiring(), before, finding())
    accrue(past, "2026-03", END)
    return past


def test_a_device_of_two_cases_is_withheld_once():
    assert rebate(twice_seen()).doubtful == DEVICE


def test_a_case_that_is_merged_leaves_its_doubt_to_the_other():
    past = acts(twice_seen(), merging("DIV-0002", CASE))
    acts(came_to(RESPONDED, past, CASE), deciding("DISMISSED"))

    assert rebate(past).doubtful == 0


def test_a_case_that_is_closed_without_being_confirmed_releases_what_it_withheld():
    past = acts(came_to(RESPONDED, doubted()), deciding("INCONCLUSIVE"), closing())

    assert rebate(past).withheld == {}


def test_what_is_seen_again_withholds_nothing_more():
    past = doubted()

    again = finding(on="2026-03-22", source="WARRANTY_REGISTRATION")
    assert tries(past, again).recorded(Rebate.Withholding) == []
    assert rebate(past).doubtful == DEVICE


def test_what_is_withheld_of_the_whole_counts_the_tier_that_would_be_lost():
    tiers = (Tier(1_000_000_00, Decimal(1)), Tier(2_500_000_00, Decimal(2)))
    past = accepted(at_dealer(US80_1), method="RETROACTIVE", tiers=tiers)
    sell(past, CAUGHT, "2026-03-20")
    acts(past, hiring(), finding())
    accrue(past, "2026-03", END)

    answer = does(close(past), confirming(54_632_00)).answer

    assert answer["withheld"] == 54_632_00 - 24_656_00


def test_nothing_is_withheld_of_a_rebate_that_is_settled():
    past = confirmed(shut(bought()))
    does(past, settling())

    acts(past, hiring(), finding(on="2026-03-30"))

    assert rebate(past).withheld == {}
