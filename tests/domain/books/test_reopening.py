"""Opening a closed period again (反结账), and closing it once more."""

from __future__ import annotations

import pytest

from domain.accounts import account_events, statement_events
from domain.accounts.refusals import SecondApproverRequired
from domain.books.period import Period
from domain.books.refusals import AccrualNotRun, GlExported, NotLatestPeriod, PeriodClosed
from domain.flows.books.handing_over import AcknowledgeJournal, ExportJournal
from domain.flows.incentives.accruing import AccrueRebates
from domain.kernel.refusal import ForbiddenRole, InvalidState, NotFound, ReasonRequired
from tests.domain.books import desk
from tests.domain.books.desk import ADMIN, APRIL, MARCH, ask, closing, do, pay, reopening
from tests.domain.books.incentives import accepted_policy
from tests.domain.support import SERVICE, Given, day, like
from tests.domain.world import DEALER_5, MGR_EAST, REP_EAST

AFTER = "2026-04-06"


def closed() -> Given:
    """D05 paid in March, signed its statement, and March is closed."""
    past = desk.owing()
    pay(past, 2_000_00, on="2026-03-10").accepted()
    desk.issued(past)
    desk.signed(past)
    desk.closed(past)
    return past


def test_a_period_is_opened_again_by_finance_and_an_administrator():
    past = closed()

    done = ask(past, reopening(), on=AFTER)

    done.then(
        like(Period.Reopened, reason="late", second="adm-1"),
        like(account_events.MonthReopened, period=MARCH),
        like(statement_events.Reopened, number=1),
    )
    assert done.answer == {"period": MARCH, "state": "REOPENED", "revision": 1, "dealers": ["D05"]}
    pay(past, 5_00, value="2026-03-31", on=AFTER).accepted()
    assert desk.last_entry(past).day == day("2026-03-31")


@pytest.mark.parametrize("by", [REP_EAST, MGR_EAST, ADMIN, DEALER_5])
def test_nobody_but_finance_asks_for_it(by):
    ask(closed(), reopening(), on=AFTER, by=by).refuses(ForbiddenRole)


@pytest.mark.parametrize("second", ["fin-2", "fin-1", "mgr-east", "nobody", ""])
def test_the_second_person_is_an_administrator(second):
    ask(closed(), reopening(second=second), on=AFTER).refuses(SecondApproverRequired)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_is_given(reason):
    ask(closed(), reopening(reason=reason), on=AFTER).refuses(ReasonRequired)


def test_only_the_latest_closed_period_is_opened_again():
    past = closed()
    pay(past, 1_00, on="2026-04-10").accepted()
    desk.closed(past, APRIL, on="2026-05-05")

    ask(past, reopening(MARCH), on="2026-05-06").refuses(NotLatestPeriod, closed=[APRIL])
    ask(past, reopening(APRIL), on="2026-05-06").accepted()
    ask(past, reopening(MARCH), on="2026-05-06").accepted()


def test_a_later_period_without_entries_counts_too():
    past = closed()
    do(past, AccrueRebates(period=APRIL), on="2026-04-30", by=SERVICE)
    desk.closed(past, APRIL, on="2026-05-05")

    ask(past, reopening(MARCH), on="2026-05-06").refuses(NotLatestPeriod, closed=[APRIL])


def test_what_is_not_closed_is_not_opened_again():
    past = closed()
    do(past, reopening(), on=AFTER)

    ask(past, reopening(), on=AFTER).refuses(InvalidState)
    ask(past, reopening("2026-07"), on=AFTER).refuses(NotFound)


def exported(past: Given) -> None:
    seq = int(do(past, ExportJournal(period=MARCH), on=AFTER)["batch"].rpartition("/")[2])
    do(past, AcknowledgeJournal(period=MARCH, seq=seq, voucher_no="V-1"), on=AFTER)


def test_a_period_that_finance_has_taken_stays_closed():
    past = closed()
    exported(past)
    assert desk.period(past).state == "EXPORTED"

    ask(past, reopening(), on=AFTER).refuses(GlExported)
    pay(past, 5_00, value="2026-03-31", on=AFTER).refuses(PeriodClosed)


def test_neither_is_one_opened_again_that_finance_took_before_it_was_closed():
    past = desk.owing()
    pay(past, 2_000_00, on="2026-03-10").accepted()
    exported(past)
    desk.closed(past)

    ask(past, reopening(), on=AFTER).refuses(GlExported)


def test_a_period_that_was_only_handed_over_can_still_be_opened():
    past = closed()
    do(past, ExportJournal(period=MARCH), on=AFTER)

    ask(past, reopening(), on=AFTER).accepted()


def test_a_statement_that_was_signed_is_stated_confirmed_and_signed_anew():
    past = closed()
    do(past, reopening(), on=AFTER)
    assert (desk.statement(past).signed_version, desk.statement(past).state) == (0, "ISSUED")
    pay(past, 5_00, value="2026-03-31", on=AFTER).accepted()

    desk.issued(past, on=AFTER)
    desk.signed(past, 2, on="2026-04-07")

    told = desk.statement(past)
    assert (told.version_no, told.signed_version, told.closing) == (2, 2, 449_995_00)


def test_it_is_closed_again_as_the_next_revision():
    past = closed()
    do(past, reopening(), on=AFTER)
    pay(past, 5_00, value="2026-03-31", on=AFTER).accepted()
    do(past, desk.issuing(), on=AFTER)

    done = ask(past, closing(), on="2026-04-08")

    (told,) = done.recorded(Period.Closed)
    assert (told.revision, told.control.receivables, told.control.entries) == (2, 449_995_00, 2)
    pay(past, 6_00, value="2026-03-31", on="2026-04-08").refuses(PeriodClosed)


def test_a_month_that_is_open_again_takes_money_of_every_dealer():
    past = closed()
    pay(past, 2_00, on="2026-04-10").accepted()
    desk.issued(past, period=APRIL, on="2026-05-01")
    desk.signed(past, period=APRIL, on="2026-05-02")

    do(past, reopening(), on="2026-05-03")

    pay(past, 5_00, value="2026-03-31", on="2026-05-03").accepted()


def test_rebates_are_accrued_anew_before_it_is_closed_again():
    past = desk.desk(accepted_policy())
    desk.sold(past, on="2026-03-10")
    desk.sent_out(past, 10, on="2026-03-28", shp="SHP-2")
    do(past, AccrueRebates(period=MARCH), on="2026-03-31", by=SERVICE)
    desk.closed(past)
    do(past, reopening(), on=AFTER)
    do(past, desk.signing("SHP-2", "2026-03-31"), on="2026-03-31", entered=AFTER, by=SERVICE)
    do(past, desk.issuing(), on=AFTER)

    ask(past, closing(), on="2026-04-08").refuses(AccrualNotRun)
