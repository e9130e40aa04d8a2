"""Milestones: what each makes due, whose deposit it takes, and when it becomes revenue."""

from datetime import timedelta

import pytest

from domain.accounts import account_events
from domain.accounts.refusals import NotBillable
from domain.flows.accounts.depositing import ReceiveDeposit
from domain.flows.accounts.invoicing import PostInvoice
from domain.flows.accounts.noting import NotedLine, PostCreditNote
from domain.flows.accounts.putting_right import RaiseDispute
from domain.kernel.refusal import NotFound
from tests.domain.company import company
from tests.domain.ledger.books import balances, credit, debit, does, ledger, moves, pct, posts
from tests.domain.ledger.steps import (
    ACCEPTED,
    CT,
    GROSS,
    NET,
    OTHER,
    SIGNED,
    THIRDS,
    VAT,
    accepts,
    delivered,
    scanners,
    sends,
    signs,
)
from tests.domain.story import US80_1, goods, of, order, placed, sent, signed
from tests.domain.support import day, given

RETAINED = pct(("DEPOSIT", 30, 0), ("POD", 60, 30), ("RETENTION", 10, 90))


def invoices(done):
    return done.recorded(account_events.InvoicePosted)


def secured(*serials, plan=THIRDS):
    """The deposit is here."""
    past = scanners(*serials, plan=plan)
    money = {"bank_ref": "BK-1", "value_date": day("2026-03-02")}
    share = len(serials) * GROSS * 30 // 100
    wish = ReceiveDeposit(dealer_id="D05", so_id="SO-0001", amount=share, **money)
    return does(past, wish).accepted()


def shipped(*serials, plan=THIRDS):
    past = secured(*serials, plan=plan)
    sends(past, "SHP-0001", *serials).accepted()
    return past


def credited(net, invoice="INV-2603-001"):
    part = NotedLine(so_line=1, net=net)
    return PostCreditNote(
        dealer_id="D05", kind="PRICE", invoice=invoice, red_info_no="RED-1", lines=[part]
    )


def test_the_first_milestone_bills_the_deposit_with_it_and_takes_it():
    past = shipped(CT)

    done = signs(past, "SHP-0001")

    posts(
        done,
        debit("1122", GROSS * 90 // 100),
        credit("2205", NET * 90 // 100),
        credit("2221", VAT * 90 // 100),
        debit("2203", GROSS * 30 // 100),
        credit("1122", GROSS * 30 // 100),
    )
    (one,) = invoices(done)
    assert (one.milestone, one.net, one.vat) == ("POD", NET * 90 // 100, VAT * 90 // 100)
    (taken,) = done.recorded(account_events.DepositApplied)
    assert (taken.deposit, taken.doc, taken.amount) == ("DEP-0001", one.doc, GROSS * 30 // 100)
    assert ledger(past).items[one.doc].open == GROSS * 60 // 100
    assert one.due == day(SIGNED) + timedelta(days=30)


def test_acceptance_bills_the_rest_and_all_of_it_becomes_revenue_with_its_cost():
    past = shipped(CT)
    signs(past, "SHP-0001").accepted()
    assert [balances(past)[one] for one in ("6001", "6401", "2205")] == [0, 0, -NET * 90 // 100]
    cost = balances(past)["1406"]

    done = accepts(past)

    (one,) = invoices(done)
    assert (one.milestone, one.gross, one.due) == ("ACCEPTANCE", GROSS // 10, day("2026-04-10"))
    (released,) = done.recorded(account_events.RevenueReleased)
    assert (released.net, released.cost, released.qty) == (NET, cost, 1)
    assert [balances(past)[one] for one in ("6001", "2205")] == [-NET, 0]
    assert [balances(past)[one] for one in ("6401", "1406")] == [cost, 0]


def test_of_two_scanners_the_one_that_is_accepted_becomes_revenue():
    past = shipped(CT, OTHER)
    signs(past, "SHP-0001").accepted()
    cost = balances(past)["1406"] // 2

    first = accepts(past)

    (one,) = invoices(first)
    assert (one.lines[0].qty, one.gross) == (1, GROSS // 10)
    assert [balances(past)[one] for one in ("6001", "2205")] == [-NET, -NET * 90 // 100]
    assert [balances(past)[one] for one in ("6401", "1406")] == [cost, cost]

    accepts(past, OTHER, "INS-0002").accepted()
    assert [balances(past)[one] for one in ("6001", "2205")] == [-2 * NET, 0]
    assert [balances(past)[one] for one in ("6401", "1406")] == [2 * cost, 0]


def test_a_scanner_that_is_billed_at_delivery_alone_waits_for_its_acceptance_too():
    past = delivered(CT)

    done = accepts(past)

    assert invoices(done) == []
    (released,) = done.recorded(account_events.RevenueReleased)
    assert (released.net, balances(past)["6001"], balances(past)["2205"]) == (NET, -NET, 0)


def test_what_needs_no_acceptance_is_revenue_at_once():
    past = placed(of("US80", 1, "266000"))
    sent(past, "SHP-0001", goods("SO-0001", 1, "US80", US80_1))

    done = signs(past, "SHP-0001")

    assert done.recorded(account_events.RevenueReleased) == []
    assert [balances(past)[one] for one in ("6001", "2205")] == [-266_000_00, 0]


@pytest.mark.parametrize(
    ("cut", "left"), [(100_000_00, NET - 100_000_00), (2_016_000_00, 224_000_00)]
)
def test_a_price_note_before_acceptance_takes_back_what_was_promised_and_no_revenue(cut, left):
    past = shipped(CT)
    signs(past, "SHP-0001").accepted()

    done = does(past, credited(cut), on="2026-03-10")

    vat = cut * 13 // 100
    # What the deposit had paid of it waits as money of the dealer.
    settled = min(cut + vat, GROSS * 60 // 100)
    parts = {"2205": cut, "2221": vat, "1122": -settled, "2203": settled - cut - vat}
    assert moves(done) == {account: amount for account, amount in parts.items() if amount}
    (released,) = accepts(past).recorded(account_events.RevenueReleased)
    assert released.net == left
    assert [balances(past)[one] for one in ("6001", "2205", "1406")] == [-left, 0, 0]


def test_a_price_note_on_what_was_accepted_takes_back_revenue_though_another_one_waits():
    past = scanners(CT, OTHER)
    for number, serial in enumerate((CT, OTHER), 1):
        sends(past, f"SHP-000{number}", serial).accepted()
        signs(past, f"SHP-000{number}").accepted()
    accepts(past).accepted()
    assert [balances(past)[one] for one in ("6001", "2205")] == [-NET, -NET]

    does(past, credited(100_000_00), on="2026-03-27").accepted()

    assert [balances(past)[one] for one in ("6001", "2205")] == [100_000_00 - NET, -NET]


def keeping(retained=RETAINED):
    """A device was signed for; a tenth of its price is kept back for 90 days."""
    wish = order("D05", of("US80", 1, "266000"), billing_plan=retained)
    past = does(given(company()), wish).accepted()
    money = {"bank_ref": "BK-1", "value_date": day("2026-03-02"), "amount": 90_174_00}
    does(past, ReceiveDeposit(dealer_id="D05", so_id="SO-0001", **money)).accepted()
    sent(past, "SHP-0001", goods("SO-0001", 1, "US80", US80_1))
    return signed(past, "SHP-0001")


RETENTION = PostInvoice(so_id="SO-0001", milestone="RETENTION")


def test_what_is_kept_back_is_invoiced_when_its_time_is_over_and_once():
    past = keeping()
    does(past, RETENTION, on="2026-06-03").refuses(NotBillable)

    (one,) = invoices(does(past, RETENTION, on="2026-06-04"))

    assert (one.milestone, one.gross, one.doc) == ("RETENTION", 30_058_00, "INV-2606-001")
    does(past, RETENTION, on="2026-06-05").refuses(NotBillable)


def test_all_invoices_of_a_plan_come_to_the_price():
    past = keeping()
    does(past, RETENTION, on="2026-06-04").accepted()

    parts = [
        event.gross
        for _, _, event in past.log.journal
        if isinstance(event, account_events.InvoicePosted)
    ]
    assert (parts, sum(parts)) == ([270_522_00, 30_058_00], 300_580_00)


def test_what_is_kept_back_is_not_invoiced_while_a_dispute_is_open():
    past = keeping()
    why = {"code": "PRICE_DIFF", "evidence": ["sha256:letter"], "amount": 1_00}
    does(past, RaiseDispute(dealer_id="D05", doc_no="INV-2603-001", **why)).accepted()

    does(past, RETENTION, on="2026-06-04").refuses(NotBillable)


@pytest.mark.parametrize("milestone", ["SHIP", "POD", "ACCEPTANCE", "RETENTION"])
def test_a_milestone_that_is_not_reached_is_not_billable(milestone):
    past = scanners(CT, plan=THIRDS)

    does(past, PostInvoice(so_id="SO-0001", milestone=milestone)).refuses(NotBillable)


@pytest.mark.parametrize("milestone", ["SHIP", "POD", "ACCEPTANCE"])
def test_a_milestone_that_was_invoiced_is_not_billable_again(milestone):
    past = shipped(CT)
    signs(past, "SHP-0001").accepted()
    accepts(past).accepted()

    wish = PostInvoice(so_id="SO-0001", milestone=milestone)
    does(past, wish, on=ACCEPTED).refuses(NotBillable)
    does(past, PostInvoice(so_id="SO-0009", milestone=milestone)).refuses(NotFound)
