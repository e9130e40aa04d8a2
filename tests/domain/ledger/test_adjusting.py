"""Adjusting: one person's within a limit, two persons' above it; and debts that nobody will pay."""

import pytest

from domain.accounts import account_events
from domain.accounts.ledger import Allocation
from domain.accounts.refusals import (
    AdjustmentLimit,
    ItemClosed,
    Overallocated,
    SecondApproverRequired,
)
from domain.company.approval_policy import ApprovalLimits
from domain.company.company_policy import CompanyPolicy, SmallDifference
from domain.flows.accounts.applying import ApplyCash
from domain.flows.accounts.putting_right import PostAdjustment, WriteOffBadDebt
from domain.kernel.refusal import ForbiddenRole, NotFound, ReasonRequired, ValidationFailed
from tests.domain.company import policy
from tests.domain.ledger.books import credit, debit, does, ledger, opened, posts, told
from tests.domain.support import day
from tests.domain.world import BY, FINANCE, MGR_NATIONAL

LIMIT = 1_000_00


def owing(*gross):
    """An adjustment of up to 1,000.00 is one person's."""
    past = opened(*(gross or (500_00,)))
    set_ = CompanyPolicy.LimitsSet(
        *BY,
        limits=ApprovalLimits(adjustment_amount=LIMIT),
        small_difference=SmallDifference(),
    )
    there = policy(set_)
    past.log.get(there.aggregate, *there.key).record(there.event)
    return past


def adjusting(amount, dealer="D05", **more):
    return PostAdjustment(dealer_id=dealer, amount=amount, **{"reason": "freight"} | more)


def writing_off(amount, item="INV-1", second="fin-2", reason="bankrupt"):
    return WriteOffBadDebt(
        dealer_id="D05", item=item, amount=amount, reason=reason, second_approver=second
    )


def open_items(past):
    return {doc: item.open for doc, item in ledger(past).items.items()}


def test_what_is_owed_more_is_an_open_item_due_by_the_dealers_terms():
    past = owing()

    done = does(past, adjusting(70_00), by=FINANCE)

    posts(done, debit("1122", 70_00), credit("6603", 70_00))
    (one,) = done.recorded(account_events.AdjustmentPosted)
    assert (one.doc, one.amount, one.reason, one.approvals) == (
        "ADJ-2603-001",
        70_00,
        "freight",
        ("fin-1",),
    )
    assert open_items(past) == {"INV-1": 500_00, "ADJ-2603-001": 70_00}


def test_what_is_owed_less_settles_the_named_item_first_then_the_oldest():
    past = owing(100_00, 200_00, 50_00)

    done = does(past, adjusting(-120_00, item="INV-3"))

    posts(done, debit("6603", 120_00), credit("1122", 120_00))
    (one,) = done.recorded(account_events.AdjustmentPosted)
    assert one.allocations == (Allocation("INV-3", 50_00), Allocation("INV-1", 70_00))
    assert open_items(past) == {"INV-1": 30_00, "INV-2": 200_00}


def test_what_no_item_has_room_for_waits_and_is_applied_as_an_adjustment():
    past = owing(100_00)
    does(past, adjusting(-130_00)).accepted()
    assert ledger(past).unapplied == {"ADJ-2603-001": 30_00}
    does(past, adjusting(40_00)).accepted()

    wish = ApplyCash(
        dealer_id="D05", receipt="ADJ-2603-001", allocations=told(("ADJ-2603-002", 30_00))
    )
    (one,) = does(past, wish).recorded(account_events.CashApplied)

    assert (one.kind, open_items(past)) == ("ADJUSTMENT", {"ADJ-2603-002": 10_00})


@pytest.mark.parametrize("sign", [1, -1])
def test_up_to_the_limit_one_person_adjusts_and_above_it_two(sign):
    past = owing(5_000_00)
    does(past, adjusting(sign * LIMIT)).accepted()
    does(past, adjusting(sign * (LIMIT + 1))).refuses(AdjustmentLimit, limit=LIMIT)

    done = does(past, adjusting(sign * (LIMIT + 1), second_approver="fin-2"), by=FINANCE)

    (one,) = done.recorded(account_events.AdjustmentPosted)
    assert one.approvals == ("fin-1", "fin-2")


@pytest.mark.parametrize("second", ["nobody", "fin-1", "rep-1"])
@pytest.mark.parametrize(
    "make",
    [lambda who: adjusting(5_000_00, second_approver=who), lambda who: writing_off(1, second=who)],
)
def test_the_second_person_is_known_another_one_and_of_finance(second, make):
    does(owing(), make(second), by=FINANCE).refuses(SecondApproverRequired, user=second)


@pytest.mark.parametrize(
    ("command", "refusals"),
    [
        (adjusting(0), [ValidationFailed]),
        (adjusting(10**15 + 1, second_approver="fin-2"), [ValidationFailed]),
        (adjusting(-1_00, item="INV-9"), [ItemClosed]),
        (adjusting(1_00, reason=" "), [ReasonRequired]),
        (adjusting(1_00, dealer="D99"), [NotFound]),
        (
            adjusting(-LIMIT - 1, reason="", item="INV-9"),
            [ReasonRequired, ItemClosed, AdjustmentLimit],
        ),
        (
            adjusting(0, reason="", item="INV-9", second_approver="nobody"),
            [ReasonRequired, ValidationFailed, ItemClosed, SecondApproverRequired],
        ),
        (writing_off(1_00, item="INV-9"), [ItemClosed]),
        (writing_off(500_01), [Overallocated]),
        (
            writing_off(0, second="nobody", reason=""),
            [ReasonRequired, ValidationFailed, SecondApproverRequired],
        ),
    ],
)
def test_what_does_not_fit_is_refused_for_all_its_reasons(command, refusals):
    does(owing(), command).refuses(*refusals)


@pytest.mark.parametrize("command", [adjusting(1_00), writing_off(1_00)])
def test_only_finance_puts_accounts_right(command):
    does(owing(), command, by=MGR_NATIONAL).refuses(ForbiddenRole)


def test_a_bad_debt_uses_the_allowance_and_leaves_the_rest_owed():
    past = owing(500_00)

    done = does(past, writing_off(420_00), by=FINANCE)

    posts(done, debit("1231", 420_00), credit("1122", 420_00))
    (one,) = done.recorded(account_events.BadDebtWrittenOff)
    assert (one.item, one.approvals, one.accounting_date) == (
        "INV-1",
        ("fin-1", "fin-2"),
        day("2026-03-02"),
    )
    assert open_items(past) == {"INV-1": 80_00}
