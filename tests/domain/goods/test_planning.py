"""Planning: only what is reserved leaves, together for one receiver."""

import pytest

from domain.flows.goods.planning import ShipmentLine, plan_shipment
from domain.goods import shipment_events
from domain.goods.refusals import (
    LotRequired,
    NotReserved,
    QtySerialMismatch,
    SerialDuplicate,
    SerialRequired,
    ShipExceedsReserved,
    UnknownSku,
)
from domain.kernel.refusal import AlreadyExists, NotFound, ValidationFailed
from tests.domain.story import (
    US80_1,
    US80_2,
    US80_3,
    goods,
    of,
    placed,
    plan,
)

UNITS = goods("SO-0001", 1, "US80", US80_1, US80_2)


BOXES = goods("SO-0001", 2, "INJ", "INJ2512A", qty=60)


WITH_LOT = ShipmentLine(so="SO-0001", line=1, sku="US80", qty=1, lot="L-1", serials=(US80_1,))


def ordered():
    return placed(of("US80", 2, "266000"), of("INJ", 60, "1260"))


def planned(*lines):
    return ordered().when(plan_shipment, plan("SHP-0001", *lines)).accepted()


def test_a_shipment_is_planned_for_one_receiver():
    done = ordered().when(plan_shipment, plan("SHP-0001", UNITS, BOXES))

    (event,) = done.recorded(shipment_events.Planned)
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
