"""Losing: what is not sent after all, gets lost, is turned away, or comes short or broken."""

import pytest

from domain.accounts import account_events
from domain.flows.goods.delivering import confirm_delivery
from domain.flows.goods.losing import (
    CancelShipment,
    ReceiveRefused,
    RecordLoss,
    RefuseDelivery,
    cancel_shipment,
    receive_refused,
    record_loss,
    refuse_delivery,
)
from domain.flows.goods.securing import ReleaseFromQuarantine, release_from_quarantine
from domain.flows.goods.shipping import ship
from domain.goods import shipment_events
from domain.goods.package import Discrepancy
from domain.goods.refusals import SerialRequired
from domain.goods.shipment import Shipment
from domain.kernel.refusal import InvalidState, NotFound, ValidationFailed
from domain.orders.line_events import LineReserved
from domain.orders.order import Order
from domain.orders.refusals import AlreadyShipped
from tests.domain.story import (
    US80_1,
    US80_2,
    US80_3,
    goods,
    of,
    placed,
    reviewed,
    sending,
    sent,
    signing,
)
from tests.domain.supply.steps import QUALITY, buckets, line, shelf, unit

SHP = "SHP-0001"
LATER = "2026-03-05"
UNITS = goods("SO-0001", 1, "US80", US80_1, US80_2)
BOXES = goods("SO-0001", 1, "INJ", "INJ2512A", qty=60)


def devices(qty=2):
    return sent(placed(of("US80", qty)), SHP, UNITS)


def boxes():
    return sent(placed(of("INJ", 60, "1260")), SHP, BOXES)


def losing(**more):
    return RecordLoss(**({"shp_id": SHP, "claim_no": "CLAIM-1", "reason": "fire"} | more))


def missing(qty=1, kind="SHORT", **more):
    return Discrepancy(**({"so": "SO-0001", "line": 1, "kind": kind, "qty": qty} | more))


def signed(past, *found):
    return past.when(confirm_delivery, signing(SHP, discrepancies=found), on=LATER)


def test_inv_st_5_a_shipment_that_is_cancelled_leaves_its_goods_reserved():
    past = reviewed(placed(of("US80", 2)), SHP, UNITS)
    before = shelf(past, "WH-SH", "US80").reservations

    past.when(cancel_shipment, CancelShipment(shp_id=SHP, reason="no lorry")).then(
        shipment_events.Cancelled
    )

    assert shelf(past, "WH-SH", "US80").reservations == before
    assert (buckets(past), unit(past, US80_1).order) == ((2, 0, 0, 0), "SO-0001")
    past.when(ship, sending(SHP)).refuses(InvalidState)
    sent(past, "SHP-0002", UNITS)
    assert buckets(past) == (0, 0, 0, 2)


def test_what_has_left_is_not_cancelled():
    past = devices()

    past.when(cancel_shipment, CancelShipment(shp_id=SHP, reason="x")).refuses(AlreadyShipped)
    past.when(cancel_shipment, CancelShipment(shp_id=SHP, reason=" ")).refuses(ValidationFailed)
    past.when(cancel_shipment, CancelShipment(shp_id="SHP-9", reason="x")).refuses(NotFound)


def test_inv_sh_1_what_is_issued_is_what_is_shipped_by_name():
    past = devices()

    shipment = past.get(Shipment, SHP)
    assert [one.goods.serials for one in shipment.items] == [(US80_1, US80_2)]
    assert sum(one.goods.qty for one in shipment.items) == line(past).shipped == 2
    assert set(shelf(past, "WH-SH", "US80").units) == {US80_3, "US80-26-0004"}


def test_inv_sh_3_the_event_alone_is_the_sales_record():
    past = reviewed(placed(of("US80", 2)), SHP, UNITS)

    (told,) = past.when(ship, sending(SHP)).recorded(shipment_events.GoodsShipped)

    (item,) = told.items
    assert (item.name, item.registration_no, item.goods.qty) == ("US80", "REG-US80", 2)
    assert (item.goods.serials, item.goods.manufacture_date is not None) == ((US80_1, US80_2), True)
    assert (told.consignee.dealer_name, told.consignee.address_id) == (
        "Jinling (Jiangsu)",
        "ADR-D05",
    )
    assert (told.carrier, told.waybill, str(told.shipped_on)) == (
        "CARRIER-1",
        "WB-SHP-0001",
        "2026-03-02",
    )


def test_what_is_lost_is_sourced_again_at_once():
    past = devices()

    done = past.when(record_loss, losing())

    assert [one.serials for one in done.recorded(LineReserved)] == [(US80_3, "US80-26-0004")]
    assert buckets(past) == (2, 0, 0, 0)
    assert [unit(past, one).state for one in (US80_1, US80_2)] == ["LOST"] * 2
    assert past.get(Order, "SO-0001").state == "CONFIRMED"


def test_what_is_lost_and_nowhere_else_is_made():
    past = devices(4)
    assert buckets(past) == (2, 0, 0, 2)

    past.when(record_loss, losing()).accepted()

    assert (sum(buckets(past)), buckets(past)[3]) == (4, 0)
    assert line(past).unsourced == 0


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (losing(claim_no=""), ValidationFailed),
        (losing(reason=" "), ValidationFailed),
        (losing(shp_id="SHP-9"), NotFound),
    ],
)
def test_a_loss_names_its_claim_and_reason(command, refusal):
    devices().when(record_loss, command).refuses(refusal)


def test_only_what_is_on_its_way_gets_lost_and_only_once():
    planned = reviewed(placed(of("US80", 2)), SHP, UNITS)
    planned.when(record_loss, losing()).refuses(InvalidState)
    past = devices().when(record_loss, losing()).accepted()

    past.when(record_loss, losing()).refuses(InvalidState)
    signed(past).refuses(InvalidState)


def test_refused_goods_come_back_to_quarantine_and_then_go_to_who_waits():
    past = devices()
    past.when(refuse_delivery, RefuseDelivery(shp_id=SHP, reason="closed")).accepted()
    assert (buckets(past), unit(past, US80_1).state) == ((0, 0, 2, 0), "SHIPPED")

    past.when(receive_refused, ReceiveRefused(shp_id=SHP, wh="WH-SH")).accepted()
    assert (buckets(past), unit(past, US80_1).state) == ((0, 0, 2, 0), "QUARANTINED")
    here = shelf(past, "WH-SH", "US80")
    assert (here.on_hand, here.available) == (4, 2)
    free = ReleaseFromQuarantine(
        wh="WH-SH", sku="US80", qty=1, serials=(US80_1,), reason="fine", qa_document="QA-1"
    )
    past.when(release_from_quarantine, free, by=QUALITY).accepted()

    assert unit(past, US80_1).order == "SO-0001"


def test_refused_goods_that_get_lost_on_their_way_back_are_open_only_once():
    past = devices()
    past.when(refuse_delivery, RefuseDelivery(shp_id=SHP, reason="closed")).accepted()

    past.when(record_loss, losing()).accepted()

    assert buckets(past) == (0, 0, 2, 0)
    assert unit(past, US80_1).state == "LOST"
    past.when(receive_refused, ReceiveRefused(shp_id=SHP, wh="WH-SH")).refuses(InvalidState)


def test_only_refused_goods_are_taken_in_again():
    past = devices()

    past.when(receive_refused, ReceiveRefused(shp_id=SHP, wh="WH-SH")).refuses(InvalidState)
    past.when(receive_refused, ReceiveRefused(shp_id=SHP, wh="WH-X")).refuses(ValidationFailed)


def test_inv_sh_2_only_what_was_signed_for_is_billed():
    done = signed(devices(), missing(serials=(US80_2,)))

    (invoice,) = done.recorded(account_events.InvoicePosted)
    assert (invoice.lines[0].qty, invoice.net) == (1, 266_000_00)


def test_a_missing_device_is_lost_and_another_is_sent():
    past = devices()

    signed(past, missing(serials=(US80_2,))).accepted()

    assert past.get(Shipment, SHP).state == "DELIVERED_WITH_DISCREPANCY"
    assert (buckets(past), line(past).delivered) == ((1, 0, 0, 1), 1)
    assert [unit(past, one).state for one in (US80_1, US80_2)] == ["AT_DEALER", "LOST"]


def test_missing_boxes_are_open_again():
    past = boxes()

    signed(past, missing(15)).accepted()

    assert (buckets(past), line(past).delivered) == ((15, 0, 0, 45), 45)


def test_where_all_is_missing_nothing_is_billed():
    past = boxes()

    done = signed(past, missing(60))

    assert done.answer["invoices"] == []
    assert (buckets(past), line(past).delivered) == ((60, 0, 0, 0), 0)


@pytest.mark.parametrize("kind", ["DAMAGED", "WRONG", "EXCESS"])
def test_what_is_broken_or_wrong_counts_as_delivered(kind):
    past = devices()

    done = signed(past, missing(kind=kind))

    assert done.recorded(account_events.InvoicePosted)[0].lines[0].qty == 2
    assert (line(past).delivered, past.get(Shipment, SHP).state) == (
        2,
        "DELIVERED_WITH_DISCREPANCY",
    )


@pytest.mark.parametrize(
    ("found", "refusals"),
    [
        (missing(), [SerialRequired]),
        (missing(2, serials=(US80_1,)), [SerialRequired]),
        (missing(2, serials=(US80_1, US80_1)), [ValidationFailed]),
        (missing(serials=(US80_3,)), [ValidationFailed]),
        (missing(0), [ValidationFailed]),
        (missing(kind="LATE"), [ValidationFailed]),
        (missing(line=2, serials=(US80_1,)), [ValidationFailed]),
    ],
)
def test_what_is_missing_is_named_and_was_sent(found, refusals):
    signed(devices(), found).refuses(*refusals)


@pytest.mark.parametrize("found", [(missing(61),), (missing(40), missing(21))])
def test_no_more_is_missing_than_was_sent(found):
    signed(boxes(), *found).refuses(ValidationFailed)
