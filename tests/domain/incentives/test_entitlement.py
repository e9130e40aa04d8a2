"""What a base earns: by slices, as a whole, or a fixed amount; and how much of it may be paid."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.incentives.policy_terms import PaymentFactor, Tier, is_period, months_of
from domain.policies.rebates import entitlement, payable, payment_factor, rising, withheld
from tests.domain.incentives.schemes import (
    BASE,
    DEVICE,
    EARNED,
    FACTORS,
    HELD,
    LADDER,
    TIERS,
    terms,
)

CAUGHT = 2_465_600_00
"""The base of the worked quarter without the device that was diverted."""


def earned(base, method="SLICED", tiers=TIERS):
    return entitlement(terms(method=method, tiers=tiers), base)[0]


def test_of_2_731_600_00_slices_earn_24_632_00_and_the_whole_54_632_00():
    assert (earned(BASE), earned(BASE, "RETROACTIVE")) == (24_632_00, 54_632_00)


def test_without_the_diverted_device_slices_earn_19_312_00():
    assert earned(CAUGHT) == 19_312_00 == EARNED - HELD


def test_a_diverted_device_withholds_what_it_earns_in_the_top_slice():
    assert withheld(terms(), BASE, DEVICE) == 5_320_00
    assert withheld(terms(), BASE, 0) == 0


def test_a_doubt_across_an_edge_withholds_of_both_slices():
    # 100,000.00 at 2 % and 166,000.00 at 1 %
    assert withheld(terms(), 2_100_000_00, DEVICE) == 2_000_00 + 1_660_00


def test_a_doubt_that_costs_the_tier_withholds_the_fall_of_the_whole():
    whole = terms(method="RETROACTIVE")

    assert withheld(whole, 2_100_000_00, DEVICE) == 42_000_00 - 18_340_00


@pytest.mark.parametrize(
    ("base", "rebate"), [(3_000_00, 0), (7_000_00, 140_00), (27_000_00, 1_080_00)]
)
def test_the_retrospective_scale_of_the_textbook(base, rebate):
    assert earned(base, "RETROACTIVE", LADDER) == rebate


@pytest.mark.parametrize(("base", "rebate"), [(4_999_99, 0), (5_000_00, 100_00)])
def test_a_tier_begins_at_its_floor(base, rebate):
    assert earned(base, "RETROACTIVE", LADDER) == rebate


@pytest.mark.parametrize(
    ("base", "rebate"),
    [(-1, 0), (0, 0), (1_000_000_00, 0), (2_000_000_00, 10_000_00), (3_000_000_00, 30_000_00)],
)
def test_at_an_edge_slices_have_earned_all_below_it(base, rebate):
    assert earned(base) == rebate


@pytest.mark.parametrize(
    ("base", "rebate"),
    [(999, 0), (1_000, 50_00), (4_999, 50_00), (5_000, 300_00), (9_000, 300_00)],
)
def test_a_fixed_rebate_is_that_of_the_highest_tier_reached(base, rebate):
    assert earned(base, "FIXED", (Tier(1_000, amount=50_00), Tier(5_000, amount=300_00))) == rebate


def test_slices_below_the_first_floor_earn_nothing():
    assert earned(7_000_00, "SLICED", LADDER) == 40_00


def test_a_fen_is_rounded_once_for_all_slices():
    # 0.33 and 0.33 fen: 0.66 together, but nothing each
    third = (Tier(0, Decimal("0.33")), Tier(100, Decimal("0.330")))

    assert (earned(100, "SLICED", third), earned(200, "SLICED", third)) == (0, 1)


@pytest.mark.parametrize(("base", "rebate"), [(49, 0), (50, 1), (149, 1), (150, 2)])
def test_half_a_fen_is_rounded_up(base, rebate):
    assert earned(base, "SLICED", (Tier(0, Decimal(1)),)) == rebate


def test_the_trace_tells_what_each_slice_earns():
    assert entitlement(terms(), BASE)[1] == ("1,000,000.00 x 1 %", "731,600.00 x 2 %")


def test_units_are_no_money_in_a_trace():
    told = terms(metric="QTY", method="RETROACTIVE", tiers=(Tier(2, Decimal(1)),))

    assert entitlement(told, 12)[1] == ("12 units x 1 %",)


@pytest.mark.parametrize(
    ("days", "pct"), [(0, 100), (1, 80), (15, 80), (16, 50), (30, 50), (31, 0), (400, 0)]
)
def test_the_later_an_invoice_is_paid_the_less_of_its_rebate_counts(days, pct):
    assert payment_factor(FACTORS, {days: 1}, {}) == pct
    assert payment_factor(FACTORS, {}, {days: 1}) == pct


def test_invoices_weigh_by_their_net_amounts():
    assert payment_factor(FACTORS, {0: 600_00, 15: 300_00}, {31: 100_00}) == 84


def test_a_share_is_not_rounded_before_it_is_used():
    share = payment_factor(FACTORS, {0: 1, 10: 2}, {})

    assert share.quantize(Decimal("0.0001")) == Decimal("86.6667")
    assert payable(3_00, share, 0, 0) == 2_60


def test_without_factors_and_without_invoices_all_counts():
    assert payment_factor((), {90: 1}, {}) == 100
    assert payment_factor(FACTORS, {}, {}) == 100


def test_factors_need_no_order():
    assert payment_factor(tuple(reversed(FACTORS)), {10: 1}, {}) == 80


@pytest.mark.parametrize(
    ("pct", "held", "settled", "left"),
    [
        (100, HELD, 0, 19_312_00),
        (100, 0, 19_312_00, HELD),
        (80, 0, 0, 19_705_60),
        (0, 0, 0, 0),
        (50, HELD, 20_000_00, 0),
    ],
)
def test_payable_is_what_is_confirmed_by_its_factor_less_withheld_and_settled(
    pct, held, settled, left
):
    assert payable(EARNED, Decimal(pct), held, settled) == left


@pytest.mark.parametrize(
    ("period", "months"),
    [
        ("2026-02", ("2026-02",)),
        ("2026-Q4", ("2026-10", "2026-11", "2026-12")),
        ("2026-H2", tuple(f"2026-{month:02}" for month in range(7, 13))),
        ("2026", tuple(f"2026-{month:02}" for month in range(1, 13))),
    ],
)
def test_a_period_is_a_month_a_quarter_a_half_year_or_a_year(period, months):
    assert months_of(period) == months


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-Q5", "2026-H3", "26", "", "2026-1"])
def test_nothing_else_is_a_period(text):
    assert not is_period(text)


@pytest.mark.parametrize(
    ("floors", "fine"), [((0, 1), True), ((1, 0), False), ((0, 0), False), ((), True)]
)
def test_tiers_begin_one_above_the_other(floors, fine):
    assert rising([Tier(one) for one in floors]) is fine


CENTS = st.integers(0, 1_000_00)


@st.composite
def ladders(draw):
    """Up to four tiers, each with a higher rate than the one before."""
    floors = sorted(draw(st.sets(CENTS, min_size=1, max_size=4)))
    rates = sorted(draw(st.lists(st.integers(0, 1_000), min_size=4, max_size=4)))
    return tuple(
        Tier(floor, Decimal(rate) / 100) for floor, rate in zip(floors, rates, strict=False)
    )


@given(ladders(), CENTS)
@settings(max_examples=150, deadline=None)
def test_slices_are_continuous_and_never_fall(tiers, base):
    step = earned(base + 1, tiers=tiers) - earned(base, tiers=tiers)

    assert step in (0, 1)  # a fen more of base earns at most 10 % of a fen, and its rounding


@given(ladders(), CENTS)
@settings(max_examples=150, deadline=None)
def test_the_whole_earns_no_less_than_its_slices_and_nothing_above_the_top_rate(tiers, base):
    slices, whole = earned(base, tiers=tiers), earned(base, "RETROACTIVE", tiers)

    assert 0 <= slices <= whole <= base * tiers[-1].rate_pct / 100 + Decimal("0.5")


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 10**8)), max_size=8))
@settings(max_examples=100, deadline=None)
def test_a_factor_lies_between_nothing_and_all(paid):
    weights = {}
    for late, net in paid:
        weights[late] = weights.get(late, 0) + net

    assert 0 <= payment_factor(FACTORS, weights, {}) <= 100
    assert payment_factor((PaymentFactor(60, Decimal(70)),), weights, {}) in (70, 100)
