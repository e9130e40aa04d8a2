"""Credit holds: how far above the limit finance may let an order pass, and how often."""

from decimal import Decimal

import pytest

from domain.accounts.credit_line import CreditLine, Limit
from domain.flows.orders.holding import ReleaseHold, release_hold
from domain.flows.orders.ordering import place_order
from domain.orders.refusals import HoldNotActive, OverrideLimitExceeded
from tests.domain.company import company, limit, open_invoice
from tests.domain.story import of, order
from tests.domain.support import day, fact, given
from tests.domain.world import BY, DEALER_5, FINANCE


def release(code="PRICE_BELOW_FLOOR", reason="competitor offer", so="SO-0001"):
    return ReleaseHold(so_id=so, code=code, reason=reason)


@pytest.mark.parametrize(
    ("decided", "passes"),
    [
        (273_255_00, True),  # 10.00 % of it is 27,325.50, the excess 27,325.00
        (273_254_00, False),
        (300_580_00, None),
    ],
)
def test_finance_lets_an_exposure_of_a_tenth_above_the_limit_pass(decided, passes):
    past = given(company(), limit("D05", decided))
    past.when(place_order, order("D05", of("US80", 1, "266000")), by=DEALER_5).accepted()

    attempt = past.when(release_hold, release("CREDIT_LIMIT"), by=FINANCE)

    if passes is None:
        attempt.refuses(HoldNotActive)
    elif passes:
        assert attempt.answer["state"] == "CONFIRMED"
    else:
        attempt.refuses(OverrideLimitExceeded, deviation=Decimal(27_326_00))


def test_finance_lets_300_000_00_pass_at_most():
    owed = open_invoice("D05", "INV-1", 4_999_421_00, "2026-03-20")
    past = given(company(), limit("D05", 5_000_000_00), owed)
    past.when(place_order, order("D05", of("US80", 1, "266000"))).accepted()

    # Exposure 5,300,001.00: 1.00 more than 300,000.00 above the limit, though only 6 %.
    past.when(release_hold, release("CREDIT_LIMIT"), by=FINANCE).refuses(
        OverrideLimitExceeded, limit=Decimal(300_000_00), deviation=Decimal(300_001_00)
    )


def test_a_limit_that_has_expired_is_no_measure_of_what_finance_may_release():
    expired = Limit(6_000_000_00, day("2025-01-01"), day("2026-03-01"))
    past = given(
        company(),
        fact(CreditLine, "D05", "CNY", CreditLine.LimitSet(*BY, limit=expired, basis="x")),
    )
    past.when(place_order, order("D05", of("INJ", 60, "1260"))).accepted()

    # Exposure 85,428.00 against no limit at all; a tenth of nothing is nothing.
    past.when(release_hold, release("CREDIT_LIMIT"), by=FINANCE).refuses(
        OverrideLimitExceeded, limit=Decimal(0), deviation=Decimal(85_428_00)
    )


@pytest.mark.parametrize(("on", "passes"), [("2026-03-31", False), ("2026-04-01", True)])
def test_overdue_invoices_are_overlooked_once_in_30_days(on, passes):
    owing = open_invoice("D06", "INV-1", 226_000_00, "2026-02-01")
    past = given(company(), owing)
    for _ in range(2):
        later = order("D06", of("US80", 1, "277400"), requested_date=day(on))
        past.when(place_order, later).accepted()
    past.when(release_hold, release("CREDIT_OVERDUE"), by=FINANCE, on="2026-03-02").accepted()

    again = past.when(release_hold, release("CREDIT_OVERDUE", so="SO-0002"), by=FINANCE, on=on)

    if passes:
        again.accepted()
    else:
        again.refuses(OverrideLimitExceeded)
