"""Laws of matching, on lists that chance has made, and how much of a plausible month it matches."""

import random
from collections import Counter

import msgspec
from hypothesis import given as drawn
from hypothesis import strategies as st

from domain.policies.matching import match
from tests.domain.matching.month import month
from tests.domain.matching.stated import TERMS, line, matched, summed

# Few values, so that lines often have something in common.
figures = st.builds(
    dict,
    gross=st.sampled_from([-300_00, -100_00, 1_00, 1_01, 100_00, 100_05, 200_00, 300_00]),
    doc=st.sampled_from(["", "INV-1", "inv 1", "INV-2", "INV-2603-001", "INV2603001"]),
    on=st.sampled_from(["2026-03-01", "2026-03-02", "2026-03-09", "2026-03-31"]),
    kind=st.sampled_from(["", "INVOICE", "PAYMENT", "CREDIT_NOTE"]),
    so=st.sampled_from(["", "SO-1", "SO-2"]),
    sku=st.sampled_from(["", "A", "B"]),
    qty=st.integers(0, 2),
    text=st.sampled_from(["", "INV-2603-001 INV-2603-002"]),
)


def lists(name, most):
    return st.lists(figures, max_size=most).map(
        lambda drawn_: [line(f"{name}{place}", **one) for place, one in enumerate(drawn_)]
    )


def february(others):
    return [msgspec.structs.replace(one, period="2026-02") for one in others]


@drawn(lists("a", 8), lists("x", 8), lists("f", 3))
def test_every_line_is_in_one_match_or_one_difference_and_the_sums_agree(ours, theirs, others):
    found = matched(ours, theirs, others=february(others))

    used = Counter(line_id for one in found.matches for line_id in (*one.ours, *one.theirs))
    assert set(used.values()) <= {1}


@drawn(lists("a", 8), lists("x", 8), lists("f", 3))
def test_a_run_after_a_run_finds_nothing(ours, theirs, others):
    first = match(ours, theirs, TERMS, others=february(others))

    again = matched(ours, theirs, others=february(others), settled=first.matches)

    assert again == msgspec.structs.replace(first, matches=())


@drawn(lists("a", 8), lists("x", 8), lists("f", 3))
def test_what_was_taken_back_is_not_made_again_and_the_sums_agree(ours, theirs, others):
    first = match(ours, theirs, TERMS, others=february(others))

    again = matched(ours, theirs, others=february(others), reversed=first.matches)

    gone = {one.content for one in first.matches}
    assert gone.isdisjoint(one.content for one in again.matches)


@drawn(lists("a", 8), lists("x", 8), lists("f", 3), st.integers(-5_00, 5_00))
def test_the_sums_agree_whatever_our_documents_have_changed_by(ours, theirs, others, more):
    first = match(ours, theirs, TERMS, others=february(others))
    now = [msgspec.structs.replace(one, gross=one.gross + more) for one in ours]
    elsewhere = [msgspec.structs.replace(one, ours_period="2026-03") for one in first.matches[1::2]]

    summed(now, theirs, others=february(others), settled=first.matches[::2], elsewhere=elsewhere)


@drawn(lists("a", 8), lists("x", 8), lists("f", 3), st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(ours, theirs, others, dice):
    found = match(ours, theirs, TERMS, others=february(others))
    for lines in (ours, theirs, others):
        dice.shuffle(lines)

    assert match(ours, theirs, TERMS, others=february(others)) == found


@drawn(lists("a", 6), lists("x", 6))
def test_the_sides_are_alike(ours, theirs):
    """What is beyond doubt does not depend on whose list is whose, sums aside."""
    terms = msgspec.structs.replace(TERMS, passes=("P0", "M1", "M3", "M6"))
    one, other = match(ours, theirs, terms), match(theirs, ours, terms)

    assert {(found.rule, found.ours, found.theirs) for found in one.matches} == {
        (found.rule, found.theirs, found.ours) for found in other.matches
    }


def test_of_plausible_months_nine_lines_in_ten_are_matched_and_none_wrongly():
    lines, used = 0, 0
    for seed in range(25):
        ours, theirs, others, truth = month(random.Random(seed))
        sku = {one.line_id: one.sku for one in (*ours, *theirs, *others)}
        found = matched(ours, theirs, others=others)
        for one in found.matches:
            assert {truth[line_id] for line_id in one.ours} == {
                truth[line_id] for line_id in one.theirs
            }, (seed, one)
            goods = {sku[line_id] for line_id in (*one.ours, *one.theirs)} - {""}
            assert len(goods) <= 1 or len(one.ours) > 1, (seed, one)
            used += len(one.ours) + len(one.theirs)
        lines += len(ours) + len(theirs) + len(others)

    assert used / lines >= 0.90
