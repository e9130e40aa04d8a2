"""Postings: what a penalty and an adjustment do to a dealer's account."""

import pytest

from domain.accounts.account_events import AdjustmentPosted, PenaltyCharged
from domain.accounts.credit_line import CreditLine
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.ledger import Allocation, OpenItem
from domain.accounts.refusals import DuplicateDocument, ItemClosed, Overallocated
from domain.cases.case_terms import COMPENSATION, DECIDED, PENALTY, SANCTIONED, Sanction
from domain.flows.accounts.settling import record_payment
from domain.policies.credit import exposure
from tests.domain.cases.court import (
    CASE,
    DECIDED_ON,
    LATER,
    MARGIN,
    appealing,
    came_to,
    does,
    judging,
    sanctioning,
)
from tests.domain.story import paying
from tests.domain.support import day, stamp
from tests.domain.world import FINANCE, MGR_NATIONAL

ON = stamp(MGR_NATIONAL, DECIDED_ON)
PEN = "PEN-2603-001"
DUE = day("2026-04-24")


def account(past, dealer="D05"):
    return past.get(DealerAccount, dealer, "CNY")


def penalty(amount=100_00, doc=PEN):
    days = {"due": DUE, "accounting_date": ON.today}
    return PenaltyCharged(ON.by, ON.at, doc=doc, case=CASE, amount=amount, **days)


def adjustment(amount, doc="ADJ-2603-001"):
    days = {"due": ON.today, "accounting_date": ON.today}
    said = {"reason": "put right", "approvals": ("mgr-national",), "case": CASE}
    return AdjustmentPosted(ON.by, ON.at, doc=doc, amount=amount, **said, **days)


def fresh():
    return DealerAccount.of("D05", "CNY")


def owing(**documents):
    """An account with documents, each with the day on which it is due and its amount."""
    one = fresh()
    for doc, (due, amount) in documents.items():
        one.open_item(doc, amount, day(due), ON)
    return one


def last(account):
    """What was recorded last."""
    return account.journal[-1][2]


def test_a_penalty_is_an_open_item():
    one = fresh()

    one.owe(penalty())

    assert one.items == {PEN: OpenItem(100_00, 100_00, DUE, since=ON.today)}
    assert (one.owed(), one.posted, one.unapplied) == (100_00, True, {})


def test_a_penalty_is_charged_once():
    one = fresh()
    one.owe(penalty())

    with pytest.raises(DuplicateDocument):
        one.owe(penalty(1))

    assert one.owed() == 100_00


def test_what_is_adjusted_upwards_is_an_open_item():
    one = fresh()

    one.adjust(adjustment(7_00))

    assert one.items == {"ADJ-2603-001": OpenItem(7_00, 7_00, ON.today, since=ON.today)}
    assert one.owed() == 7_00


def test_what_is_adjusted_downwards_is_money_that_is_not_applied():
    one = fresh()

    one.adjust(adjustment(-7_00))

    assert (one.items, one.unapplied, one.owed()) == ({}, {"ADJ-2603-001": 7_00}, -7_00)


def test_an_adjustment_of_nothing_is_none():
    one = fresh()

    one.adjust(adjustment(0))

    assert not one.exists


def test_what_is_adjusted_downwards_settles_its_own_document_and_then_what_is_due_first():
    one = owing(A=("2026-04-01", 3_00), B=("2026-03-01", 3_00), C=("2026-03-01", 3_00))
    one.owe(penalty(2_00))

    one.adjust(adjustment(-7_00), PEN)

    settled = [Allocation(PEN, 2_00), Allocation("B", 3_00), Allocation("C", 2_00)]
    assert last(one).allocations == tuple(settled)
    assert {doc: item.open for doc, item in one.items.items()} == {"A": 3_00, "C": 1_00}
    assert (one.unapplied, one.owed(), last(one).unapplied) == ({}, 4_00, 0)


def test_only_what_settles_nothing_is_money_that_is_not_applied():
    one = owing(A=("2026-04-01", 3_00))

    one.adjust(adjustment(-7_00), PEN)

    assert last(one).allocations == (Allocation("A", 3_00),)
    assert (one.items, one.unapplied, last(one).unapplied) == ({}, {"ADJ-2603-001": 4_00}, 4_00)


def test_what_is_adjusted_upwards_settles_nothing():
    one = owing(A=("2026-04-01", 3_00))

    one.adjust(adjustment(7_00))

    assert (last(one).allocations, last(one).unapplied, one.owed()) == ((), 0, 10_00)


def test_the_money_of_an_adjustment_settles_a_penalty():
    one = fresh()
    one.adjust(adjustment(-100_00))
    one.owe(penalty())

    one.apply_cash("ADJ-2603-001", (Allocation(PEN, 100_00),), "HAND", ON.today, ON)

    assert (one.items, one.unapplied, one.owed()) == ({}, {}, 0)


def test_no_more_of_an_adjustment_is_applied_than_it_holds():
    one = fresh()
    one.adjust(adjustment(-99_00))
    one.owe(penalty())

    with pytest.raises(Overallocated):
        one.apply_cash("ADJ-2603-001", (Allocation(PEN, 100_00),), "HAND", ON.today, ON)


def test_a_dealer_pays_its_penalty_as_it_pays_an_invoice():
    past = came_to(SANCTIONED)

    done = past.when(record_payment, paying("D05", MARGIN, (PEN, MARGIN)), by=FINANCE, on=LATER)

    assert (done.answer["unapplied"], PEN in account(past).items) == (0, False)


def test_a_penalty_that_was_paid_is_not_paid_again():
    past = came_to(SANCTIONED)
    once = paying("D05", MARGIN, (PEN, MARGIN))
    again = paying("D05", MARGIN, (PEN, MARGIN), bank_ref="BK-2")

    past.when(record_payment, once, by=FINANCE, on=LATER).accepted()
    past.when(record_payment, again, by=FINANCE, on=LATER).refuses(ItemClosed, doc=PEN)


def test_a_penalty_that_is_overturned_is_settled_and_nothing_else_is():
    past = came_to(DECIDED)
    before = account(past).items.copy()

    does(past, sanctioning(), appealing(), judging("OVERTURNED"))

    assert (account(past).items, account(past).unapplied) == (before, {})


def test_a_penalty_that_was_paid_and_is_overturned_settles_what_the_dealer_owes():
    past = came_to(SANCTIONED)
    paid = paying("D05", MARGIN, (PEN, MARGIN))
    past.when(record_payment, paid, by=FINANCE, on=LATER).accepted()
    [[doc, owed]] = [(doc, item.open) for doc, item in account(past).items.items()]

    does(past, appealing(), judging("OVERTURNED"))

    assert account(past).items[doc].open == owed - MARGIN
    assert account(past).unapplied == {}


def test_a_penalty_that_was_paid_and_is_overturned_is_money_of_a_dealer_that_owes_nothing():
    past = came_to(SANCTIONED)
    owed = [(doc, item.open) for doc, item in account(past).items.items()]
    paid = paying("D05", account(past).owed(), *owed)
    past.when(record_payment, paid, by=FINANCE, on=LATER).accepted()
    assert account(past).items == {}

    does(past, appealing(), judging("OVERTURNED"))

    assert account(past).unapplied == {"ADJ-2604-001": MARGIN}


def test_a_compensation_settles_what_the_victim_owes_beginning_with_the_oldest():
    past = came_to(DECIDED)
    for doc, due in (("A", "2026-04-01"), ("B", "2026-03-31")):
        account(past, "D06").open_item(doc, MARGIN, day(due), ON)

    does(past, sanctioning(Sanction(kind=COMPENSATION, amount=MARGIN + 1)))

    assert {doc: one.open for doc, one in account(past, "D06").items.items()} == {"A": MARGIN - 1}
    assert account(past, "D06").unapplied == {}


def exposures(past):
    lines = {name: past.get(CreditLine, name, "CNY") for name in ("D05", "D06")}
    return {name: exposure(account(past, name), line) for name, line in lines.items()}


def test_a_penalty_takes_up_credit_and_a_compensation_gives_it_back():
    past = came_to(DECIDED)
    before = exposures(past)

    does(past, sanctioning(Sanction(kind=PENALTY), Sanction(kind=COMPENSATION)))

    assert exposures(past) == {"D05": before["D05"] + MARGIN, "D06": before["D06"] - MARGIN}


def test_who_imposes_what_is_posted_approves_it():
    past = came_to(DECIDED)
    step = sanctioning(Sanction(kind=COMPENSATION))

    [posted] = past.when(step.flow, step.command, by=step.by, on=step.on).recorded(AdjustmentPosted)

    assert (posted.approvals, posted.by.user) == (("mgr-national",), "mgr-national")
    assert (posted.accounting_date, posted.due) == (day(DECIDED_ON), day(DECIDED_ON))


def test_documents_of_a_month_have_numbers_without_a_gap():
    past = came_to(DECIDED)
    three = [Sanction(kind=PENALTY, amount=1_00)] * 3

    done = does(past, sanctioning(*three))

    assert [doc for doc in account(done).items if doc.startswith("PEN")] == [
        "PEN-2603-001",
        "PEN-2603-002",
        "PEN-2603-003",
    ]
