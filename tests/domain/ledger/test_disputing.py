"""Disputes of documents: raised once at a time, about what is open; what is owed stays the same."""

import pytest

from domain.accounts import account_events
from domain.accounts.refusals import (
    AlreadyDisputed,
    AmountExceedsOpen,
    DisputedAmountOnly,
    ItemClosed,
    NotDisputed,
)
from domain.flows.accounts.dunning import IssueDunning
from domain.flows.accounts.putting_right import (
    DISPUTE_CODES,
    PostAdjustment,
    RaiseDispute,
    ResolveDispute,
)
from domain.kernel.refusal import ForbiddenRole, NotFound, ValidationFailed
from tests.domain.ledger.books import does, entries, ledger, opened
from tests.domain.story import paying
from tests.domain.world import DEALER_5, FINANCE, MGR_NATIONAL


def raising(amount=100_00, doc="INV-1", dealer="D05", **more):
    why = {"code": "PRICE_DIFF", "evidence": ["sha256:letter"]} | more
    return RaiseDispute(dealer_id=dealer, doc_no=doc, amount=amount, **why)


def resolving(outcome="REJECTED", doc="INV-1", dealer="D05", **more):
    return ResolveDispute(dealer_id=dealer, doc_no=doc, outcome=outcome, **more)


def item(past, doc="INV-1"):
    return ledger(past).items[doc]


def disputed(amount=100_00):
    return does(opened(250_00, 300_00), raising(amount), by=DEALER_5).accepted()


def test_a_dispute_marks_the_item_and_changes_no_balance():
    past = opened(250_00)

    done = does(past, raising(), by=DEALER_5)

    (one,) = done.recorded(account_events.DisputeRaised)
    assert (one.item, one.amount, one.code, one.evidence, one.by) == (
        "INV-1",
        100_00,
        "PRICE_DIFF",
        ("sha256:letter",),
        DEALER_5,
    )
    assert entries(done) == []
    assert (item(past).open, item(past).disputed, item(past).code) == (250_00, 100_00, "PRICE_DIFF")


@pytest.mark.parametrize(("amount", "fine"), [(250_00, True), (250_01, False)])
def test_no_more_is_disputed_than_is_open(amount, fine):
    done = does(opened(250_00), raising(amount), by=DEALER_5)

    if fine:
        done.accepted()
    else:
        done.refuses(AmountExceedsOpen, amount=250_01, open=250_00)


def test_what_was_paid_of_an_item_is_not_open_any_more():
    past = does(
        opened(250_00), paying("D05", 200_00, ("INV-1", 200_00)), on="2026-03-09"
    ).accepted()

    does(past, raising(50_01), on="2026-03-09").refuses(AmountExceedsOpen, open=50_00)


def test_an_item_is_in_one_dispute_at_a_time():
    does(disputed(), raising(1), by=DEALER_5).refuses(AlreadyDisputed, disputed=100_00)


@pytest.mark.parametrize("outcome", ["ACCEPTED", "REJECTED", "WITHDRAWN"])
def test_a_dispute_ends_and_another_may_begin(outcome):
    past = disputed()

    (one,) = does(past, resolving(outcome), by=FINANCE).recorded(account_events.DisputeResolved)

    assert (one.item, one.amount, one.outcome) == ("INV-1", 100_00, outcome)
    assert (item(past).open, item(past).disputed, item(past).code) == (250_00, 0, "")
    does(past, resolving(outcome)).refuses(NotDisputed)
    does(past, raising(), by=DEALER_5).accepted()


@pytest.mark.parametrize(
    ("command", "refusals"),
    [
        (raising(doc="INV-9"), [ItemClosed]),
        (raising(dealer="D99"), [NotFound]),
        (raising(code="DISLIKE"), [ValidationFailed]),
        (raising(evidence=[]), [ValidationFailed]),
        (raising(evidence=["", " "]), [ValidationFailed]),
        (raising(0, code="X", evidence=[]), [ValidationFailed] * 3),
        (resolving(doc="INV-2"), [NotDisputed]),
        (resolving(doc="INV-9"), [ItemClosed]),
        (resolving(dealer="D99"), [NotFound]),
        (resolving(dealer="D06"), [ItemClosed]),
    ],
)
def test_what_does_not_fit_is_refused_for_all_its_reasons(command, refusals):
    does(disputed(), command).refuses(*refusals)


def test_a_dispute_ends_with_a_credit_note_that_exists():
    wish = resolving("ACCEPTED", credit_note="CN-9999-999")

    does(disputed(), wish, by=FINANCE).refuses(NotFound)


def test_a_dealer_disputes_its_own_documents_only():
    past = opened(10_00, dealer="D06", past=opened(250_00))

    assert does(past, raising(1, dealer="D06"), by=DEALER_5).refusal is not None
    assert ledger(past, "D06").items["D06-1"].disputed == 0


@pytest.mark.parametrize("by", [DEALER_5, MGR_NATIONAL])
def test_only_finance_says_how_a_dispute_ends(by):
    does(disputed(), resolving(), by=by).refuses(ForbiddenRole)


@pytest.mark.parametrize("code", ["TIMING_GOODS", "QTY_SHORT", "PENALTY_DISPUTED", "FX", "UNKNOWN"])
def test_each_category_of_differences_is_a_reason(code):
    assert len(DISPUTE_CODES) == 19
    does(opened(250_00), raising(code=code)).accepted()


def test_a_settled_item_is_not_disputed():
    past = does(opened(250_00), paying("D05", 250_00), on="2026-03-09").accepted()

    does(past, raising(1), on="2026-03-09").refuses(ItemClosed)


def test_a_dispute_stays_as_it_was_raised_and_what_is_left_is_not_claimed():
    past = disputed(250_00)

    does(past, PostAdjustment(dealer_id="D05", amount=-1_00, reason="x", item="INV-1")).accepted()

    assert (item(past).disputed, item(past).open) == (250_00, 249_00)
    letter = IssueDunning(dealer_id="D05", doc_no="INV-1")
    does(past, letter, on="2026-04-20").refuses(DisputedAmountOnly)
