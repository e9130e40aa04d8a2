"""References: spellings that mean the same number, and numbers that only look alike."""

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from domain.policies.matching import key_of, normalised
from tests.domain.matching.stated import gaps, line, matched, pairs


@pytest.mark.parametrize(
    "written",
    [
        "INV-2603-001",
        " inv-2603-001 ",
        "INV 2603 001",
        "INV-2603-1",
        "INV-2603-01",
        "INV-02603-001",
        "inv2603-001",
        "INV/2603/001",
        "INV–2603–001",
        "ＩＮＶ－２６０３－００１",
    ],
)
def test_spellings_of_one_number_are_equal(written):
    assert key_of(written) == key_of("INV-2603-001") == "INV2603-1"


@pytest.mark.parametrize(
    "other",
    [
        "INV-260-3001",
        "INV-26-03001",
        "INV-2603-0010",
        "INV-2603-100",
        "INV-2603-001-2",
        "INV-2603",
        "CN-2603-001",
        "INV-2603-001A",
        "2603-001",
    ],
)
def test_numbers_that_look_alike_stay_apart(other):
    assert key_of(other) != key_of("INV-2603-001")


def test_a_number_of_zeros_is_zero_and_a_text_without_any_is_nothing():
    assert (key_of("000"), key_of("--"), key_of("")) == ("0", "", "")


def test_a_tax_invoice_that_a_spreadsheet_shortened_is_the_same():
    assert key_of("00012345") == key_of("12345")


@drawn(st.text(alphabet="AZaz019０９ -/", max_size=12))
def test_a_key_is_its_own_key(written):
    assert key_of(key_of(written)) == key_of(written)


@drawn(st.lists(st.integers(0, 99_999), min_size=1, max_size=4), st.integers(0, 3))
def test_groups_of_digits_are_what_a_number_is(groups, zeros):
    written = "-".join("0" * zeros + str(one) for one in groups)

    assert key_of(f"INV-{written}") == "INV" + "-".join(map(str, groups))


def test_the_line_keeps_what_was_written():
    written = line(
        "x", 100_00, " inv-2603-001", text="货款 inv-2603-001", serials=("us-02", "US-1")
    )

    read = normalised(written)

    assert (read.doc, read.serials, read.text) == ("INV2603-1", ("US1", "US2"), written.text)
    assert written.doc == " inv-2603-001"


def test_a_number_without_separators_is_the_only_one_with_its_letters_and_digits():
    found = matched([line("a", 100_00, "INV-2603-001")], [line("x", 100_00, "INV2603001")])

    assert pairs(found) == ["M1 a = x"]


def test_a_number_without_separators_that_may_be_two_is_neither():
    ours = [line("a", 100_00, "INV-2603-001"), line("b", 70_00, "INV-260-3001")]

    found = matched(ours, [line("x", 100_00, "INV2603001", on="2026-03-20")])

    assert pairs(found) == []
    assert gaps(found)[-1] == ("x", "MISSING_INVOICE", 100_00)


def test_a_number_with_other_separators_is_another_one():
    found = matched([line("a", 100_00, "INV-2603-001")], [line("x", 100_00, "INV-260-3001")])

    assert pairs(found) == []
