"""Where the read models of money told something else than the aggregates: each is a case by itself."""

from __future__ import annotations

from collections import Counter

import pytest

from domain.books import chart
from domain.flows.accounts.applying import NetMoney
from domain.flows.accounts.disputing import RejectDispute
from domain.flows.accounts.noting import PostCreditNote
from domain.flows.books.closing import SoftClosePeriod
from domain.flows.incentives.accruing import AccrueRebates
from projections.money import dealer_statements, journal, reconciliation
from tests.domain.books import desk, laws, projected
from tests.domain.books.desk import MARCH, accepting, ask, disputing, do, pay, reopening
from tests.domain.books.projected import Tables
from tests.domain.support import SERVICE, Given
from tests.domain.world import DEALER_5

INVOICE, GROSS = "INV-2603-001", 14_238_00


def stated() -> Given:
    past = desk.owing()
    desk.sold(past, on="2026-03-05")
    desk.issued(past)
    return past


def disputed_of(past: Given) -> tuple[int, int, int]:
    """What is disputed by the balance, by the document, and by the account."""
    tables = Tables(past.log)
    balance = tables.rows(reconciliation.dealer_balance)["D05", "CNY"]["disputed"]
    item = tables.rows(reconciliation.open_items)[INVOICE,]["disputed"]
    account = desk.account(past)
    found = account.find(INVOICE)
    return balance, item, found.disputed if found else 0


@pytest.mark.parametrize("amount", [113_00, GROSS - 1])
def test_what_is_disputed_is_told_until_it_is_decided(amount):
    past = stated()
    do(past, disputing(INVOICE, amount), by=DEALER_5, on="2026-04-02")
    assert disputed_of(past) == (amount, amount, amount)

    do(past, accepting(INVOICE), on="2026-04-03")

    assert disputed_of(past) == (0, 0, 0)


def test_what_is_given_in_to_is_disputed_no_more():
    past = stated()
    do(past, disputing(INVOICE, GROSS), by=DEALER_5, on="2026-04-02")

    do(past, accepting(INVOICE), on="2026-04-03")

    assert disputed_of(past) == (0, 0, 0)


def test_what_is_paid_stays_disputed_until_it_is_decided():
    past = stated()
    do(past, disputing(INVOICE, GROSS), by=DEALER_5, on="2026-04-02")

    pay(past, GROSS, (INVOICE, GROSS), on="2026-04-03").accepted()
    assert disputed_of(past) == (GROSS, GROSS, GROSS)

    no = {"dealer_id": "D05", "period": MARCH, "line_id": INVOICE, "reason": "signed for"}
    do(past, RejectDispute(**no), on="2026-04-04")
    assert disputed_of(past) == (0, 0, 0)


def test_statement_lines_come_to_the_balance():
    past = desk.owing()
    invoice = desk.sold(past, on="2026-03-05")
    pay(past, GROSS, (invoice, GROSS), on="2026-03-06").accepted()
    do(past, desk.credit(invoice, 100_00), on="2026-03-07")

    lines = Tables(past.log).moved(reconciliation.dealer_statement_lines)

    assert sum(one["gross"] for one in lines) == desk.account(past).open()


def test_sales_are_the_revenue_of_the_ledger():
    past = desk.owing()
    told = {"dealer_id": "D05", "kind": "PRICE", "invoice": "INV-2602-011", "red_info_no": "RED"}
    do(past, PostCreditNote(**told, net=100_00, tax_rate=desk.VAT), on="2026-03-05")

    projected.sales_agree(past.log, Tables(past.log))


def test_advances_of_each_dealer_are_its_own():
    past = desk.owe(desk.desk(), "INV-2602-015", 1_00, "D06")
    pay(past, 50_00, on="2026-03-05").accepted()
    netted = {"receipt": "RCPT-0001", "amount": 20_00, "to_dealer_id": "D06", "agreement": "three"}
    do(past, NetMoney(dealer_id="D05", **netted), on="2026-03-06")

    found = Counter[str]()
    for _, entry in laws.posted(past.log):
        for one in entry.lines:
            if one.account == chart.ADVANCES:
                found[one.dealer or entry.dealer] += one.credit - one.debit

    assert found == {"D05": 30_00, "D06": 20_00}


def test_a_signature_that_was_taken_back_is_not_shown():
    past = stated()
    desk.signed(past)
    desk.closed(past)

    def shown() -> object:
        rows = Tables(past.log).rows(dealer_statements.dealer_statements)
        return rows["D05", MARCH, 1]["signed_by"]

    assert shown() == "fin-2"
    ask(past, reopening(), on="2026-04-06").accepted()

    assert not shown()


def test_a_softly_closed_period_is_shown_as_such():
    past = desk.owing()
    do(past, AccrueRebates(period=MARCH), on="2026-03-31", by=SERVICE)
    do(past, SoftClosePeriod(period=MARCH), on="2026-04-01")
    pay(past, 5_00, value="2026-03-31", on="2026-04-02").accepted()

    shown = Tables(past.log).rows(journal.periods)[MARCH,]["state"]

    assert shown == desk.period(past).state == "SOFT_CLOSED"
