"""Disputes that we cannot give in to as they were raised, or not without counting them twice."""

from __future__ import annotations

from domain.accounts.refusals import ExceedsInvoiced
from tests.domain.books import desk
from tests.domain.books.desk import accepting, ask, disputing, do
from tests.domain.story import of, order
from tests.domain.support import SERVICE, day
from tests.domain.world import DEALER_5

ON, INVOICE = "2026-04-02", "INV-2603-001"


def test_what_was_credited_in_the_month_itself_is_not_taken_off_twice():
    past = desk.owing()
    desk.sold(past, on="2026-03-05")
    desk.issued(past, on="2026-03-20")
    do(past, disputing(INVOICE, 113_00), by=DEALER_5, on="2026-03-21")
    do(past, accepting(INVOICE), on="2026-03-22")

    told = desk.issued(past)

    assert told["confirmed_amount"] == told["closing"] == desk.account(past).open()


def test_a_whole_invoice_of_two_lines_can_be_given_in_to():
    past = desk.owing()
    two = order("D05", of("INJ", 5), of("INJ", 6), requested_date=day("2026-12-01"))
    so = do(past, two, on="2026-03-05", by=SERVICE)["so"]
    desk.ship_all(past, so, "SHP-1", "2026-03-05", (1, 2))
    do(past, desk.signing("SHP-1", "2026-03-05"), on="2026-03-05", by=SERVICE)
    desk.issued(past)
    gross = desk.account(past).items[INVOICE].open
    do(past, disputing(INVOICE, gross, code="DUPLICATE"), by=DEALER_5, on=ON)

    done = ask(past, accepting(INVOICE), on=ON)

    assert done.refusal is None or not isinstance(done.refusal, ExceedsInvoiced)


def test_a_debit_that_is_no_invoice_can_be_given_in_to():
    past = desk.owing()
    doc = do(past, desk.adjusting(50_00), on="2026-03-05")["doc"]
    desk.issued(past)
    do(past, disputing(doc, 50_00, code="UNKNOWN"), by=DEALER_5, on=ON)

    ask(past, accepting(doc), on=ON).accepted()


def test_a_credit_note_is_not_credited_but_adjusted():
    past = desk.owing()
    invoice = desk.sold(past, on="2026-03-05")
    note = do(past, desk.credit(invoice, 100_00), on="2026-03-06")["doc"]
    desk.issued(past)
    before = desk.account(past).open()
    do(past, disputing(note, 50_00), by=DEALER_5, on=ON)

    ask(past, accepting(note), on=ON).accepted()

    assert desk.account(past).open() == before - 50_00
