"""Counts in a few words: what is frozen, what was found, and by whom."""

from __future__ import annotations

from typing import Any

from domain.flows.goods.correcting import ApproveCount, approve_count
from domain.flows.goods.counting import Bucket, CountedLine, FreezeCount, PostCount, post_count
from domain.kernel.stamp import Actor
from tests.domain.story import US80_1, US80_2, US80_3
from tests.domain.support import Given, When
from tests.domain.world import FINANCE

SHEET = "SC-0001"
US80_4 = "US80-26-0004"
ALL = (US80_1, US80_2, US80_3, US80_4)
LOT = "INJ2512A"
COUNTER = Actor("wh-1", "WH")


def freezing(*parts: Bucket, wh: str = "WH-SH") -> FreezeCount:
    return FreezeCount(wh=wh, buckets=parts, sheet_id=SHEET)


def boxes(counted: int, lot: str = LOT) -> CountedLine:
    return CountedLine(sku="INJ", counted=counted, lot=lot)


def devices(*serials: str, counted: int | None = None, sku: str = "US80") -> CountedLine:
    number = len(serials) if counted is None else counted
    return CountedLine(sku=sku, counted=number, serials_found=serials)


def counting(
    *lines: CountedLine, recounted: str | None = None, wh: str = "WH-SH", counter: str = "wh-1"
) -> PostCount:
    return PostCount(sheet_id=SHEET, wh=wh, lines=lines, counter=counter, recounted_by=recounted)


def counted(past: Given, *lines: CountedLine, wh: str = "WH-SH") -> Given:
    """Two people counted."""
    return past.when(post_count, counting(*lines, recounted="wh-2", wh=wh), by=COUNTER).accepted()


def approved(past: Given, by: Any = FINANCE) -> When:
    return past.when(approve_count, ApproveCount(sheet_id=SHEET), by=by)
