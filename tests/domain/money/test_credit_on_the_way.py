"""Credit on the way of an order: counted once, from confirmation until it is paid."""

from domain.accounts import account_events
from domain.accounts.credit_line import CreditLine
from domain.accounts.dealer_account import DealerAccount
from domain.flows.accounts.settling import record_payment
from domain.flows.goods.delivering import confirm_delivery
from domain.flows.goods.shipping import ship
from domain.flows.orders.ordering import place_order
from domain.orders.refusals import CreditLimit, CreditOverdue
from domain.policies.credit import exposure
from tests.domain.company import company, limit, open_invoice
from tests.domain.story import (
    US80_1,
    US80_2,
    goods,
    of,
    order,
    paying,
    placed,
    reviewed,
    sending,
    sent,
    signed,
    signing,
)
from tests.domain.support import given

LINES = (of("US80", 2, "266000"), of("INJ", 60, "1260"))


GROSS = 686_588_00


def used(past, dealer="D05"):
    account, credit = past.get(DealerAccount, dealer, "CNY"), past.get(CreditLine, dealer, "CNY")
    return exposure(account, credit)


def shares(past, so="SO-0001"):
    buckets = past.get(CreditLine, "D05", "CNY").buckets
    return {name: orders[so] for name, orders in buckets.items() if so in orders}


def test_an_order_occupies_the_same_credit_from_confirmation_until_it_is_paid():
    past = given(company())
    past.when(place_order, order("D05", *LINES)).accepted()
    assert (used(past), shares(past)) == (GROSS, {"ORDERED": GROSS})

    sent(past, "SHP-0001", goods("SO-0001", 1, "US80", US80_1, US80_2))
    assert (used(past), shares(past)) == (GROSS, {"ORDERED": 85_428_00, "SHIPPED": 601_160_00})

    signed(past, "SHP-0001")
    assert (used(past), shares(past)) == (GROSS, {"ORDERED": 85_428_00})
    assert past.get(DealerAccount, "D05", "CNY").items["INV-2603-001"].open == 601_160_00

    past.when(record_payment, paying("D05", 601_160_00), on="2026-03-09").accepted()
    assert (used(past), shares(past)) == (85_428_00, {"ORDERED": 85_428_00})


def test_credit_moves_by_automation_and_not_by_a_person():
    past = given(company())

    (moved,) = past.when(place_order, order("D05", *LINES)).recorded(CreditLine.Moved)

    assert (moved.by.user, moved.source, moved.target, moved.amount) == (
        "system:credit",
        "",
        "ORDERED",
        GROSS,
    )


def test_an_order_on_hold_occupies_nothing_yet():
    past = placed(of("US80", 1, "255000"), dealer="D06")

    assert used(past, "D06") == 0


def test_a_shipment_is_refused_when_the_limit_was_lowered_in_the_meantime():
    past = reviewed(placed(*LINES), "SHP-0001", goods("SO-0001", 1, "US80", US80_1))
    lowered = limit("D05", 600_000_00)
    past.get(CreditLine, "D05", "CNY").record(lowered.event)

    past.when(ship, sending("SHP-0001"), on="2026-03-03").refuses(
        CreditLimit, exposure=GROSS, limit=600_000_00, deviation=86_588_00
    )


def test_a_shipment_is_refused_when_an_invoice_became_overdue_in_the_meantime():
    invoice = open_invoice("D05", "INV-1", 452_000_00, "2026-03-01")
    past = placed(*LINES, past=given(company(), invoice))
    reviewed(past, "SHP-0001", goods("SO-0001", 1, "US80", US80_1))

    past.when(ship, sending("SHP-0001"), on="2026-03-05").refuses(
        CreditOverdue, days=4, documents="INV-1"
    )
    past.when(ship, sending("SHP-0001"), on="2026-03-04").accepted()


def test_delivery_moves_the_amount_out_of_the_buckets_as_the_invoice_posts_it():
    past = sent(placed(*LINES), "SHP-0001", goods("SO-0001", 1, "US80", US80_1))

    done = past.when(confirm_delivery, signing("SHP-0001"), on="2026-03-05")

    (invoice,) = done.recorded(account_events.InvoicePosted)
    (moved,) = done.recorded(CreditLine.Moved)
    assert (invoice.gross, moved.amount, moved.source, moved.target) == (
        300_580_00,
        300_580_00,
        "SHIPPED",
        "",
    )
