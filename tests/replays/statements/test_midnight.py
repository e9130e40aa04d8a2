"""M9: the accounting day begins at midnight in China, wherever the clocks of callers stand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from replays.journal.entries import entries
from tests.replays.statements.support import APRIL, MARCH, Finance, at
from tests.support.world import RICH

INDIA, CHINA = timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("when", "day"),
    [
        (datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC), date(2026, 3, 31)),
        (datetime(2026, 3, 31, 16, 0, tzinfo=UTC), date(2026, 4, 1)),
        (datetime(2026, 3, 31, 16, 30, tzinfo=UTC), date(2026, 4, 1)),
        (datetime(2026, 4, 1, 0, 0, tzinfo=CHINA), date(2026, 4, 1)),
        (datetime(2026, 3, 31, 21, 29, tzinfo=INDIA), date(2026, 3, 31)),
        (datetime(2026, 3, 31, 21, 30, tzinfo=INDIA), date(2026, 4, 1)),
    ],
)
def test_m9_an_hour_moves_a_fact_into_the_next_period(finance: Finance, when, day):
    """M9: 2026-03-31T16:30Z is April 1."""
    finance.clock.now = at(4, 3)
    told = {"dealer_id": RICH, "amount": 1_00, "reason": "put right"}
    doc = finance.do("post-adjustment", **told, at_=when)["doc"]

    month = f"{day:%Y-%m}"

    reader, codec = finance.engine.reader, finance.engine.codec
    posted = {
        name: [one for one in entries(reader, codec, name) if one.doc != "OPENING"]
        for name in (MARCH, APRIL)
    }
    assert [(one.doc, one.day) for one in posted.pop(month)] == [(doc, day)]
    assert [one for rest in posted.values() for one in rest] == []
    assert doc == f"ADJ-{day:%y%m}-001"
    figures = {name: finance.drawn(RICH, name).figures.adjustments for name in (MARCH, APRIL)}
    assert figures == {MARCH: 0, APRIL: 0} | {month: 1_00}


def test_m9_the_month_is_over_at_midnight_in_china(finance: Finance):
    """M9: a minute before, March cannot be closed; from midnight on it can."""
    finance.clock.now = at(3, 10)
    finance.do("post-adjustment", dealer_id=RICH, amount=1_00, reason="put right")
    finance.clock.now = datetime(2026, 3, 31, 15, 59, tzinfo=UTC)
    finance.do("issue-statement", dealer_id=RICH, period=MARCH)

    early = finance.try_("close-period", period=MARCH)
    finance.clock.now = datetime(2026, 3, 31, 16, 0, tzinfo=UTC)

    assert "PERIOD_NOT_OVER" in early.receipt.body
    assert finance.do("close-period", period=MARCH)["state"] == "CLOSED"


@pytest.mark.parametrize(("value", "month"), [("2026-03-31", MARCH), ("2026-04-01", APRIL)])
def test_m9_a_value_date_of_the_next_day_is_money_of_the_next_month(finance: Finance, value, month):
    finance.clock.now = at(3, 2)
    opened = {"doc": "OLD-1", "gross": 500_000, "due": "2026-04-10"}
    finance.do("set-opening-item", **opened, dealer_id=RICH, at_=at(2, 28))
    finance.clock.now = at(4, 3)
    finance.pay(RICH, 100_000, value)

    paid = {name: finance.drawn(RICH, name).figures.payments for name in (MARCH, APRIL)}

    assert paid == {MARCH: 0, APRIL: 0} | {month: 100_000}
