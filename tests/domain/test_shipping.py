"""Shipping: what is reserved is planned, scanned, checked by a second person, and sent."""

import pytest

from domain.credit_line import CreditLine
from domain.flows.picking import ReviewOutbound, confirm_pick, review_outbound
from domain.flows.planning import ShipmentLine, plan_shipment
from domain.flows.shipping import Ship, ship
from domain.goods import Goods
from domain.kernel.refusal import AlreadyExists, InvalidState, NotFound, ValidationFailed
from domain.order import Order
from domain.order_events import LineShipped
from domain.refusals import (
    LotRequired,
    NotReserved,
    QtySerialMismatch,
    ReviewMissing,
    SamePersonReview,
    ScanMismatch,
    SerialDuplicate,
    SerialRequired,
    ShelfLifeShort,
    ShipExceedsReserved,
    UdiCheckDigit,
    UdiMissingPi,
    UnknownSku,
)
from domain.serial_number import SerialNumber
from domain.shipment import Shipment
from domain.stock_item import StockItem
from domain.udi import Scan
from tests.domain.story import (
    US80_1,
    US80_2,
    US80_3,
    goods,
    of,
    pick,
    placed,
    plan,
    review,
    reviewed,
    scan,
    sending,
    sent,
)
from tests.domain.support import like
from tests.domain.world import DI

UNITS = goods("SO-0001", 1, "US80", US80_1, US80_2)
BOXES = goods("SO-0001", 2, "INJ", "INJ2512A", qty=60)
WITH_LOT = ShipmentLine(so="SO-0001", line=1, sku="US80", qty=1, lot="L-1", serials=(US80_1,))


def ordered():
    return placed(of("US80", 2, "266000"), of("INJ", 60, "1260"))


def planned(*lines):
    return ordered().when(plan_shipment, plan("SHP-0001", *lines)).accepted()


def test_a_shipment_is_planned_for_one_receiver():
    done = ordered().when(plan_shipment, plan("SHP-0001", UNITS, BOXES))

    (event,) = done.recorded(Shipment.Planned)
    to = event.consignee
    assert (to.dealer, to.dealer_name, to.receiver, to.region_code, to.at_hospital) == (
        "D05",
        "Jinling (Jiangsu)",
        "D05",
        "320100",
        False,
    )
    assert [one.goods.qty for one in event.packages] == [2, 60]
    assert done.answer == {"shp": "SHP-0001", "state": "PLANNED"}


@pytest.mark.parametrize(
    ("lines", "refusals"),
    [
        ([], [ValidationFailed]),
        ([goods("SO-0001", 2, "INJ", "INJ2512A", qty=0)], [ValidationFailed]),
        ([goods("SO-0009", 1, "US80", US80_1)], [NotFound]),
        ([goods("SO-0001", 7, "US80", US80_1)], [NotFound]),
        ([goods("SO-0001", 1, "P5", US80_1)], [UnknownSku]),
        ([goods("SO-0001", 1, "US80", US80_3)], [NotReserved]),
        ([goods("SO-0001", 1, "US80", US80_1, US80_2, US80_3)], [NotReserved, ShipExceedsReserved]),
        ([goods("SO-0001", 2, "INJ", "INJ2512A", qty=61)], [NotReserved, ShipExceedsReserved]),
        ([goods("SO-0001", 2, "INJ", "INJ2508B", qty=10)], [NotReserved]),
        ([goods("SO-0001", 2, "INJ", None, qty=60)], [LotRequired, NotReserved]),
        ([goods("SO-0001", 1, "US80", None, qty=2)], [SerialRequired]),
        ([WITH_LOT], [ValidationFailed]),
        ([goods("SO-0001", 1, "US80", US80_1, US80_1)], [SerialDuplicate]),
        ([goods("SO-0001", 2, "INJ", US80_1)], [QtySerialMismatch, LotRequired, NotReserved]),
        (
            [goods("SO-0009", 1, "US80", US80_1), goods("SO-0001", 1, "US80", US80_3)],
            [NotFound, NotReserved],
        ),
    ],
)
def test_only_what_is_reserved_for_the_order_is_planned(lines, refusals):
    ordered().when(plan_shipment, plan("SHP-0001", *lines)).refuses(*refusals)


def test_two_lines_of_a_plan_cannot_name_the_same_goods():
    past = ordered()

    twice = plan(
        "SHP-0001", goods("SO-0001", 1, "US80", US80_1), goods("SO-0001", 1, "US80", US80_1)
    )
    assert past.when(plan_shipment, twice).refusal is not None
    forty = goods("SO-0001", 2, "INJ", "INJ2512A", qty=40)
    assert past.when(plan_shipment, plan("SHP-0001", forty, forty)).refusal is not None


def test_goods_are_planned_from_the_warehouse_where_they_are_reserved():
    ordered().when(plan_shipment, plan("SHP-0001", UNITS, wh="WH-BJ")).refuses(NotReserved)


def test_orders_to_different_receivers_do_not_leave_together():
    past = placed(of("US80", 1), dealer="D06", past=placed(of("US80", 1)))

    both = plan("SHP-1", goods("SO-0001", 1, "US80", US80_1), goods("SO-0002", 1, "US80", US80_2))
    past.when(plan_shipment, both).refuses(ValidationFailed, field="lines")


def test_a_shipment_number_is_used_once():
    planned(UNITS).when(plan_shipment, plan("SHP-0001", BOXES)).refuses(AlreadyExists)


def test_what_was_scanned_is_what_was_planned():
    scans = (scan("US80", US80_2), scan("US80", US80_1), scan("INJ", lot="INJ2512A"))

    planned(UNITS, BOXES).when(confirm_pick, pick("SHP-0001", *scans)).then(
        like(Shipment.PickConfirmed, picker="wh-sh-1")
    )


@pytest.mark.parametrize(
    ("scans", "missing", "unexpected"),
    [
        ([scan("US80", US80_1)], [f"{DI['US80']}/{US80_2}"], []),
        (
            [scan("US80", US80_1), scan("US80", US80_3)],
            [f"{DI['US80']}/{US80_2}"],
            [f"{DI['US80']}/{US80_3}"],
        ),
        (
            [scan("US80", US80_1), scan("P5", US80_2)],
            [f"{DI['US80']}/{US80_2}"],
            [f"{DI['P5']}/{US80_2}"],
        ),
        ([], [f"{DI['US80']}/{US80_1}", f"{DI['US80']}/{US80_2}"], []),
    ],
)
def test_what_is_missing_and_what_is_unexpected_is_named(scans, missing, unexpected):
    planned(UNITS).when(confirm_pick, pick("SHP-0001", *scans)).refuses(
        ScanMismatch, missing=missing, unexpected=unexpected
    )


def test_two_labels_with_the_same_serial_are_one_too_many():
    scans = [scan("US80", US80_1), scan("US80", US80_2), scan("US80", US80_2)]

    planned(UNITS).when(confirm_pick, pick("SHP-0001", *scans)).refuses(ScanMismatch)


def test_labels_that_cannot_be_read_are_all_named():
    scans = [Scan(di="06970012340034", serial="1"), Scan(di=DI["US80"]), Scan()]

    done = planned(UNITS).when(confirm_pick, pick("SHP-0001", *scans))

    done.refuses(UdiCheckDigit, UdiMissingPi, ValidationFailed, field="scans[0]")


def test_the_second_check_needs_a_second_person():
    past = planned(UNITS)
    past.when(review_outbound, review("SHP-0001")).refuses(InvalidState)
    past.when(confirm_pick, pick("SHP-0001", scan("US80", US80_1), scan("US80", US80_2))).accepted()

    past.when(review_outbound, review("SHP-0001", "wh-sh-1")).refuses(SamePersonReview)
    bad = ReviewOutbound(shp_id="SHP-0001", reviewer="wh-sh-2", result="DAMAGED")
    past.when(review_outbound, bad).refuses(ValidationFailed, field="result")
    past.when(review_outbound, review("SHP-0001")).then(
        like(Shipment.OutboundReviewed, reviewer="wh-sh-2")
    )


def test_nothing_leaves_without_its_review():
    past = planned(UNITS).when(ship, sending("SHP-0001")).refuses(ReviewMissing)
    past.when(confirm_pick, pick("SHP-0001", scan("US80", US80_1), scan("US80", US80_2))).accepted()

    past.when(ship, sending("SHP-0001")).refuses(ReviewMissing, state="PICKED")


def test_what_leaves_leaves_the_shelf_the_register_the_order_and_the_bucket_together():
    past = reviewed(ordered(), "SHP-0001", UNITS)

    past.when(ship, sending("SHP-0001")).then(
        like(Shipment.GoodsShipped, carrier="CARRIER-1", waybill="WB-SHP-0001", packages=1),
        like(StockItem.Issued, ref="SO-0001", document="SHP-0001", unit_cost=100_00),
        like(SerialNumber.Shipped, warehouse="WH-SH"),
        like(SerialNumber.Shipped, warehouse="WH-SH"),
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


def test_a_lot_that_expired_on_the_shelf_does_not_leave():
    past = reviewed(ordered(), "SHP-0001", BOXES)

    past.when(ship, sending("SHP-0001"), on="2026-12-31").refuses(ShelfLifeShort)


def test_the_sales_record_names_the_goods_with_their_dates():
    done = reviewed(ordered(), "SHP-0001", BOXES).when(ship, sending("SHP-0001"))

    (event,) = done.recorded(Shipment.GoodsShipped)
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
