"""Dunning (催收): which day earns which letter, how fast it climbs, and what is not claimed."""

import pytest

from domain.accounts import account_events
from domain.accounts.ledger import Dunned
from domain.accounts.refusals import DisputedAmountOnly
from domain.flows.accounts.applying import UnapplyCash
from domain.flows.accounts.dunning import IssueDunning, RunDunning
from domain.flows.accounts.putting_right import RaiseDispute
from domain.kernel.refusal import FutureDated, InvalidState, NotFound
from tests.domain.ledger.books import does, entries, ledger, opened, told
from tests.domain.story import paying
from tests.domain.support import day

DUE = "2026-03-20"
SUM = 5_000_00


def runs(past, on):
    return does(past, RunDunning(as_of=day(on)), on=on)


def letters(done):
    return [
        (one.level, one.channel, one.docs) for one in done.recorded(account_events.DunningIssued)
    ]


def levels(past, *days):
    return [
        one.level for on in days for one in runs(past, on).recorded(account_events.DunningIssued)
    ]


def disputes(past, doc, amount):
    why = {"code": "PRICE_DIFF", "evidence": ["sha256:letter"]}
    wish = RaiseDispute(dealer_id="D05", doc_no=doc, amount=amount, **why)
    return does(past, wish).accepted()


@pytest.mark.parametrize(("on", "count"), [("2026-03-26", 0), ("2026-03-27", 1)])
def test_the_first_letter_comes_7_days_after_the_due_date(on, count):
    found = letters(runs(opened(SUM), on))

    assert found == [(1, "MAIL", (Dunned("INV-1", SUM, 7),))] * count


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (("2026-03-27", "2026-04-03"), [1]),  # 14 days overdue
        (("2026-03-27", "2026-04-04"), [1, 2]),  # 15
        (("2026-03-27", "2026-04-04", "2026-04-18"), [1, 2]),  # 29
        (("2026-03-27", "2026-04-04", "2026-04-19"), [1, 2, 3]),  # 30
        (("2026-03-27", "2026-04-04", "2026-04-19", "2026-05-18"), [1, 2, 3]),  # 59
        (("2026-03-27", "2026-04-04", "2026-04-19", "2026-05-19"), [1, 2, 3, 4]),  # 60
        (("2026-03-27", "2026-04-04", "2026-04-19", "2026-05-19", "2026-06-30"), [1, 2, 3, 4]),
    ],
)
def test_letters_come_7_15_30_and_60_days_after_the_due_date(days, expected):
    assert levels(opened(SUM), *days) == expected


def test_each_level_has_its_channel():
    past, found = opened(SUM), []
    for on in ("2026-03-27", "2026-04-04", "2026-04-19", "2026-05-19"):
        found += [channel for _, channel, _ in letters(runs(past, on))]

    assert found == ["MAIL", "MANAGER_CALL", "FORMAL_LETTER", "LEGAL"]


def test_a_level_rises_by_one_though_a_higher_one_is_deserved():
    past = opened(SUM)

    assert levels(past, "2026-06-01", "2026-06-08", "2026-06-15", "2026-06-22") == [1, 2, 3, 4]


@pytest.mark.parametrize(("second", "expected"), [("2026-06-07", [1]), ("2026-06-08", [1, 2])])
def test_a_level_rises_once_in_7_days(second, expected):
    assert levels(opened(SUM), "2026-06-01", second) == expected


def test_a_second_run_of_a_day_reminds_nobody():
    past = opened(SUM)

    assert (levels(past, "2026-03-27"), levels(past, "2026-03-27")) == ([1], [])


def test_documents_of_one_level_are_in_one_letter_and_each_has_its_own_level():
    past = opened(SUM, SUM + 1)
    assert levels(past, "2026-03-27") == [1]

    found = letters(runs(past, "2026-04-04"))

    assert sorted(found) == [
        (1, "MAIL", (Dunned("INV-2", SUM + 1, 14),)),
        (2, "MANAGER_CALL", (Dunned("INV-1", SUM, 15),)),
    ]


@pytest.mark.parametrize(("gross", "count"), [(1_000_00, 1), (999_99, 0)])
def test_less_than_1_000_00_is_not_dunned(gross, count):
    assert len(letters(runs(opened(gross), "2026-03-27"))) == count


@pytest.mark.parametrize(("amount", "claimed"), [(3_000_00, [2_000_00]), (4_000_01, []), (SUM, [])])
def test_what_is_disputed_is_not_claimed(amount, claimed):
    past = disputes(opened(SUM), "INV-1", amount)

    found = letters(runs(past, "2026-03-27"))

    assert [one.amount for _, _, docs in found for one in docs] == claimed


def test_what_is_paid_is_not_claimed():
    past = does(
        opened(SUM), paying("D05", 3_000_00, ("INV-1", 3_000_00)), on="2026-03-09"
    ).accepted()

    assert letters(runs(past, "2026-03-27")) == [(1, "MAIL", (Dunned("INV-1", 2_000_00, 7),))]


def test_every_dealer_is_reminded_and_no_money_moves():
    past = opened(SUM, dealer="D06", past=opened(SUM))

    done = runs(past, "2026-03-27")

    assert [one["dealer"] for one in done.answer["letters"]] == ["D05", "D06"]
    assert entries(done) == []
    assert {one.by.user for one in done.events} == {"system:dunning"}


def test_a_run_is_not_of_a_day_to_come():
    does(opened(SUM), RunDunning(as_of=day("2026-03-28")), on="2026-03-27").refuses(FutureDated)


def issuing(doc="INV-1", dealer="D05"):
    return IssueDunning(dealer_id=dealer, doc_no=doc)


def test_a_reminder_out_of_turn_has_the_level_that_follows():
    past = opened(SUM)

    done = does(past, issuing(), on="2026-03-21")

    assert letters(done) == [(1, "MAIL", (Dunned("INV-1", SUM, 1),))]
    does(past, issuing("INV-9"), on="2026-03-21").refuses(InvalidState)
    does(past, issuing(dealer="D99"), on="2026-03-21").refuses(NotFound)


def test_what_is_not_overdue_is_not_reminded_of():
    does(opened(SUM), issuing(), on=DUE).refuses(InvalidState)


def test_what_is_disputed_as_a_whole_is_not_reminded_of():
    past = disputes(opened(SUM), "INV-1", SUM)

    does(past, issuing(), on="2026-03-21").refuses(DisputedAmountOnly, disputed=SUM)


def test_a_level_rises_once_in_7_days_out_of_turn_too():
    past = does(opened(SUM), issuing(), on="2026-06-01").accepted()

    does(past, issuing(), on="2026-06-02")

    assert ledger(past).items["INV-1"].level == 1


def test_an_item_that_is_open_again_keeps_its_letters():
    past = does(opened(SUM), paying("D05", 1_00, ("INV-1", 1_00)), on="2026-03-09").accepted()
    assert levels(past, "2026-03-27") == [1]
    rest = paying("D05", SUM - 1_00, ("INV-1", SUM - 1_00), bank_ref="BK-2")
    does(past, rest, on="2026-03-28").accepted()
    back = UnapplyCash(
        dealer_id="D05", receipt="RCPT-0001", allocations=told(("INV-1", 1_00)), reason="wrong"
    )
    does(past, back, on="2026-03-28").accepted()

    item = ledger(past).items["INV-1"]
    assert (item.level, item.dunned) == (1, day("2026-03-27"))
