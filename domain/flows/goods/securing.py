"""Securing: goods that wait for inspection, are locked, expire, or are let go. Quality decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.goods.devices import devices
from domain.flows.goods.opening import form_violations
from domain.flows.goods.shelving import recall_of
from domain.flows.orders.allocating import allocate
from domain.flows.orders.confirming import resource
from domain.flows.orders.supplying import call_off, drop, unclaim
from domain.goods.product import Product
from domain.goods.refusals import QcRoleRequired, UnknownSku
from domain.goods.shelf import BLOCKED, QUARANTINED, Goods
from domain.goods.stock_item import StockItem
from domain.goods.warehouse import Warehouse
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.order import Order
from domain.orders.order_line import STOCK
from domain.orders.refusals import RecallBlock
from domain.supply.transfer import Transfer

QUALITY = "QA"


@dataclass(frozen=True, kw_only=True)
class Quarantine:
    """Let goods wait for inspection: a quantity of a lot, or named units.

    Reserved goods are taken from their orders, which are supplied again at once.
    """

    wh: str
    sku: str
    qty: int
    reason: str
    qa_document: str
    lot: str | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReleaseFromQuarantine(Quarantine):
    """Let inspected goods be sold. For the quality manager."""


@dataclass(frozen=True, kw_only=True)
class Block(Quarantine):
    """Lock goods. For the quality manager."""


@dataclass(frozen=True, kw_only=True)
class Unblock(Quarantine):
    """Unlock goods. For the quality manager."""


@dataclass(frozen=True, kw_only=True)
class ScrapStock(Quarantine):
    """Destroy goods that are set apart. For the quality manager."""

    from_state: Literal["QUARANTINED", "BLOCKED"] = "QUARANTINED"


def quarantine(log: Log, stamp: Stamp, command: Quarantine) -> dict[str, Any]:
    """Quarantine goods.

    Refuses UNKNOWN_SKU, VALIDATION_FAILED, LOT_REQUIRED, SERIAL_REQUIRED, QTY_SERIAL_MISMATCH,
    SERIAL_DUPLICATE, INVALID_STATE.
    """
    goods = _goods(log, command)
    orders = set_apart(log, command.wh, command.sku, goods, command.reason, stamp)
    item = log.get(StockItem, command.wh, command.sku)
    item.quarantine(goods, command.reason, command.qa_document, stamp)
    for unit in devices(log, command.sku, goods.serials):
        unit.quarantine(command.wh, command.reason, command.qa_document, stamp)
    _resource(log, orders, stamp)
    return _answer(command, orders)


def release_from_quarantine(
    log: Log, stamp: Stamp, command: ReleaseFromQuarantine
) -> dict[str, Any]:
    """Release goods; they go to the lines that wait first.

    Refuses UNKNOWN_SKU, VALIDATION_FAILED, LOT_REQUIRED, SERIAL_REQUIRED, QTY_SERIAL_MISMATCH,
    SERIAL_DUPLICATE, QC_ROLE_REQUIRED, RECALL_BLOCK, INVALID_STATE, SERIAL_NOT_AVAILABLE.
    """
    goods = _goods(log, command)
    only_quality(stamp)
    _refuse_recalled(log, command, goods)
    item = log.get(StockItem, command.wh, command.sku)
    item.unquarantine(goods, command.reason, command.qa_document, stamp)
    for unit in devices(log, command.sku, goods.serials):
        unit.restock(command.qa_document, unit.grade, stamp)
    return _answer(command, allocate(log, command.wh, command.sku, stamp))


def block(log: Log, stamp: Stamp, command: Block) -> dict[str, Any]:
    """Block goods.

    Refuses UNKNOWN_SKU, VALIDATION_FAILED, LOT_REQUIRED, SERIAL_REQUIRED, QTY_SERIAL_MISMATCH,
    SERIAL_DUPLICATE, QC_ROLE_REQUIRED, INVALID_STATE.
    """
    goods = _goods(log, command)
    only_quality(stamp)
    orders = set_apart(log, command.wh, command.sku, goods, command.reason, stamp)
    item = log.get(StockItem, command.wh, command.sku)
    item.block(goods, command.reason, command.qa_document, stamp)
    for unit in devices(log, command.sku, goods.serials):
        unit.quarantine(command.wh, command.reason, command.qa_document, stamp)
    _resource(log, orders, stamp)
    return _answer(command, orders)


def unblock(log: Log, stamp: Stamp, command: Unblock) -> dict[str, Any]:
    """Unblock goods; they go to the lines that wait first.

    Refuses UNKNOWN_SKU, VALIDATION_FAILED, LOT_REQUIRED, SERIAL_REQUIRED, QTY_SERIAL_MISMATCH,
    SERIAL_DUPLICATE, QC_ROLE_REQUIRED, RECALL_BLOCK, INVALID_STATE, SERIAL_NOT_AVAILABLE.
    """
    goods = _goods(log, command)
    only_quality(stamp)
    _refuse_recalled(log, command, goods)
    item = log.get(StockItem, command.wh, command.sku)
    item.unblock(goods, command.reason, command.qa_document, stamp)
    for unit in devices(log, command.sku, goods.serials):
        unit.restock(command.qa_document, unit.grade, stamp)
    return _answer(command, allocate(log, command.wh, command.sku, stamp))


def scrap_stock(log: Log, stamp: Stamp, command: ScrapStock) -> dict[str, Any]:
    """Scrap goods.

    Refuses UNKNOWN_SKU, VALIDATION_FAILED, LOT_REQUIRED, SERIAL_REQUIRED, QTY_SERIAL_MISMATCH,
    SERIAL_DUPLICATE, QC_ROLE_REQUIRED, INVALID_STATE, SERIAL_NOT_AVAILABLE.
    """
    goods = _goods(log, command)
    only_quality(stamp)
    product = existing(log, Product, command.sku)
    mark = QUARANTINED if command.from_state == QUARANTINED else BLOCKED
    item = log.get(StockItem, command.wh, command.sku)
    cost = product.known.std_cost
    item.withdraw(goods, mark, command.qa_document, "SCRAP", cost, stamp)
    for unit in devices(log, command.sku, goods.serials):
        unit.scrap(command.qa_document, command.reason, stamp)
    return _answer(command, [])


@dataclass(frozen=True, kw_only=True)
class MarkExpired:
    """Warn of what is about to expire of a product in a warehouse, and lock what has expired.

    For the scheduler, soon after midnight.
    """

    wh: str
    sku: str


def mark_expired(log: Log, stamp: Stamp, command: MarkExpired) -> dict[str, Any]:
    """Warn of lots near their expiry and lock expired ones; orders are supplied again.

    Refuses UNKNOWN_SKU, VALIDATION_FAILED.
    """
    findings = Findings()
    findings.known(log, Warehouse, command.wh, "wh")
    findings.require(log.get(Product, command.sku).exists, UnknownSku(sku=command.sku))
    findings.refuse()
    item, orders = log.get(StockItem, command.wh, command.sku), []
    locked: list[str] = []
    automatic = stamp.automatic("expiry")
    item.warn(log.get(CompanyPolicy, COMPANY).planning.near_expiry_days, automatic)
    for lot, bucket in list(item.shelf.lots.items()):
        left = bucket.on_hand - bucket.quarantined - bucket.blocked
        if bucket.expiry is None or bucket.expiry >= stamp.today or not left:
            continue
        goods = Goods(left, lot or None)
        orders += set_apart(log, command.wh, command.sku, goods, "EXPIRED", automatic)
        item.expire(lot, automatic)
        locked.append(lot)
    _resource(log, orders, stamp)
    return {"wh": command.wh, "sku": command.sku, "locked": locked, "orders": orders}


def only_quality(stamp: Stamp) -> None:
    """Quality data is maintained by quality staff alone; refuses QC_ROLE_REQUIRED."""
    if stamp.by.role != QUALITY:
        raise QcRoleRequired(role=stamp.by.role, required=QUALITY)


def set_apart(
    log: Log, warehouse: str, sku: str, goods: Goods, reason: str, stamp: Stamp
) -> list[str]:
    """Take goods from the orders and transfers that hold them, as far as needed: the orders."""
    shelf = log.get(StockItem, warehouse, sku).shelf
    wanted = set(goods.serials)
    bucket = shelf.lots.get(goods.lot or "")
    short = 0 if wanted or bucket is None else goods.qty - bucket.available
    orders = []
    for ref, claims in list(shelf.reservations.items()):
        for claim in list(claims):
            taken = _overlap(claim, goods, short)
            order, transfer = log.get(Order, ref), log.get(Transfer, ref)
            if taken is not None and transfer.exists:
                short -= claim.qty
                orders += _call_off(log, transfer, reason, stamp)
                break
            if taken is None or not order.exists:
                continue
            short -= taken.qty
            unclaim(log, warehouse, sku, ref, [taken], reason, stamp)
            _unsupply(order, sku, warehouse, taken.qty, reason, stamp)
            orders.append(ref)
    return list(dict.fromkeys(orders))


def _call_off(log: Log, transfer: Transfer, reason: str, stamp: Stamp) -> list[str]:
    """Give a transfer up whose goods may not leave: the order that it was for."""
    terms = transfer.known
    call_off(log, transfer, reason, stamp)
    if not terms.so:
        return []
    order = existing(log, Order, terms.so)
    for link in list(order.lines[terms.line_no].supplies):
        if link.ref == transfer.key:
            drop(order, terms.line_no, link, reason, stamp)
    return [terms.so]


def _overlap(claim: Goods, goods: Goods, short: int) -> Goods | None:
    """Part of a claim that has to be given up for goods."""
    if goods.serials:
        both = tuple(one for one in claim.serials if one in goods.serials)
        return msgspec.structs.replace(claim, qty=len(both), serials=both) if both else None
    if claim.lot != goods.lot or short <= 0:
        return None
    return msgspec.structs.replace(claim, qty=min(short, claim.qty))


def _unsupply(order: Order, sku: str, warehouse: str, qty: int, reason: str, stamp: Stamp) -> None:
    for line_no, line in order.lines.items():
        mine = [one for one in line.supplies if (one.kind, one.warehouse) == (STOCK, warehouse)]
        for link in mine if line.terms.sku == sku else ():
            used = min(qty, link.qty)
            if used:
                part = msgspec.structs.replace(link, qty=used)
                drop(order, line_no, part, reason, stamp)
                qty -= used


def _resource(log: Log, orders: list[str], stamp: Stamp) -> None:
    for so in dict.fromkeys(orders):
        resource(log, existing(log, Order, so), stamp)


def _goods(log: Log, command: Quarantine) -> Goods:
    findings = Findings()
    findings.known(log, Warehouse, command.wh, "wh")
    product = log.get(Product, command.sku)
    findings.require(product.exists, UnknownSku(sku=command.sku))
    findings.field(command.qty >= 1, "qty", "at least 1")
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.field(command.qa_document.strip(), "qa_document", "the quality document")
    findings.refuse()
    findings.add(*form_violations(product, command.qty, command.lot, command.serials))
    findings.refuse()
    return Goods(command.qty, command.lot, command.serials)


def _refuse_recalled(log: Log, command: Quarantine, goods: Goods) -> None:
    """What a recall covers is released by nobody, until the recall is closed."""
    recall = recall_of(log, existing(log, Product, command.sku), goods)
    if recall is not None:
        raise RecallBlock(sku=command.sku, lot=goods.lot, recall=recall)


def _answer(command: Quarantine, orders: list[str]) -> dict[str, Any]:
    return {"wh": command.wh, "sku": command.sku, "qty": command.qty, "orders": orders}
