"""Transfers for orders: what comes short waits, and what else happens to goods on their way."""

from domain.flows.goods.securing import MarkExpired, Quarantine, mark_expired, quarantine
from domain.flows.orders.ending import CancelOrder, ShortCloseLine, cancel_order, short_close_line
from domain.flows.orders.ordering import place_order
from domain.flows.supply.transferring import (
    ApproveTransfer,
    CancelTransfer,
    ConfirmTransferLoss,
    CreateTransfer,
    DispatchTransfer,
    ReceiveTransfer,
    approve_transfer,
    cancel_transfer,
    confirm_transfer_loss,
    create_transfer,
    dispatch_transfer,
    receive_transfer,
)
from domain.supply.transfer import Transfer
from tests.domain.company import company
from tests.domain.story import of, order, placed
from tests.domain.supply.steps import buckets, leads, line, of_lot, shelf, unit, units
from tests.domain.support import day, given

P1, P2, P3, P4 = (f"P5-26-000{number}" for number in range(1, 5))


def for_an_order(qty=4):
    """Two of D05's four P5 lie in Shanghai; the others are reserved in Wuhan to be brought."""
    past = given(company(), leads(2, ("WH-SH", "WH-WH")))
    return placed(of("P5", qty, "84000"), past=past)


def left(past, to="TO-0001"):
    past.when(dispatch_transfer, DispatchTransfer(to=to, waybill="WB-1")).accepted()
    return past


def arrival(*good, damaged=()):
    return ReceiveTransfer(to="TO-0001", good=good, damaged=damaged)


def lost(*goods):
    return ConfirmTransferLoss(to="TO-0001", goods=goods, claim_no="CLAIM-1")


def test_an_order_short_in_its_first_warehouse_has_the_rest_brought_there():
    past = for_an_order()

    assert buckets(past) == (2, 2, 0, 0)
    assert shelf(past, "WH-WH", "P5").available == 2
    assert past.get(Transfer, "TO-0001").known.due == day("2026-03-04")


def test_the_good_part_is_reserved_for_the_order_and_the_missing_part_waits():
    past = left(for_an_order())

    past.when(receive_transfer, arrival(units(P1))).accepted()

    assert buckets(past) == (3, 0, 1, 0)
    assert unit(past, P1).order == "SO-0001"
    waiting = [one for one in line(past).supplies if one.kind == "BACKORDER"]
    assert [(one.qty, one.ref) for one in waiting] == [(1, "")]


def test_the_damaged_part_waits_and_is_not_sourced_again_by_itself():
    past = left(for_an_order())

    past.when(receive_transfer, arrival(units(P1), damaged=(units(P2),))).accepted()

    assert buckets(past) == (3, 0, 1, 0)
    assert shelf(past, "WH-WH", "P5").available == 2
    assert unit(past, P2).state == "QUARANTINED"


def test_a_unit_that_comes_late_still_goes_to_who_waits():
    past = left(for_an_order())
    past.when(receive_transfer, arrival(units(P1))).accepted()

    past.when(receive_transfer, arrival(units(P2))).accepted()

    assert buckets(past) == (4, 0, 0, 0)


def test_a_cancelled_transfer_lets_its_order_wait():
    past = for_an_order()

    past.when(cancel_transfer, CancelTransfer(to="TO-0001", reason="no lorry")).accepted()

    assert buckets(past) == (2, 0, 2, 0)
    assert shelf(past, "WH-WH", "P5").available == 4


def test_a_lost_transfer_lets_its_order_wait():
    past = left(for_an_order())

    past.when(confirm_transfer_loss, lost(units(P1, P2))).accepted()

    assert buckets(past) == (2, 0, 2, 0)


def test_what_is_still_on_its_way_after_a_part_was_lost_is_still_for_the_order():
    past = left(for_an_order())
    past.when(confirm_transfer_loss, lost(units(P1))).accepted()
    assert buckets(past) == (2, 1, 1, 0)

    past.when(receive_transfer, arrival(units(P2))).accepted()

    assert buckets(past) == (3, 0, 1, 0)


def test_the_rest_of_a_partly_lost_transfer_goes_to_its_order_before_the_queue():
    past = left(for_an_order())
    # D04 wants the last two of Wuhan and two more, which are to be made: it waits since today.
    first = order("D04", of("P5", 4, "84000"))
    past.when(place_order, first).accepted()
    assert buckets(past, "SO-0002")[2] > 0
    past.when(confirm_transfer_loss, lost(units(P1))).accepted()

    past.when(receive_transfer, arrival(units(P2))).accepted()

    assert unit(past, P2).order == "SO-0001"


def test_an_order_cancelled_before_dispatch_cancels_its_transfer():
    past = for_an_order()

    past.when(cancel_order, CancelOrder(so_id="SO-0001", reason="not wanted")).accepted()

    assert past.get(Transfer, "TO-0001").state == "CANCELLED"
    assert [shelf(past, wh, "P5").available for wh in ("WH-WH", "WH-SH")] == [4, 2]


def test_an_order_cancelled_after_dispatch_lets_the_goods_come_for_stock():
    past = left(for_an_order())
    past.when(cancel_order, CancelOrder(so_id="SO-0001", reason="not wanted")).accepted()

    past.when(receive_transfer, arrival(units(P1, P2))).accepted()

    assert shelf(past, "WH-SH", "P5").available == 4
    assert not shelf(past, "WH-SH", "P5").reservations


def test_what_an_order_gives_up_of_a_transfer_comes_for_stock():
    past = for_an_order()
    closing = ShortCloseLine(so_id="SO-0001", line_no=1, qty=1, reason="DEALER_REQUEST")
    past.when(short_close_line, closing).accepted()
    left(past)

    past.when(receive_transfer, arrival(units(P1, P2))).accepted()

    assert buckets(past) == (3, 0, 0, 0)
    assert shelf(past, "WH-SH", "P5").available == 1


def test_goods_reserved_for_a_transfer_can_be_set_apart():
    past = for_an_order()
    held = Quarantine(
        wh="WH-WH", sku="P5", qty=1, serials=(P1,), reason="smell", qa_document="QA-1"
    )

    past.when(quarantine, held).accepted()

    assert unit(past, P1).state == "QUARANTINED"
    assert sum(buckets(past)) == 4
    assert not shelf(past, "WH-WH", "P5").units[P1].reserved_for


def test_a_lot_that_expires_while_a_transfer_holds_it_does_not_leave():
    past = given(company())
    wish = CreateTransfer(
        src="WH-SH", dst="WH-WH", sku="INJ", qty=40, goods=(of_lot(40, "INJ2508B"),)
    )
    past.when(create_transfer, wish, on="2026-07-31").accepted()
    past.when(approve_transfer, ApproveTransfer(to="TO-0001"), on="2026-07-31").accepted()
    past.when(mark_expired, MarkExpired(wh="WH-SH", sku="INJ"), on="2026-08-01").accepted()

    sending = past.when(
        dispatch_transfer, DispatchTransfer(to="TO-0001", waybill="WB"), on="2026-08-01"
    )

    assert sending.refusal is not None
    assert shelf(past, "WH-SH", "INJ").lots["INJ2508B"].blocked == 40
