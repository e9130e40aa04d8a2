"""Runs: a run after a run finds nothing, settled lines stay, and each rule can be left out."""

import msgspec
import pytest

from domain.policies.matching import Match, MatchTerms, Outcome
from domain.policies.matching.codes import NAMES
from tests.domain.matching.stated import TERMS, gaps, line, matched, open_ones, paid, pairs, summed

INJ = {"sku": "INJ", "qty": 10}

OURS = [
    line("a1", 100_00, "INV-1"),
    line("a2", 200_00, "INV-2"),
    line("a3", 300_00, "INV-3", on="2026-03-03", so="SO-3", **INJ),
    line("a4", 410_00, "INV-4", on="2026-03-04"),
    line("b4", 470_00, "INV-5", on="2026-03-04"),
    line("a5", 590_00, "INV-6", on="2026-03-05"),
    paid("a6", 600_00, "2026-03-06"),
    line("a0", 800_00, "INV-8"),
]
THEIRS = [
    line("x1", 100_00, "INV-1"),
    line("x2", 200_05, "INV-2"),
    line("x3", 300_00, "V-3", on="2026-03-23", so="SO-3", **INJ),
    line("x4", 880_00, "V-4", on="2026-03-04"),
    line("x5", 530_00, "V-5", on="2026-03-05"),
    line("y5", 60_00, "V-6", on="2026-03-05"),
    paid("x6", 600_00, "2026-03-07"),
    line("x7", 700_00, "INV-7", on="2026-03-27"),
    line("x0", 800_00, "INV-8"),
    line("y0", 800_00, "INV-8"),
]
OTHERS = [line("a7", 700_00, "INV-7", on="2026-02-27")]

ALL = {
    "M1": "M1 a1 = x1",
    "M2": "M2 a2 = x2",
    "M3": "M3 a3 = x3",
    "M4": "M4 a4,b4 = x4",
    "M5": "M5 a5 = x5,y5",
    "M6": "M6 a6 = x6",
    "M7": "M7 a7 = x7",
}


def test_all_rules_together():
    found = matched(OURS, THEIRS, others=OTHERS)

    assert pairs(found) == list(ALL.values())
    assert gaps(found) == [("a0,x0,y0", "DUPLICATE", 800_00)]


@pytest.mark.parametrize("rule", ALL)
def test_each_rule_can_be_left_out(rule):
    passes = tuple(one for one in NAMES if one != rule)

    found = matched(OURS, THEIRS, terms=MatchTerms(passes=passes), others=OTHERS)

    assert pairs(found) == [said for one, said in ALL.items() if one != rule]


@pytest.mark.parametrize("rule", ALL)
def test_each_rule_can_be_tried_alone(rule):
    found = matched(OURS, THEIRS, terms=MatchTerms(passes=("P0", rule)), others=OTHERS)

    assert pairs(found) == [ALL[rule]]


def test_without_looking_for_duplicates_they_are_left_to_a_person():
    found = matched(OURS, THEIRS, terms=MatchTerms(passes=tuple(ALL)), others=OTHERS)

    assert pairs(found) == list(ALL.values())
    assert [one.theirs for one in found.suggestions] == [("x0",), ("y0",)]


def test_a_run_after_a_run_finds_nothing_new_and_tells_the_same_differences():
    first = matched(OURS, THEIRS, others=OTHERS)

    again = matched(OURS, THEIRS, others=OTHERS, settled=first.matches)

    assert again.matches == ()
    assert (again.suggestions, again.differences) == (first.suggestions, first.differences)


def test_a_match_that_is_settled_is_never_taken_apart_for_a_better_one():
    person = Match(
        rule="M6",
        ours=("a1",),
        theirs=("x6",),
        ours_amount=100_00,
        theirs_amount=-600_00,
        residual=-700_00,
        accepted=True,
        unique=True,
    )

    found = matched(OURS, THEIRS, others=OTHERS, settled=[person])

    assert {"a1", "x6"}.isdisjoint(
        line_id for one in found.matches for line_id in (*one.ours, *one.theirs)
    )


def test_a_line_of_another_month_that_is_settled_is_not_used_again():
    first = matched(OURS, THEIRS, others=OTHERS)
    late = [line("z", 700_00, "INV-7", on="2026-03-30")]

    again = matched([], late, others=OTHERS)
    stays = matched(OURS, [*THEIRS, *late], others=OTHERS, settled=first.matches)

    assert pairs(again) == ["M7 a7 = z"]
    assert pairs(stays) == []


def test_a_new_line_does_not_steal_but_is_matched_itself():
    first = matched(OURS, THEIRS, others=OTHERS)
    late = line("a8", 880_00, "INV-9", on="2026-03-04")

    again = matched([*OURS, late], THEIRS, others=OTHERS, settled=first.matches)

    assert again.matches == ()
    assert ("a8", "MISSING_INVOICE", -880_00) in gaps(again)


def test_what_one_rule_leaves_open_no_weaker_rule_decides():
    """M7 alone would be sure: there is one such line in February."""
    ours = [line("a", 1_00, "INV-1", sku="A", qty=1), line("b", 1_00, "INV-1", sku="B", qty=1)]
    theirs, february = [line("x", 1_00, "INV-1")], [line("f", 1_00, "INV-1", on="2026-02-27")]

    found = matched(ours, theirs, others=february)

    assert pairs(found) == []
    assert open_ones(found) == ["M1 a = x", "M1 b = x"]
    assert pairs(matched([], theirs, others=february)) == ["M7 f = x"]


def test_a_match_leaves_fewer_candidates_so_that_another_becomes_sure():
    """Of 21 lines of a day no sum is searched; of the 20 that M5 leaves it is."""
    ours = [line(f"a{place:02}", 2**place, f"INV-{place + 1}") for place in range(20)]
    ours.append(line("z", 90_000_00, "INV-90", so="SO-9"))
    theirs = [
        line("p", 40_000_00, "V-1", on="2026-03-20", so="SO-9"),
        line("q", 50_000_00, "V-2", on="2026-03-21", so="SO-9"),
        line("x", 3, "V-3"),
    ]

    assert pairs(matched(ours, theirs)) == ["M5 z = p,q", "M4 a00,a01 = x"]


def test_an_outcome_can_be_stored_and_read():
    found = matched(OURS, THEIRS, others=OTHERS)

    assert msgspec.json.decode(msgspec.json.encode(found), type=Outcome) == found
    assert msgspec.json.decode(msgspec.json.encode(TERMS), type=MatchTerms) == TERMS


def test_what_a_document_changed_by_since_its_match_is_a_difference():
    ours, theirs = [line("a", 100_00, "INV-1")], [line("x", 100_00, "INV-1")]
    first = matched(ours, theirs)

    again = summed([line("a", 130_00, "INV-1")], theirs, settled=first.matches)

    assert (again.matches, gaps(again)) == ((), [("a,x", "UNKNOWN", -30_00)])


def test_what_a_person_took_back_is_only_suggested():
    first = matched(OURS, THEIRS, others=OTHERS)

    again = matched(OURS, THEIRS, others=OTHERS, reversed=first.matches)

    assert pairs(again) == []
    assert set(ALL.values()) <= set(open_ones(again))
    assert [one.category for one in again.suggestions if one.rule == "M7"] == ["TIMING_GOODS"]


def in_april(month, gross):
    """What April's list has used of our lines."""
    found = matched(OURS, THEIRS, others=OTHERS).matches[-1]
    return msgspec.structs.replace(
        found, ours=("a7",), theirs_amount=gross, residual=gross, ours_period=month
    )


def test_a_line_that_another_months_list_has_used_is_late_and_not_missing():
    ours = [line("a7", 700_00, "INV-7", on="2026-03-27")]

    found = matched(ours, THEIRS[7:8], elsewhere=[in_april("2026-03", 700_00)])

    assert (pairs(found), gaps(found)) == (
        [],
        [("a7", "TIMING_GOODS", -700_00), ("x7", "MISSING_INVOICE", 700_00)],
    )


def test_what_it_has_above_what_was_used_of_it_is_unknown():
    ours = [line("a7", 720_00, "INV-7", on="2026-03-27")]

    found = summed(ours, [], elsewhere=[in_april("2026-03", 700_00)])

    assert gaps(found) == [("a7", "TIMING_GOODS", -700_00), ("a7", "UNKNOWN", -20_00)]


def test_a_line_beside_that_a_list_of_its_own_month_has_used_is_not_used_again():
    found = matched([], THEIRS[7:8], others=OTHERS, elsewhere=[in_april("2026-02", 700_00)])
    other = matched([], THEIRS[7:8], others=OTHERS, elsewhere=[in_april("2026-01", 700_00)])

    assert (pairs(found), pairs(other)) == ([], ["M7 a7 = x7"])
