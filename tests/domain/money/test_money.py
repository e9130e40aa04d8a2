"""Money: minor units, one rounding per line, and parts that always add up."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.money import (
    TAX_EXCLUSIVE,
    TAX_INCLUSIVE,
    ZERO,
    Amounts,
    line_amounts,
    minor_units,
    part,
    percent,
    text,
)

VAT = Decimal(13)


def test_three_lines_of_33_33_owe_vat_line_by_line_and_not_on_the_total():
    line = line_amounts(1, Decimal("33.33"), TAX_EXCLUSIVE, VAT)

    assert line == Amounts(net=33_33, vat=4_33, gross=37_66)
    assert line + line + line == Amounts(net=99_99, vat=12_99, gross=112_98)


def test_an_inclusive_price_of_100_holds_11_50_of_vat():
    assert line_amounts(1, Decimal("100.00"), TAX_INCLUSIVE, VAT) == Amounts(88_50, 11_50, 100_00)


def test_an_exclusive_line_adds_its_vat():
    assert line_amounts(60, Decimal(1260), TAX_EXCLUSIVE, VAT) == Amounts(
        75_600_00, 9_828_00, 85_428_00
    )


def test_a_line_is_rounded_once_and_not_its_units():
    # 3 x 0.125 = 0.375 becomes 0.38; three rounded units would be 0.39.
    assert line_amounts(3, Decimal("0.125"), TAX_EXCLUSIVE, Decimal(0)) == Amounts(38, 0, 38)


def test_an_exempt_line_has_no_vat_in_either_basis():
    assert line_amounts(2, Decimal(5), TAX_EXCLUSIVE, Decimal(0)) == Amounts(10_00, 0, 10_00)
    assert line_amounts(2, Decimal(5), TAX_INCLUSIVE, Decimal(0)) == Amounts(10_00, 0, 10_00)


@pytest.mark.parametrize(
    ("value", "minor"),
    [("0.005", 1), ("0.015", 2), ("0.025", 3), ("0.0049", 0), ("1.115", 112), ("-0.005", -1)],
)
def test_halves_are_rounded_away_from_zero(value, minor):
    assert minor_units(Decimal(value)) == minor


def test_a_share_is_rounded_to_a_hundredth_of_a_per_cent():
    assert percent(Decimal(14_000), Decimal(269_000)) == Decimal("5.20")
    assert percent(Decimal(1), Decimal(800)) == Decimal("0.13")


@pytest.mark.parametrize(
    ("minor", "read"),
    [(123450, "1,234.50"), (5, "0.05"), (0, "0.00"), (-123456789, "-1,234,567.89"), (None, "")],
)
def test_people_read_amounts_with_commas_and_two_digits(minor, read):
    assert text(minor) == read


def test_a_line_of_three_is_cut_into_parts_that_differ_by_a_cent():
    whole = Amounts(net=100_00, vat=13_00, gross=113_00)

    cuts = [part(whole, before, before + 1, 3) for before in range(3)]

    assert [(one.net, one.vat, one.gross) for one in cuts] == [
        (33_33, 4_33, 37_66),
        (33_34, 4_34, 37_68),
        (33_33, 4_33, 37_66),
    ]


@given(
    qty=st.integers(1, 500),
    price=st.decimals("0.000001", "100000", places=6),
    basis=st.sampled_from([TAX_EXCLUSIVE, TAX_INCLUSIVE]),
    rate=st.sampled_from([Decimal(0), Decimal(6), Decimal("9.5"), VAT]),
    data=st.data(),
)
def test_the_parts_of_a_line_add_up_to_the_line_however_it_is_cut(qty, price, basis, rate, data):
    whole = line_amounts(qty, price, basis, rate)
    inner = data.draw(st.sets(st.integers(1, qty)).map(sorted))
    marks = [0, *inner, qty]

    total = ZERO
    for before, after in pairwise(marks):
        cut = part(whole, before, after, qty)
        assert cut.net >= 0
        assert cut.vat >= 0
        assert cut.gross == cut.net + cut.vat
        total += cut

    assert whole.gross == whole.net + whole.vat
    assert total == whole


@given(st.integers(1, 200), st.integers(1, 10**9))
def test_rounding_moves_an_amount_by_half_a_cent_at_most(qty, millionths):
    price = Decimal(millionths) / 1_000_000

    line = line_amounts(qty, price, TAX_EXCLUSIVE, VAT)

    assert abs(Decimal(line.net) / 100 - qty * price) <= Decimal("0.005")
    assert abs(Decimal(line.vat) - Decimal(line.net) * 13 / 100) <= Decimal("0.5")
