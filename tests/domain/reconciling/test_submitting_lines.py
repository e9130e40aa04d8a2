"""A dealer's own lines of a month come in and are compared with our statement at once."""

from __future__ import annotations

import pytest

from domain.accounts.dealer_lines import DealerLines
from domain.kernel.money import LARGEST_AMOUNT
from domain.kernel.refusal import ForbiddenRole, NotFound, ValidationFailed
from tests.domain.reconciling.steps import (
    APRIL,
    D05,
    DEALER_6,
    STOREKEEPER,
    differences,
    fields,
    invoiced,
    kept,
    match_again,
    matches,
    owing,
    stated,
    submit,
    theirs,
)
from tests.domain.support import SERVICE, like
from tests.domain.world import DEALER_5, ENGINEER, FINANCE, MGR_EAST

OURS = (invoiced("INV-1", 300_00), invoiced("INV-2", 500_00, "2026-03-12"))


@pytest.mark.parametrize("who", [DEALER_5, SERVICE, FINANCE], ids=lambda one: one.role)
def test_lines_come_from_the_dealers_own_user_from_a_service_and_from_finance(who):
    given = submit(stated(*OURS), theirs("a", 300_00, "INV-1"), by=who)

    given.then(
        like(DealerLines.Submitted, by=who, file_hash="F-1"),
        like(DealerLines.MatchProposed, match_id="M-0001"),
        like(DealerLines.Compared, before=0, version_no=1),
    )
    assert given.answer == {
        "lines": 1,
        "matched": 1,
        "suggested": 0,
        "differences": 1,
        "open_difference": 500_00,
    }


def test_what_a_run_finds_is_not_recorded_as_the_dealers_doing():
    given = submit(stated(*OURS), theirs("a", 300_00, "INV-1"), by=DEALER_5)

    (proposed,) = given.recorded(DealerLines.MatchProposed)
    (compared,) = given.recorded(DealerLines.Compared)
    assert [one.by.user for one in (proposed, compared)] == ["system:matching"] * 2
    assert [one.by.role for one in (proposed, compared)] == ["SYSTEM"] * 2


def test_to_another_dealers_user_the_statement_does_not_exist():
    line = theirs("a", 300_00, "INV-1")

    submit(stated(*OURS), line, by=DEALER_6).refuses(NotFound)


def test_another_dealers_user_learns_nothing_from_whether_there_is_a_statement():
    line = theirs("a", 300_00, "INV-1")

    there, not_there = (submit(past(*OURS), line, by=DEALER_6).refusal for past in (stated, owing))

    assert there is not None
    assert not_there is not None
    assert (there.code, there.facts) == (not_there.code, not_there.facts)


@pytest.mark.parametrize("who", [STOREKEEPER, ENGINEER, MGR_EAST], ids=lambda one: one.role)
def test_lines_are_not_for_people_who_are_neither_the_dealers_nor_finance(who):
    submit(stated(*OURS), theirs("a", 300_00, "INV-1"), by=who).refuses(ForbiddenRole)


def test_there_is_nothing_to_compare_with_before_the_statement_is_issued():
    line = theirs("a", 300_00, "INV-1")

    submit(owing(*OURS), line).refuses(NotFound, kind="Statement", id=f"{D05}/2026-03")
    submit(stated(*OURS), line, period=APRIL).refuses(NotFound)


def test_the_same_file_again_adds_nothing_and_records_nothing():
    lines = theirs("a", 300_00, "INV-1"), theirs("b", 499_00, "INV-2")
    past = submit(stated(*OURS), *lines).accepted()

    again = submit(past, *lines)

    again.then()
    assert again.answer["lines"] == 0
    assert (again.answer["matched"], again.answer["differences"]) == (1, 1)


def test_another_file_adds_its_lines_to_the_first():
    past = submit(stated(*OURS), theirs("a", 300_00, "INV-1")).accepted()

    submit(past, theirs("b", 500_00, "INV-2"), file="F-2").then(
        like(DealerLines.Submitted, file_hash="F-2"),
        like(DealerLines.MatchProposed, match_id="M-0002"),
        like(DealerLines.Compared, before=1, differences=()),
    )
    assert matches(past) == ["M-0001: M1 INV-1 = a", "M-0002: M1 INV-2 = b"]
    assert kept(past).files == {"F-1": 1, "F-2": 1}


def test_a_line_of_another_file_cannot_take_the_place_of_one_that_is_there():
    past = submit(stated(*OURS), theirs("a", 300_00, "INV-1")).accepted()

    submit(past, theirs("a", 1_00, "INV-1"), file="F-2").refuses(
        ValidationFailed, field="lines[0].line_id"
    )


def test_everything_that_is_wrong_with_a_list_is_said_at_once():
    given = submit(
        stated(*OURS),
        theirs("a", LARGEST_AMOUNT + 1),
        theirs("a", -LARGEST_AMOUNT - 1),
        theirs("x/y", LARGEST_AMOUNT),
        file="",
    )

    given.refuses(*[ValidationFailed] * 5)
    assert fields(given) == [
        "file_hash",
        "lines[0].gross",
        "lines[1].line_id",
        "lines[1].gross",
        "lines[2].line_id",
    ]


def test_a_list_without_lines_is_none():
    submit(stated(*OURS)).refuses(ValidationFailed, field="lines")


def test_before_any_line_came_there_is_nothing_to_match_again():
    match_again(stated(*OURS)).refuses(NotFound)


@pytest.mark.parametrize("who", [DEALER_5, STOREKEEPER], ids=lambda one: one.role)
def test_matching_again_is_for_finance(who):
    past = submit(stated(*OURS), theirs("a", 300_00, "INV-1")).accepted()

    match_again(past, by=who).refuses(ForbiddenRole)


def test_differences_are_named_with_what_they_come_to_and_which_side_has_them():
    past = submit(
        stated(*OURS, invoiced("INV-3", 900_00)),
        theirs("a", 300_00, "INV-1"),
        theirs("b", 450_00, "INV-2", sku="INJ", qty=9),
        theirs("c", 77_00, "V-9"),
    ).accepted()

    assert differences(past) == [
        ("INV-2,b", "UNKNOWN", -50_00),
        ("INV-3", "MISSING_INVOICE", -900_00),
        ("c", "MISSING_INVOICE", 77_00),
    ]
    assert [one.side for one in kept(past).differences] == ["BOTH", "OURS", "THEIRS"]
    assert kept(past).open_difference == 50_00 + 900_00 + 77_00
