"""Cash application: which open items a payment settles, and when a person must decide."""

import pytest

from domain.accounts.ledger import OpenItem
from domain.company.company_policy import SmallDifference
from domain.policies.cash import apply, tolerance
from tests.domain.support import day

POLICY = SmallDifference()


def items(*figures):
    """Items A, B, C ... by open amount, each due a day after the one before."""
    return {
        chr(65 + place): OpenItem(open_, open_, day(f"2026-03-{place + 1:02}"))
        for place, open_ in enumerate(figures)
    }


def settled(amount, *figures, written_off=0):
    found = apply(items(*figures), amount, POLICY, written_off)
    return found.rule, [(one.doc, one.amount) for one in found.allocations], found.difference


def test_one_item_of_exactly_that_amount_is_settled_though_it_is_not_the_oldest():
    assert settled(300_00, 500_00, 300_00, 200_00) == ("EXACT", [("B", 300_00)], 0)


def test_of_two_items_of_exactly_that_amount_a_person_must_choose():
    assert settled(300_00, 300_00, 300_00) == ("AMBIGUOUS", [], 0)


def test_5_00_less_than_565_000_00_is_let_go():
    assert settled(564_995_00, 565_000_00) == ("SMALL_DIFFERENCE", [("A", 564_995_00)], 5_00)


@pytest.mark.parametrize(
    ("gross", "most"),
    [
        (565_000_00, 10_00),  # 0.01 % would be 56.50
        (100_000_00, 10_00),
        (50_000_00, 5_00),
        (50_099_00, 5_00),  # 5.0099: a part of a fen is not let go
        (1_000_00, 10),  # 0.10 at least
        (1_00, 10),
    ],
)
def test_the_tolerance_is_a_ten_thousandth_of_the_item_at_least_0_10_and_at_most_10_00(gross, most):
    assert tolerance(POLICY, gross) == most


@pytest.mark.parametrize(("short", "rule"), [(10_00, "SMALL_DIFFERENCE"), (10_01, "OLDEST_FIRST")])
def test_10_00_is_let_go_and_10_01_is_not(short, rule):
    assert settled(565_000_00 - short, 565_000_00)[0] == rule


def test_the_tolerance_is_that_of_the_item_and_not_of_what_is_left_of_it():
    part_paid = {"A": OpenItem(565_000_00, 1_000_00, day("2026-03-01"))}

    found = apply(part_paid, 995_00, POLICY, 0)

    assert (found.rule, found.difference) == ("SMALL_DIFFERENCE", 5_00)


def test_an_exact_item_is_better_than_a_near_one():
    assert settled(564_995_00, 565_000_00, 564_995_00) == ("EXACT", [("B", 564_995_00)], 0)


def test_of_two_items_within_the_tolerance_a_person_must_choose():
    assert settled(564_995_00, 565_000_00, 565_000_00) == ("AMBIGUOUS", [], 0)


@pytest.mark.parametrize(
    ("written_off", "rule"), [(95_00, "SMALL_DIFFERENCE"), (95_01, "OLDEST_FIRST")]
)
def test_a_dealer_is_let_off_100_00_a_month(written_off, rule):
    assert settled(564_995_00, 565_000_00, written_off=written_off)[0] == rule


def test_5_00_more_than_an_item_is_meant_for_that_item():
    rule, allocations, _ = settled(565_005_00, 1_000_00, 565_000_00)

    assert (rule, allocations) == ("SMALL_DIFFERENCE", [("B", 565_000_00)])


def test_the_only_combination_of_exactly_that_amount_is_settled():
    assert settled(700_00, 100_00, 300_00, 400_00, 1_000_00) == (
        "COMBINATION",
        [("B", 300_00), ("C", 400_00)],
        0,
    )


def test_of_two_combinations_a_person_must_choose():
    assert settled(500_00, 100_00, 400_00, 200_00, 300_00) == ("AMBIGUOUS", [], 0)


def test_combinations_are_sought_among_the_five_oldest_items_only():
    # 33.00 and 77.00 make 110.00, but 77.00 is the sixth oldest.
    rule, allocations, _ = settled(110_00, 33_00, 1_00, 2_00, 4_00, 8_00, 77_00)

    assert rule == "OLDEST_FIRST"
    assert allocations == [
        ("A", 33_00), ("B", 1_00), ("C", 2_00), ("D", 4_00), ("E", 8_00), ("F", 62_00),
    ]  # fmt: skip


def test_the_sum_of_more_than_five_items_settles_all_of_them():
    rule, allocations, _ = settled(63_00, 1_00, 2_00, 4_00, 8_00, 16_00, 32_00)

    assert rule == "ALL_ITEMS"
    assert allocations == [
        ("A", 1_00), ("B", 2_00), ("C", 4_00), ("D", 8_00), ("E", 16_00), ("F", 32_00),
    ]  # fmt: skip


def test_otherwise_the_oldest_due_date_is_settled_first():
    assert settled(350_00, 100_00, 200_00, 400_00) == (
        "OLDEST_FIRST",
        [("A", 100_00), ("B", 200_00), ("C", 50_00)],
        0,
    )


def test_of_items_due_on_one_day_the_lower_document_number_is_the_older():
    same = {doc: OpenItem(100_00, 100_00, day("2026-03-01")) for doc in ("B", "A")}

    found = apply(same, 150_00, POLICY, 0)

    assert [(one.doc, one.amount) for one in found.allocations] == [("A", 100_00), ("B", 50_00)]


def test_what_is_left_after_all_items_is_not_allocated():
    assert settled(1_000_00, 100_00, 200_00) == ("OLDEST_FIRST", [("A", 100_00), ("B", 200_00)], 0)


def test_without_open_items_nothing_is_allocated():
    assert settled(100_00) == ("OLDEST_FIRST", [], 0)
