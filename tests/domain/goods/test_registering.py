"""Every device that becomes known is entered once in its product's register, however it comes."""

import pytest

from domain.flows.goods.correcting import ApproveCount, approve_count
from domain.flows.goods.counting import PostCount, post_count
from domain.flows.goods.opening import RegisterSerials, register_serials
from domain.flows.goods.receiving import receive_stock
from domain.flows.supply.producing import CreateWorkOrder, create, report_output
from domain.flows.supply.purchasing import CreateRequisition
from domain.flows.supply.purchasing import create as create_requisition
from domain.goods.serial_register import SerialRegister
from tests.domain.company import company
from tests.domain.supply.counts import ALL, approved, counted, devices
from tests.domain.supply.steps import bucket, output, receiving
from tests.domain.support import day, given
from tests.domain.world import FINANCE

NEW = "US80-26-0050"


def register(past):
    return past.get(SerialRegister, "US80").serials


def registered(past):
    made = {"manufacture_date": day("2026-02-01"), "registration_no": "R"}
    command = RegisterSerials(sku="US80", serials=[NEW], **made)
    return past.when(register_serials, command)


def bought(past):
    told = {"wh": "WH-SH", "need_date": day("2026-04-20"), "reason": "REPLENISHMENT"}
    past.when(create_requisition, CreateRequisition(item="US80", qty=1, **told)).accepted()
    command = receiving(("PURCHASE", "PR-0001"), bucket(0, NEW), sku="US80")
    return past.when(receive_stock, command)


def found(past):
    return approved(counted(past, devices(*ALL, NEW)))


def produced(past):
    wanted = CreateWorkOrder(sku="US80", wh="WH-WH", qty=1, due=day("2026-04-20"))
    past.when(create, wanted).accepted()
    return past.when(report_output, output("WO-0001", NEW))


@pytest.mark.parametrize(
    "comes",
    [
        registered,
        bought,
        found,
        produced,
    ],
)
def test_a_device_is_in_the_register_of_its_product_however_it_comes(comes):
    past = given(company())

    (told,) = comes(past).recorded(SerialRegister.Entered)

    assert (told.serials, told.by.user) == ((NEW,), "system:register")
    assert register(past).count(NEW) == 1


def test_a_device_that_is_found_again_is_not_entered_twice():
    past = approved(counted(given(company()), devices(*ALL[1:]))).accepted()
    told = {"lines": (devices(*ALL),), "counter": "a", "recounted_by": "b"}
    past.when(post_count, PostCount(sheet_id="SC-0002", wh="WH-SH", **told)).accepted()

    done = past.when(approve_count, ApproveCount(sheet_id="SC-0002"), by=FINANCE)

    assert done.recorded(SerialRegister.Entered) == []
    assert register(past).count(ALL[0]) == 1


def test_boxes_are_in_no_register():
    past = given(company())
    told = {"wh": "WH-SH", "need_date": day("2026-04-20"), "reason": "REPLENISHMENT"}
    past.when(create_requisition, CreateRequisition(item="INJ", qty=1, **told)).accepted()

    command = receiving(("PURCHASE", "PR-0001"), bucket(1, lot="INJ2512A"), sku="INJ")
    done = past.when(receive_stock, command)

    assert done.recorded(SerialRegister.Entered) == []
