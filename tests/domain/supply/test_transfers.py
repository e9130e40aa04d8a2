"""Transfers: goods that move between our warehouses, and what arrives of them."""

import pytest

from domain.accounts.dealer_account import DealerAccount
from domain.flows.goods.opening import SetStockParameters, set_stock_parameters
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
from domain.goods import serial_events, stock_events
from domain.goods.product_terms import ColdChain
from domain.goods.refusals import (
    InsufficientAtp,
    LotNotSellable,
    QtySerialMismatch,
    SerialDuplicate,
    SerialNotAvailable,
    SerialRequired,
)
from domain.goods.shelf import Goods
from domain.kernel.refusal import InvalidState, ValidationFailed
from domain.supply.refusals import (
    DonorBelowSafety,
    ReceiveExceedsDispatch,
    SameWarehouse,
    WarehouseClass,
)
from domain.supply.transfer import Transfer
from tests.domain.company import company
from tests.domain.supply.steps import dispatched, of_lot, product, shelf, unit, units
from tests.domain.support import given, like

P1, P2, P3, P4 = (f"P5-26-000{number}" for number in range(1, 5))


def moving(qty=2, **more):
    told = {"src": "WH-WH", "dst": "WH-SH", "sku": "P5"} | more
    return CreateTransfer(qty=qty, **told)


def on_the_way(*goods):
    """Two P5 left Wuhan for Shanghai, for nobody."""
    past = given(company())
    return past, dispatched(past, "WH-WH", "WH-SH", "P5", *(goods or (units(P1, P2),)))


def arrival(*good, damaged=(), to="TO-0001"):
    return ReceiveTransfer(to=to, good=good, damaged=damaged)


def lost(*goods, to="TO-0001"):
    return ConfirmTransferLoss(to=to, goods=goods, claim_no="CLAIM-1")


def sums(past, to="TO-0001"):
    """Good, damaged, in transit and lost."""
    transfer = past.get(Transfer, to)
    return transfer.good, transfer.damaged, transfer.in_transit, transfer.lost


@pytest.mark.parametrize(
    ("command", "refusals"),
    [
        (moving(dst="WH-WH"), [SameWarehouse]),
        (moving(0), [ValidationFailed]),
        (moving(src="WH-XX", dst="WH-YY"), [ValidationFailed, ValidationFailed]),
        (moving(5), [DonorBelowSafety]),
        (moving(1, goods=(units(P1, P2),)), [ValidationFailed]),
        (moving(1, goods=(units("P5-26-0005"),)), [SerialNotAvailable]),
        (moving(1, goods=(of_lot(1),)), [SerialRequired, ValidationFailed, LotNotSellable]),
        (moving(301, sku="INJ", goods=(of_lot(301),)), [DonorBelowSafety, InsufficientAtp]),
        (moving(2, goods=(units(P1, P1),)), [SerialDuplicate]),
    ],
)
def test_only_what_the_donor_has_may_be_asked_of_it(command, refusals):
    given(company()).when(create_transfer, command).refuses(*refusals)


def test_a_lot_beyond_its_last_day_is_not_moved():
    wish = moving(5, sku="INJ", src="WH-SH", dst="WH-WH", goods=(of_lot(5, "INJ2508B"),))

    given(company()).when(create_transfer, wish, on="2026-07-31").accepted()
    given(company()).when(create_transfer, wish, on="2026-08-01").refuses(LotNotSellable)


def test_goods_that_are_kept_cold_go_only_where_it_is_cold():
    past = given(company(), product("P5", cold_chain=ColdChain(20, 80)))

    past.when(create_transfer, moving()).refuses(WarehouseClass)


def test_a_transfer_leaves_the_donor_its_safety_stock_also_at_approval():
    past = given(company())
    kept = SetStockParameters(wh="WH-WH", sku="P5", safety_stock=3)
    past.when(create_transfer, moving(2)).accepted()
    past.when(set_stock_parameters, kept).accepted()

    past.when(create_transfer, moving(2)).refuses(DonorBelowSafety, surplus=1, wanted=2)
    past.when(approve_transfer, ApproveTransfer(to="TO-0001")).refuses(DonorBelowSafety)
    past.when(create_transfer, moving(1)).accepted()


def test_a_transfer_asked_for_claims_nothing_before_it_is_approved():
    past = given(company())
    past.when(create_transfer, moving(4)).accepted()
    assert shelf(past, "WH-WH", "P5").available == 4

    past.when(approve_transfer, ApproveTransfer(to="TO-0001")).accepted()

    assert shelf(past, "WH-WH", "P5").available == 0
    assert unit(past, P1).state == "RESERVED"


def test_goods_on_their_way_are_in_neither_warehouse():
    past, _ = on_the_way()

    assert [shelf(past, wh, "P5").on_hand for wh in ("WH-WH", "WH-SH")] == [2, 2]
    assert (unit(past, P1).state, unit(past, P1).warehouse) == ("IN_TRANSFER", None)


@pytest.mark.parametrize(
    ("good", "damaged", "gone", "expected", "state"),
    [
        ((P1, P2), (), (), (2, 0, 0, 0), "RECEIVED"),
        ((P1,), (P2,), (), (1, 1, 0, 0), "RECEIVED"),
        ((P1,), (), (), (1, 0, 1, 0), "PARTIALLY_RECEIVED"),
        ((P1,), (), (P2,), (1, 0, 0, 1), "RECEIVED"),
        ((), (), (P1,), (0, 0, 1, 1), "DISPATCHED"),
        ((), (), (P1, P2), (0, 0, 0, 2), "LOST"),
    ],
)
def test_inv_tr_1_what_left_is_good_damaged_on_its_way_or_lost(
    good, damaged, gone, expected, state
):
    past, to = on_the_way()
    if good or damaged:
        broken = (units(*damaged),) if damaged else ()
        past.when(receive_transfer, arrival(units(*good), damaged=broken)).accepted()
    if gone:
        past.when(confirm_transfer_loss, lost(units(*gone))).accepted()

    assert (sums(past, to), past.get(Transfer, to).state) == (expected, state)


def test_inv_tr_1_holds_for_parts_of_a_lot_that_come_one_after_another():
    past = given(company())
    dispatched(past, "WH-WH", "WH-SH", "INJ", of_lot(100))
    past.when(receive_transfer, arrival(of_lot(40), damaged=(of_lot(5),))).accepted()
    assert sums(past) == (40, 5, 55, 0)

    past.when(confirm_transfer_loss, lost(of_lot(30))).accepted()
    past.when(receive_transfer, arrival(of_lot(26))).refuses(ReceiveExceedsDispatch)
    past.when(receive_transfer, arrival(of_lot(25))).accepted()

    assert sums(past) == (65, 5, 0, 30)
    mine = shelf(past, "WH-SH", "INJ").lots["INJ2512A"]
    assert (mine.on_hand, mine.quarantined, mine.available) == (270, 5, 265)


@pytest.mark.parametrize(
    "goods",
    [
        Goods(2, serials=(P1,)),
        Goods(1, serials=(P1, P2)),
    ],
)
def test_inv_tr_1_a_loss_says_as_many_units_as_it_names(goods):
    past, to = on_the_way()

    past.when(confirm_transfer_loss, lost(goods)).refuses(QtySerialMismatch)

    assert sums(past, to) == (0, 0, 2, 0)


def test_inv_tr_1_a_loss_of_a_lot_does_not_name_it_as_a_unit():
    past = given(company())
    dispatched(past, "WH-WH", "WH-SH", "INJ", of_lot(100))
    strange = Goods(50, lot="INJ2512A", serials=("INJ2512A",))

    past.when(confirm_transfer_loss, lost(strange)).refuses(QtySerialMismatch)

    assert sums(past) == (0, 0, 100, 0)


def test_inv_tr_2_goods_that_stay_ours_make_no_revenue_and_no_tax():
    past, to = on_the_way()
    past.when(receive_transfer, arrival(units(P1), to=to)).accepted()
    past.when(confirm_transfer_loss, lost(units(P2), to=to)).accepted()

    streams = {stream.partition("/")[0] for stream, _, _ in past.log.journal}
    assert DealerAccount.CATEGORY not in streams
    assert {"Transfer", "Stock"} <= streams


@pytest.mark.parametrize(
    ("good", "damaged"),
    [
        ((units(P3),), ()),
        ((units(P1, P3),), ()),
        ((units(P1),), (units(P1),)),
        ((units(P1), units(P1)), ()),
        ((), (units("P5-26-0005"),)),
    ],
)
def test_inv_tr_3_a_unit_that_was_not_sent_does_not_arrive(good, damaged):
    past, to = on_the_way()

    past.when(receive_transfer, arrival(*good, damaged=damaged, to=to)).refuses(
        ReceiveExceedsDispatch
    )


def test_inv_tr_3_a_lot_that_was_not_sent_does_not_arrive():
    past = given(company())
    dispatched(past, "WH-WH", "WH-SH", "INJ", of_lot(100))

    past.when(receive_transfer, arrival(of_lot(10, "INJ2508B"))).refuses(ReceiveExceedsDispatch)
    past.when(receive_transfer, arrival(of_lot(101))).refuses(ReceiveExceedsDispatch)


def test_damaged_units_wait_in_quarantine_where_they_arrive():
    past, to = on_the_way()

    done = past.when(receive_transfer, arrival(units(P1), damaged=(units(P2),), to=to))

    assert [one.goods.serials for one in done.recorded(stock_events.Quarantined)] == [(P2,)]
    assert (unit(past, P2).state, unit(past, P2).warehouse) == ("QUARANTINED", "WH-SH")
    assert shelf(past, "WH-SH", "P5").available == 3


def test_a_unit_that_arrived_is_bound_to_no_transfer_any_more():
    past, to = on_the_way()
    past.when(receive_transfer, arrival(units(P1, P2), to=to)).accepted()

    assert [(unit(past, one).state, unit(past, one).order) for one in (P1, P2)] == [
        ("IN_STOCK", None)
    ] * 2


def test_inv_st_8_what_has_left_ends_only_by_receipt_or_loss():
    past, to = on_the_way()

    past.when(cancel_transfer, CancelTransfer(to=to, reason="wrong")).refuses(InvalidState)
    past.when(dispatch_transfer, DispatchTransfer(to=to, waybill="WB-2")).refuses(InvalidState)
    assert sums(past) == (0, 0, 2, 0)
    past.when(receive_transfer, arrival(units(P1, P2), to=to)).accepted()
    past.when(confirm_transfer_loss, lost(units(P1), to=to)).refuses(InvalidState)


def test_a_transfer_that_is_cancelled_frees_exactly_what_it_held():
    past = given(company())
    past.when(create_transfer, moving(3)).accepted()
    past.when(approve_transfer, ApproveTransfer(to="TO-0001")).accepted()

    past.when(cancel_transfer, CancelTransfer(to="TO-0001", reason="wrong")).then(
        Transfer.Cancelled,
        stock_events.ReservationReleased,
        *[serial_events.Released] * 3,
    )

    assert shelf(past, "WH-WH", "P5").available == 4


def test_a_lost_unit_is_given_up_for_good():
    past, to = on_the_way()
    past.when(confirm_transfer_loss, lost(units(P1), to=to)).then(
        like(Transfer.LossConfirmed, claim_no="CLAIM-1"),
        like(serial_events.Lost, document=to),
    )
    assert unit(past, P1).state == "LOST"
