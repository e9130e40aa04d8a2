"""A device's own stream: each step needs the one before, and the order that claimed it."""

from decimal import Decimal

import pytest

from domain.goods import serial_events, stock_events
from domain.goods.passport import Passport
from domain.goods.refusals import SerialDuplicate, SerialNotAvailable
from domain.goods.serial_number import SerialNumber
from domain.goods.shelf import Goods
from domain.goods.stock_item import StockItem
from tests.domain.company import company
from tests.domain.story import US80_1
from tests.domain.support import day, fact, given, like, stamp
from tests.domain.world import BY, DI

STAMP = stamp()
KEY = (DI["US80"], "N1")
PASSPORT = Passport("D05", "SO-1", 1, "SHP-1", ("320000",), Decimal(266000))

MADE = serial_events.Registered(
    *BY, sku="US80", manufacture_date=day("2026-01-05"), registration_no="R"
)
STOCKED = serial_events.Stocked(*BY, warehouse="WH-SH", document="OPENING")
RESERVED = serial_events.Reserved(*BY, warehouse="WH-SH", so="SO-1")
SHIPPED = serial_events.Shipped(*BY, warehouse="WH-SH", passport=PASSPORT)
AT_DEALER = serial_events.Delivered(*BY, shp="SHP-1", receiver="D05", region_code="320100")
LIFE = (MADE, STOCKED, RESERVED, SHIPPED, AT_DEALER)

VERBS = {
    "register": lambda unit: unit.register("US80", day("2026-01-05"), "R", STAMP),
    "stock": lambda unit: unit.stock("WH-SH", "OPENING", STAMP),
    "reserve": lambda unit: unit.reserve("SO-1", STAMP),
    "release": lambda unit: unit.release("SO-1", "cancelled", STAMP),
    "ship": lambda unit: unit.ship(PASSPORT, STAMP),
    "deliver": lambda unit: unit.deliver(
        "SHP-1", "D05", "320100", day("2026-03-02"), STAMP, at_hospital=False
    ),
}


def after(*events):
    return given([fact(SerialNumber, *KEY, event) for event in events])


def do(verb):
    return lambda log: VERBS[verb](log.get(SerialNumber, *KEY))


@pytest.mark.parametrize(
    ("verb", "steps", "event"),
    [
        ("register", 0, serial_events.Registered),
        ("stock", 1, serial_events.Stocked),
        ("reserve", 2, serial_events.Reserved),
        ("release", 3, serial_events.Released),
        ("ship", 3, serial_events.Shipped),
        ("deliver", 4, serial_events.Delivered),
    ],
)
def test_each_step_of_a_device_needs_the_one_before(verb, steps, event):
    after(*LIFE[:steps]).when(do(verb)).then(event)
    for wrong in set(range(6)) - {steps}:
        refusal = SerialDuplicate if verb == "register" else SerialNotAvailable
        after(*LIFE[:wrong]).when(do(verb)).refuses(refusal)


@pytest.mark.parametrize(
    ("steps", "state", "warehouse", "dealer"),
    [
        (1, "MADE", None, None),
        (2, "IN_STOCK", "WH-SH", None),
        (3, "RESERVED", "WH-SH", None),
        (4, "SHIPPED", None, "D05"),
        (5, "AT_DEALER", None, "D05"),
    ],
)
def test_a_device_is_in_one_place_at_a_time(steps, state, warehouse, dealer):
    unit = after(*LIFE[:steps]).get(SerialNumber, *KEY)

    assert (unit.state, unit.warehouse, unit.dealer) == (state, warehouse, dealer)


def test_a_device_moves_for_the_order_that_claimed_it_only():
    other = serial_events.Reserved(*BY, warehouse="WH-SH", so="SO-2")
    past = after(MADE, STOCKED, other)

    past.when(do("ship")).refuses(SerialNotAvailable, order="SO-2")
    past.when(do("release")).refuses(SerialNotAvailable)


def test_a_device_that_was_released_is_free_for_another_order():
    past = (
        after(*LIFE[:3])
        .when(do("release"))
        .then(like(serial_events.Released, so="SO-1", reason="cancelled", warehouse="WH-SH"))
    )

    past.when(do("reserve")).then(like(serial_events.Reserved, so="SO-1"))


def test_a_unit_that_was_given_up_is_free_on_its_shelf():
    def item(log):
        return log.get(StockItem, "WH-SH", "US80")

    unit = Goods(1, serials=(US80_1,))
    past = given(company())
    past.when(lambda log: item(log).reserve("SO-1", 1, unit, (), STAMP)).accepted()
    past.when(lambda log: item(log).release("SO-1", 1, "cancelled", STAMP)).accepted()

    past.when(lambda log: item(log).reserve("SO-2", 1, unit, (), STAMP)).then(
        like(stock_events.Reserved, ref="SO-2", goods=unit)
    )
