"""Holds: who may let an order pass which reason, how far, and when it is asked again."""

from decimal import Decimal

import pytest

from domain.accounts.credit_line import CreditLine
from domain.company.company_policy import ApprovalLimits, CompanyPolicy, SmallDifference
from domain.flows.orders.holding import ReleaseHold, release_hold
from domain.flows.orders.ordering import place_order
from domain.goods import serial_events, stock_events
from domain.kernel.refusal import ForbiddenRole, NotFound, OutOfScope, ReasonRequired, SelfApproval
from domain.kernel.stamp import Actor
from domain.orders.line_events import LineReserved
from domain.orders.order import Order
from domain.orders.order_book import OrderBook
from domain.orders.order_events import Checked, Confirmed, HoldReleased, HoldReleaseRejected
from domain.orders.refusals import HoldNotActive, HoldNotOverridable, OverrideLimitExceeded
from tests.domain.company import company, discontinued, open_invoice, policy
from tests.domain.story import of, order, placed
from tests.domain.support import given, like
from tests.domain.world import BY, FINANCE, MGR_EAST, MGR_NATIONAL, MGR_WEST, REP_EAST

WHOLE_CONFIRMATION = (
    Checked, Confirmed, OrderBook.Left, CreditLine.Moved, stock_events.Reserved,
    serial_events.Reserved, LineReserved,
)  # fmt: skip


def release(code="PRICE_BELOW_FLOOR", reason="competitor offer", so="SO-0001"):
    return ReleaseHold(so_id=so, code=code, reason=reason)


def priced(price):
    """An order of D06 over one US80, whose floor is 269,000.00, placed by its sales rep."""
    past = given(company())
    return past.when(place_order, order("D06", of("US80", 1, price)), by=REP_EAST).accepted()


def test_a_regional_manager_lets_2_60_per_cent_pass_and_the_order_is_confirmed():
    (
        priced("262000")
        .when(release_hold, release(), by=MGR_EAST)
        .then(
            like(
                HoldReleased,
                code="PRICE_BELOW_FLOOR",
                role="MGR",
                reason="competitor offer",
                limit=Decimal("3.00"),
                deviation=Decimal("2.60"),
                state="PLACED",
                holds=(),
            ),
            *WHOLE_CONFIRMATION,
        )
    )


def test_beyond_the_limit_the_attempt_stays_in_the_log_and_is_refused():
    past = priced("255000")

    attempt = past.when(release_hold, release(), by=MGR_EAST)

    attempt.refuses(OverrideLimitExceeded, limit=Decimal("3.00"), deviation=Decimal("5.20"))
    attempt.left(
        like(
            HoldReleaseRejected,
            code="PRICE_BELOW_FLOOR",
            role="MGR",
            rejection="OVERRIDE_LIMIT_EXCEEDED",
            limit=Decimal("3.00"),
            deviation=Decimal("5.20"),
            state="ON_HOLD",
            holds=("PRICE_BELOW_FLOOR",),
        )
    )
    assert past.get(Order, "SO-0001").holds == ("PRICE_BELOW_FLOOR",)


@pytest.mark.parametrize(
    ("price", "by", "passes"),
    [
        ("260930", MGR_EAST, True),  # 3.00 %
        ("260900", MGR_EAST, False),  # 3.01 %
        ("260900", MGR_NATIONAL, True),
        ("247480", MGR_NATIONAL, True),  # 8.00 %
        ("247450", MGR_NATIONAL, False),  # 8.01 %
    ],
)
def test_a_regional_manager_may_release_3_per_cent_and_the_national_one_8(price, by, passes):
    attempt = priced(price).when(release_hold, release(), by=by)

    if passes:
        assert attempt.answer["state"] == "CONFIRMED"
    else:
        attempt.refuses(OverrideLimitExceeded)


def test_limits_are_data():
    wider = ApprovalLimits(price_regional_pct=Decimal("5.20"))
    decided = policy(CompanyPolicy.LimitsSet(*BY, limits=wider, small_difference=SmallDifference()))
    past = given(company(), decided)
    past.when(place_order, order("D06", of("US80", 1, "255000"))).accepted()

    past.when(release_hold, release(), by=MGR_EAST).accepted()


@pytest.mark.parametrize(
    ("by", "refusal"), [(REP_EAST, ForbiddenRole), (FINANCE, ForbiddenRole), (MGR_WEST, OutOfScope)]
)
def test_only_a_manager_of_the_region_or_of_all_may_release_a_price(by, refusal):
    past = placed(of("US80", 1, "262000"), dealer="D06")

    past.when(release_hold, release(), by=by).refuses(refusal)


def test_whoever_placed_the_order_may_not_release_it():
    past = given(company())
    past.when(place_order, order("D06", of("US80", 1, "262000")), by=MGR_EAST).accepted()

    past.when(release_hold, release(), by=MGR_EAST).refuses(SelfApproval)
    past.when(release_hold, release(), by=MGR_NATIONAL).accepted()


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_release_needs_a_reason(reason):
    priced("262000").when(release_hold, release(reason=reason), by=MGR_EAST).refuses(ReasonRequired)


def test_everything_that_speaks_against_a_release_is_said_the_gravest_first():
    priced("262000").when(release_hold, release(reason=""), by=REP_EAST).refuses(
        ForbiddenRole, SelfApproval, ReasonRequired
    )


@pytest.mark.parametrize(
    ("line", "code"), [(of("P5", 1, "84000"), "PRICE_MISSING"), (of("US80", 12), "NO_SUPPLY")]
)
def test_nobody_releases_what_only_facts_can_change(line, code):
    past = given(company(), discontinued("US80"))
    past.when(place_order, order("D06", line), by=REP_EAST).accepted()

    for by in (MGR_EAST, MGR_NATIONAL, FINANCE, Actor("adm-1", "ADM")):
        past.when(release_hold, release(code), by=by).refuses(HoldNotOverridable)


@pytest.mark.parametrize("code", ["CREDIT_LIMIT", "NO_SUPPLY", "NONSENSE"])
def test_what_does_not_hold_cannot_be_released(code):
    priced("262000").when(release_hold, release(code), by=MGR_EAST).refuses(HoldNotActive)


def test_what_was_released_cannot_be_released_again():
    past = priced("262000").when(release_hold, release(), by=MGR_EAST).accepted()

    past.when(release_hold, release(), by=MGR_EAST).refuses(HoldNotActive)


def test_an_unknown_order_is_not_found():
    given(company()).when(release_hold, release(), by=MGR_EAST).refuses(NotFound)


def test_an_order_waits_until_its_last_hold_is_released():
    owing = open_invoice("D06", "INV-1", 226_000_00, "2026-02-01")
    past = given(company(), owing)
    past.when(place_order, order("D06", of("US80", 1, "262000"))).accepted()

    past.when(release_hold, release(), by=MGR_EAST).then(
        like(HoldReleased, state="ON_HOLD", holds=("CREDIT_OVERDUE",))
    )
    past.when(release_hold, release("CREDIT_OVERDUE"), by=FINANCE).then(
        like(HoldReleased, state="PLACED", holds=()),
        CreditLine.OverdueReleased,
        *WHOLE_CONFIRMATION,
    )
