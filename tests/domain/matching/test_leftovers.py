"""What no rule has matched: the category that its kind proposes."""

import pytest

from tests.domain.matching.stated import gaps, line, matched

GOODS = {"sku": "US80", "qty": -1}


@pytest.mark.parametrize(
    ("kind", "more", "ours", "theirs"),
    [
        ("INVOICE", {}, "MISSING_INVOICE", "MISSING_INVOICE"),
        ("INVOICE", {"on": "2026-03-28"}, "MISSING_INVOICE", "MISSING_INVOICE"),
        ("INVOICE", {"on": "2026-03-29"}, "TIMING_GOODS", "MISSING_INVOICE"),
        ("INVOICE", {"on": "2026-03-31"}, "TIMING_GOODS", "MISSING_INVOICE"),
        ("PAYMENT", {}, "UNKNOWN", "UNKNOWN"),
        ("PAYMENT", {"on": "2026-03-31"}, "UNKNOWN", "TIMING_CASH"),
        ("PAYMENT", {"on": "2026-03-31", "period": "2026-04"}, "UNKNOWN", "UNKNOWN"),
        ("CREDIT_NOTE", GOODS, "RETURN_NOT_BOOKED", "RETURN_NOT_BOOKED"),
        ("CREDIT_NOTE", {"serials": ("US-1",)}, "RETURN_NOT_BOOKED", "RETURN_NOT_BOOKED"),
        ("CREDIT_NOTE", {}, "REBATE_NOT_BOOKED", "REBATE_NOT_BOOKED"),
        ("CLAIM", {}, "CLAIM_NOT_BOOKED", "CLAIM_NOT_BOOKED"),
        ("DEPOSIT", {}, "DEPOSIT_TREATMENT", "DEPOSIT_TREATMENT"),
        ("PENALTY", {}, "PENALTY_DISPUTED", "PENALTY_DISPUTED"),
        ("WRITE_OFF", {}, "SMALL_DIFF", "SMALL_DIFF"),
        ("ADJUSTMENT", {}, "UNKNOWN", "UNKNOWN"),
        ("OPENING", {}, "UNKNOWN", "UNKNOWN"),
        ("", {}, "UNKNOWN", "UNKNOWN"),
    ],
)
def test_the_kind_of_a_line_that_one_side_lacks_proposes_why(kind, more, ours, theirs):
    one = line("a", -100_00, kind=kind, **more)

    assert gaps(matched([one], [])) == [("a", ours, 100_00)]
    assert gaps(matched([], [one])) == [("a", theirs, -100_00)]


def test_every_difference_says_what_usually_resolves_it():
    (found,) = matched([line("a", 100_00, "INV-1")], []).differences

    assert (found.side, found.note) == ("OURS", "send the document to the side that lacks it")


def test_nothing_against_nothing_is_nothing():
    found = matched([], [])

    assert (found.matches, found.suggestions, found.differences) == ((), (), ())
