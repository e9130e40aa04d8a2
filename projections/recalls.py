"""Recalls: what they cover, what was locked, who has it, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import BigInteger, Boolean, Column, Computed, Date, Integer

from domain.cases.recall import Recall
from projections.columns import count, key, movement_table, state_table, text
from projections.effects import Add, Append, Change, Fact, Projection, Put, events_in

recalls = state_table(
    "recalls",
    "Every recall and every drill of one.",
    key("recall", "Recall."),
    text("state", "OPENED to CLOSED."),
    Column("level", Integer, comment="Class: 1 for the gravest, to 3."),
    Column("drill", Boolean, comment="Whether it was only tried out."),
    text("scope", "Products, lots and ranges of serial numbers, as JSON."),
    text("reason", "Why."),
    text("instruction", "RETURN, CORRECT or DESTROY."),
    Column("decided_at", Date, comment="Day of the decision."),
    Column("deadline", Date, comment="Last day on which consignees must be told."),
    count("locked", "Base units that were locked with us."),
    count("consignees", "Dealers and hospitals that were found."),
    count("notified", "Of these, those that were told."),
    count("acknowledged", "Of these, those that confirmed."),
    Column("effective", Boolean, comment="Whether it reached everybody."),
    Column("outstanding", BigInteger, comment="Base units that were never found, once closed."),
)

recall_list = state_table(
    "recall_list",
    "Everybody who has, or sold on, what a recall covers. Base units.",
    key("recall", "Recall."),
    key("consignee", "Dealer or hospital."),
    text("kind", "DEALER or HOSPITAL."),
    text("through", "Dealer that the hospital bought from."),
    text("contact", "Whom to tell: the registered name, and where."),
    text("goods", "Products with lots or serial numbers, as JSON."),
    count("qty", "What it had when the recall was opened; below 0 where a book is short."),
    Column("notified_on", Date, comment="Day on which it was told."),
    Column("acknowledged_on", Date, comment="Day on which it confirmed."),
    count("recovered", "Came back."),
    count("corrected", "Was corrected in place."),
    count("destroyed", "Was destroyed in place."),
    count("used", "Had been used up."),
    count("lost", "Cannot be found."),
    Column(
        "outstanding",
        BigInteger,
        Computed("qty - recovered - corrected - destroyed - used - lost", persisted=True),
        comment="qty - recovered - corrected - destroyed - used - lost.",
    ),
)

recall_stock = movement_table(
    "recall_stock",
    "What of a recall was with us, and was locked when it was opened.",
    text("recall", "Recall."),
    text("wh", "Warehouse."),
    text("sku", "Product."),
    text("lot", "Lot; empty for devices."),
    text("serials", "Serial numbers, separated by commas."),
    count("qty", "Base units."),
)


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    event, row = fact.event, {"recall": fact.key[0]}
    match event:
        case Recall.Opened():
            same = ("level", "drill", "reason", "instruction", "decided_at", "deadline")
            told = {name: getattr(event, name) for name in same}
            scope = msgspec.json.encode(event.scope).decode()
            yield Put(recalls, row, told | {"state": "OPENED", "scope": scope})
        case Recall.GoodsLocked(goods=goods):
            for seq, lock in enumerate(goods):
                where = {"wh": lock.warehouse, "sku": lock.sku, "lot": lock.lot, "qty": lock.qty}
                yield Append(recall_stock, row | where | {"serials": ",".join(lock.serials)}, seq)
            locked = {"locked": sum(lock.qty for lock in goods)}
            yield Put(recalls, row, {"state": "STOCK_LOCKED"} | locked)
        case Recall.ConsigneesListed(consignees=consignees):
            yield Put(recalls, row, {"consignees": len(consignees)})
            for one in consignees:
                held = msgspec.json.encode(one.goods).decode()
                told = {"kind": one.kind, "through": one.through, "goods": held}
                told |= {"contact": one.contact}
                yield Put(recall_list, row | {"consignee": one.name}, told | {"qty": one.qty})
        case Recall.ConsigneeNotified(consignee=name, sent_on=day, state=state):
            yield Put(recall_list, row | {"consignee": name}, {"notified_on": day})
            yield Add(recalls, row, {"notified": 1})
            yield Put(recalls, row, {"state": state})
        case Recall.Acknowledged(consignee=name, on=day):
            yield Put(recall_list, row | {"consignee": name}, {"acknowledged_on": day})
            yield Add(recalls, row, {"acknowledged": 1})
        case Recall.UnitsHandled(consignee=name, action=action, qty=qty):
            yield Add(recall_list, row | {"consignee": name}, {action.lower(): qty})
            now = "CORRECTING" if action == "CORRECTED" else "COLLECTING"
            yield Put(recalls, row, {"state": now})
        case Recall.EffectivenessChecked(effective=effective):
            yield Put(recalls, row, {"state": "EFFECTIVENESS_CHECK", "effective": effective})
        case Recall.Closed(outstanding=left):
            yield Put(recalls, row, {"state": "CLOSED", "outstanding": left})


PROJECTION = Projection(
    name="recalls",
    version=2,
    tables=(recalls, recall_list, recall_stock),
    reads=frozenset(events_in(Recall)),
    effects=effects,
)
