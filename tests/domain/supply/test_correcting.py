"""Correcting: what a count may change while other goods of the product move or are set apart."""

from domain.flows.goods.correcting import ApproveCount, approve_count
from domain.flows.goods.counting import (
    Bucket,
    CountedLine,
    FreezeCount,
    PostCount,
    freeze_count,
    post_count,
)
from domain.flows.goods.securing import Quarantine, quarantine
from tests.domain.company import company
from tests.domain.story import goods, of, placed, sent
from tests.domain.supply.steps import shelf
from tests.domain.support import given
from tests.domain.world import FINANCE

LOT, OLD = "INJ2512A", "INJ2508B"


def frozen(past, lot):
    told = {"wh": "WH-SH", "buckets": (Bucket(sku="INJ", lot=lot),), "sheet_id": "SC-0001"}
    return past.when(freeze_count, FreezeCount(**told)).accepted()


def counting(lot, number):
    line = CountedLine(sku="INJ", counted=number, lot=lot)
    told = {"counter": "wh-1", "recounted_by": "wh-2", "lines": (line,)}
    return PostCount(sheet_id="SC-0001", wh="WH-SH", **told)


def test_goods_of_another_lot_that_leave_do_not_make_a_count_stale():
    past = frozen(placed(of("INJ", 60, "1260")), OLD)
    sent(past, "SHP-0001", goods("SO-0001", 1, "INJ", LOT, qty=60))

    past.when(post_count, counting(OLD, 38)).accepted()
    past.when(approve_count, ApproveCount(sheet_id="SC-0001"), by=FINANCE).accepted()

    assert shelf(past, "WH-SH", "INJ").lots[OLD].on_hand == 38


def test_boxes_that_are_missing_may_be_more_than_those_that_are_free():
    past = given(company())
    held = Quarantine(wh="WH-SH", sku="INJ", qty=150, lot=LOT, reason="smell", qa_document="QA-1")
    past.when(quarantine, held).accepted()
    past.when(post_count, counting(LOT, 120)).accepted()

    past.when(approve_count, ApproveCount(sheet_id="SC-0001"), by=FINANCE).accepted()

    mine = shelf(past, "WH-SH", "INJ").lots[LOT]
    assert (mine.on_hand, mine.quarantined + mine.available) == (120, 120)
    assert min(mine.quarantined, mine.available) >= 0
