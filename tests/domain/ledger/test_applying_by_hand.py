"""Applying by hand, and taking back: what people decide about money that is here."""

from decimal import Decimal

import pytest

from domain.accounts import account_events
from domain.accounts.refusals import ItemClosed, ItemOfOtherDealer, Overallocated
from domain.flows.accounts.applying import ApplyCash, UnapplyCash
from domain.flows.accounts.noting import PostCreditNote
from domain.flows.accounts.putting_right import PostAdjustment
from domain.flows.goods.opening import SetOpeningItem
from domain.kernel.refusal import ForbiddenRole, NotFound, ReasonRequired, ValidationFailed
from tests.domain.ledger.books import credit, debit, does, ledger, opened, posts, told
from tests.domain.story import paying
from tests.domain.support import day, like
from tests.domain.world import FINANCE, MGR_NATIONAL, REP_EAST

RCPT = "RCPT-0001"
ON = "2026-03-09"


def doubtful(*more):
    """Money that could be for either of two items waits for a person."""
    past = opened(250_00, 250_00, *more)
    return does(past, paying("D05", 250_00), on=ON).accepted()


def applying(*parts, receipt=RCPT, dealer="D05"):
    return ApplyCash(dealer_id=dealer, receipt=receipt, allocations=told(*parts))


def unapplying(*parts, receipt=RCPT, reason="wrong invoice"):
    return UnapplyCash(dealer_id="D05", receipt=receipt, allocations=told(*parts), reason=reason)


def open_items(past):
    return {doc: item.open for doc, item in ledger(past).items.items()}


def test_a_person_says_which_of_two_items_it_was():
    past = doubtful()

    done = does(past, applying(("INV-2", 250_00)), on="2026-03-10", by=FINANCE)

    posts(done, debit("2203", 250_00), credit("1122", 250_00))
    (one,) = done.recorded(account_events.CashApplied)
    assert (one.rule, one.kind, one.by, one.accounting_date) == (
        "BY_HAND",
        "PAYMENT",
        FINANCE,
        day("2026-03-10"),
    )
    assert (open_items(past), ledger(past).unapplied) == ({"INV-1": 250_00}, {})


def test_a_part_is_applied_and_the_rest_keeps_waiting():
    past = doubtful()

    done = does(past, applying(("INV-1", 100_00), ("INV-2", 50_00)), on=ON)

    assert done.answer == {
        "receipt": RCPT,
        "unapplied": 100_00,
        "applied": {"INV-1": 100_00, "INV-2": 50_00},
    }
    assert open_items(past) == {"INV-1": 150_00, "INV-2": 200_00}


@pytest.mark.parametrize(
    ("parts", "refusal"),
    [
        ([("INV-2", 250_01)], Overallocated),  # more than is open
        ([("INV-1", 150_00), ("INV-2", 100_01)], Overallocated),  # more than there is
        ([("INV-1", 130_00), ("INV-1", 130_00)], Overallocated),
        ([("INV-9", 1_00)], ItemClosed),
        ([("INV-1", 0)], ValidationFailed),
        ([("INV-1", -1)], ValidationFailed),
        ([], ValidationFailed),
    ],
)
def test_no_more_is_applied_than_there_is_and_than_is_open(parts, refusal):
    does(doubtful(), applying(*parts), on=ON).refuses(refusal)


def test_a_settled_item_takes_nothing_more():
    past = doubtful(70_00)
    does(past, paying("D05", 70_00), on=ON).accepted()

    does(past, applying(("INV-3", 1_00)), on=ON).refuses(ItemClosed, doc="INV-3")


def test_money_is_not_applied_to_a_document_of_another_dealer():
    past = doubtful()
    does(past, applying_item("INV-D06"), on="2026-03-01").accepted()

    does(past, applying(("INV-D06", 1_00)), on=ON).refuses(ItemOfOtherDealer, doc="INV-D06")


def test_money_is_not_applied_to_an_adjustment_of_another_dealer():
    past = doubtful()
    more = PostAdjustment(dealer_id="D06", amount=5_00, reason="freight")
    assert does(past, more, on=ON).answer["doc"] == "ADJ-2603-001"

    does(past, applying(("ADJ-2603-001", 1_00)), on=ON).refuses(ItemOfOtherDealer)


def applying_item(doc, dealer="D06", gross=250_00):
    return SetOpeningItem(dealer_id=dealer, doc=doc, gross=gross, due=day("2026-03-20"))


def test_money_that_is_not_here_is_not_applied():
    past = doubtful()

    does(past, applying(("INV-1", 1_00), receipt="RCPT-0009"), on=ON).refuses(NotFound)
    does(past, applying(("INV-1", 1_00), dealer="D99"), on=ON).refuses(NotFound)
    does(past, applying(("INV-1", 1_00), dealer="D06"), on=ON).refuses(ItemOfOtherDealer)


@pytest.mark.parametrize("by", [MGR_NATIONAL, REP_EAST])
def test_only_finance_applies_and_takes_back(by):
    past = doubtful()

    does(past, applying(("INV-1", 1_00)), on=ON, by=by).refuses(ForbiddenRole)
    does(past, unapplying(("INV-1", 1_00)), on=ON, by=by).refuses(ForbiddenRole)


def paid(*gross):
    """The first item was settled to the fen."""
    past = opened(*gross)
    return does(past, paying("D05", gross[0]), on=ON).accepted()


def test_what_was_taken_back_is_owed_again_and_the_money_waits():
    past = paid(100_00, 250_00)

    done = does(past, unapplying(("INV-1", 40_00)), on="2026-03-12", by=FINANCE)

    posts(done, debit("1122", 40_00), credit("2203", 40_00))
    assert open_items(past) == {"INV-1": 40_00, "INV-2": 250_00}
    assert ledger(past).unapplied == {RCPT: 40_00}


def test_an_item_that_is_open_again_is_due_when_it_was():
    past = paid(100_00, 250_00)

    does(past, unapplying(("INV-1", 100_00)), on="2026-03-25").accepted()

    item = ledger(past).items["INV-1"]
    assert (item.due, item.gross, item.open) == (day("2026-03-20"), 100_00, 100_00)
    assert ledger(past).oldest_first() == ["INV-1", "INV-2"]


def test_taking_back_twice_takes_no_more_than_was_applied():
    past = paid(100_00)
    does(past, unapplying(("INV-1", 60_00)), on=ON).accepted()

    does(past, unapplying(("INV-1", 60_00)), on=ON).refuses(Overallocated, applied=40_00)
    does(past, unapplying(("INV-1", 30_00), ("INV-1", 30_00)), on=ON).refuses(Overallocated)
    does(past, unapplying(("INV-1", 40_00)), on=ON).accepted()
    does(past, unapplying(("INV-1", 1)), on=ON).refuses(Overallocated, applied=0)
    assert open_items(past) == {"INV-1": 100_00}


def test_what_was_taken_back_can_be_applied_again():
    past = paid(100_00, 250_00)
    does(past, unapplying(("INV-1", 100_00)), on=ON).accepted()

    does(past, applying(("INV-2", 100_00)), on=ON).accepted()

    assert (open_items(past), ledger(past).unapplied) == ({"INV-1": 100_00, "INV-2": 150_00}, {})


def test_money_in_two_parts_on_one_item_is_taken_back_as_one():
    past = doubtful()
    for amount in (100_00, 50_00):
        does(past, applying(("INV-1", amount)), on=ON).accepted()

    does(past, unapplying(("INV-1", 150_00)), on=ON).accepted()

    assert open_items(past)["INV-1"] == 250_00


def test_taking_back_needs_a_reason_and_names_what():
    past = paid(100_00)

    does(past, unapplying(("INV-1", 1_00), reason=" "), on=ON).refuses(ReasonRequired)
    does(past, unapplying(), on=ON).refuses(ValidationFailed, field="allocations")
    does(past, unapplying(("INV-1", 0)), on=ON).refuses(ValidationFailed)
    does(past, unapplying(("INV-9", 1_00)), on=ON).refuses(Overallocated)


def test_what_is_left_of_a_price_note_is_applied_as_a_price_note():
    past = paid(113_00, 250_00)
    rate = {"net": 50_00, "tax_rate": Decimal(13)}
    wish = PostCreditNote(
        dealer_id="D05", kind="PRICE", invoice="INV-1", red_info_no="RED-1", **rate
    )
    assert does(past, wish, on=ON).answer["doc"] == "CN-2603-001"
    assert ledger(past).unapplied == {"CN-2603-001": 56_50}

    done = does(past, applying(("INV-2", 56_50), receipt="CN-2603-001"), on=ON)

    done.then(
        like(account_events.CashApplied, receipt="CN-2603-001", kind="CREDIT_PRICE"),
        *[type(one) for one in done.events[1:]],
    )
    kinds = [entry.kind for entry in ledger(past).lines("2026-03")]
    assert kinds[-1] == "CREDIT_PRICE"
    does(past, unapplying(("INV-2", 6_50), receipt="CN-2603-001"), on=ON).accepted()
    assert ledger(past).lines("2026-03")[-1].kind == "CREDIT_PRICE"
    assert ledger(past).lines("2026-03")[-1].amount == 6_50
