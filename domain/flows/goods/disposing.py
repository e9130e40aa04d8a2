"""Disposing: what becomes of returned goods once quality has inspected them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.channel.book import Movement
from domain.channel.dealer_stock import DealerStock
from domain.flows.goods.securing import only_quality
from domain.flows.goods.shelving import recall_of
from domain.flows.orders.allocating import allocate
from domain.goods import serial_events
from domain.goods.goods_return import DISPOSITIONS, Disposed, GoodsReturn
from domain.goods.product import Product
from domain.goods.refusals import ColdChainUnknown
from domain.goods.serial_number import SerialNumber
from domain.goods.shelf import QUARANTINED, Goods
from domain.goods.stock_item import StockItem
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import Refusal
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.refusals import RecallBlock

TARGETS = {"SCRAP": "SCRAP", "TO_SUPPLIER": "SUPPLIER", "BACK_TO_DEALER": "DEALER"}


@dataclass(frozen=True, kw_only=True)
class InspectReturn:
    """Decide what becomes of returned goods. ``temperatures`` where they must be kept cold."""

    rma_id: str
    items: tuple[Disposed, ...]
    report_hash: str
    temperatures: str | None = None


def inspect_return(log: Log, stamp: Stamp, command: InspectReturn) -> dict[str, Any]:
    """Inspect a return. For the quality manager.

    Refuses NOT_FOUND, INVALID_STATE, QC_ROLE_REQUIRED, COLD_CHAIN_UNKNOWN, VALIDATION_FAILED,
    SERIAL_NOT_AVAILABLE, RECALL_BLOCK.
    """
    rma, findings = existing(log, GoodsReturn, command.rma_id), Findings()
    only_quality(stamp)
    findings.field(command.report_hash.strip(), "report_hash", "the report's document")
    findings.field(command.items, "items", "at least one item")
    held = rma.uninspected()
    for place, one in enumerate(command.items):
        field = f"items[{place}]"
        known = one.disposition in DISPOSITIONS
        findings.field(known, f"{field}.disposition", f"one of {', '.join(DISPOSITIONS)}")
        here = held.get(f"{one.sku}/{one.serial or one.lot or ''}", 0)
        findings.field(1 <= one.qty <= here, f"{field}.qty", f"1 to {here}, not inspected yet")
        held[f"{one.sku}/{one.serial or one.lot or ''}"] = here - one.qty
        cold = log.get(Product, one.sku).exists and existing(log, Product, one.sku).known.cold_chain
        measured = (command.temperatures or "").strip()
        fine = one.disposition != "RESTOCK" or not cold or measured
        findings.require(fine, ColdChainUnknown(sku=one.sku))
    findings.refuse()
    findings.add(*recalled(log, command.items))
    findings.refuse()
    rma.inspect(command.items, command.report_hash, stamp)
    orders: list[str] = []
    for one in command.items:
        orders += dispose(log, rma, one, stamp)
    return {"rma_id": rma.key, "state": rma.state} | {"orders": orders}


def recalled(log: Log, disposed: tuple[Disposed, ...]) -> list[Refusal]:
    """Refuse to let goods go, to a shelf or to their dealer, that an open recall covers."""
    found: list[Refusal] = []
    for one in disposed:
        goods = Goods(one.qty, one.lot, (one.serial,) if one.serial else ())
        recall = recall_of(log, existing(log, Product, one.sku), goods)
        if recall is not None and one.disposition in ("RESTOCK", "BACK_TO_DEALER"):
            found.append(RecallBlock(sku=one.sku, lot=one.lot, serial=one.serial, recall=recall))
    return found


def dispose(log: Log, rma: GoodsReturn, one: Disposed, stamp: Stamp) -> list[str]:
    """Do what was decided: the orders that the goods go to.

    Refurbished goods stay in quarantine until quality releases them.
    """
    product = existing(log, Product, one.sku)
    if one.disposition == "REFURBISH":
        if one.serial:
            device = log.get(SerialNumber, product.base_di, one.serial)
            device.record(serial_events.Refurbished(stamp.by, stamp.at, document=rma.key))
        return []
    item = log.get(StockItem, rma.warehouse, one.sku)
    goods = Goods(one.qty, one.lot, (one.serial,) if one.serial else ())
    unit = log.get(SerialNumber, product.base_di, one.serial) if one.serial else None
    if one.disposition == "RESTOCK":
        item.unquarantine(goods, "RESTOCK", rma.key, stamp)
        if unit is not None:
            unit.restock(rma.key, unit.grade, stamp)
        return allocate(log, rma.warehouse, one.sku, stamp)
    target = TARGETS[one.disposition]
    spent = min(one.qty, rma.expensed(one.sku, one.serial or one.lot or ""))
    cost = product.known.std_cost
    item.withdraw(goods, QUARANTINED, rma.key, target, cost, stamp, expensed=spent)
    if target == "DEALER":
        moved = Movement(one.sku, one.qty, stamp.today, one.lot or "", goods.serials)
        log.get(DealerStock, rma.dealer).receive(moved, rma.key, stamp.automatic("channel"))
    if unit is not None and target == "DEALER":
        given = serial_events.GivenBack(stamp.by, stamp.at, document=rma.key, dealer=rma.dealer)
        unit.record(given)
    elif unit is not None:
        unit.scrap(rma.key, one.disposition, stamp)
    return []
