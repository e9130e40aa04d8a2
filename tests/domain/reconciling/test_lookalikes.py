"""Lines that look alike are each money of their own; the same line in two statements is one."""

from __future__ import annotations

import pytest

from domain.accounts.account_events import PaymentReceived
from domain.accounts.bank_statement import BankStatement
from domain.accounts.refusals import DuplicateBankRef
from domain.flows import run
from domain.flows.accounts.settling import record_payment
from tests.domain.reconciling.steps import (
    account,
    assign,
    bank_line,
    imported,
    invoiced,
    owing,
)
from tests.domain.story import paying
from tests.domain.support import day

OWED = invoiced("INV-1", 9_000_00)
PLAIN = bank_line(500_00)
"""A line to which the bank gave no reference."""


def paid_in(past, dealer="D05") -> int:
    """What came to an account, settled or not."""
    items, unapplied = account(past, dealer)
    return 9_000_00 - items.get("INV-1", 0) + sum(unapplied.values())


def lines(past, reference="S-1", bank="6222-01") -> list[str]:
    return [*past.get(BankStatement, bank, reference).lines]


def test_two_payments_that_look_alike_are_both_kept_and_booked():
    past = owing(OWED)

    told = imported(past, PLAIN, PLAIN)

    assert told.answer["new"] == len(told.answer["receipts"]) == 2
    assert paid_in(past) == 1_000_00
    first, second = lines(past)
    assert second == f"{first}#2"


def test_alike_are_only_lines_that_say_the_same_of_everything():
    others = (
        bank_line(500_00, on="2026-03-10"),
        bank_line(500_01),
        bank_line(500_00, payer_account="6228"),
        bank_line(500_00, text="March"),
    )
    past = imported(owing(OWED), PLAIN, *others).accepted()

    assert [name for name in lines(past) if "#" in name] == []
    assert len(set(lines(past))) == 5


def test_the_same_line_in_an_overlapping_statement_is_known():
    past = imported(owing(OWED), PLAIN, bank_line(30_00, "B-1")).accepted()

    told = imported(past, PLAIN, bank_line(30_00, "B-1"), bank_line(7_00, "B-2"), reference="S-2")

    assert (told.answer["new"], told.answer["known"]) == (1, 2)
    assert lines(past, "S-2") == ["B-2"]
    assert paid_in(past) == 537_00


def test_one_more_that_looks_alike_in_an_overlapping_statement_is_new():
    past = imported(owing(OWED), PLAIN, PLAIN).accepted()

    told = imported(past, PLAIN, PLAIN, PLAIN, reference="S-2")

    assert (told.answer["new"], told.answer["known"]) == (1, 2)
    assert paid_in(past) == 1_500_00


def test_a_reference_that_the_bank_gave_twice_names_two_lines():
    past = owing(OWED)

    told = imported(past, bank_line(500_00, "BATCH"), bank_line(70_00, "BATCH"))

    assert lines(past) == ["BATCH", "BATCH#2"]
    assert (told.answer["new"], paid_in(past)) == (2, 570_00)


def test_a_reference_of_the_bank_that_looks_like_a_number_of_ours_is_a_line_of_its_own():
    past = owing(OWED)

    told = imported(past, *[bank_line(one, ref) for one, ref in ((1, "A"), (2, "A"), (4, "A#2"))])

    assert (told.answer["new"], paid_in(past)) == (3, 7)


def test_long_references_that_differ_at_their_end_are_of_two_lines():
    long = "2026030912345678901234567890123456789012345678901234567890"
    past = imported(owing(OWED), bank_line(500_00, f"{long}-1")).accepted()

    told = imported(past, bank_line(70_00, f"{long}-2"), reference="S-2")

    assert (told.answer["new"], paid_in(past)) == (1, 570_00)


def test_spaces_around_a_reference_say_nothing_and_a_slash_is_kept_out_of_it():
    past = imported(owing(OWED), bank_line(500_00, " TX/9 ")).accepted()

    told = imported(past, bank_line(500_00, "TX/9"), reference="S-2")

    assert (lines(past), told.answer["known"]) == (["TX|9"], 1)


@pytest.mark.parametrize("ref", ["0001", ""], ids=["the bank's number", "no reference"])
def test_another_account_has_lines_of_its_own_though_they_look_alike(ref):
    past = imported(owing(OWED), bank_line(500_00, ref)).accepted()

    told = imported(past, bank_line(500_00, ref), account="6222-02")

    assert (told.answer["new"], len(told.answer["receipts"])) == (1, 1)
    assert paid_in(past) == 1_000_00


def test_a_line_that_another_account_has_too_can_be_assigned():
    past = imported(owing(OWED), bank_line(500_00, "0001")).accepted()
    again = bank_line(500_00, "0001", payer="Stranger")
    imported(past, again, account="6222-02").accepted()

    told = assign(past, "0001", account="6222-02", mandate="M")

    (received,) = told.recorded(PaymentReceived)
    assert received.bank_ref == "0001@6222-02"
    assert paid_in(past) == 1_000_00


def test_a_long_reference_of_two_accounts_is_a_reference_still():
    long = "9" * 80
    past = imported(owing(OWED), bank_line(500_00, long)).accepted()

    told = imported(past, bank_line(500_00, long), account="6222-02")

    (received,) = told.recorded(PaymentReceived)
    assert len(received.bank_ref) <= 64
    assert paid_in(past) == 1_000_00


@pytest.mark.parametrize(
    "other", [bank_line(70_00, "B-1"), bank_line(500_00, "B-1", "2026-03-10")], ids=["sum", "day"]
)
def test_a_known_reference_with_another_amount_or_day_is_another_line(other):
    past = imported(owing(OWED), bank_line(500_00, "B-1")).accepted()

    told = imported(past, other, bank_line(500_00, "B-1"), reference="S-2")

    assert (told.answer["new"], told.answer["known"]) == (1, 1)
    assert lines(past, "S-2") == ["B-1#2"]
    assert paid_in(past) == 500_00 + other.amount
    again = imported(past, other, reference="S-3")
    assert (again.answer["new"], again.answer["known"]) == (0, 1)


def booked_by_hand():
    """Finance entered the payment B-1 before the bank's file came."""
    by_hand = paying("D05", 500_00, bank_ref="B-1", value_date=day("2026-03-09"))
    return owing(OWED).when(run, by_hand, on="2026-03-09").accepted()


def test_a_line_that_was_booked_by_hand_before_is_not_booked_twice():
    past = booked_by_hand()

    told = imported(past, bank_line(500_00, "B-1"), bank_line(70_00, "B-2"))

    assert [one["line"] for one in told.answer["receipts"]] == ["B-2"]
    assert paid_in(past) == 570_00


def test_a_line_that_was_booked_by_hand_before_does_not_wait():
    told = imported(booked_by_hand(), bank_line(500_00, "B-1"))

    (booked,) = told.recorded(BankStatement.LineBooked)
    assert (booked.ref, booked.dealer, booked.doc) == ("B-1", "D05", "RCPT-0001")
    assert told.answer["unassigned"] == told.answer["receipts"] == []


def test_what_was_booked_by_hand_with_another_amount_is_not_the_line_which_waits():
    past = booked_by_hand()

    told = imported(past, bank_line(70_00, "B-1"))

    assert (told.answer["unassigned"], told.answer["receipts"]) == (["B-1"], [])
    assign(past, "B-1").refuses(DuplicateBankRef, receipt="RCPT-0001")


def test_a_line_that_is_booked_by_hand_while_it_waits_is_found_when_the_file_comes_again():
    past = imported(owing(OWED), bank_line(500_00, "B-1", payer="Stranger")).accepted()
    past.when(run, paying("D05", 500_00, bank_ref="B-1"), on="2026-03-20").accepted()

    told = imported(past, bank_line(500_00, "B-1", payer="Stranger"))

    told.then(BankStatement.LineBooked)
    assert told.answer["unassigned"] == []


def test_what_the_statement_booked_cannot_be_entered_by_hand():
    past = imported(owing(OWED), bank_line(500_00, "B-1")).accepted()
    by_hand = paying("D05", 500_00, bank_ref="B-1")

    told = past.when(record_payment, by_hand, on="2026-03-20")

    told.refuses(DuplicateBankRef, receipt="RCPT-0001")
