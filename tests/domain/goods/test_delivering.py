"""Delivering: the receiver signs, and the invoice follows in the same append."""

from datetime import UTC
from decimal import Decimal

import pytest

from domain.accounts import account_events
from domain.accounts.credit_line import CreditLine
from domain.accounts.dealer_account import DealerAccount
from domain.accounts.invoice import Invoice
from domain.accounts.ledger import InvoiceLine
from domain.channel.dealer_stock import DealerStock
from domain.company.number_series import NumberSeries
from domain.flows.goods.delivering import confirm_delivery
from domain.flows.goods.shipping import ship
from domain.flows.orders.ordering import place_order
from domain.goods import serial_events, shipment_events
from domain.goods.refusals import PodBeforeShip, PodDocRequired
from domain.goods.serial_number import SerialNumber
from domain.kernel.refusal import FutureDated, InvalidState, NotFound, ValidationFailed
from domain.kernel.stamp import Stamp
from domain.orders.billing_events import LineInvoiced
from domain.orders.line_events import LineDelivered
from domain.orders.order import Order
from tests.domain.company import company
from tests.domain.story import (
    US80_1,
    US80_2,
    goods,
    of,
    order,
    placed,
    reviewed,
    sending,
    sent,
    signed,
    signing,
)
from tests.domain.support import SERVICE, day, given, instant, like
from tests.domain.world import DI

UNITS = goods("SO-0001", 1, "US80", US80_1, US80_2)


def on_its_way():
    return sent(placed(of("US80", 2, "266000"), of("INJ", 60, "1260")), "SHP-0001", UNITS)


def test_what_is_signed_for_is_invoiced_at_once():
    done = on_its_way().when(confirm_delivery, signing("SHP-0001"), on="2026-03-05")

    done.then(
        like(shipment_events.DeliveryConfirmed, signed_at=day("2026-03-05"), region_code="320100"),
        like(DealerStock.ReceiptRecorded, shipment="SHP-0001"),
        like(serial_events.Delivered, receiver="D05", at_hospital=False),
        like(serial_events.Delivered, shp="SHP-0001"),
        like(LineDelivered, line_no=1, qty=2),
        like(NumberSeries.NumberTaken, number=1),
        like(
            account_events.InvoicePosted,
            doc="INV-2603-001",
            so="SO-0001",
            shp="SHP-0001",
            net=532_000_00,
            vat=69_160_00,
            gross=601_160_00,
            due=day("2026-04-04"),
            accounting_date=day("2026-03-05"),
            lines=(
                InvoiceLine(
                    1,
                    "US80",
                    2,
                    Decimal(266000),
                    532_000_00,
                    69_160_00,
                    Decimal(13),
                    cost=200_00,
                    serials=(US80_1, US80_2),
                ),
            ),
        ),
        like(Invoice.Issued),
        like(LineInvoiced, line_no=1, doc="INV-2603-001", qty=2, gross=601_160_00),
        like(CreditLine.Moved, source="SHIPPED", target="", amount=601_160_00),
        like(shipment_events.Billed, invoice="INV-2603-001"),
    )
    assert done.answer == {
        "shp": "SHP-0001",
        "state": "DELIVERED",
        "invoices": ["INV-2603-001"],
        "cases": [],
    }


@pytest.mark.parametrize(
    ("more", "refusals"),
    [
        ({"document_hash": " "}, [PodDocRequired]),
        ({"signatory": ""}, [ValidationFailed]),
        ({"document_hash": "", "signatory": ""}, [PodDocRequired, ValidationFailed]),
        ({"region_code": "Hangzhou"}, [ValidationFailed]),
    ],
)
def test_a_proof_of_delivery_has_a_paper_a_name_and_a_place(more, refusals):
    on_its_way().when(confirm_delivery, signing("SHP-0001", **more), on="2026-03-05").refuses(
        *refusals
    )


def test_nobody_signs_tomorrow_for_what_came_today():
    on_its_way().when(confirm_delivery, signing("SHP-0001", "2026-03-06"), on="2026-03-05").refuses(
        FutureDated, field="signed_at"
    )


def test_nobody_signs_for_goods_before_they_left():
    past = on_its_way()

    past.when(confirm_delivery, signing("SHP-0001", "2026-03-02"), on="2026-03-05").refuses(
        PodBeforeShip, shipped_on=day("2026-03-03"), signed_at=day("2026-03-02")
    )
    past.when(confirm_delivery, signing("SHP-0001", "2026-03-03"), on="2026-03-05").accepted()


def test_goods_that_leave_after_midnight_leave_on_the_new_day_of_the_company():
    # 00:30 on 4 March in Shanghai is 16:30 on 3 March by the clock of a server in UTC.
    past = reviewed(placed(of("US80", 2)), "SHP-0001", UNITS)
    at = instant("2026-03-04", "00:30").astimezone(UTC)
    midnight = Stamp(SERVICE, at, day("2026-03-04"))
    past.when(lambda log: ship(log, midnight, sending("SHP-0001"))).accepted()

    past.when(confirm_delivery, signing("SHP-0001", "2026-03-03"), on="2026-03-05").refuses(
        PodBeforeShip, shipped_on=day("2026-03-04")
    )


def test_only_what_left_can_be_signed_for_and_only_once():
    past = reviewed(placed(of("US80", 2)), "SHP-0001", UNITS)

    past.when(confirm_delivery, signing("SHP-0001"), on="2026-03-05").refuses(InvalidState)
    past.when(confirm_delivery, signing("SHP-0009"), on="2026-03-05").refuses(NotFound)
    signed(sent(placed(of("US80", 2)), "SHP-0001", UNITS), "SHP-0001").when(
        confirm_delivery, signing("SHP-0001"), on="2026-03-05"
    ).refuses(InvalidState)


def test_a_device_sent_to_a_hospital_is_at_the_hospital():
    wish = order("D05", of("US80", 1), ship_to="ADR-H-NJ-02", end_customer_id="H-NJ-02")
    past = given(company()).when(place_order, wish).accepted()
    sent(past, "SHP-0001", goods("SO-0001", 1, "US80", US80_1))

    signed(past, "SHP-0001")

    unit = past.get(SerialNumber, DI["US80"], US80_1)
    assert (unit.state, unit.hospital, unit.region, unit.dealer) == (
        "AT_HOSPITAL",
        "H-NJ-02",
        "320100",
        "D05",
    )


def test_a_device_sent_to_a_dealer_is_at_the_dealer():
    past = signed(on_its_way(), "SHP-0001")

    unit = past.get(SerialNumber, DI["US80"], US80_1)
    assert (unit.state, unit.hospital, unit.warehouse) == ("AT_DEALER", None, None)


def test_an_order_stands_delivered_when_its_last_line_is():
    past = signed(on_its_way(), "SHP-0001")
    assert past.get(Order, "SO-0001").state == "PARTIALLY_SHIPPED"
    sent(past, "SHP-0002", goods("SO-0001", 2, "INJ", "INJ2512A", qty=60))
    assert past.get(Order, "SO-0001").state == "SHIPPED"

    signed(past, "SHP-0002")

    assert past.get(Order, "SO-0001").state == "DELIVERED"
    assert past.get(DealerAccount, "D05", "CNY").items["INV-2603-002"].gross == 85_428_00


@pytest.mark.parametrize("first", [1, 2])
def test_partial_deliveries_bill_exactly_the_line_in_whatever_order_they_are_signed(first):
    # Three boxes at 1,222.33: net 3,666.99, VAT 476.71; a third of that is no whole fen.
    past = placed(of("INJ", 3, "1222.33"))
    sent(past, "SHP-0001", goods("SO-0001", 1, "INJ", "INJ2512A", qty=1))
    sent(past, "SHP-0002", goods("SO-0001", 1, "INJ", "INJ2512A", qty=2))

    posted = []
    for number in (first, 3 - first):
        done = past.when(confirm_delivery, signing(f"SHP-000{number}"), on="2026-03-05")
        posted += done.recorded(account_events.InvoicePosted)

    assert [sum(one.lines[0].qty for one in posted), sum(one.net for one in posted)] == [
        3,
        3_666_99,
    ]
    assert [sum(one.vat for one in posted), sum(one.gross for one in posted)] == [476_71, 4_143_70]
    assert past.get(CreditLine, "D05", "CNY").occupied() == 0


def test_two_orders_in_one_shipment_are_two_invoices():
    past = placed(of("US80", 1), past=placed(of("US80", 1)))
    both = (goods("SO-0001", 1, "US80", US80_1), goods("SO-0002", 1, "US80", US80_2))
    sent(past, "SHP-0001", *both)

    done = past.when(confirm_delivery, signing("SHP-0001"), on="2026-03-05")

    assert [one.so for one in done.recorded(account_events.InvoicePosted)] == ["SO-0001", "SO-0002"]
    assert done.answer["invoices"] == ["INV-2603-001", "INV-2603-002"]


def test_invoices_are_numbered_by_the_month_in_which_they_are_posted():
    past = signed(on_its_way(), "SHP-0001")
    sent(past, "SHP-0002", goods("SO-0001", 2, "INJ", "INJ2512A", qty=60))

    done = past.when(confirm_delivery, signing("SHP-0002", "2026-03-31"), on="2026-04-01")

    assert done.answer["invoices"] == ["INV-2604-001"]
