"""Accruing: month by month, what a dealer has earned so far less what was posted before."""

import pytest

from domain.books.period import Period
from domain.books.refusals import PeriodClosed
from domain.company.refusals import AlreadyPosted
from domain.flows.incentives.accruing import AccrueRebates
from domain.flows.incentives.rewarding import SetOpeningRebate
from domain.incentives.incentive_book import IncentiveBook
from domain.incentives.rebate import Rebate
from domain.kernel.refusal import AlreadyExists, NotFound, ValidationFailed
from tests.domain.company import company
from tests.domain.incentives.schemes import (
    BASE,
    EARNED,
    LADDER,
    POLICY,
    accepted,
    accrue,
    close,
    credit,
    does,
    opened,
    published,
    quarter,
    rebate,
    sell,
    tries,
)
from tests.domain.support import day, given, like

MARCH = AccrueRebates(period="2026-03")


def opening(**more):
    told = {"dealer_id": "D05", "policy": POLICY, "net": 17_800_00, "base": 2_390_000_00}
    return SetOpeningRebate(**told | more)


def told(past):
    """Month, its base, the base so far, what that earns and what was posted, by accrual."""
    return [
        (one.period, one.base, one.cumulative, one.entitlement, one.net)
        for _, _, one in past.log.journal
        if isinstance(one, Rebate.Accrued)
    ]


def test_the_worked_quarter_month_by_month():
    assert told(quarter()) == [
        ("2026-01", 1_150_000_00, 1_150_000_00, 1_500_00, 1_500_00),
        ("2026-02", 1_240_000_00, 2_390_000_00, 17_800_00, 16_300_00),
        ("2026-03", 341_600_00, BASE, EARNED, 6_832_00),
    ]


def test_the_textbook_accrues_nothing_then_140_00_then_940_00():
    past = accepted(method="RETROACTIVE", tiers=LADDER, period="2026-Q4")
    for month, net in (("2026-10", 3_000_00), ("2026-11", 4_000_00), ("2026-12", 20_000_00)):
        sell(past, net, f"{month}-15")
        accrue(past, month, f"{month}-28")

    assert [(one[0], one[3], one[4]) for one in told(past)] == [
        ("2026-11", 140_00, 140_00),
        ("2026-12", 1_080_00, 940_00),
    ]


def test_a_quarter_goes_on_from_what_was_accrued_before_the_log():
    past = opened()
    sell(past, 341_600_00, "2026-03-20")
    accrue(past, "2026-03", "2026-03-31")

    assert told(past) == [("2026-03", 341_600_00, BASE, EARNED, 6_832_00)]
    assert (rebate(past).accrued, rebate(past).base) == (EARNED, BASE)


def test_an_accrual_names_how_it_was_reckoned_and_lies_on_the_last_day_of_its_month():
    past = accepted()
    sell(past, 2_731_600_00, "2026-03-02")

    done = accrue(past, "2026-03", "2026-04-02")

    done.then(
        like(
            Rebate.Accrued,
            policy=POLICY,
            trace=("1,000,000.00 x 1 %", "731,600.00 x 2 %"),
            accounting_date=day("2026-03-31"),
        ),
        Period.RebatesAccrued,
        *[type(one) for one in done.events[2:]],
    )
    assert done.recorded(Rebate.Accrued)[0].by.user == "system:rebate"


def test_a_month_that_is_not_over_is_accrued_on_the_day_itself():
    past = accepted()
    sell(past, 1_150_000_00, "2026-03-02")

    [one] = accrue(past, "2026-03", "2026-03-20").recorded(Rebate.Accrued)

    assert one.accounting_date == day("2026-03-20")


def test_accruing_twice_posts_nothing_twice():
    past = quarter()

    done = accrue(past, "2026-03", "2026-03-31")

    assert (done.answer["accrued"], done.events) == ([], [])


def test_a_difference_of_nothing_is_not_recorded_and_the_month_counts_as_accrued():
    past = accepted()
    sell(past, 900_000_00, "2026-03-02")

    done = accrue(past, "2026-03", "2026-03-31")

    assert done.recorded(Rebate.Accrued) == []
    assert past.get(Period, "2026-03").accrued


def test_what_came_since_is_accrued_when_it_is_run_again():
    past = quarter()
    sell(past, 100_000_00, "2026-03-30")

    [one] = accrue(past, "2026-03", "2026-03-31").recorded(Rebate.Accrued)

    assert one.net == 2_000_00


def test_a_return_takes_back_what_it_had_earned_at_the_margin():
    past = quarter()
    credit(past, 800_000_00, "2026-03-30")

    [one] = accrue(past, "2026-03", "2026-03-31").recorded(Rebate.Accrued)

    assert one.net == -(14_632_00 + 684_00)  # 731,600.00 at 2 %, 68,400.00 at 1 %
    assert rebate(past).accrued == 9_316_00


def test_an_earlier_month_that_is_accrued_again_takes_nothing_from_the_later_ones():
    past = quarter()

    assert accrue(past, "2026-01", "2026-03-31").answer["accrued"] == []


def test_a_month_ahead_is_not_accrued():
    past = accepted(period="2026-H1")
    sell(past, 2_000_000_00, "2026-03-02")

    tries(past, AccrueRebates(period="2026-05"), on="2026-03-31").refuses(
        ValidationFailed, field="period"
    )


@pytest.mark.parametrize("period", ["2026", "2026-Q1", "2026-13", "26-03", ""])
def test_a_month_is_accrued_and_nothing_else(period):
    tries(accepted(), AccrueRebates(period=period)).refuses(ValidationFailed, field="period")


def test_a_closed_month_is_not_accrued():
    tries(close(quarter()), MARCH).refuses(PeriodClosed)


def test_before_the_dealer_signs_nothing_is_earned():
    past = published()
    sell(past, BASE, "2026-03-02")

    assert does(past, MARCH).recorded(Rebate.Accrued) == []


def test_what_was_accrued_before_the_log_is_no_signature():
    past = published()
    does(past, opening(), on="2026-02-28")
    sell(past, 341_600_00, "2026-03-02")

    assert does(past, MARCH).recorded(Rebate.Accrued) == []


def test_outside_of_its_months_a_policy_earns_nothing():
    past = accepted()
    sell(past, BASE, "2026-04-02")

    assert accrue(past, "2026-04", "2026-04-30").recorded(Rebate.Accrued) == []
    assert accrue(past, "2026-03", "2026-04-30").recorded(Rebate.Accrued) == []


def test_each_policy_earns_by_itself():
    past = accepted(accepted(), "RB-2026-03", period="2026-03")
    sell(past, 1_150_000_00, "2026-02-02")
    sell(past, 1_150_000_00, "2026-03-02")

    accrue(past, "2026-03", "2026-03-31")

    assert rebate(past).accrued == 16_000_00
    assert rebate(past, "RB-2026-03").accrued == 1_500_00


def test_an_opening_rebate_is_entered_once():
    past = given(company())

    done = does(past, opening(), on="2026-02-28")

    assert done.recorded(Rebate.OpeningSet)[0].confirmed is False
    assert past.get(IncentiveBook, "D05").policies == [POLICY]
    tries(past, opening()).refuses(AlreadyExists, id=f"D05/{POLICY}")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"net": -1}, "net"), ({"base": -1}, "base"), ({"policy": "a/b"}, "policy")],
)
def test_an_opening_rebate_has_a_form(wrong, field):
    tries(given(company()), opening(**wrong)).refuses(ValidationFailed, field=field)


def test_an_unknown_dealer_has_no_opening_rebate():
    tries(given(company()), opening(dealer_id="D99")).refuses(NotFound)


def test_an_opening_rebate_comes_before_the_first_posting():
    past = accepted()
    sell(past, BASE, "2026-03-02")
    does(past, opening(policy="RB-2025-Q3"), on="2026-03-02")
    accrue(past, "2026-03", "2026-03-31")

    tries(past, opening(policy="RB-2025-Q4")).refuses(AlreadyPosted, dealer_id="D05")


def test_an_opening_rebate_under_a_policy_of_before_earns_nothing_more():
    past = given(company())
    does(past, opening(policy="RB-2025-Q4", net=30_000_00, confirmed=True), on="2026-02-28")
    sell(past, BASE, "2026-03-02")

    accrue(past, "2026-03", "2026-03-31")

    before = rebate(past, "RB-2025-Q4")
    assert (before.state, before.accrued, before.confirmed) == ("CONFIRMED", 30_000_00, 30_000_00)
