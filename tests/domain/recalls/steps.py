"""Steps of a recall: opening it over lots, devices and products, and what is asked of it later."""

from __future__ import annotations

from typing import Any

from domain.cases.recall import Recall
from domain.cases.recall_terms import LotScope, SerialRange
from domain.flows.cases.collecting import (
    AcknowledgeRecall,
    CheckEffectiveness,
    CloseRecall,
    NotifyConsignee,
    RecordRecovery,
    acknowledge_recall,
    check_effectiveness,
    close_recall,
    notify_consignee,
    record_recovery,
)
from domain.flows.cases.recalling import OpenRecall, open_recall
from domain.goods.shelf import Bucket
from domain.kernel.stamp import Actor
from tests.domain.diversion.steps import LOT, add, world
from tests.domain.supply.steps import QUALITY, shelf
from tests.domain.support import Given, When, day
from tests.domain.world import lot

OPENED_ON = "2026-03-24"
SECOND = "INJ2510C"
"""A lot that expires before the other."""


def of_lot(*lots: str, sku: str = "INJ") -> dict[str, Any]:
    return {"lots": tuple(LotScope(sku, one) for one in lots)}


def of_range(first: str, last: str) -> dict[str, Any]:
    return {"serial_ranges": (SerialRange(first.partition("-")[0], first, last),)}


def of_product(*skus: str) -> dict[str, Any]:
    return {"skus": skus}


def wish(on: str = OPENED_ON, **more: Any) -> OpenRecall:
    told = {"level": 2, "reason": "leaks", "decided_at": day(on)} | more
    return OpenRecall(**told)


def open_it(past: Given, by: Actor = QUALITY, on: str = OPENED_ON, **more: Any) -> When:
    """Quality decided on a recall that day, and opens it."""
    return past.when(open_recall, wish(on, **more), by=by, on=on)


def opened(past: Given, **more: Any) -> Given:
    return open_it(past, **more).accepted()


def notify(past: Given, consignee: str, on: str = OPENED_ON, **more: Any) -> When:
    told = {"recall_id": "RCL-0001", "channel": "PHONE", "sent_on": day(on)} | more
    by = told.pop("by", QUALITY)
    return past.when(notify_consignee, NotifyConsignee(consignee=consignee, **told), by=by, on=on)


def acknowledge(past: Given, consignee: str, by: Actor, on: str = OPENED_ON, **more: Any) -> When:
    told = {"recall_id": "RCL-0001"} | more
    command = AcknowledgeRecall(consignee=consignee, **told)
    return past.when(acknowledge_recall, command, by=by, on=on)


def recover(past: Given, consignee: str, qty: int, action: str = "RECOVERED", **more: Any) -> When:
    """So much of a consignee's goods, of a lot unless devices are named, came to an end."""
    told = {"recall_id": "RCL-0001", "sku": "INJ"} | more
    by = told.pop("by", QUALITY)
    if "serials" not in told:
        told = {"lot": LOT} | told
    command = RecordRecovery(consignee=consignee, qty=qty, action=action, **told)  # type: ignore[arg-type]
    return past.when(record_recovery, command, by=by, on=OPENED_ON)


def check(past: Given, effective: bool = True, **more: Any) -> When:
    told = {"recall_id": "RCL-0001", "document_hash": "sha256:check"} | more
    by = told.pop("by", QUALITY)
    command = CheckEffectiveness(effective=effective, **told)
    return past.when(check_effectiveness, command, by=by, on=OPENED_ON)


def close(past: Given, **more: Any) -> When:
    told = {"recall_id": "RCL-0001", "document_hash": "sha256:end"} | more
    by = told.pop("by", QUALITY)
    return past.when(close_recall, CloseRecall(**told), by=by, on=OPENED_ON)


def closed(past: Given, recall: str = "RCL-0001") -> Given:
    """It was found effective and closed."""
    check(past, recall_id=recall).accepted()
    return close(past, recall_id=recall).accepted()


def recall(past: Given, name: str = "RCL-0001") -> Recall:
    return past.get(Recall, name)


def had(past: Given, name: str = "RCL-0001") -> dict[str, int]:
    """Base units by consignee, as the recall lists them."""
    return {one.name: one.qty for one in recall(past, name).consignees.values()}


def locked(past: Given, name: str = "RCL-0001") -> dict[tuple[str, str], Any]:
    """What was locked, by warehouse and lot, or the devices by warehouse and product."""
    return {
        (one.warehouse, one.lot or one.sku): one.serials or one.qty
        for one in recall(past, name).locked
    }


def mine(past: Given, lot_no: str = LOT, wh: str = "WH-SH") -> Bucket:
    return shelf(past, wh, "INJ").lots[lot_no]


def marks(past: Given, wh: str, sku: str) -> dict[str, str]:
    """Why devices on a shelf may not be sold."""
    return {serial: unit.mark for serial, unit in shelf(past, wh, sku).units.items()}


def two_lots(qty: int = 80) -> Given:
    """Shanghai has two lots; orders get the second one first."""
    return add(world(), *lot("WH-SH", "INJ", SECOND, qty, "2027-10-31"))
