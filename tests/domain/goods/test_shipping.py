"""Shipping: what was reviewed leaves shelf, register, order and bucket together, and once."""

import pytest

from domain.accounts.credit_line import CreditLine
from domain.flows.goods.picking import confirm_pick
from domain.flows.goods.planning import plan_shipment
from domain.flows.goods.shipping import Ship, ship
from domain.flows.orders.ordering import place_order
from domain.goods import serial_events, shipment_events, stock_events
from domain.goods.holders import Holders
from domain.goods.refusals import NotReserved, ReviewMissing, ShelfLifeShort, ShipExceedsReserved
from domain.goods.serial_number import SerialNumber
from domain.goods.shelf import Goods
from domain.kernel.refusal import InvalidState, ValidationFailed
from domain.orders.line_events import LineShipped
from domain.orders.order import Order
from tests.domain.company import company
from tests.domain.story import (
    US80_1,
    US80_2,
    goods,
    of,
    order,
    pick,
    placed,
    plan,
    reviewed,
    scan,
    sending,
    sent,
)
from tests.domain.support import given, like
from tests.domain.world import DI

UNITS = goods("SO-0001", 1, "US80", US80_1, US80_2)


BOXES = goods("SO-0001", 2, "INJ", "INJ2512A", qty=60)


def ordered():
    return placed(of("US80", 2, "266000"), of("INJ", 60, "1260"))


def planned(*lines):
    return ordered().when(plan_shipment, plan("SHP-0001", *lines)).accepted()


def test_nothing_leaves_without_its_review():
    past = planned(UNITS).when(ship, sending("SHP-0001")).refuses(ReviewMissing)
    past.when(confirm_pick, pick("SHP-0001", scan("US80", US80_1), scan("US80", US80_2))).accepted()

    past.when(ship, sending("SHP-0001")).refuses(ReviewMissing, state="PICKED")


def test_what_leaves_leaves_the_shelf_the_register_the_order_and_the_bucket_together():
    past = reviewed(ordered(), "SHP-0001", UNITS)

    past.when(ship, sending("SHP-0001")).then(
        like(shipment_events.GoodsShipped, carrier="CARRIER-1", waybill="WB-SHP-0001", packages=1),
        like(stock_events.Issued, ref="SO-0001", document="SHP-0001", unit_cost=100_00),
        like(Holders.FirstSent, lot="", dealer="D05"),
        like(serial_events.Shipped, warehouse="WH-SH"),
        like(serial_events.Shipped, warehouse="WH-SH"),
        like(LineShipped, line_no=1, shp="SHP-0001", qty=2, state="PARTIALLY_SHIPPED"),
        like(CreditLine.Moved, source="ORDERED", target="SHIPPED", amount=601_160_00),
    )
    passport = past.get(SerialNumber, DI["US80"], US80_1).passport
    assert (passport.dealer, passport.so, passport.so_line, passport.shp) == (
        "D05",
        "SO-0001",
        1,
        "SHP-0001",
    )
    assert (passport.authorised_regions, str(passport.unit_price)) == (("320000",), "266000")


def test_a_passport_names_the_price_without_tax():
    past = placed(of("US80", 2, "339000", "TAX_INCLUSIVE"))

    sent(past, "SHP-0001", UNITS)

    assert past.get(SerialNumber, DI["US80"], US80_1).passport.unit_price == 300_000


def test_a_shipment_leaves_once():
    past = sent(ordered(), "SHP-0001", UNITS)

    past.when(ship, sending("SHP-0001")).refuses(InvalidState)


def test_goods_that_left_with_another_shipment_are_not_sent_again():
    past = reviewed(reviewed(ordered(), "SHP-0001", UNITS), "SHP-0002", UNITS)
    past.when(ship, sending("SHP-0001")).accepted()

    past.when(ship, sending("SHP-0002")).refuses(NotReserved)


def test_boxes_that_left_with_another_shipment_are_not_sent_again():
    past = reviewed(reviewed(ordered(), "SHP-0001", BOXES), "SHP-0002", BOXES)
    past.when(ship, sending("SHP-0001")).accepted()

    past.when(ship, sending("SHP-0002")).refuses(NotReserved)
    assert past.get(Order, "SO-0001").lines[2].shipped == 60


def test_a_line_is_not_sent_twice_on_the_claim_of_another_line():
    past = placed(of("INJ", 10, "1260"), of("INJ", 10, "1300"))
    ten = goods("SO-0001", 1, "INJ", "INJ2512A", qty=10)
    reviewed(reviewed(past, "SHP-0001", ten), "SHP-0002", ten)
    past.when(ship, sending("SHP-0001")).accepted()

    past.when(ship, sending("SHP-0002")).refuses(ShipExceedsReserved)
    assert [line.shipped for line in past.get(Order, "SO-0001").lines.values()] == [10, 0]


@pytest.mark.parametrize(("on", "leaves"), [("2026-04-02", True), ("2026-04-03", False)])
def test_a_lot_leaves_while_it_has_the_days_that_the_order_asks_for(on, leaves):
    # INJ2508B expires on 31 July 2026: 120 days after 2 April.
    wish = order("D05", of("INJ", 30, "1260"), min_shelf_days=120)
    past = given(company()).when(place_order, wish).accepted()
    reviewed(past, "SHP-0001", goods("SO-0001", 1, "INJ", "INJ2508B", qty=30))

    sent_late = past.when(ship, sending("SHP-0001"), on=on)

    if leaves:
        sent_late.accepted()
    else:
        sent_late.refuses(ShelfLifeShort, lot="INJ2508B", days_needed=120)


@pytest.mark.parametrize(("on", "leaves"), [("2026-07-31", True), ("2026-08-01", False)])
def test_a_lot_leaves_through_its_last_day_even_where_no_days_are_asked_for(on, leaves):
    wish = order("D05", of("INJ", 30, "1260"), min_shelf_days=0)
    past = given(company()).when(place_order, wish).accepted()
    reviewed(past, "SHP-0001", goods("SO-0001", 1, "INJ", "INJ2508B", qty=30))

    assert (past.when(ship, sending("SHP-0001"), on=on).refusal is None) is leaves


def test_the_sales_record_names_the_goods_with_their_dates():
    done = reviewed(ordered(), "SHP-0001", BOXES).when(ship, sending("SHP-0001"))

    (event,) = done.recorded(shipment_events.GoodsShipped)
    (item,) = event.items
    assert (item.sku, str(item.unit_price), item.unit_cost) == ("INJ", "1260", 100_00)
    assert isinstance(item.goods, Goods)
    assert (item.goods.lot, item.goods.qty) == ("INJ2512A", 60)
    assert (str(item.goods.expiry), str(item.goods.manufacture_date)) == (
        "2027-11-30",
        "2025-08-01",
    )


def test_a_shipment_has_a_package_at_least():
    empty = Ship(shp_id="SHP-0001", carrier="C", waybill="W", packages=0)

    reviewed(ordered(), "SHP-0001", UNITS).when(ship, empty).refuses(
        ValidationFailed, field="packages"
    )
