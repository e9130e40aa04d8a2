"""INV-AC-1 to 9: what holds of dealers' accounts, whatever was done and in which order."""

from decimal import Decimal

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from domain.accounts import account_events
from domain.accounts.refusals import DuplicateBankRef
from domain.books.period import Control, Period
from domain.books.refusals import PeriodClosed
from domain.company.number_series import NumberSeries
from domain.flows.accounts.applying import (
    ApplyCash,
    NetMoney,
    RefundMoney,
    ReversePayment,
    UnapplyCash,
)
from domain.flows.accounts.depositing import ReceiveDeposit
from domain.flows.accounts.noting import PostCreditNote
from domain.flows.accounts.putting_right import PostAdjustment, WriteOffBadDebt
from domain.flows.accounts.securing import ReceiveSecurityDeposit
from tests.domain.ledger.books import all_entries, balances, does, ledger, opened, told
from tests.domain.story import of, order, paying
from tests.domain.support import day
from tests.domain.world import BY

ON, RATE = "2026-03-09", Decimal(13)
DEALERS = ("D05", "D06")
AMOUNTS = (1, 50_00, 100_00, 113_00, 150_00, 300_00)
WAYS = [
    "pay",
    "remit",
    "apply",
    "unapply",
    "bounce",
    "refund",
    "net",
    "more",
    "less",
    "bad",
    "note",
]
STEP = st.tuples(
    st.sampled_from([*WAYS, "pay", "pay", "apply", "unapply", "net"]),
    st.booleans(),
    st.sampled_from(AMOUNTS),
    st.integers(0, 7),
    st.integers(0, 7),
)
MONTHS = st.lists(STEP, min_size=6, max_size=16)


def named(past, way, first, amount, which, other):
    """Anything that people do with a dealer's money, sensible or not."""
    dealer, partner = DEALERS if first else reversed(DEALERS)
    account = ledger(past, dealer)
    docs = [*account.items, "INV-1", "INV-2"]
    money = ([*account.applied] if way == "unapply" else [*account.unapplied]) or ["RCPT-0001"]
    doc, receipt = docs[which % len(docs)], money[other % len(money)]
    if way == "unapply":
        doc = next(iter(account.applied.get(receipt, {})), doc)
    on_it, parts, ref = (
        {"dealer_id": dealer, "receipt": receipt},
        told((doc, amount)),
        f"BK-{which}",
    )
    two = {"reason": "x", "second_approver": "fin-2"}
    note = {"kind": "PRICE", "invoice": doc, "red_info_no": "R", "net": amount, "tax_rate": RATE}
    made = {
        "pay": lambda: paying(dealer, amount, bank_ref=ref),
        "remit": lambda: paying(dealer, amount, (doc, amount), bank_ref=ref),
        "apply": lambda: ApplyCash(**on_it, allocations=parts),
        "unapply": lambda: UnapplyCash(**on_it, allocations=parts, reason="x"),
        "bounce": lambda: ReversePayment(**on_it, reason="x"),
        "refund": lambda: RefundMoney(**on_it, amount=amount, bank_ref=f"OUT-{ref}"),
        "net": lambda: NetMoney(**on_it, amount=amount, to_dealer_id=partner, agreement="A"),
        "more": lambda: PostAdjustment(dealer_id=dealer, amount=amount, **two),
        "less": lambda: PostAdjustment(dealer_id=dealer, amount=-amount, **two),
        "bad": lambda: WriteOffBadDebt(dealer_id=dealer, item=doc, amount=amount, **two),
        "note": lambda: PostCreditNote(dealer_id=dealer, **note),
    }
    return made[way]()


def living(month):
    """Two dealers owe; then the month goes its way, and every state of it is looked at."""
    past = opened(100_00, 300_00, dealer="D06", past=opened(113_00, 150_00))
    yield past
    for step in month:
        does(past, named(past, *step), on=ON)
        yield past


def facts(past, kind):
    return [event for _, _, event in past.log.journal if isinstance(event, kind)]


@drawn(MONTHS)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_inv_ac_1_every_entry_balances_and_so_does_the_trial_balance(month):
    for past in living(month):
        for entry in all_entries(past):
            assert sum(one.debit for one in entry.lines) == sum(one.credit for one in entry.lines)
            assert all(
                min(one.debit, one.credit) == 0 < one.debit + one.credit for one in entry.lines
            )
        assert sum(balances(past).values()) == 0


def moved(past, dealer):
    """What the facts of an account come to, each by its own amounts."""
    total = 0
    for stream, _, fact in past.log.journal:
        match fact if stream == f"Account/{dealer}/CNY" else None:
            case account_events.OpenItemOpeningSet():
                total += fact.gross
            case account_events.CashApplied() | account_events.CashUnapplied():
                sign = -1 if isinstance(fact, account_events.CashApplied) else 1
                total += sign * sum(one.amount for one in fact.allocations)
            case account_events.CreditNotePosted():
                total -= fact.settled + sum(fact.others.values())
            case account_events.AdjustmentPosted():
                total += fact.amount + fact.unapplied
            case account_events.SmallDifferenceWrittenOff() | account_events.BadDebtWrittenOff():
                total -= fact.amount
    return total


@drawn(MONTHS)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_inv_ac_2_the_closing_balance_is_what_was_posted_and_the_sum_of_open_items(month):
    for past in living(month):
        for dealer in DEALERS:
            account = ledger(past, dealer)
            closing = account.balance_before("2026-03") + sum(
                one.amount for one in account.lines("2026-03")
            )
            assert closing == moved(past, dealer) == account.open()


@drawn(MONTHS)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_inv_ac_3_no_item_is_open_below_nothing_or_above_what_it_came_to(month):
    for past in living(month):
        for dealer in DEALERS:
            for item in ledger(past, dealer).items.values():
                assert 0 < item.open <= item.gross
            assert all(amount > 0 for amount in ledger(past, dealer).unapplied.values())


@drawn(MONTHS)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_inv_ac_4_the_control_account_is_what_dealers_owe_at_every_moment(month):
    for past in living(month):
        for dealer in DEALERS:
            assert balances(past, dealer)["1122"] == ledger(past, dealer).open()
        waiting = sum(sum(ledger(past, dealer).unapplied.values()) for dealer in DEALERS)
        assert -balances(past)["2203"] == waiting


POSTINGS = {
    "pay": paying("D05", 1_00),
    "apply": ApplyCash(dealer_id="D05", receipt="RCPT-0001", allocations=told(("INV-2", 1_00))),
    "unapply": UnapplyCash(
        dealer_id="D05", receipt="RCPT-0001", allocations=told(("INV-1", 1_00)), reason="x"
    ),
    "bounce": ReversePayment(dealer_id="D05", receipt="RCPT-0001", reason="x"),
    "refund": RefundMoney(dealer_id="D05", receipt="RCPT-0001", amount=1_00, bank_ref="OUT-1"),
    "net": NetMoney(
        dealer_id="D05", receipt="RCPT-0001", amount=1_00, to_dealer_id="D06", agreement="A"
    ),
    "adjust": PostAdjustment(dealer_id="D05", amount=1_00, reason="x"),
    "bad": WriteOffBadDebt(
        dealer_id="D05", item="INV-1", amount=1_00, reason="x", second_approver="fin-2"
    ),
    "note": PostCreditNote(
        dealer_id="D05", kind="PRICE", invoice="INV-1", red_info_no="R", net=1_00, tax_rate=RATE
    ),
    "deposit": ReceiveDeposit(
        dealer_id="D05", so_id="SO-0001", bank_ref="BK-D", value_date=day(ON), amount=1_00
    ),
    "security": ReceiveSecurityDeposit(
        dealer_id="D05", bank_ref="BK-S", value_date=day(ON), amount=1_00
    ),
}


@pytest.mark.parametrize("name", POSTINGS)
@pytest.mark.parametrize("closed", [True, False])
def test_inv_ac_5_nothing_is_posted_into_a_closed_period(name, closed):
    past = opened(100_00, 300_00)
    first = paying("D05", 150_00, ("INV-1", 90_00), bank_ref="BK-0", value_date=day("2026-03-02"))
    does(past, first).accepted()
    does(past, order("D05", of("US80", 1, "266000"))).accepted()
    shut = Period.Closed(*BY, revision=1, control=Control(0, 0, 0, 0))
    if closed:
        past.get(Period, "2026-03").record(shut)

    done = does(past, POSTINGS[name], on=ON)

    if closed:
        done.refuses(PeriodClosed, period="2026-03")
    else:
        done.accepted()


def test_inv_ac_7_numbers_have_no_gap_whatever_was_refused():
    past = opened(100_00, 300_00)
    for amount in (1_00, 0, 2_00, 10**16, 3_00):
        does(past, PostAdjustment(dealer_id="D05", amount=amount, reason="x"), on=ON)

    taken = [
        event.number
        for stream, _, event in past.log.journal
        if stream == "Series/ADJ-2603" and isinstance(event, NumberSeries.NumberTaken)
    ]
    docs = [one.doc for one in facts(past, account_events.AdjustmentPosted)]
    assert taken == [1, 2, 3]
    assert docs == ["ADJ-2603-001", "ADJ-2603-002", "ADJ-2603-003"]


@drawn(MONTHS)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_inv_ac_8_no_reference_of_the_bank_is_booked_twice(month):
    *_, past = living(month)

    references = [one.bank_ref for one in facts(past, account_events.PaymentReceived)]
    assert len(references) == len(set(references))
    for ref in references:
        does(past, paying("D06", 1_00, bank_ref=ref), on=ON).refuses(DuplicateBankRef)


@drawn(MONTHS)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_inv_ac_9_money_of_one_dealer_is_anothers_by_agreement_only(month):
    *_, past = living(month)

    for dealer in DEALERS:
        came = own = 0
        for stream, _, fact in past.log.journal:
            match fact if stream == f"Account/{dealer}/CNY" else None:
                case account_events.PaymentReceived() | account_events.MoneyNetted():
                    came += fact.amount
                case account_events.PaymentReversed() | account_events.MoneyRefunded():
                    came -= fact.amount
                case account_events.CreditNotePosted() | account_events.AdjustmentPosted():
                    came += fact.unapplied
                case account_events.CashApplied():
                    own += sum(one.amount for one in fact.allocations)
                case account_events.CashUnapplied():
                    own -= sum(one.amount for one in fact.allocations)
        assert own + sum(ledger(past, dealer).unapplied.values()) == came
    given = facts(past, account_events.MoneyNetted)
    assert sum(one.amount for one in given) == 0
    assert all(one.agreement for one in given)
