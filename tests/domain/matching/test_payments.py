"""M6 and M7: payments by amount and day, and what stands in another month."""

import pytest

from domain.policies.matching import MatchTerms
from tests.domain.matching.stated import gaps, line, matched, open_ones, paid, pairs


@pytest.mark.parametrize("on", ["2026-03-07", "2026-03-10", "2026-03-13"])
def test_a_payment_of_the_only_such_amount_within_three_days_is_a_match(on):
    found = matched([paid("a", 600_00, doc="RCPT-2")], [paid("x", 600_00, on, doc="ICBC/77")])

    assert pairs(found) == ["M6 a = x"]


@pytest.mark.parametrize("on", ["2026-03-06", "2026-03-14"])
def test_four_days_are_too_many(on):
    found = matched([paid("a", 600_00)], [paid("x", 600_00, on)])

    assert (pairs(found), open_ones(found)) == ([], [])


def test_the_window_is_a_term():
    found = matched(
        [paid("a", 600_00)], [paid("x", 600_00, "2026-03-14")], terms=MatchTerms(window_days=4)
    )

    assert pairs(found) == ["M6 a = x"]


def test_what_the_dealer_gives_no_kind_may_be_a_payment_but_a_document_is_none():
    ours = [paid("a", 600_00)]

    assert pairs(matched(ours, [paid("x", 600_00, kind="")])) == ["M6 a = x"]
    assert pairs(matched(ours, [paid("x", 600_00, kind="CREDIT_NOTE")])) == []
    assert pairs(matched([paid("a", 600_00, kind="")], [paid("x", 600_00, kind="")])) == []


@pytest.mark.parametrize("on", ["2026-03-11", "2026-03-28"])
def test_an_amount_that_occurs_twice_in_the_period_is_left_to_a_person(on):
    ours = [paid("a", 600_00, doc="RCPT-1"), paid("b", 600_00, on, doc="RCPT-2")]

    found = matched(ours, [paid("x", 600_00)])

    assert pairs(found) == []
    assert open_ones(found)[0] == "M6 a = x"


def test_an_equal_payment_that_is_matched_already_counts_too():
    ours = [paid("a", 600_00, doc="RCPT-1"), paid("b", 600_00, doc="RCPT-2")]

    found = matched(ours, [paid("x", 600_00, doc="RCPT-1"), paid("y", 600_00)])

    assert pairs(found) == ["M1 a = x"]
    assert open_ones(found) == ["M6 b = y"]


def test_a_payment_that_names_another_receipt_is_not_this_one():
    ours = [paid("a", 600_00, doc="RCPT-1")]

    found = matched(ours, [paid("x", 600_00, doc="RCPT-9")], others=[paid("b", 5_00, doc="RCPT-9")])

    assert pairs(found) == []


# M7: what stands in another month.


def test_an_invoice_of_last_month_that_the_dealer_booked_now_is_timing():
    february = [line("f", 100_00, "INV-2602-009", on="2026-02-27")]

    found = matched([], [line("x", 100_00, "inv-2602-9", on="2026-03-02")], others=february)

    assert pairs(found) == ["M7 f = x"]
    (one,) = found.matches
    assert (one.category, one.ours_amount, one.residual) == ("TIMING_GOODS", 0, 100_00)
    assert found.differences == ()


def test_money_that_reached_us_in_the_next_month_is_timing_of_cash():
    april = [paid("f", 600_00, "2026-04-02", doc="RCPT-9")]

    found = matched([], [paid("x", 600_00, "2026-03-31")], others=april)

    assert pairs(found) == ["M7 f = x"]
    assert found.matches[0].category == "TIMING_CASH"


@pytest.mark.parametrize(
    "other",
    [
        line("f", 100_00, "INV-2602-008", on="2026-02-27"),
        line("f", 100_01, "INV-2602-009", on="2026-02-27"),
        line("f", 100_00, "INV-2602-009", on="2026-01-27"),
        line("f", 100_00, "INV-2602-009", on="2026-03-01"),
        line("f", -100_00, "INV-2602-009", on="2026-02-27"),
    ],
)
def test_another_number_amount_or_month_is_no_timing(other):
    found = matched([], [line("x", 100_00, "INV-2602-009", on="2026-03-02")], others=[other])

    assert pairs(found) == []


def test_the_period_decides_the_month_and_not_the_day():
    late = [line("f", 100_00, "INV-1", on="2026-03-01", period="2026-02")]

    assert pairs(matched([], [line("x", 100_00, "INV-1")], others=late)) == ["M7 f = x"]


def test_december_and_january_are_beside_each_other():
    december = [line("f", 100_00, "INV-1", on="2025-12-30")]

    found = matched([], [line("x", 100_00, "INV-1", on="2026-01-04")], others=december)

    assert pairs(found) == ["M7 f = x"]


def test_two_equal_payments_of_the_next_month_are_left_to_a_person():
    april = [paid("f", 600_00, "2026-04-01"), paid("g", 600_00, "2026-04-02")]

    found = matched([], [paid("x", 600_00, "2026-03-31")], others=april)

    assert pairs(found) == []
    assert open_ones(found) == ["M7 f = x", "M7 g = x"]
    assert gaps(found) == [("x", "UNKNOWN", -600_00)]


def test_an_amount_that_the_dealer_paid_twice_in_the_period_is_no_timing():
    theirs = [paid("x", 600_00, "2026-03-31"), paid("y", 600_00, "2026-03-15")]

    found = matched([], theirs, others=[paid("f", 600_00, "2026-04-01")])

    assert pairs(found) == []


def test_a_line_of_another_month_is_used_once():
    theirs = [
        paid("x", 600_00, "2026-03-20", doc="RCPT-9", kind="DEPOSIT"),
        paid("y", 600_00, "2026-03-31"),
    ]

    found = matched([], theirs, others=[paid("f", 600_00, "2026-04-01", doc="RCPT-9")])

    assert pairs(found) == ["M7 f = x"]


def test_this_month_comes_before_another():
    april = [paid("f", 600_00, "2026-04-01")]

    found = matched(
        [paid("a", 600_00, "2026-03-30")], [paid("x", 600_00, "2026-03-31")], others=april
    )

    assert pairs(found) == ["M6 a = x"]
