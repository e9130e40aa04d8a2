"""Disputes: a line that the dealer does not accept, what we say to it, and how it ends."""

from __future__ import annotations

import pytest

from domain.accounts import account_events, statement_events
from domain.accounts.refusals import (
    AlreadyDisputed,
    AlreadySigned,
    AmountExceedsLine,
    NotLatestVersion,
    RedInfoMissing,
)
from domain.books import chart
from domain.channel.dealer_stock import DealerStock
from domain.flows.accounts.disputing import RejectDispute, RespondDispute
from domain.kernel.refusal import ForbiddenRole, InvalidState, NotFound, ValidationFailed
from domain.kernel.stamp import Actor
from tests.domain.books import desk
from tests.domain.books.desk import APRIL, MARCH, accepting, ask, disputing, do, pay
from tests.domain.support import Given, day, like
from tests.domain.world import DEALER_5, FINANCE, MGR_EAST, REP_EAST

ON, INVOICE, GROSS = "2026-04-02", "INV-2603-001", 14_238_00
SHORT = {"code": "QTY_SHORT", "sku": "INJ", "qty": 2}


def stated() -> Given:
    """D05 bought ten boxes for 1,423.80 each, and has its statement of March."""
    past = desk.owing()
    desk.sold(past, on="2026-03-05")
    desk.issued(past)
    return past


def disputed(amount: int = 2_847_60, **more: object) -> Given:
    """Two boxes are missing, the dealer says."""
    past = stated()
    do(past, disputing(INVOICE, amount, **(more or SHORT)), by=DEALER_5, on=ON)
    return past


def rejecting(reason: str = "signed for") -> RejectDispute:
    return RejectDispute(dealer_id="D05", period=MARCH, line_id=INVOICE, reason=reason)


def responding(answer: str = "we look", line: str = INVOICE) -> RespondDispute:
    return RespondDispute(dealer_id="D05", period=MARCH, line_id=line, answer=answer)


def test_a_disputed_line_changes_no_balance_only_what_is_confirmed():
    past = stated()
    closing, open_ = desk.statement(past).closing, desk.account(past).open()

    done = ask(past, disputing(INVOICE, 2_847_60, **SHORT), by=DEALER_5, on=ON)

    done.then(
        like(statement_events.LineDisputed, number=1, line=INVOICE, amount=2_847_60),
        like(account_events.DisputeRaised, item=INVOICE, amount=2_847_60, code="QTY_SHORT"),
    )
    told = desk.statement(past)
    assert (told.state, told.closing) == ("DISPUTED", closing)
    assert told.confirmed_amount == closing - 2_847_60 == done.answer["confirmed_amount"]
    assert desk.account(past).open() == open_


def test_a_dispute_is_for_no_more_than_the_line():
    past = stated()

    ask(past, disputing(INVOICE, GROSS + 1), by=DEALER_5, on=ON).refuses(
        AmountExceedsLine, line=INVOICE, of=GROSS
    )
    ask(past, disputing(INVOICE, GROSS), by=DEALER_5, on=ON).accepted()


def test_a_line_is_disputed_once():
    past = disputed()

    again = ask(past, disputing(INVOICE, 1_00), by=DEALER_5, on=ON)

    again.refuses(AlreadyDisputed, line=INVOICE, state="OPEN")


def test_only_the_latest_version_is_disputed_and_none_that_is_signed():
    past = stated()
    pay(past, 1_00, value="2026-03-31", on=ON).accepted()
    desk.issued(past, on=ON)

    ask(past, disputing(INVOICE, 1_00), by=DEALER_5, on=ON).refuses(NotLatestVersion, latest=2)
    ask(past, disputing(INVOICE, 1_00, version=3), by=DEALER_5, on=ON).refuses(NotFound)
    desk.signed(past, 2)
    ask(past, disputing(INVOICE, 1_00, version=2), by=DEALER_5, on=ON).refuses(AlreadySigned)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": "NO_SUCH"}, "code"),
        ({"amount": 0}, "amount"),
        ({"evidence": " "}, "evidence"),
        ({"code": "QTY_SHORT"}, "qty"),
        (SHORT | {"qty": 11}, "qty"),
    ],
)
def test_a_dispute_is_told_in_full(changed, field):
    command = disputing(INVOICE, **({"amount": 1_00} | changed))

    ask(stated(), command, by=DEALER_5, on=ON).refuses(ValidationFailed, field=field)


def test_what_is_not_on_the_statement_is_not_disputed():
    past = stated()

    ask(past, disputing("INV-2602-011", 1_00), by=DEALER_5, on=ON).refuses(NotFound)
    other = Actor("dlr-d06", "DLR", dealer="D06")
    ask(past, disputing(INVOICE, 1_00), by=other, on=ON).refuses(NotFound)


@pytest.mark.parametrize("by", [REP_EAST, MGR_EAST, FINANCE, Actor("wh", "WH")])
def test_a_dispute_is_the_dealers(by):
    ask(stated(), disputing(INVOICE, 1_00), by=by, on=ON).refuses(ForbiddenRole)


def test_a_line_that_was_paid_in_part_is_disputed_like_one_that_was_paid_in_full():
    past = stated()
    pay(past, GROSS - 1_00, (INVOICE, GROSS - 1_00), on=ON).accepted()

    ask(past, disputing(INVOICE, 200_00), by=DEALER_5, on=ON).accepted()


def test_we_answer_and_decide_nothing_yet():
    past = disputed()

    done = ask(past, responding(), by=MGR_EAST, on=ON)

    done.then(like(statement_events.DisputeAnswered, line=INVOICE, answer="we look"))
    assert desk.statement(past).disputes[INVOICE].state == "OPEN"
    ask(past, responding(" "), on=ON).refuses(ValidationFailed)
    ask(past, responding(line="INV-2602-011"), on=ON).refuses(NotFound)
    ask(past, responding(), by=REP_EAST, on=ON).refuses(ForbiddenRole)


def test_what_is_accepted_is_a_credit_note_of_that_day_and_corrects_the_dealers_book():
    """The golden D05: 2,847.60 = 2 x 1,260.00 x 1.13 of April; March stays as it is."""
    past = disputed()
    before, book = desk.statement(past).closing, past.get(DealerStock, "D05")
    lot = next(iter(book.books)).partition("/")[2]
    held = book.books[f"INJ/{lot}"].balance

    done = ask(past, accepting(INVOICE), on="2026-04-03")

    (note,) = done.recorded(account_events.CreditNotePosted)
    assert (note.doc, note.kind, note.invoice) == ("CN-2604-001", "SHORT_DELIVERY", INVOICE)
    assert (note.net, note.vat, note.accounting_date) == (2_520_00, 327_60, day("2026-04-03"))
    assert note.dispute == f"{MARCH}/{INVOICE}"
    assert desk.told(desk.last_entry(past).lines) == {
        chart.REVENUE: 2_520_00,
        chart.OUTPUT_VAT: 327_60,
        chart.RECEIVABLES: -2_847_60,
    }
    (resolved,) = done.recorded(account_events.DisputeResolved)
    assert (resolved.outcome, resolved.credit_note) == ("ACCEPTED", "CN-2604-001")
    assert past.get(DealerStock, "D05").books[f"INJ/{lot}"].balance == held - 2
    told = desk.statement(past)
    assert (told.version_no, told.closing) == (1, before)
    assert told.confirmed_amount == before - 2_847_60
    assert desk.account(past).open() == before - 2_847_60
    assert desk.account(past).balance_before(APRIL) == before
    ask(past, desk.issuing(), on="2026-04-03").then()


def test_a_price_that_was_wrong_corrects_no_book():
    past = disputed(113_00, code="PRICE_DIFF")

    done = ask(past, accepting(INVOICE, version=1), on="2026-04-03")

    (note,) = done.recorded(account_events.CreditNotePosted)
    assert (note.kind, note.net, note.vat) == ("PRICE", 100_00, 13_00)
    assert done.recorded(DealerStock.AdjustmentRecorded) == []


@pytest.mark.parametrize("amount", [1, 2, 7, 99, 113_01, 2_847_61])
def test_the_note_is_for_the_disputed_amount_to_the_cent(amount):
    past = disputed(amount, code="PRICE_DIFF")

    (note,) = ask(past, accepting(INVOICE), on=ON).recorded(account_events.CreditNotePosted)

    assert note.gross == note.net + note.vat == amount
    assert sum(one.net + one.vat for one in note.lines) == amount


def test_a_dispute_is_accepted_once_by_finance_with_the_tax_offices_number():
    past = disputed()

    ask(past, accepting(INVOICE), by=MGR_EAST, on=ON).refuses(ForbiddenRole)
    ask(past, accepting(INVOICE), by=DEALER_5, on=ON).refuses(ForbiddenRole)
    ask(past, accepting(INVOICE, red_info_no=" "), on=ON).refuses(RedInfoMissing)
    ask(past, accepting("INV-2602-011"), on=ON).refuses(NotFound)
    do(past, accepting(INVOICE), on=ON)
    ask(past, accepting(INVOICE), on=ON).refuses(InvalidState, state="ACCEPTED")
    ask(past, rejecting(), on=ON).refuses(InvalidState, state="ACCEPTED")


def test_it_is_accepted_of_the_version_one_has_seen():
    past = disputed()
    pay(past, 1_00, value="2026-03-31", on=ON).accepted()
    desk.issued(past, on=ON)

    ask(past, accepting(INVOICE, version=1), on=ON).refuses(NotLatestVersion)
    ask(past, accepting(INVOICE, version=2), on=ON).accepted()


def test_a_rejected_dispute_is_over_and_the_document_stands():
    past = disputed()
    closing = desk.statement(past).closing

    done = ask(past, rejecting(), on=ON)

    done.then(
        like(statement_events.DisputeRejected, line=INVOICE, reason="signed for"),
        like(account_events.DisputeResolved, item=INVOICE, outcome="REJECTED"),
    )
    assert desk.statement(past).confirmed_amount == closing
    ask(past, rejecting(), on=ON).refuses(InvalidState)
    ask(past, accepting(INVOICE), on=ON).refuses(InvalidState)


def test_a_dispute_is_rejected_by_finance_for_a_reason():
    past = disputed()

    ask(past, rejecting(" "), on=ON).refuses(ValidationFailed, field="reason")
    ask(past, rejecting(), by=MGR_EAST, on=ON).refuses(ForbiddenRole)


def test_disputes_live_on_in_the_next_version():
    past = disputed()
    pay(past, 1_00, value="2026-03-31", on=ON).accepted()

    told = desk.issued(past, on=ON)

    assert told["version"] == 2
    assert told["confirmed_amount"] == told["closing"] - 2_847_60
