"""Double entry for goods, at standard cost: where they come from, and where they go."""

from domain.flows.goods.correcting import ApproveCount
from domain.flows.goods.counting import Bucket, CountedLine, FreezeCount, PostCount
from domain.flows.goods.losing import RecordLoss
from domain.flows.goods.opening import RegisterSerials, SetOpeningStock
from domain.flows.goods.returning import ApproveReturn, ReceiveReturn
from domain.flows.supply.producing import CreateWorkOrder
from domain.flows.supply.purchasing import CreateRequisition
from domain.flows.supply.transferring import ConfirmTransferLoss
from domain.goods.package import Discrepancy
from tests.domain.company import company
from tests.domain.ledger.books import OPENED, credit, debit, does, moves, posts
from tests.domain.ledger.steps import CT, accepts, delivered
from tests.domain.story import (
    US80_1,
    US80_2,
    at_dealer,
    goods,
    of,
    placed,
    reviewed,
    sending,
    sent,
    signing,
)
from tests.domain.supply.steps import (
    REQUESTER,
    bucket,
    dispatched,
    item,
    output,
    receiving,
    units,
    wish_back,
)
from tests.domain.support import day, given
from tests.domain.world import FINANCE, MGR_EAST

COST, LOT, ON = 100_00, "INJ2512A", "2026-03-10"
NEW = ("P5-26-0101", "P5-26-0102")


def test_opening_stock_comes_from_the_technical_opening_account():
    past = given(company())
    told = {"manufacture_date": day("2026-01-01"), "registration_no": "REG-P5"}
    does(past, RegisterSerials(sku="P5", serials=list(NEW), **told), on=OPENED).accepted()

    stock = SetOpeningStock(wh="WH-BJ", sku="P5", qty=2, serials=NEW)

    posts(does(past, stock, on=OPENED), debit("1405", 2 * COST), credit("0000", 2 * COST))


def test_goods_that_were_bought_are_accrued():
    need = {"need_date": day("2026-03-20"), "reason": "REPLENISHMENT"}
    wish = CreateRequisition(item="P5", wh="WH-SH", qty=2, **need)
    past = does(given(company()), wish).accepted()

    done = does(past, receiving(("PURCHASE", "PR-0001"), bucket(0, *NEW)))

    posts(done, debit("1405", 2 * COST), credit("2202", 2 * COST))


def test_goods_that_were_made_take_production_cost():
    wish = CreateWorkOrder(sku="P5", wh="WH-WH", qty=2, due=day("2026-03-20"))
    past = does(given(company()), wish).accepted()
    does(past, output("WO-0001", *NEW)).accepted()

    came = does(past, receiving(("PRODUCTION", "WO-0001"), bucket(0, *NEW), wh="WH-WH"))

    posts(came, debit("1405", 2 * COST), credit("5001", 2 * COST))


def test_goods_that_leave_are_dispatched():
    past = placed(of("US80", 2))
    reviewed(past, "SHP-0001", goods("SO-0001", 1, "US80", US80_1, US80_2))

    posts(does(past, sending("SHP-0001")), debit("1406", 2 * COST), credit("1405", 2 * COST))


def returns(past, serial, on=ON):
    """Goods come back, by a wish of the dealer that was allowed."""
    asked = does(
        past, wish_back(item(serial.partition("-")[0], serial=serial)), on=on, by=REQUESTER
    )
    rma = asked.answer["rma_id"]
    does(past, ApproveReturn(rma_id=rma), on=on, by=MGR_EAST).accepted()
    parts = (item(serial.partition("-")[0], serial=serial),)
    return does(past, ReceiveReturn(rma_id=rma, wh="WH-SH", items=parts), on=on)


def test_a_return_takes_the_cost_of_sales_back():
    posts(returns(at_dealer(US80_1), US80_1), debit("1405", COST), credit("6401", COST))


def test_a_return_of_what_no_hospital_accepted_comes_from_the_goods_dispatched():
    posts(returns(delivered(CT), CT), debit("1405", COST), credit("1406", COST))


def test_a_return_of_what_a_hospital_accepted_takes_the_cost_of_sales_back():
    past = delivered(CT)
    accepts(past).accepted()

    posts(returns(past, CT, "2026-03-27"), debit("1405", COST), credit("6401", COST))


def test_a_shipment_that_is_lost_waits_for_who_pays_for_it():
    past = sent(placed(of("US80", 1)), "SHP-0001", goods("SO-0001", 1, "US80", US80_1))

    done = does(past, RecordLoss(shp_id="SHP-0001", claim_no="CLAIM-1", reason="fire"), on=ON)

    posts(done, debit("1901", COST), credit("1406", COST))


def test_what_is_missing_at_delivery_waits_for_who_pays_for_it_and_is_not_invoiced():
    past = sent(placed(of("INJ", 60, "1260")), "SHP-0001", goods("SO-0001", 1, "INJ", LOT, qty=60))
    short = Discrepancy(so="SO-0001", line=1, kind="SHORT", qty=2, lot=LOT)

    done = does(past, signing("SHP-0001", discrepancies=(short,)), on="2026-03-05")

    net = 58 * 1_260_00
    assert moves(done) == {
        "1901": 2 * COST,
        "1406": -60 * COST,
        "6401": 58 * COST,
        "6001": -net,
        "2221": -net * 13 // 100,
        "1122": net * 113 // 100,
    }


def test_what_a_transfer_lost_waits_for_who_pays_for_it():
    past = given(company())
    to = dispatched(past, "WH-SH", "WH-BJ", "US80", units(US80_1))

    lost = ConfirmTransferLoss(to=to, goods=(units(US80_1),), claim_no="CLAIM-1")

    posts(does(past, lost), debit("1901", COST), credit("1405", COST))


def counted(number):
    """WH-SH has 200 boxes of a lot; two people counted another number."""
    past = given(company())
    frozen = FreezeCount(wh="WH-SH", buckets=(Bucket(sku="INJ", lot=LOT),), sheet_id="SC-0001")
    does(past, frozen).accepted()
    seen = (CountedLine(sku="INJ", counted=number, lot=LOT),)
    two = {"counter": "wh-1", "recounted_by": "wh-2"}
    post = does(past, PostCount(sheet_id="SC-0001", wh="WH-SH", lines=seen, **two))
    return post, does(past, ApproveCount(sheet_id="SC-0001"), by=FINANCE)


def test_what_is_counted_short_is_an_expense_once_it_is_approved():
    post, approval = counted(197)

    posts(post)
    posts(approval, debit("6602", 3 * COST), credit("1405", 3 * COST))


def test_what_is_counted_more_gives_an_expense_back_once_it_is_approved():
    post, approval = counted(204)

    posts(post)
    posts(approval, debit("1405", 4 * COST), credit("6602", 4 * COST))
