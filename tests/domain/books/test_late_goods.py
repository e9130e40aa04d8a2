"""Facts about goods are accepted whatever their date: their money is posted on the day they come in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.accounts import account_events
from domain.books import chart
from domain.books.refusals import PeriodNotOver
from domain.flows.books.closing import SoftClosePeriod
from domain.flows.goods.crediting import CreditReturn
from domain.flows.goods.losing import RecordLoss
from domain.flows.goods.returning import ApproveReturn, ReceiveReturn, RequestReturn
from domain.goods.goods_return import ReturnItem
from domain.goods.stock_item import StockItem
from domain.kernel.stamp import Actor, Stamp
from tests.domain.books import desk
from tests.domain.books.desk import APRIL, MARCH, ask, do
from tests.domain.story import plan, sending, signing
from tests.domain.support import SERVICE, Given, day
from tests.domain.world import DEALER_5, FINANCE, MGR_EAST

LAST, LATE = "2026-03-30", "2026-04-06"
WAREHOUSE = Actor("wh-sh-1", "WH", "WH-SH")
LATELY = {"on": LAST, "entered": LATE, "by": SERVICE}


def on_the_way() -> Given:
    """D05 owes, has goods on the way since 28 March, and March is closed."""
    past = desk.owing()
    desk.sent_out(past, 10, on="2026-03-28")
    desk.closed(past)
    return past


def back(past: Given) -> None:
    """Five boxes come back on 30 March, which is told on 6 April."""
    wanted = (ReturnItem(sku="INJ", qty=5, lot=bought_lot(past)),)
    asked = RequestReturn(dealer_id="D05", shipment="SHP-1", items=wanted, reason="COMMERCIAL")
    rma = do(past, asked, on=LAST, entered=LATE, by=SERVICE)["rma_id"]
    do(past, ApproveReturn(rma_id=rma), on=LAST, entered=LATE, by=MGR_EAST)
    do(past, ReceiveReturn(rma_id=rma, wh="WH-SH", items=wanted), **LATELY)


def bought_lot(past: Given) -> str:
    shelf = past.get(StockItem, "WH-SH", "INJ").shelf
    before = {"INJ2508B": 40, "INJ2512A": 200}
    return next(lot for lot, qty in before.items() if shelf.lots[lot].on_hand < qty)


def test_a_delivery_of_a_closed_month_is_invoiced_on_the_day_it_came_in():
    past = on_the_way()

    done = ask(past, signing("SHP-1", LAST), **LATELY)

    (posted,) = done.recorded(account_events.InvoicePosted)
    assert (posted.doc, posted.accounting_date, posted.effective_date) == (
        "INV-2604-001",
        day(LATE),
        day(LAST),
    )
    entry = desk.last_entry(past)
    assert (entry.day, entry.effective, entry.doc) == (day(LATE), day(LAST), "INV-2604-001")
    (line,) = desk.account(past).lines(APRIL)
    assert (line.kind, line.effective) == ("INVOICE", day(LAST))
    assert posted.due == day(LATE).replace(month=5)


def test_goods_that_were_sent_or_lost_then_are_posted_now():
    past = on_the_way()
    before = len(desk.entries(past, MARCH))
    so = do(past, desk.bought("D05", 3), on="2026-04-05", by=SERVICE)["so"]
    held = past.get(StockItem, "WH-SH", "INJ").shelf.reservations[so]
    line = desk.goods(so, 1, "INJ", str(held[0].lot), qty=3)
    scans = desk.pick("SHP-2", desk.scan("INJ", lot=held[0].lot))

    for one in (plan("SHP-2", line), scans, desk.review("SHP-2"), sending("SHP-2")):
        do(past, one, **LATELY)
    do(past, RecordLoss(shp_id="SHP-1", claim_no="CLAIM-1", reason="fire"), **LATELY)

    went, gone = desk.entries(past, APRIL)
    assert desk.told(went.lines) == {chart.GOODS_DISPATCHED: 300_00, chart.FINISHED_GOODS: -300_00}
    lost = {chart.PENDING_LOSS: 1_000_00, chart.GOODS_DISPATCHED: -1_000_00}
    assert desk.told(gone.lines) == lost
    for entry in (went, gone):
        assert (entry.day, entry.effective) == (day(LATE), day(LAST))
    assert len(desk.entries(past, MARCH)) == before


def test_a_return_of_a_closed_month_lowers_the_month_it_is_credited_in():
    """4.6, the golden D11: goods back on 30 March, told on 6 April."""
    past = desk.owing()
    invoice = desk.sold(past, on="2026-03-10")
    desk.closed(past)
    march = desk.account(past).balance_before(APRIL)
    back(past)
    credit = CreditReturn(
        rma_id="RMA-0001", invoice=invoice, red_info_no="RED", effective_date=day(LAST)
    )

    done = ask(past, credit, on=LATE)

    (note,) = done.recorded(account_events.CreditNotePosted)
    assert (note.doc, note.accounting_date, note.effective_date) == (
        "CN-2604-001",
        day(LATE),
        day(LAST),
    )
    assert (note.net, note.vat) == (6_300_00, 819_00)
    assert desk.account(past).balance_before(APRIL) == march == desk.statement(past).closing
    (line,) = desk.account(past).lines(APRIL)
    assert (line.amount, line.effective) == (-7_119_00, day(LAST))
    goods, money = desk.entries(past, APRIL)
    assert desk.told(goods.lines) == {chart.FINISHED_GOODS: 500_00, chart.COST_OF_SALES: -500_00}
    assert {one.effective for one in (goods, money)} == {day(LAST)}


def test_in_an_open_month_a_fact_is_posted_on_its_own_day_however_late_it_came():
    past = desk.owing()
    desk.sent_out(past, 10, on="2026-03-28")

    done = ask(past, signing("SHP-1", LAST), **LATELY)

    (posted,) = done.recorded(account_events.InvoicePosted)
    assert (posted.doc, posted.accounting_date, posted.effective_date) == (
        "INV-2603-001",
        day(LAST),
        None,
    )
    assert desk.last_entry(past).effective is None


def test_in_a_month_the_dealer_signed_it_is_invoiced_on_the_day_it_came_in():
    past = desk.owing()
    desk.sent_out(past, 10, on="2026-03-28")
    desk.issued(past)
    desk.signed(past)

    done = ask(past, signing("SHP-1", LAST), **LATELY)

    (posted,) = done.recorded(account_events.InvoicePosted)
    assert (posted.accounting_date, posted.effective_date) == (day(LATE), day(LAST))
    assert desk.statement(past).closing == desk.account(past).balance_before(APRIL)


@pytest.mark.parametrize(("by", "posted_on"), [(FINANCE, LAST), (SERVICE, LAST), (WAREHOUSE, LATE)])
def test_in_a_softly_closed_month_only_finance_and_automation_keep_the_day(by, posted_on):
    past = desk.owing()
    desk.sent_out(past, 10, on="2026-03-28")
    do(past, SoftClosePeriod(period=MARCH), on="2026-04-05")

    ask(past, signing("SHP-1", LAST), on=LAST, entered=LATE, by=by).accepted()

    assert desk.last_entry(past).day == day(posted_on)


def test_goods_are_accepted_in_a_softly_closed_month_that_still_runs():
    past = desk.owing()
    desk.sent_out(past, 10, on="2026-03-10")
    ask(past, SoftClosePeriod(period=MARCH), on="2026-03-12")

    ask(past, signing("SHP-1", "2026-03-13"), on="2026-03-13", by=WAREHOUSE).accepted()


def test_a_month_is_signed_once_it_is_over():
    """INV-RC-1: what comes later in the month would not be in it."""
    past = desk.owing()
    desk.sent_out(past, 10, on="2026-03-10")
    desk.issued(past, on="2026-03-20")
    do(past, desk.confirming(), by=DEALER_5, on="2026-03-21")

    ask(past, desk.signing_off(), by=desk.SECOND, on="2026-03-31").refuses(PeriodNotOver)
    ask(past, desk.signing_off(), by=desk.SECOND, on="2026-04-01").accepted()


@pytest.mark.parametrize(
    ("instant", "month"),
    [
        (datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC), MARCH),
        (datetime(2026, 3, 31, 16, 0, tzinfo=UTC), APRIL),
        (datetime(2026, 3, 31, 16, 30, tzinfo=UTC), APRIL),
        (datetime(2026, 2, 28, 16, 0, tzinfo=UTC), MARCH),
    ],
)
def test_m9_the_day_begins_at_midnight_in_china(instant, month):
    """M9: 2026-03-31T16:30Z is April 1."""
    anyone = Stamp(FINANCE, instant, day("2026-01-01"))

    assert desk.month_of(anyone.day_of(instant)) == month
