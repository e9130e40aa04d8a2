"""Small differences: let go between one payment and one item, up to 100.00 a dealer and month."""

import pytest

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from tests.domain.ledger.books import credit, debit, does, ledger, opened, posts
from tests.domain.story import paying
from tests.domain.support import day, stamp
from tests.domain.world import BY

DUE = 565_000_00
OPENING = stamp(on="2026-02-28")


def pays(past, amount, on="2026-03-09", **more):
    return does(past, paying("D05", amount, value_date=day(on), **more), on=on)


def let_go(done):
    return [one.amount for one in done.recorded(account_events.SmallDifferenceWrittenOff)]


def let_off(past, amount, on="2026-03-01", dealer="D05"):
    """A dealer was let off an amount before."""
    account = past.get(DealerAccount, dealer, "CNY")
    account.open_item("INV-OLD", amount, day(on), OPENING)
    account.record(
        account_events.SmallDifferenceWrittenOff(
            *BY, doc="ADJ-OLD", item="INV-OLD", amount=amount, accounting_date=day(on)
        )
    )
    return past


def test_5_00_less_than_565_000_00_is_let_go_under_a_number_of_its_own():
    past = opened(DUE)

    done = pays(past, DUE - 5_00)

    posts(
        done,
        debit("1002", DUE - 5_00),
        credit("1122", DUE - 5_00),
        debit("6603", 5_00),
        credit("1122", 5_00),
    )
    (one,) = done.recorded(account_events.SmallDifferenceWrittenOff)
    assert (one.doc, one.item, one.by.user) == ("ADJ-2603-001", "INV-1", "system:cash-application")
    assert ledger(past).items == {}


@pytest.mark.parametrize(
    ("due", "short", "gone"),
    [
        (DUE, 10_00, [10_00]),
        (DUE, 10_01, []),
        (20_000_00, 2_00, [2_00]),  # 0.01 % of the item
        (20_000_00, 2_01, []),
        (500_00, 10, [10]),  # 0.10 at least
        (500_00, 11, []),
    ],
)
def test_the_tolerance_is_0_01_per_cent_of_the_item_between_0_10_and_10_00(due, short, gone):
    past = opened(due)

    assert let_go(pays(past, due - short)) == gone
    assert ledger(past).open() == (0 if gone else short)


def test_what_is_paid_too_much_within_the_tolerance_stays_the_dealers():
    past = opened(DUE, 1_00)

    done = pays(past, DUE + 5_00)

    assert (let_go(done), done.answer["unapplied"]) == ([], 5_00)
    assert list(ledger(past).items) == ["INV-2"]


@pytest.mark.parametrize(("before", "gone"), [(95_00, [5_00]), (95_01, [])])
def test_a_dealer_is_let_off_100_00_a_month(before, gone):
    past = let_off(opened(DUE), before)

    assert let_go(pays(past, DUE - 5_00)) == gone


def test_the_next_month_begins_anew():
    past = let_off(opened(DUE), 100_00)

    assert let_go(pays(past, DUE - 5_00, on="2026-04-01")) == [5_00]


def test_each_dealer_has_a_month_of_its_own():
    past = let_off(opened(DUE), 100_00, dealer="D06")

    assert let_go(pays(past, DUE - 5_00)) == [5_00]


def test_ten_differences_of_10_00_are_let_go_and_the_eleventh_is_not():
    past = opened(DUE)
    for number in range(11):
        if number:
            account = ledger(past)
            account.open_item(f"INV-{number + 10}", DUE, day("2026-03-30"), OPENING)
        done = pays(past, DUE - 10_00, bank_ref=f"BK-{number}")
        assert let_go(done) == ([10_00] if number < 10 else [])


def test_the_tolerance_does_not_help_a_combination():
    past = opened(DUE, 200_000_00)

    done = pays(past, DUE + 200_000_00 - 1_00)

    assert let_go(done) == []
    assert ledger(past).open() == 1_00


def test_the_tolerance_does_not_help_what_the_payer_names():
    past = opened(DUE)
    told = paying("D05", DUE - 5_00, ("INV-1", DUE - 5_00))

    assert let_go(does(past, told, on="2026-03-09")) == []
    assert ledger(past).items["INV-1"].open == 5_00


def test_of_two_items_that_are_equally_near_a_person_must_choose():
    past = opened(DUE, DUE - 10_00)

    done = pays(past, DUE - 5_00)

    assert (let_go(done), done.answer["unapplied"]) == ([], DUE - 5_00)
