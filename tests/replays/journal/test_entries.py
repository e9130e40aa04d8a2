"""The entries of a period are read back as they were posted, in order and without gaps."""

from __future__ import annotations

from datetime import date

from api.engine import Engine
from domain.books.posting import Posting
from replays.journal import entries as module
from replays.journal.entries import entries
from tests.replays.journal.support import APRIL, MARCH, all_entries, exported, post_more


def test_entry_numbers_have_no_gaps(told: Engine):
    post_more(told)

    found = [one.entry_no for one in all_entries(told, MARCH)]

    assert found == [f"2026-03-{number:06}" for number in range(1, 7)]


def test_an_invoice_reads_as_it_was_posted(told: Engine):
    invoice = next(one for one in all_entries(told, MARCH) if one.doc == "INV-2603-001")

    row = told.reader.stream("Period/2026-03", after_version=3, upto_version=4)[0]
    assert (invoice.entry_no, invoice.day, invoice.dealer) == (
        "2026-03-000004",
        date(2026, 3, 5),
        "D01",
    )
    assert (invoice.cause, invoice.source) == ("account.invoice_posted", "Account/D01/CNY/1")
    assert (invoice.position, invoice.effective) == (row.position, None)
    assert invoice.recorded_at.isoformat() == "2026-03-05T01:00:05+00:00"
    assert invoice.lines[0] == Posting("1122", 115_260)
    assert sum(one.debit - one.credit for one in invoice.lines) == 0


def test_a_part_of_a_period_is_read_by_number_though_other_facts_lie_between(told: Engine):
    exported(told, "one")
    post_more(told)

    found = [one.number for one in entries(told.reader, told.codec, MARCH, 2, 6)]

    assert found == [2, 3, 4, 5, 6]
    assert [one.number for one in entries(told.reader, told.codec, MARCH, 6)] == [6]
    assert [one.number for one in entries(told.reader, told.codec, MARCH, 2, 3)] == [2, 3]


def test_pages_do_not_show(told: Engine, monkeypatch):
    exported(told, "one")
    post_more(told)
    whole = all_entries(told, MARCH)

    for page in range(1, 9):
        monkeypatch.setattr(module, "PAGE", page)

        assert all_entries(told, MARCH) == whole


def test_a_period_without_postings_has_no_entries(told: Engine):
    assert all_entries(told, APRIL) == []
    assert all_entries(told, "no period") == []
