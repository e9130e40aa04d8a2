"""Handing the journal over to finance: batches without gaps, and what finance says to them."""

from __future__ import annotations

from typing import Any

import pytest

from domain.books.journal_batch import Faulty, JournalBatch
from domain.books.period import Period
from domain.books.refusals import NothingToExport
from domain.flows.books.handing_over import AcknowledgeJournal, ExportJournal, RejectJournal
from domain.kernel.refusal import ForbiddenRole, InvalidState, NotFound, ValidationFailed
from tests.domain.books import desk
from tests.domain.books.desk import ADMIN, MARCH, ask, do, pay
from tests.domain.support import SERVICE, Given, like
from tests.domain.world import REP_EAST

ON = "2026-04-06"


def posted(*amounts: int) -> Given:
    """D05 paid on 10 March, so and so often."""
    past = desk.owing()
    for amount in amounts:
        pay(past, amount, on="2026-03-10").accepted()
    return past


def export(past: Given) -> Any:
    return ask(past, ExportJournal(period=MARCH), on=ON)


def taking(seq: int = 1, voucher: str = "V-1") -> AcknowledgeJournal:
    return AcknowledgeJournal(period=MARCH, seq=seq, voucher_no=voucher)


def refusing(*faults: tuple[int, str], seq: int = 1) -> RejectJournal:
    told = [Faulty(entry, code) for entry, code in faults]
    return RejectJournal(period=MARCH, seq=seq, faults=told)


def test_a_batch_holds_all_that_was_posted_with_its_totals():
    past = posted(100_00, 20_00)

    done = export(past)

    done.then(
        like(JournalBatch.Exported, seq=1, first=1, last=2, debit=120_00, credit=120_00),
        like(Period.BatchMade, seq=1, last=2),
    )
    told = {"batch": "2026-03/1", "first": 1, "last": 2, "debit": 120_00, "credit": 120_00}
    assert done.answer == told


def test_the_next_batch_begins_where_the_last_one_ended():
    past = posted(100_00)
    first = export(past).answer
    pay(past, 20_00, on="2026-03-11").accepted()
    pay(past, 3_00, on="2026-03-12").accepted()
    second = export(past).answer
    pay(past, 4_00, on="2026-03-13").accepted()
    third = export(past).answer

    spans = [(one["batch"], one["first"], one["last"]) for one in (first, second, third)]
    assert spans == [("2026-03/1", 1, 1), ("2026-03/2", 2, 3), ("2026-03/3", 4, 4)]
    assert [one["debit"] for one in (first, second, third)] == [100_00, 23_00, 4_00]
    for one in (first, second, third):
        inside = desk.entries(past, MARCH)[one["first"] - 1 : one["last"]]
        assert one["debit"] == sum(line.debit for entry in inside for line in entry.lines)
        assert one["credit"] == one["debit"]


def test_nothing_is_exported_twice():
    past = posted(100_00)
    export(past).accepted()

    export(past).refuses(NothingToExport, entries=1)
    ask(past, ExportJournal(period="2026-07"), on=ON).refuses(NotFound)


def test_finance_takes_a_batch_under_its_own_number():
    past = posted(100_00)
    export(past)

    done = ask(past, taking(), on=ON)

    done.then(like(JournalBatch.Accepted, voucher_no="V-1"))
    assert done.answer == {"batch": "2026-03/1", "state": "ACCEPTED", "period_state": "OPEN"}
    ask(past, taking(), on=ON).then()


def closed(*amounts: int) -> Given:
    past = posted(*amounts)
    desk.closed(past)
    return past


def test_a_closed_period_is_exported_once_every_batch_is_taken():
    past = posted(100_00)
    export(past)
    pay(past, 20_00, on="2026-03-11").accepted()
    export(past)
    desk.closed(past)

    assert do(past, taking(2), on=ON)["period_state"] == "CLOSED"
    assert do(past, taking(1), on=ON)["period_state"] == "EXPORTED"
    ask(past, taking(1), on=ON).then()


def test_it_is_not_while_something_was_not_handed_over():
    past = posted(100_00)
    export(past)
    pay(past, 20_00, on="2026-03-11").accepted()
    desk.closed(past)

    assert do(past, taking(1), on=ON)["period_state"] == "CLOSED"
    export(past)
    assert do(past, taking(2), on=ON)["period_state"] == "EXPORTED"


def test_a_period_whose_journal_is_taken_already_is_exported_when_it_is_closed():
    past = posted(100_00)
    export(past)
    do(past, taking(), on=ON)
    desk.closed(past)

    assert desk.period(past).state == "EXPORTED"


def test_finance_says_which_entries_it_does_not_take():
    past = closed(100_00, 20_00)
    export(past)

    done = ask(past, refusing((2, "ACCOUNT_LOCKED")), on=ON)

    done.then(like(JournalBatch.Rejected, faults=(Faulty(2, "ACCOUNT_LOCKED"),)))
    assert done.answer == {"batch": "2026-03/1", "state": "REJECTED"}
    assert desk.period(past).state == "CLOSED"


def test_a_batch_that_was_taken_is_not_rejected_any_more():
    past = closed(100_00)
    export(past)
    do(past, taking(), on=ON)

    ask(past, refusing((1, "X")), on=ON).refuses(InvalidState, state="ACCEPTED")


def test_a_rejected_batch_can_be_taken_after_all():
    past = closed(100_00)
    export(past)
    do(past, refusing((1, "X")), on=ON)

    assert do(past, taking(), on=ON)["period_state"] == "EXPORTED"


@pytest.mark.parametrize(
    ("faults", "field"),
    [
        ((), "faults"),
        (((0, "X"),), "faults[0].entry"),
        (((2, "X"), (3, "X")), "faults[1].entry"),
        (((1, " "),), "faults[0].code"),
    ],
)
def test_faults_name_entries_of_the_batch_and_why(faults, field):
    past = closed(100_00, 20_00)
    export(past)

    ask(past, refusing(*faults), on=ON).refuses(ValidationFailed, field=field)


@pytest.mark.parametrize("command", [ExportJournal(period=MARCH), taking(), refusing((1, "X"))])
def test_only_finance_hands_over(command):
    past = closed(100_00)
    export(past)

    for by in (REP_EAST, ADMIN):
        ask(past, command, by=by, on=ON).refuses(ForbiddenRole)


def test_unknown_batches_are_not_there():
    past = closed(100_00)

    ask(past, taking(), on=ON).refuses(NotFound)
    ask(past, refusing((1, "X"), seq=7), on=ON).refuses(NotFound)


def test_a_voucher_number_is_given():
    past = closed(100_00)
    export(past)

    ask(past, taking(voucher=" "), on=ON, by=SERVICE).refuses(ValidationFailed, field="voucher_no")


def test_a_period_that_was_opened_again_is_handed_over_from_where_it_was():
    past = closed(100_00)
    export(past)
    do(past, desk.reopening(), on=ON)
    pay(past, 20_00, value="2026-03-31", on=ON).accepted()

    assert export(past).answer["first"] == 2
