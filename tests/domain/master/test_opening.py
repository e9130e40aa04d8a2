"""Opening: the devices, goods and invoices that were there when the log began."""

from dataclasses import replace

import pytest

from domain.company.refusals import AlreadyPosted
from domain.flows.cases.observing import observe_scan
from domain.flows.goods.opening import (
    RegisterSerials,
    SetOpeningItem,
    SetOpeningStock,
    SetStockParameters,
    register_serials,
    set_opening_item,
    set_opening_stock,
    set_stock_parameters,
)
from domain.flows.orders.ordering import place_order
from domain.goods import serial_events, stock_events
from domain.goods.holders import Holders
from domain.goods.refusals import (
    LotNotSellable,
    LotRequired,
    QtySerialMismatch,
    SerialDuplicate,
    SerialNotAvailable,
    SerialRequired,
    UnknownSku,
)
from domain.goods.serial_number import SerialNumber
from domain.goods.serial_register import SerialRegister
from domain.goods.stock_item import StockItem
from domain.kernel.refusal import NotFound, ValidationFailed
from tests.domain.company import company
from tests.domain.story import of, order, seeing
from tests.domain.support import day, given, like
from tests.domain.world import DI

MADE = RegisterSerials(
    sku="US80", serials=["N1", "N2"], manufacture_date=day("2026-02-01"), registration_no="R"
)


def made():
    return given(company()).when(register_serials, MADE).accepted()


def stock(sku="US80", qty=2, wh="WH-WH", **named):
    return SetOpeningStock(wh=wh, sku=sku, qty=qty, **named)


def test_a_device_enters_the_register_once():
    past = (
        given(company())
        .when(register_serials, MADE)
        .then(
            like(serial_events.Registered, sku="US80", manufacture_date=day("2026-02-01")),
            serial_events.Registered,
            like(SerialRegister.Entered, serials=("N1", "N2")),
        )
    )

    past.when(register_serials, MADE).refuses(SerialDuplicate, SerialDuplicate, serial="N1")
    assert past.get(SerialNumber, DI["US80"], "N1").state == "MADE"


@pytest.mark.parametrize(
    ("changes", "refusals"),
    [
        ({"sku": "XXX"}, [UnknownSku]),
        ({"sku": "INJ"}, [ValidationFailed]),
        ({"serials": []}, [ValidationFailed]),
        ({"serials": ["a/b", ""]}, [ValidationFailed, ValidationFailed]),
        ({"serials": ["N1", "N2", "N1"]}, [SerialDuplicate]),
        ({"serials": ["US80-26-0001"]}, [SerialDuplicate]),
    ],
)
def test_devices_that_do_not_fit_are_refused(changes, refusals):
    given(company()).when(register_serials, replace(MADE, **changes)).refuses(*refusals)


def test_a_device_that_was_seen_before_it_was_registered_enters_the_register():
    seen = seeing("US80-N1", "330100", "FIELD_AUDIT")
    past = given(company()).when(observe_scan, seen).accepted()

    past.when(register_serials, replace(MADE, serials=["US80-N1"])).then(
        serial_events.Registered, like(SerialRegister.Entered, serials=("US80-N1",))
    )


def test_devices_and_goods_are_put_on_the_shelf():
    past = made()

    past.when(set_opening_stock, stock(serials=("N1", "N2"))).then(
        like(stock_events.OpeningSet, unit_cost=100_00),
        like(Holders.FirstStocked, warehouse="WH-WH"),
        like(serial_events.Stocked, warehouse="WH-WH", document="OPENING"),
        serial_events.Stocked,
    )
    past.when(set_opening_stock, stock("INJ", 7, "WH-GZ", lot="INJ2512A")).then(
        stock_events.OpeningSet, Holders.FirstStocked
    )
    shelf = past.get(StockItem, "WH-GZ", "INJ").shelf
    assert (shelf.lots["INJ2512A"].on_hand, shelf.lots["INJ2512A"].expiry) == (7, day("2027-11-30"))


@pytest.mark.parametrize(
    ("command", "refusals"),
    [
        (stock("XXX", 0, "WH-XX"), [ValidationFailed, UnknownSku, ValidationFailed]),
        (stock("US80"), [SerialRequired]),
        (stock("US80", 3, serials=("N1", "N2")), [QtySerialMismatch]),
        (stock("US80", 2, serials=("N1", "N1")), [SerialDuplicate]),
        (stock("US80", 2, serials=("N1", "N9")), [SerialNotAvailable]),
        (stock("US80", 1, serials=("US80-26-0001",)), [SerialNotAvailable]),
        (stock("US80", 1, serials=("N1",), lot="L"), [ValidationFailed]),
        (stock("INJ", 1), [LotRequired]),
        (stock("INJ", 1, lot="INJ9999Z"), [LotNotSellable]),
        (stock("INJ", 1, lot="INJ2512A", serials=("N1",)), [QtySerialMismatch]),
    ],
)
def test_opening_stock_that_does_not_fit_is_refused(command, refusals):
    made().when(set_opening_stock, command).refuses(*refusals)


def test_opening_stock_comes_before_the_first_movement():
    past = made().when(place_order, order("D05", of("US80", 1))).accepted()

    past.when(set_opening_stock, stock(wh="WH-SH", serials=("N1", "N2"))).refuses(AlreadyPosted)
    past.when(set_opening_stock, stock(wh="WH-BJ", serials=("N1", "N2"))).accepted()


def test_opening_stock_of_a_lot_that_is_set_twice_is_not_doubled():
    past = (
        given(company())
        .when(set_opening_stock, stock("INJ", 7, "WH-GZ", lot="INJ2512A"))
        .accepted()
    )

    past.when(set_opening_stock, stock("INJ", 7, "WH-GZ", lot="INJ2512A"))

    assert past.get(StockItem, "WH-GZ", "INJ").shelf.lots["INJ2512A"].on_hand == 7


def test_safety_stock_is_decided_once():
    command = SetStockParameters(wh="WH-SH", sku="INJ", safety_stock=60)

    given(company()).when(set_stock_parameters, command).then(
        like(stock_events.ParametersSet, safety_stock=60, valid_from=day("2026-03-02"))
    ).when(set_stock_parameters, command).then()


def test_safety_stock_is_of_a_product_in_a_warehouse_and_not_negative():
    nonsense = SetStockParameters(wh="WH-XX", sku="XXX", safety_stock=-1)

    given(company()).when(set_stock_parameters, nonsense).refuses(
        ValidationFailed, UnknownSku, ValidationFailed
    )


@pytest.mark.parametrize(
    ("changes", "refusals"),
    [
        ({"dealer_id": "D99"}, [NotFound]),
        ({"doc": "", "gross": 0}, [ValidationFailed, ValidationFailed]),
    ],
)
def test_an_open_invoice_that_does_not_fit_is_refused(changes, refusals):
    item = SetOpeningItem(dealer_id="D05", doc="INV-1", gross=1, due=day("2026-03-20"))

    given(company()).when(set_opening_item, replace(item, **changes)).refuses(*refusals)
