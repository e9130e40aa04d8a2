"""A softly closed period (关账前): finance and automation still post into it, nobody else."""

from __future__ import annotations

import pytest

from domain.books.period import Period
from domain.books.refusals import PeriodClosed
from domain.flows.books.closing import SoftClosePeriod
from domain.flows.incentives.accruing import AccrueRebates
from domain.flows.incentives.claiming import ReviewClaim, SubmitClaim
from tests.domain.books import desk
from tests.domain.books.desk import CLOSING_DAY, MARCH, ask, closing, do, pay
from tests.domain.books.incentives import accepted_policy, promotion
from tests.domain.support import SERVICE, Given
from tests.domain.world import DEALER_5, MGR_EAST


def softly() -> Given:
    past = desk.owing()
    pay(past, 2_000_00, on="2026-03-10").accepted()
    desk.issued(past)
    ask(past, SoftClosePeriod(period=MARCH), on=CLOSING_DAY).then(Period.SoftClosed)
    return past


@pytest.mark.parametrize("by", [desk.FINANCE, SERVICE])
def test_finance_and_services_still_post_into_a_softly_closed_period(by):
    past = softly()

    pay(past, 3_00, value="2026-03-31", on="2026-04-06", by=by).accepted()

    assert desk.last_entry(past).day.isoformat() == "2026-03-31"


def test_automation_does_so_too():
    past = desk.desk(accepted_policy())
    desk.sold(past, on="2026-03-10")
    do(past, SoftClosePeriod(period=MARCH), on=CLOSING_DAY)

    do(past, AccrueRebates(period=MARCH), on=CLOSING_DAY, by=SERVICE)

    assert desk.last_entry(past).day.isoformat() == "2026-03-31"


def test_nobody_else_does():
    """A sales manager's agreement to a claim is an expense of its day."""
    past = desk.desk(promotion())
    pay(past, 3_00, on="2026-03-03").accepted()
    claim = SubmitClaim(promotion_id="P", amount=10_00, evidence=["sha256:1"])
    do(past, claim, by=DEALER_5, on="2026-03-30")
    do(past, SoftClosePeriod(period=MARCH), on=CLOSING_DAY)
    reviewing = ReviewClaim(claim="CL-0001", approved=10_00)

    late = ask(past, reviewing, on="2026-03-31", entered=CLOSING_DAY, by=MGR_EAST)

    late.refuses(PeriodClosed, period=MARCH)
    ask(past, reviewing, on=CLOSING_DAY, by=MGR_EAST).accepted()


def test_a_softly_closed_period_is_closed_for_good():
    past = softly()

    ask(past, closing(), on=CLOSING_DAY).accepted()

    pay(past, 3_00, value="2026-03-31", on="2026-04-06").refuses(PeriodClosed, period=MARCH)
