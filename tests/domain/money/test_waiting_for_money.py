"""Waiting for money: a payment or a higher limit lets orders go on in the same append."""

from domain.accounts import account_events
from domain.accounts.credit_line import CreditLine
from domain.company.number_series import NumberSeries
from domain.company.unique_key import UniqueKey
from domain.flows.accounts.settling import record_payment
from domain.flows.orders.ordering import place_order
from domain.flows.parties.enrolling import SetCreditLimit, set_credit_limit
from domain.goods import serial_events, stock_events
from domain.orders.line_events import LineReserved
from domain.orders.order import Order
from domain.orders.order_book import OrderBook
from domain.orders.order_events import Checked, Confirmed, Held, HoldCleared
from tests.domain.company import company, limit, open_invoice
from tests.domain.story import of, order, paying
from tests.domain.support import day, given, like
from tests.domain.world import FINANCE

RECEIVED = (NumberSeries.NumberTaken, UniqueKey.Claimed, account_events.PaymentReceived)


def pay(past, amount, *remittance, dealer="D05", on="2026-03-09", **more):
    return past.when(record_payment, paying(dealer, amount, *remittance, **more), on=on, by=FINANCE)


def test_a_payment_clears_overdue_and_confirms_the_order_in_the_same_append():
    past = given(company(), open_invoice("D09", "INV-2601-033", 1_017_000_00, "2026-02-28"))
    wish = order("D09", of("DR50", 1, "474500"))
    (held,) = past.when(place_order, wish, on="2026-03-05").recorded(Held)
    assert (held.code, held.evidence["days"]) == ("CREDIT_OVERDUE", 5)

    pay(past, 1_017_000_00, dealer="D09").then(
        *RECEIVED,
        like(account_events.CashApplied, rule="EXACT"),
        like(Checked, cause="credit-recheck"),
        like(HoldCleared, code="CREDIT_OVERDUE", cause="credit-recheck"),
        Confirmed,
        OrderBook.Left,
        like(CreditLine.Moved, amount=536_185_00, target="ORDERED"),
        stock_events.Reserved,
        serial_events.Reserved,
        LineReserved,
    )
    assert past.get(Order, "SO-0001").state == "CONFIRMED"


def test_a_higher_limit_clears_credit_and_confirms_the_oldest_order_first():
    past = given(company(), limit("D05", 100_00))
    for _ in range(2):
        past.when(place_order, order("D05", of("US80", 1, "266000"))).accepted()

    raised = SetCreditLimit(
        dealer_id="D05", limit=400_000_00, valid_from=day("2026-01-01"), valid_to=day("2026-12-31")
    )
    past.when(set_credit_limit, raised, by=FINANCE).accepted()

    # One order of 300,580.00 fits below 400,000.00, two do not.
    assert past.get(Order, "SO-0001").state == "CONFIRMED"
    assert past.get(Order, "SO-0002").holds == ("CREDIT_LIMIT",)


def test_a_payment_that_changes_nothing_for_an_order_says_nothing_of_it():
    past = given(company(), open_invoice("D09", "INV-1", 1_017_000_00, "2026-02-28"))
    past.when(place_order, order("D09", of("DR50", 1, "400000")), on="2026-03-05").accepted()
    pay(past, 1_017_000_00, dealer="D09").accepted()

    pay(past, 5_00, dealer="D09").then(*RECEIVED)
    assert past.get(Order, "SO-0001").holds == ("PRICE_BELOW_FLOOR",)
