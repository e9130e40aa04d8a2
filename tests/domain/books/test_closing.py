"""Closing a period: what has to be done before, who may still post, and what is settled by it."""

from __future__ import annotations

from typing import Any

import pytest

from domain.accounts import account_events
from domain.accounts.dealer_lines import DealerLines
from domain.books.period import Period
from domain.books.refusals import (
    AccrualNotRun,
    ControlMismatch,
    CountNotApproved,
    NotLatestPeriod,
    OpenDifferencesAboveLimit,
    PeriodClosed,
    PeriodNotOver,
    StatementNotIssued,
)
from domain.flows.accounts.disputing import DisputeLine
from domain.flows.accounts.stating import IssueStatements
from domain.flows.books.closing import SoftClosePeriod
from domain.flows.goods.correcting import ApproveCount
from domain.flows.goods.counting import CountedLine, PostCount
from domain.flows.incentives.accruing import AccrueRebates
from domain.kernel.refusal import ForbiddenRole, InvalidState, NotFound, ValidationFailed
from domain.policies.matching.outcome import Difference
from tests.domain.books import desk
from tests.domain.books.desk import ADMIN, APRIL, CLOSING_DAY, MARCH, ask, closing, do, pay
from tests.domain.books.incentives import accepted_policy
from tests.domain.company import open_invoice
from tests.domain.support import SERVICE, Fact, Given, fact, like
from tests.domain.world import BY, DEALER_5, MGR_EAST, REP_EAST


def traded() -> Given:
    """D05 owed 452,000.00, and paid 2,000.00 in March."""
    past = desk.owing()
    pay(past, 2_000_00, on="2026-03-10").accepted()
    return past


def stated(*more: Any) -> Given:
    """The same, with its statement issued."""
    past = traded()
    for kind, key, event in more:
        past.get(kind, *key).record(event)
    desk.issued(past)
    return past


def differing(amount: int, category: str = "UNKNOWN") -> Fact:
    one = Difference(ours=("X",), category=category, amount=amount, note="")
    compared = DealerLines.Compared(*BY, digest="", version_no=1, differences=(one,))
    return fact(DealerLines, "D05", MARCH, compared)


def test_a_period_is_closed_once_its_last_day_is_over():
    past = stated()

    ask(past, closing(), on="2026-03-31").refuses(PeriodNotOver)
    ask(past, closing(), on="2026-03-31", entered="2026-04-01").accepted()

    assert desk.period(past).state == "CLOSED"


def test_rebates_must_be_accrued_where_a_dealer_earns_some():
    past = stated(*accepted_policy())

    ask(past, closing(), on=CLOSING_DAY).refuses(AccrualNotRun, period=MARCH)
    do(past, AccrueRebates(period=MARCH), on="2026-03-31", by=SERVICE)
    do(past, desk.issuing(), on=CLOSING_DAY)

    ask(past, closing(), on=CLOSING_DAY).accepted()


def test_whoever_owes_or_moved_must_have_a_statement():
    past = desk.owe(traded(), "INV-2602-015", 226_000_00, "D06")
    pay(past, 500_00, on="2026-03-11", dealer="D10").accepted()

    refused = ask(past, closing(), on=CLOSING_DAY)

    refused.refuses(StatementNotIssued, StatementNotIssued, period=MARCH)
    assert [one.facts["dealer"] for one in refused.refusal.violations] == ["D05", "D06"]


def test_finance_may_accept_that_a_dealer_has_no_statement():
    past = desk.owe(stated(), "INV-2602-015", 226_000_00, "D06")

    ask(past, closing(), on=CLOSING_DAY).refuses(StatementNotIssued, dealer="D06")
    done = ask(past, closing(exceptions=["D06"]), on=CLOSING_DAY)

    assert [one.exceptions for one in done.recorded(Period.Closed)] == [("D06",)]


@pytest.mark.parametrize(
    ("amount", "category", "stops"),
    [
        (1_000_00, "UNKNOWN", False),
        (1_000_01, "UNKNOWN", True),
        (-1_000_01, "UNKNOWN", True),
        (5_000_00, "TIMING_GOODS", False),
        (5_000_00, "TIMING_CASH", False),
        (5_000_00, "DEPOSIT_TREATMENT", False),
        (5_000_00, "QTY_SHORT", True),
    ],
)
def test_differences_that_nobody_explained_stop_it_above_the_limit(amount, category, stops):
    past = stated(differing(amount, category))
    done = ask(past, closing(), on=CLOSING_DAY)

    if not stops:
        done.accepted()
        return
    told = {"dealer": "D05", "amount": abs(amount), "limit": 1_000_00}
    done.refuses(OpenDifferencesAboveLimit, **told)
    ask(past, closing(exceptions=["D05"]), on=CLOSING_DAY).accepted()


def test_the_control_account_must_be_what_dealers_owe():
    """INV-AC-4; an item that was never posted to the ledger."""
    past = desk.desk(open_invoice("D05", "INV-LOST", 7_00, "2026-05-01"))
    pay(past, 1_00, on="2026-03-03").accepted()
    desk.issued(past)

    refused = ask(past, closing(), on=CLOSING_DAY)

    refused.refuses(ControlMismatch, ledger=-1_00, dealers=6_00)
    assert desk.period(past).state == "OPEN"


def test_everything_that_is_missing_is_told_at_once():
    past = traded()
    for kind, key, event in [*accepted_policy(), differing(9_999_00)]:
        past.get(kind, *key).record(event)

    ask(past, closing(), on=CLOSING_DAY).refuses(
        AccrualNotRun, StatementNotIssued, OpenDifferencesAboveLimit
    )


def test_periods_are_closed_one_after_the_other():
    past = stated()
    pay(past, 1_000_00, on="2026-04-10").accepted()
    desk.issued(past, period=APRIL, on="2026-05-01")

    ask(past, closing(APRIL), on="2026-05-05").refuses(NotLatestPeriod, open=[MARCH])
    ask(past, closing(MARCH), on="2026-05-05").accepted()
    ask(past, closing(APRIL), on="2026-05-05").accepted()


def test_an_open_period_further_back_stops_it_too():
    past = desk.desk()
    for on in ("2026-01-15", "2026-03-15"):
        pay(past, 5_00, on=on).accepted()

    ask(past, closing(MARCH), on=CLOSING_DAY).refuses(NotLatestPeriod, open=["2026-01"])


@pytest.mark.parametrize("dealer", ["D10", "D05"])
def test_what_lies_before_a_closed_period_is_closed(dealer):
    past = traded()
    desk.closed(past)

    late = desk.securing(dealer, value="2026-02-10")

    ask(past, late, on="2026-04-06").refuses(PeriodClosed)


def test_a_month_without_entries_is_no_period_and_is_closed_with_the_next():
    past = desk.owing()
    pay(past, 5_00, on="2026-04-10").accepted()
    ask(past, closing(), on=CLOSING_DAY).refuses(NotFound)

    desk.closed(past, APRIL, on="2026-05-05")

    pay(past, 5_00, value="2026-03-31", on="2026-05-05").refuses(PeriodClosed)


def test_counts_of_the_period_must_be_approved():
    past = stated()
    line = CountedLine(sku="INJ", lot="INJ2512A", counted=195)
    who = {"counter": "wh-sh-1", "recounted_by": "wh-sh-2"}
    counted = PostCount(sheet_id="CS-1", wh="WH-SH", lines=(line,), **who)
    do(past, counted, on="2026-03-30", by=SERVICE)

    ask(past, closing(), on=CLOSING_DAY).refuses(CountNotApproved, sheets=["CS-1"])
    do(past, ApproveCount(sheet_id="CS-1"), on="2026-03-31", by=desk.FINANCE)

    ask(past, closing(), on=CLOSING_DAY).accepted()


def test_money_that_is_not_applied_is_listed():
    past = stated()
    pay(past, 9_00, on="2026-03-20", dealer="D10").accepted()

    assert do(past, closing(), on=CLOSING_DAY)["unapplied"] == {"D10": 9_00}


def test_a_statement_that_is_not_up_to_date_is_none():
    past = stated()
    pay(past, 100_00, value="2026-03-31", on="2026-04-02").accepted()

    ask(past, closing(), on=CLOSING_DAY).refuses(StatementNotIssued, dealer="D05")


def test_disputes_do_not_stop_it():
    past = traded()
    invoice = desk.sold(past, on="2026-03-12")
    desk.issued(past)
    line = {"line_id": invoice, "amount": 100_00, "code": "PRICE_DIFF", "evidence": "mail"}
    disputed = DisputeLine(dealer_id="D05", period=MARCH, version=1, **line)
    do(past, disputed, by=DEALER_5, on="2026-04-02")

    ask(past, closing(), on=CLOSING_DAY).accepted()


def test_closing_settles_every_dealers_month_and_tells_the_totals():
    past = desk.owe(stated(), "INV-2602-015", 226_000_00, "D06")
    do(past, IssueStatements(period=MARCH), on=CLOSING_DAY)

    done = ask(past, closing(), on=CLOSING_DAY)

    done.then(
        like(Period.Closed, revision=1, exceptions=()),
        like(account_events.MonthLocked, period=MARCH, closing=450_000_00),
        like(account_events.MonthLocked, period=MARCH, closing=226_000_00),
    )
    (told,) = done.recorded(Period.Closed)
    assert (told.control.debit, told.control.credit) == (2_000_00, 2_000_00)
    assert (told.control.receivables, told.control.entries) == (676_000_00, 1)
    assert done.answer["receivables"] == 676_000_00
    assert desk.account(past).is_locked(MARCH)
    assert not desk.account(past).is_locked(APRIL)


def test_a_closed_period_is_not_closed_again():
    past = stated()
    do(past, closing(), on=CLOSING_DAY)

    ask(past, closing(), on=CLOSING_DAY).refuses(InvalidState)
    ask(past, SoftClosePeriod(period=MARCH), on=CLOSING_DAY).refuses(InvalidState)


@pytest.mark.parametrize("by", [REP_EAST, MGR_EAST, ADMIN, DEALER_5])
def test_only_finance_closes(by):
    past = stated()

    ask(past, closing(), on=CLOSING_DAY, by=by).refuses(ForbiddenRole)
    ask(past, SoftClosePeriod(period=MARCH), on=CLOSING_DAY, by=by).refuses(ForbiddenRole)


def test_what_is_not_there_or_not_whole_is_not_closed():
    past = stated()

    ask(past, closing("2026-05"), on="2026-06-05").refuses(NotFound)
    ask(past, closing(scope="EAST"), on=CLOSING_DAY).refuses(ValidationFailed, field="scope")
