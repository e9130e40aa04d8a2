"""Laws of rebates under months of sales, returns and accruals in any order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.incentives.rebate import Rebate
from domain.policies.rebates import entitlement
from tests.domain.incentives.schemes import accepted, accrue, booked, credit, rebate, sell, terms
from tests.domain.laws import events_of, replay_is_live

MONTHS = ("2026-01", "2026-02", "2026-03")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("sell", "sell", "credit", "accrue")),
        st.sampled_from(MONTHS),
        st.integers(1, 1_500_000_00),
    ),
    max_size=12,
)


@pytest.mark.parametrize("method", ["SLICED", "RETROACTIVE"])
@given(steps=STEPS)
@settings(max_examples=25, deadline=None)
def test_accrued_is_the_sum_of_what_was_posted_and_what_its_base_earns(method, steps):
    past, whole, owed = accepted(method=method), 0, 0
    for what, month, amount in steps:
        if what == "sell":
            sell(past, amount, f"{month}-10")
            whole += amount
        elif what == "credit":
            credit(past, amount, f"{month}-20")
            whole -= amount
        else:
            owed -= sum(one.get("2241.01", 0) for one in booked(accrue(past, month, "2026-03-31")))
        one = rebate(past)
        assert one.accrued == sum(each.net for each in events_of(past.log, Rebate.Accrued)) == owed
        assert one.accrued == entitlement(terms(method=method), one.base)[0]
    for _ in range(2):
        accrue(past, MONTHS[-1], "2026-03-31")
        assert rebate(past).accrued == entitlement(terms(method=method), whole)[0]
    replay_is_live(past.log)


@given(steps=st.permutations([("2026-01", 1_150), ("2026-02", 1_240), ("2026-03", 341)]))
@settings(max_examples=6, deadline=None)
def test_in_whatever_order_sales_are_entered_the_quarter_earns_the_same(steps):
    past = accepted()
    for month, thousands in steps:
        sell(past, thousands * 1_000_00, f"{month}-10")
        accrue(past, "2026-03", "2026-03-31")

    assert rebate(past).accrued == 10_000_00 + 731 * 20_00
