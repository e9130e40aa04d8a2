"""Statements: when one is issued, what makes the next version, and what its figures are."""

from __future__ import annotations

from typing import Any

import pytest

from domain.accounts import statement_events
from domain.accounts.refusals import AlreadySigned, NothingToState
from domain.accounts.statement_events import Issued
from domain.accounts.statement_terms import Figures
from domain.flows.accounts.securing import ReceiveSecurityDeposit
from domain.flows.accounts.stating import IssueStatements, SupersedeStatement, ViewStatement
from domain.kernel.refusal import ForbiddenRole, InvalidState, NotFound, ValidationFailed
from domain.policies import stating
from tests.domain.books import desk
from tests.domain.books.desk import APRIL, MARCH, ask, do, issuing, pay
from tests.domain.support import SERVICE, Given, day, like
from tests.domain.world import DEALER_5, MGR_EAST, REP_EAST

FEBRUARY = "2026-02"


def identity(told: Figures) -> bool:
    """4.1: 1 + 2 - 3 - 4 - 5 - 6 - 7 - 8 +- 9 + 10 = 11."""
    more = told.invoices + told.adjustments + told.penalties
    credited = told.returns + told.price_credits + told.rebates + told.claims
    less = credited + told.deposits + told.payments + told.write_offs
    return told.opening + more - less == told.closing


def issue(past: Given, *, on: str = "2026-04-01", **more: Any) -> Issued:
    (event,) = ask(past, issuing(**more), on=on).recorded(Issued)
    return event


def busy() -> Given:
    """D05 owed, bought, paid in part, got a credit and was put right in March."""
    past = desk.owing()
    invoice = desk.sold(past, on="2026-03-05")
    pay(past, 2_000_00, ("INV-2602-011", 2_000_00), on="2026-03-06").accepted()
    do(past, desk.credit(invoice, 100_00), on="2026-03-07")
    do(past, desk.adjusting(50_00), on="2026-03-08")
    do(past, desk.adjusting(-20_00), on="2026-03-09")
    pay(past, 449_990_00 - 5_00, ("INV-2602-011", 449_985_00), on="2026-04-02").accepted()
    return past


def test_its_figures_come_to_what_is_open():
    event = issue(busy())

    assert event.figures == Figures(
        opening=452_000_00,
        invoices=14_238_00,
        returns=0,
        price_credits=113_00,
        rebates=0,
        claims=0,
        deposits=0,
        payments=2_000_00,
        write_offs=0,
        adjustments=30_00,
        penalties=0,
        closing=464_155_00,
    )
    assert identity(event.figures)
    assert (event.number, event.supersedes, event.known_at) == (1, None, day("2026-04-01"))
    assert sum(event.documents.values()) == event.figures.closing - event.figures.opening
    assert set(event.documents) == {
        "INV-2603-001",
        "RCPT-0001",
        "CN-2603-001",
        "ADJ-2603-001",
        "ADJ-2603-002",
    }


def test_every_figure_is_for_its_own_kind():
    assert set(stating.LESS.values()) | set(stating.MORE.values()) | {"opening", "closing"} == {
        *Figures.__struct_fields__
    }


def test_a_small_difference_that_is_let_go_is_a_figure_of_its_own():
    """The golden D01: 565,000.00 is owed, 564,995.00 is paid."""
    past = desk.owing(565_000_00)
    pay(past, 564_995_00, on="2026-03-31").accepted()

    told = issue(past).figures

    assert (told.payments, told.write_offs, told.closing) == (564_995_00, 5_00, 0)


def test_an_opening_item_stands_before_all_movements():
    past = desk.owing()

    first, second = issue(past, period=FEBRUARY, on="2026-03-01"), issue(past)

    assert (first.figures.opening, first.figures.closing) == (452_000_00, 452_000_00)
    assert first.documents == {"INV-2602-011": 452_000_00}
    assert (second.figures.opening, second.documents) == (452_000_00, {})


def test_issuing_again_without_a_change_issues_nothing():
    past = busy()
    issue(past)

    for on in ("2026-04-01", "2026-04-03"):
        again = ask(past, issuing(), on=on, by=desk.SECOND)
        again.then()
        assert again.answer["version"] == 1


def test_what_happens_in_the_month_after_changes_nothing():
    past = busy()
    issue(past)
    pay(past, 7_00, on="2026-04-03").accepted()

    ask(past, issuing(), on="2026-04-03").then()


def test_a_late_fact_makes_a_new_version():
    """4.6, the golden D06: 226,000.00 of 31 March are told on 2 April."""
    past = desk.owe(desk.desk(), "INV-2602-015", 566_604_60)
    assert issue(past).figures.closing == 566_604_60
    pay(past, 226_000_00, value="2026-03-31", on="2026-04-02").accepted()

    event = issue(past, on="2026-04-03")

    assert (event.number, event.supersedes, event.figures.closing) == (2, 1, 340_604_60)
    assert event.figures.payments == 226_000_00


def test_what_is_neither_owed_nor_moved_is_not_stated():
    past = desk.desk()
    ask(past, issuing(), on="2026-04-01").refuses(NothingToState, dealer="D05", period=MARCH)

    secured = ReceiveSecurityDeposit(
        dealer_id="D05", bank_ref="S", value_date=day("2026-03-05"), amount=5_00
    )
    do(past, secured, on="2026-03-05")
    pay(past, 9_00, on="2026-03-05").accepted()

    ask(past, issuing(), on="2026-04-01").refuses(NothingToState)


def test_a_movement_that_comes_to_nothing_is_stated():
    past = desk.owing(100_00)
    pay(past, 100_00, on="2026-03-10").accepted()

    assert issue(past).figures.closing == 0
    ask(past, issuing(period=APRIL), on="2026-04-30").refuses(NothingToState)


def test_all_are_issued_at_once_but_those_that_are_there():
    past = desk.owe(busy(), "INV-2602-015", 226_000_00, "D06")
    pay(past, 9_00, on="2026-03-20", dealer="D10").accepted()
    issue(past)

    done = do(past, IssueStatements(period=MARCH), on="2026-04-01", by=SERVICE)

    assert done["issued"] == [{"dealer": "D06", "version": 1}]
    assert do(past, IssueStatements(period=MARCH), on="2026-04-02")["issued"] == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"period": "2026-13"}, "period"),
        ({"period": "2026-1"}, "period"),
        ({"period": "2026-05"}, "period"),
        ({"version": 3}, "version"),
        ({"known_at": day("2026-03-31")}, "known_at"),
    ],
)
def test_a_statement_is_of_a_month_as_everything_is_known_now(more, field):
    ask(busy(), issuing(**more), on="2026-04-02").refuses(ValidationFailed, field=field)


@pytest.mark.parametrize("by", [REP_EAST, MGR_EAST, DEALER_5])
def test_only_finance_issues(by):
    past = busy()

    ask(past, issuing(), on="2026-04-01", by=by).refuses(ForbiddenRole)
    ask(past, IssueStatements(period=MARCH), on="2026-04-01", by=by).refuses(ForbiddenRole)


def test_a_version_is_superseded_where_something_has_changed():
    past = busy()
    told = {"dealer_id": "D05", "period": MARCH}
    ask(past, SupersedeStatement(**told, reason="late"), on="2026-04-02").refuses(NotFound)
    issue(past)
    ask(past, SupersedeStatement(**told, reason="late"), on="2026-04-02").refuses(InvalidState)
    pay(past, 7_00, value="2026-03-31", on="2026-04-02").accepted()
    ask(past, SupersedeStatement(**told, reason=" "), on="2026-04-02").refuses(ValidationFailed)

    done = ask(past, SupersedeStatement(**told, reason="late"), on="2026-04-02")

    done.then(like(Issued, number=2, supersedes=1))


def test_a_dealer_views_the_latest_version_once():
    past = busy()
    issue(past)
    viewing = ViewStatement(dealer_id="D05", period=MARCH, version=1)

    done = ask(past, viewing, on="2026-04-02", by=DEALER_5)

    done.then(like(statement_events.Viewed, number=1))
    ask(past, viewing, on="2026-04-02", by=DEALER_5).then()
    assert desk.statement(past).state == "VIEWED"


def test_a_signed_month_is_not_issued_again():
    past = busy()
    issue(past)
    desk.signed(past)

    again = ask(past, issuing(), on="2026-04-05")

    assert again.events == []
    assert desk.statement(past).version_no == 1


def test_it_says_that_it_is_signed():
    past = busy()
    issue(past)
    desk.signed(past)
    told = {"dealer_id": "D05", "period": MARCH}

    ask(past, SupersedeStatement(**told, reason="late"), on="2026-04-05").refuses(AlreadySigned)


def test_inv_rc_3_the_content_alone_makes_the_digest():
    """INV-RC-3: the same facts in another order of record, and by other people, are the same."""
    one, other = desk.owing(), desk.owing()
    for past, days in ((one, ("2026-03-05", "2026-03-09")), (other, ("2026-03-09", "2026-03-05"))):
        for on in days:
            done = pay(past, 5_00, value=on, on="2026-03-20", bank_ref=f"B-{on}")
            done.accepted()
    receipts = {"RCPT-0001": "RCPT-0002", "RCPT-0002": "RCPT-0001"}
    lines = [
        desk.renamed(entry, receipts.get(entry.doc, entry.doc))
        for entry in desk.account(other).lines(MARCH)
    ]

    told = stating.digest("D05", MARCH, "CNY", 452_000_00, lines)

    assert told == issue(one, on="2026-04-01").digest
    for changed in (
        stating.digest("D06", MARCH, "CNY", 452_000_00, lines),
        stating.digest("D05", APRIL, "CNY", 452_000_00, lines),
        stating.digest("D05", MARCH, "USD", 452_000_00, lines),
        stating.digest("D05", MARCH, "CNY", 452_000_01, lines),
        stating.digest("D05", MARCH, "CNY", 452_000_00, lines[1:]),
        stating.digest("D05", MARCH, "CNY", 452_000_00, [desk.renamed(lines[0], "X"), lines[1]]),
    ):
        assert changed != told
