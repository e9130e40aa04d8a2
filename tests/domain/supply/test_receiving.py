"""Receiving: what comes in, what its inspection says, and what the books say of it afterwards."""

import pytest

from domain.flows.goods.receiving import receive_stock
from domain.flows.goods.securing import ScrapStock, scrap_stock
from domain.flows.supply.producing import CreateWorkOrder, create, report_output
from domain.flows.supply.purchasing import CreateRequisition
from domain.flows.supply.purchasing import create as create_requisition
from domain.goods import stock_events
from domain.goods.lot import Lot
from domain.goods.product_terms import ColdChain
from domain.goods.refusals import (
    ExpiredOnReceipt,
    LotNotSellable,
    LotRequired,
    QtySerialMismatch,
    SerialDuplicate,
    SerialNotAvailable,
    SerialRequired,
    UnknownSku,
)
from domain.goods.serial_number import SerialNumber
from domain.goods.warehouse import Warehouse
from domain.kernel.refusal import NotFound, ValidationFailed
from domain.orders.refusals import RegistrationMissing
from domain.supply.refusals import OverOutput, QcNotPassed, WarehouseClass
from domain.supply.requisition import Requisition
from tests.domain.company import company
from tests.domain.supply.steps import (
    QUALITY,
    bucket,
    output,
    output_lot,
    product,
    receiving,
    shelf,
    unit,
)
from tests.domain.support import TODAY, day, fact, given
from tests.domain.world import BY, DI

BOUGHT, MADE = ("PURCHASE", "PR-0001"), ("PRODUCTION", "WO-0001")
N1, N2, N3 = "P5-26-0101", "P5-26-0102", "P5-26-0103"
FRESH = {"manufacture_date": day("2026-02-01"), "expiry": day("2028-01-31")}


def bought(sku="P5", qty=10, *more):
    """A requisition of a product for Shanghai."""
    wish = CreateRequisition(
        item=sku, wh="WH-SH", qty=qty, need_date=day("2026-03-20"), reason="REPLENISHMENT"
    )
    return given(company(), *more).when(create_requisition, wish).accepted()


def planned(sku="P5", qty=3):
    """A work order of a product for Wuhan."""
    wish = CreateWorkOrder(sku=sku, wh="WH-WH", qty=qty, due=day("2026-03-20"))
    return given(company()).when(create, wish).accepted()


def boxes(qty, name="INJ2603D", **more):
    return bucket(qty, lot=name, **(FRESH | more))


def test_what_was_bought_is_on_the_shelf_and_in_the_register():
    past = bought()

    done = past.when(receive_stock, receiving(BOUGHT, bucket(0, N1, N2)))

    (told,) = done.recorded(stock_events.Received)
    assert (told.source, told.source_ref, told.inspector) == ("PURCHASE", "PR-0001", "qc-1")
    assert (told.qualified, told.registration_no) == (2, "REG-1")
    assert shelf(past, "WH-SH", "P5").on_hand == 4
    assert [unit(past, one).state for one in (N1, N2)] == ["IN_STOCK"] * 2


@pytest.mark.parametrize(
    ("command", "refusals"),
    [
        (receiving(BOUGHT), [ValidationFailed]),
        (receiving(BOUGHT, bucket(1)), [SerialRequired]),
        (receiving(BOUGHT, bucket(2, N1)), [QtySerialMismatch]),
        (receiving(BOUGHT, bucket(2, N1, N1)), [SerialDuplicate]),
        (receiving(BOUGHT, bucket(0, N1), bucket(0, N1)), [SerialDuplicate]),
        (receiving(BOUGHT, bucket(0, "P5-26-0001")), [SerialDuplicate]),
        (receiving(BOUGHT, bucket(0, N1, registration_no=" ")), [RegistrationMissing]),
        (receiving(BOUGHT, bucket(0, N1), wh="WH-XX"), [ValidationFailed]),
        (receiving(BOUGHT, bucket(0, N1), sku="P9"), [UnknownSku]),
        (receiving(BOUGHT, bucket(0, N1), passed=2), [ValidationFailed]),
        (receiving(BOUGHT, bucket(0, N1), passed=-1), [ValidationFailed]),
        (receiving(BOUGHT, bucket(0, "US80-26-0101"), sku="US80"), [ValidationFailed]),
        (receiving(("PURCHASE", "PR-0009"), bucket(0, N1)), [NotFound]),
        (receiving(BOUGHT, bucket(0, N1, manufacture_date=None)), [ValidationFailed]),
    ],
)
def test_goods_come_in_with_everything_that_must_be_known_of_them(command, refusals):
    bought().when(receive_stock, command).refuses(*refusals)


@pytest.mark.parametrize(
    ("part", "refusals"),
    [
        (bucket(5), [LotRequired]),
        (bucket(5, lot="INJ2603D"), [ValidationFailed]),
        (boxes(5, expiry=day("2026-01-31")), [ExpiredOnReceipt, ValidationFailed]),
        (boxes(5, "INJ2512A", expiry=day("2027-12-31")), [LotNotSellable]),
    ],
)
def test_a_lot_comes_in_with_its_own_dates(part, refusals):
    command = receiving(BOUGHT, part, sku="INJ")

    bought("INJ").when(receive_stock, command).refuses(*refusals)


def test_a_lot_is_usable_through_its_last_day():
    last = boxes(5, expiry=day(TODAY))
    over = boxes(5, expiry=day("2026-03-01"))

    bought("INJ").when(receive_stock, receiving(BOUGHT, last, sku="INJ")).accepted()
    bought("INJ").when(receive_stock, receiving(BOUGHT, over, sku="INJ")).refuses(ExpiredOnReceipt)


def test_a_new_lot_has_one_expiry_only():
    both = (boxes(5), boxes(5, expiry=day("2029-01-31")))

    refused = bought("INJ").when(receive_stock, receiving(BOUGHT, *both, sku="INJ")).refusal

    assert isinstance(refused, LotNotSellable)


def test_a_known_lot_keeps_the_dates_of_its_register():
    past = bought("INJ")
    past.when(receive_stock, receiving(BOUGHT, bucket(5, lot="INJ2512A"), sku="INJ")).accepted()

    mine = shelf(past, "WH-SH", "INJ").lots["INJ2512A"]
    assert (mine.on_hand, mine.expiry) == (205, past.get(Lot, "INJ", "INJ2512A").expiry)


def test_what_did_not_pass_waits_in_quarantine_the_last_units_first():
    past = bought()

    past.when(
        receive_stock,
        receiving(BOUGHT, bucket(0, N1), bucket(0, N2, N3), result="PARTIAL", passed=2),
    ).accepted()

    assert [unit(past, one).state for one in (N1, N2, N3)] == [
        "IN_STOCK",
        "IN_STOCK",
        "QUARANTINED",
    ]
    assert shelf(past, "WH-SH", "P5").available == 4


def test_goods_that_were_rejected_are_not_sold():
    past = bought()

    past.when(receive_stock, receiving(BOUGHT, bucket(0, N1), result="REJECTED"))

    assert shelf(past, "WH-SH", "P5").available == 2


COLD = product("INJ", cold_chain=ColdChain(20, 80))


def test_goods_that_are_kept_cold_come_in_with_their_temperature():
    chilled = Warehouse.Registered(*BY, region_code="310000", sales_region="EAST", cold=True)
    past = bought("INJ", 10, COLD, fact(Warehouse, "WH-SH", chilled))
    command = receiving(BOUGHT, boxes(5), sku="INJ")

    past.when(receive_stock, command).refuses(ValidationFailed, field="temperature")
    warm = receiving(BOUGHT, boxes(5), sku="INJ", temperature="5.2")
    assert past.when(receive_stock, warm).recorded(stock_events.Received)[0].temperature == "5.2"


def test_a_warm_warehouse_takes_in_nothing_that_is_kept_cold():
    past = bought("INJ", 10, COLD)
    command = receiving(BOUGHT, boxes(5), sku="INJ", temperature="5.2")

    past.when(receive_stock, command).refuses(WarehouseClass, wh="WH-SH")


def test_inv_pq_3_a_receipt_is_an_inspection_record_of_its_requisition():
    past = bought(qty=3)

    done = past.when(receive_stock, receiving(BOUGHT, bucket(0, N1)))

    (told,) = done.recorded(Requisition.Received)
    assert (told.qty, told.inspector, told.expected, told.state) == (
        1,
        "qc-1",
        2,
        "PARTIALLY_RECEIVED",
    )
    past.when(receive_stock, receiving(BOUGHT, bucket(0, N2, N3))).accepted()
    assert past.get(Requisition, "PR-0001").state == "RECEIVED"


def test_inv_wo_2_what_was_made_lies_nowhere_before_it_is_released():
    past = planned()
    past.when(report_output, output("WO-0001", N1, N2)).accepted()
    assert (shelf(past, "WH-WH", "P5").on_hand, unit(past, N1).state) == (4, "MADE")
    command = receiving(MADE, bucket(0, N1, N2), wh="WH-WH", result="REJECTED")
    past.when(receive_stock, command).refuses(QcNotPassed)

    past.when(receive_stock, receiving(MADE, bucket(0, N1, N2), wh="WH-WH")).accepted()

    assert (shelf(past, "WH-WH", "P5").on_hand, unit(past, N1).state) == (6, "IN_STOCK")


def test_no_more_comes_of_a_work_order_than_it_has_made():
    past = planned("INJ", 50)
    past.when(report_output, output_lot("WO-0001", 30, "INJ2603E")).accepted()

    more = receiving(MADE, bucket(31, lot="INJ2603E"), sku="INJ", wh="WH-WH")
    past.when(receive_stock, more).refuses(OverOutput)
    past.when(receive_stock, receiving(MADE, bucket(0, N1), wh="WH-WH")).refuses(SerialNotAvailable)


def test_a_lot_that_the_work_order_did_not_make_does_not_come_of_it():
    past = planned("INJ", 50)
    past.when(report_output, output_lot("WO-0001", 30, "INJ2603E")).accepted()

    ghost = receiving(MADE, boxes(30, "GHOST"), sku="INJ", wh="WH-WH")

    assert past.when(receive_stock, ghost).refusal is not None


def test_a_unit_that_another_work_order_made_does_not_come_of_this_one():
    past = planned()
    again = CreateWorkOrder(sku="P5", wh="WH-WH", qty=3, due=day("2026-03-20"))
    past.when(create, again).accepted()
    past.when(report_output, output("WO-0001", N1)).accepted()
    past.when(report_output, output("WO-0002", N2)).accepted()

    assert past.when(receive_stock, receiving(MADE, bucket(0, N2), wh="WH-WH")).refusal is not None


def test_inv_sn_1_a_scrapped_number_is_never_used_again():
    past = bought()
    command = receiving(BOUGHT, bucket(0, N1), result="REJECTED", passed=0)
    past.when(receive_stock, command).accepted()
    gone = ScrapStock(wh="WH-SH", sku="P5", qty=1, serials=(N1,), reason="bad", qa_document="QA-1")
    past.when(scrap_stock, gone, by=QUALITY).accepted()
    assert unit(past, N1).state == "SCRAPPED"

    past.when(receive_stock, receiving(BOUGHT, bucket(0, N1))).refuses(SerialDuplicate)
    past.when(create, CreateWorkOrder(sku="P5", wh="WH-WH", qty=1, due=day(TODAY))).accepted()
    past.when(report_output, output("WO-0001", N1)).refuses(SerialDuplicate)


def test_inv_sn_1_two_products_may_share_a_serial_text():
    past = bought()

    past.when(receive_stock, receiving(BOUGHT, bucket(0, "US80-26-0001"))).accepted()

    shared = [past.get(SerialNumber, DI[sku], "US80-26-0001").sku for sku in ("P5", "US80")]
    assert shared == ["P5", "US80"]
