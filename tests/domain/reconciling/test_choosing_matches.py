"""What a run cannot be sure of a person chooses, and what was matched a person takes back."""

from __future__ import annotations

import pytest

from domain.accounts.dealer_lines import DealerLines
from domain.accounts.refusals import AlreadyMatched
from domain.kernel.refusal import ForbiddenRole, NotFound, ReasonRequired
from domain.policies.matching import Match
from tests.domain.reconciling.steps import (
    D05,
    MARCH,
    STOREKEEPER,
    accept,
    differences,
    invoiced,
    kept,
    match_again,
    matches,
    reverse,
    stated,
    submit,
    suggestions,
    theirs,
)
from tests.domain.support import SERVICE, fact, like
from tests.domain.world import BY, DEALER_5, FINANCE

FOUR = [
    invoiced(f"INV-{number}", gross)
    for number, gross in enumerate((100_00, 400_00, 200_00, 300_00), 1)
]


def two_sums():
    """One sum of 500.00 for which INV-1 and INV-2 fit as well as INV-3 and INV-4."""
    return submit(stated(*FOUR), theirs("s", 500_00, "VOUCHER")).accepted()


def test_two_sums_that_both_fit_are_suggested_and_never_accepted():
    past = two_sums()

    assert matches(past) == []
    assert suggestions(past) == [
        "M-0001: M4 INV-1,INV-2 = s",
        "M-0002: M4 INV-3,INV-4 = s",
    ]
    assert {category for _, category, _ in differences(past)} == {"UNKNOWN"}
    assert kept(past).open_difference == 1_000_00 + 500_00


def test_suggestions_stay_suggestions_however_often_it_is_run():
    past = two_sums()

    for _ in range(3):
        match_again(past).then()
    assert (len(matches(past)), len(suggestions(past))) == (0, 2)


def test_a_suggestion_that_a_person_chooses_stands_and_its_alternatives_are_over():
    past = two_sums()

    accept(past, "M-0002").then(
        like(DealerLines.MatchAccepted, match_id="M-0002", by=FINANCE),
        like(DealerLines.Compared, dropped=("M-0001",), before=5),
    )
    assert matches(past) == ["M-0002: M4 INV-3,INV-4 = s"]
    assert kept(past).matches["M-0002"].accepted
    assert suggestions(past) == []
    assert differences(past) == [
        ("INV-1", "MISSING_INVOICE", -100_00),
        ("INV-2", "MISSING_INVOICE", -400_00),
    ]


def test_an_alternative_whose_line_another_match_has_is_already_matched():
    past = two_sums()
    accept(past, "M-0002").accepted()

    accept(past, "M-0001").refuses(AlreadyMatched, match="M-0002", lines=["s"])


def test_a_suggestion_with_a_line_that_is_in_a_match_cannot_be_accepted():
    past = two_sums()
    other = Match(
        rule="M1", ours=("INV-1",), theirs=("t",), ours_amount=1, theirs_amount=1, residual=0,
        accepted=True, unique=True,
    )  # fmt: skip
    proposed = DealerLines.MatchProposed(*BY, match_id="M-0003", match=other)
    found = fact(DealerLines, D05, MARCH, proposed)
    past.get(DealerLines, *found.key).record(found.event)

    accept(past, "M-0001").refuses(AlreadyMatched, match="M-0003", lines=["INV-1"])


def test_choosing_the_same_twice_records_nothing():
    past = two_sums()
    accept(past, "M-0002").accepted()

    accept(past, "M-0002").then()


def test_only_what_was_suggested_can_be_chosen():
    past = two_sums()

    accept(past, "M-0009").refuses(NotFound, kind="Suggestion")
    accept(stated(*FOUR), "M-0001").refuses(NotFound, kind="DealerLines")


@pytest.mark.parametrize("who", [DEALER_5, STOREKEEPER], ids=lambda one: one.role)
def test_choosing_and_taking_back_are_for_finance(who):
    past = two_sums()
    accept(past, "M-0001", by=who).refuses(ForbiddenRole)
    accept(past, "M-0001", by=SERVICE).accepted()

    reverse(past, "M-0001", by=who).refuses(ForbiddenRole)


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_a_match_is_taken_back_for_a_reason(reason):
    past = two_sums()
    accept(past, "M-0001").accepted()

    reverse(past, "M-0001", reason).refuses(ReasonRequired, match="M-0001")


def test_a_match_that_is_taken_back_frees_its_lines_and_they_are_compared_at_once():
    past = two_sums()
    accept(past, "M-0001").accepted()

    reverse(past, "M-0001", "the voucher names INV-3").then(
        like(DealerLines.MatchReversed, match_id="M-0001", reason="the voucher names INV-3"),
        like(DealerLines.MatchProposed, match_id="M-0003"),
        like(DealerLines.MatchProposed, match_id="M-0004"),
        DealerLines.Compared,
    )
    assert matches(past) == []
    match_again(past).then()
    assert suggestions(past) == [
        "M-0003: M4 INV-1,INV-2 = s",
        "M-0004: M4 INV-3,INV-4 = s",
    ]
    accept(past, "M-0004").accepted()
    assert matches(past) == ["M-0004: M4 INV-3,INV-4 = s"]


def test_the_number_of_a_match_is_never_given_twice():
    past = submit(stated(*FOUR), theirs("a", 100_00, "INV-1")).accepted()
    reverse(past, "M-0001").accepted()

    assert (matches(past), suggestions(past)) == ([], ["M-0002: M1 INV-1 = a"])
    reverse(past, "M-0001").refuses(NotFound, kind="Match", id="M-0001")


def test_a_match_that_a_person_took_back_is_never_made_again_but_may_be_chosen_again():
    past = submit(stated(*FOUR), theirs("a", 100_00, "INV-1")).accepted()
    for number in (1, 2, 3):
        reverse(past, f"M-000{number}").accepted()
        match_again(past).then()
        assert (matches(past), len(suggestions(past))) == ([], 1)
        accept(past, f"M-000{number + 1}").accepted()

    assert matches(past) == ["M-0004: M1 INV-1 = a"]


def test_what_is_beyond_doubt_now_was_only_suggested_before():
    """INV-3 and INV-4 are gone with another line, and INV-1 and INV-2 are the only sum left."""
    past = two_sums()

    submit(past, theirs("c", 200_00, "INV-3"), theirs("d", 300_00, "INV-4"), file="F-2").accepted()

    assert "M-0005: M4 INV-1,INV-2 = s" in matches(past)
    assert (suggestions(past), differences(past)) == ([], [])


def test_the_ids_of_the_two_sides_have_nothing_to_do_with_each_other():
    past = submit(
        stated(*FOUR, invoiced("INV-5", 77_00)),
        theirs("s", 500_00, "VOUCHER"),
        theirs("INV-1", 77_00, "INV-5"),
    ).accepted()

    accept(past, "M-0002").accepted()


def test_what_a_taken_back_match_leaves_counts_as_different_at_once():
    past = submit(stated(invoiced("INV-1", 9_000_00)), theirs("a", 9_000_00, "INV-1")).accepted()

    told = reverse(past, "M-0001").answer

    assert told["open_difference"] > 0


def test_a_suggestion_is_no_match_and_cannot_be_taken_back():
    reverse(two_sums(), "M-0001").refuses(NotFound, kind="Match", id="M-0001")
