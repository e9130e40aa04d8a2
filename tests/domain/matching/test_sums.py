"""M4 and M5: one side booked one sum for several lines of the other."""

import time
from itertools import combinations

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from domain.policies.matching import MatchTerms
from domain.policies.matching.subsets import subsets
from tests.domain.matching.stated import gaps, line, matched, open_ones, paid, pairs


def of_day(*figures, on="2026-03-10", **more):
    """Lines a, b, c ... of one day, each of its own document."""
    return [
        line(chr(97 + place), figure, f"INV-{place + 1}", on=on, **more)
        for place, figure in enumerate(figures)
    ]


def test_one_sum_for_several_documents_of_the_day_is_a_match():
    found = matched(of_day(100_00, 250_00, 77_00), [line("x", 177_00, "V-1")])

    assert pairs(found) == ["M4 a,c = x"]
    assert gaps(found) == [("b", "MISSING_INVOICE", -250_00)]


def test_several_lines_of_the_day_for_one_document_are_a_match():
    found = matched([line("x", 177_00, "INV-9")], of_day(100_00, 250_00, 77_00))

    assert pairs(found) == ["M5 x = a,c"]


@pytest.mark.parametrize(("sum_", "on"), [(177_01, "2026-03-10"), (177_00, "2026-03-11")])
def test_a_cent_or_a_day_off_is_no_sum(sum_, on):
    found = matched(of_day(100_00, 77_00), [line("x", sum_, "V-1", on=on)])

    assert (pairs(found), open_ones(found)) == ([], [])


def test_one_sum_for_an_order_may_be_of_any_day():
    ours = [
        line("a", 100_00, "INV-1", on="2026-03-03", so="SO-1"),
        line("b", 77_00, "INV-2", on="2026-03-13", so="SO-1"),
        line("c", 77_00, "INV-3", on="2026-03-13", so="SO-2"),
    ]

    found = matched(ours, [line("x", 177_00, "V-1", on="2026-03-20", so="SO-1")])

    assert pairs(found) == ["M4 a,b = x"]


def test_the_order_must_be_the_same():
    ours = [
        line("a", 100_00, "INV-1", on="2026-03-03", so="SO-1"),
        line("b", 77_00, "INV-2", on="2026-03-13", so="SO-2"),
    ]

    assert pairs(matched(ours, [line("x", 177_00, on="2026-03-20", so="SO-1")])) == []
    assert pairs(matched(ours, [line("x", 177_00, on="2026-03-20")])) == []


def test_documents_that_the_dealer_names_in_his_text_are_meant():
    ours = [
        line("a", 100_00, "INV-2603-001", on="2026-03-03"),
        line("b", 77_00, "INV-2603-002", on="2026-03-13"),
        *[line(f"c{n}", 77_00, f"INV-2603-01{n}", on="2026-03-20") for n in range(3)],
    ]
    text = "货款 inv-2603-1，INV-2603-002"

    found = matched(ours, [line("x", 177_00, "V-1", on="2026-03-20", text=text)])

    assert pairs(found) == ["M4 a,b = x"]


def test_a_short_number_in_a_text_names_nothing():
    ours = [
        line("a", 100_00, "12", on="2026-03-03"),
        line("b", 77_00, "13", on="2026-03-13"),
    ]

    assert pairs(matched(ours, [line("x", 177_00, on="2026-03-20", text="12 13")])) == []


def test_a_part_of_the_lines_of_a_document_is_a_match():
    ours = [line(f"a{n}", n * 1_00, "INV-1", sku=f"S{n}", qty=1) for n in (1, 3, 9)]

    found = matched(ours, [line("x", 4_00, "INV-1", on="2026-03-20")])

    assert pairs(found) == ["M4 a1,a3 = x"]


def test_two_sets_that_both_add_up_are_suggested_and_never_accepted():
    found = matched(of_day(100_00, 400_00, 200_00, 300_00), [line("x", 500_00, "V-1")])

    assert pairs(found) == []
    assert sorted(open_ones(found)) == ["M4 a,b = x", "M4 c,d = x"]
    assert [one.residual for one in found.suggestions] == [0, 0]


def test_a_set_of_the_order_and_a_set_of_the_day_are_equally_good():
    ours = [
        line("a", 100_00, "INV-1", on="2026-03-03", so="SO-1"),
        line("b", 400_00, "INV-2", on="2026-03-13", so="SO-1"),
        line("c", 200_00, "INV-3", on="2026-03-20"),
        line("d", 300_00, "INV-4", on="2026-03-20"),
    ]

    found = matched(ours, [line("x", 500_00, "V-1", on="2026-03-20", so="SO-1")])

    assert pairs(found) == []
    assert open_ones(found) == ["M4 a,b = x", "M4 c,d = x"]


def test_a_set_for_which_two_sums_ask_is_suggested_to_both():
    found = matched(of_day(100_00, 400_00), [line("x", 500_00, "V-1"), line("y", 500_00, "V-2")])

    assert pairs(found) == []
    assert open_ones(found) == ["M4 a,b = x", "M4 a,b = y"]


def test_a_single_line_of_that_amount_is_as_good_as_a_sum():
    ours = [*of_day(100_00, 400_00), line("c", 500_00, "INV-3", on="2026-03-12")]

    found = matched(ours, [line("x", 500_00, "V-1")])

    assert pairs(found) == []
    assert open_ones(found) == ["M4 a,b = x", "M4 c = x"]


def test_money_and_documents_do_not_make_one_sum():
    ours = [paid("a", 100_00), line("b", -77_00, "CN-1", kind="CREDIT_NOTE")]

    assert pairs(matched(ours, [paid("x", 177_00)])) == []


def test_an_invoice_and_its_credit_note_do_not_make_one_sum():
    ours = [line("a", 100_00, "INV-1"), line("b", -30_00, "CN-1", kind="CREDIT_NOTE")]

    assert pairs(matched(ours, [line("x", 70_00, "V-1")])) == []


def test_five_lines_make_a_sum_and_six_do_not():
    five, six = (1_00, 2_00, 4_00, 8_00, 16_00), (1_00, 2_00, 4_00, 8_00, 16_00, 32_00)

    assert pairs(matched(of_day(*five), [line("x", 31_00, "V-1")])) == ["M4 a,b,c,d,e = x"]
    assert pairs(matched(of_day(*six), [line("x", 63_00, "V-1")])) == []


def test_of_more_lines_than_can_be_searched_nothing_is_said():
    figures = [2**place for place in range(20)]

    assert pairs(matched(of_day(*figures), [line("x", 3, "V-1")])) == ["M4 a,b = x"]
    assert pairs(matched(of_day(*figures, 2**20), [line("x", 3, "V-1")])) == []


def test_the_number_of_lines_is_a_term():
    terms = MatchTerms(most_lines=2)

    found = matched(of_day(1_00, 2_00, 4_00), [line("x", 7_00, "V-1")], terms=terms)

    assert pairs(found) == []


@drawn(
    st.lists(st.integers(-8, 8).filter(bool), max_size=9),
    st.integers(-12, 12),
    st.integers(1, 5),
)
def test_subset_sums_are_those_that_trying_all_finds(amounts, target, most):
    every = {
        places
        for size in range(1, most + 1)
        for places in combinations(range(len(amounts)), size)
        if sum(amounts[place] for place in places) == target
    }

    found = subsets(amounts, target, most)

    assert set(found) <= every
    assert len(set(found)) == len(found) == min(2, len(every))


def test_twenty_lines_are_searched_at_once():
    started = time.process_time()

    found = subsets([2**place for place in range(20)], 2**20 - 1, 5)

    assert found == []
    assert time.process_time() - started < 0.5
