"""Confirming: once the months are closed, past every gate, and by how late was paid."""

import pytest

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.ledger import Dunned
from domain.cases.dealer_conduct import DealerConduct
from domain.incentives.policy_terms import Gate, Tier
from domain.incentives.rebate import Rebate
from domain.incentives.refusals import (
    ExceedsConfirmed,
    GateFailed,
    PeriodNotClosed,
    PolicyNotAccepted,
)
from domain.kernel.refusal import ForbiddenRole, NotFound, ValidationFailed
from tests.domain.incentives.schemes import (
    AFTER,
    EARNED,
    FACTORS,
    POLICY,
    accepted,
    accrue,
    close,
    confirmed,
    confirming,
    does,
    pay,
    published,
    quarter,
    rebate,
    sell,
    settling,
    tries,
)
from tests.domain.support import like, stamp
from tests.domain.world import DEALER_5, FINANCE, MGR_EAST

ON = stamp(on="2026-03-15")
CASH = {"method": "CASH", "bank_ref": "BK-1", "red_info_no": ""}


def test_what_was_accrued_is_confirmed_once_the_last_month_is_closed():
    done = does(close(quarter()), confirming())

    done.then(like(Rebate.Confirmed, policy=POLICY, net=EARNED, factor_pct=100))
    told = {"state": "CONFIRMED", "confirmed": EARNED, "withheld": 0, "payable": EARNED}
    assert done.answer == {"policy": POLICY, "factor_pct": "100.00"} | told


def test_before_the_last_month_is_closed_nothing_is_confirmed():
    tries(quarter(), confirming()).refuses(PeriodNotClosed, period="2026-03", state="OPEN")
    tries(close(quarter(), "2026-02"), confirming()).refuses(PeriodNotClosed)


def test_without_the_dealers_signature_nothing_is_confirmed():
    tries(close(published()), confirming()).refuses(PolicyNotAccepted, dealer="D05")


@pytest.mark.parametrize("net", [EARNED - 1, EARNED + 1, 0, -1])
def test_nothing_but_what_was_accrued_is_confirmed(net):
    tries(close(quarter()), confirming(net)).refuses(ValidationFailed, field="amount_net")


def test_a_policy_or_a_rebate_that_is_unknown_is_not_confirmed():
    tries(close(quarter()), confirming(policy="RB-X")).refuses(NotFound)
    tries(close(accepted()), confirming(0)).refuses(NotFound)


def test_confirming_again_records_nothing():
    assert does(confirmed(), confirming()).events == []


@pytest.mark.parametrize("who", [MGR_EAST, DEALER_5], ids=lambda one: one.role)
def test_finance_confirms_and_settles(who):
    tries(close(quarter()), confirming(), who).refuses(ForbiddenRole)
    tries(confirmed(), settling(), who).refuses(ForbiddenRole)


@pytest.mark.parametrize(("least", "fine"), [(2_731_600_00, True), (2_731_600_01, False)])
def test_the_base_is_at_least_the_gates_threshold(least, fine):
    past = close(quarter(gates=(Gate("MIN_BASE", least),)))

    done = tries(past, confirming())

    assert fine is (done.refusal is None)
    if not fine:
        done.refuses(GateFailed, gate="MIN_BASE", threshold=least, measured=2_731_600_00)


def test_a_gate_measures_the_whole_base_where_the_last_sales_earned_nothing_more():
    steps = {"method": "FIXED", "tiers": (Tier(1_000_00, amount=50_00),)}
    past = accepted(**steps, gates=(Gate("MIN_BASE", 4_000_00),))
    for net in (1_500_00, 3_000_00):
        sell(past, net, "2026-03-02")
        accrue(past, "2026-03", "2026-03-31")

    does(close(past), confirming(50_00))


@pytest.mark.parametrize(
    ("due", "most", "fine"),
    [
        ("2026-03-30", 113_00, True),
        ("2026-03-30", 112_99, False),
        ("2026-03-31", 0, True),
        ("2026-04-02", 0, True),
    ],
)
def test_what_was_overdue_at_the_end_is_at_most_the_gates_threshold(due, most, fine):
    past = accepted(gates=(Gate("MAX_OVERDUE", most),))
    sell(past, 1_500_000_00, "2026-03-02", due="2026-06-30")
    sell(past, 100_00, "2026-03-02", due=due)
    accrue(past, "2026-03", "2026-03-31")

    done = tries(close(past), confirming(rebate(past).accrued))

    assert fine is (done.refusal is None)


@pytest.mark.parametrize(("on", "most", "fine"), [
    ("2026-03-20", 0, False), ("2026-03-20", 1, True), ("2025-03-01", 0, True),
])  # fmt: skip
def test_confirmed_cases_of_a_year_are_at_most_the_gates_threshold(on, most, fine):
    past = quarter(gates=(Gate("MAX_CONFIRMED_CASES", most),))
    past.get(DealerConduct, "D05").confirm("DIV-0001", stamp(on=on))

    done = tries(close(past), confirming())

    assert fine is (done.refusal is None)


def test_every_gate_that_fails_is_named():
    gates = (Gate("MIN_BASE", 10**12), Gate("MAX_CONFIRMED_CASES", -1))
    past = close(quarter(gates=gates), "2026-02")

    tries(past, confirming(1)).refuses(PeriodNotClosed, GateFailed, GateFailed, ValidationFailed)


def factored():
    """A million of each month, paid in time, late, or not at all."""
    past = accepted(payment_factors=FACTORS)
    for due in ("2026-03-31", "2026-03-10", "2026-03-31"):
        sell(past, 1_000_000_00, "2026-03-02", due=due)
    accrue(past, "2026-03", "2026-03-31")
    return past


def test_invoices_that_were_paid_late_count_less():
    past = factored()
    pay(past, "INV-1", "2026-03-31")
    pay(past, "INV-2", "2026-03-20")  # ten days late

    done = does(close(past), confirming(30_000_00), on="2026-05-15")  # INV-3: 45 days late

    assert done.answer["factor_pct"] == "60.00"
    assert done.answer["payable"] == 18_000_00


def test_what_is_not_due_counts_whole():
    past = factored()
    pay(past, "INV-2", "2026-03-10")

    assert (
        does(close(past), confirming(30_000_00), on="2026-03-31").answer["factor_pct"] == "100.00"
    )


def test_no_more_is_paid_than_the_share_that_counts():
    past = factored()
    pay(past, "INV-1", "2026-03-31")
    pay(past, "INV-2", "2026-04-20")  # 41 days late
    pay(past, "INV-3", "2026-04-10")  # ten days late
    does(close(past), confirming(30_000_00), on="2026-04-20")

    tries(past, settling(18_000_01), on="2026-04-20").refuses(ExceedsConfirmed, payable=18_000_00)
    [paid] = does(past, settling(18_000_00), on="2026-04-20").recorded(Rebate.Settled)
    assert (paid.final, str(paid.factor_pct)) == (True, "60.00")


def test_a_share_that_is_no_whole_number_is_rounded_once():
    past = factored()
    for doc in ("INV-1", "INV-2", "INV-3"):
        pay(past, doc, "2026-03-31")  # INV-2 is 21 days late: 250 of 300 count

    assert does(close(past), confirming(30_000_00)).answer["payable"] == 25_000_00


def test_invoices_of_other_months_do_not_weigh():
    past = factored()
    for doc in ("INV-1", "INV-2", "INV-3"):
        pay(past, doc, "2026-03-10")
    pay(past, sell(past, 9_000_000_00, "2026-04-02", due="2026-04-02"), "2026-06-30")

    assert does(close(past), confirming(30_000_00)).answer["factor_pct"] == "100.00"


@pytest.mark.parametrize(("level", "payable"), [(2, EARNED), (3, 0), (4, 0)])
def test_once_supply_is_stopped_a_rebate_counts_for_nothing(level, payable):
    past = close(quarter())
    letter = (Dunned("INV-1", 1_00, 30),)
    past.get(DealerAccount, "D05", "CNY").record(
        account_events.DunningIssued(
            ON.by, ON.at, level=level, docs=letter, channel="X", accounting_date=ON.today
        )
    )

    assert does(past, confirming(), FINANCE, AFTER).answer["payable"] == payable
