"""Recalling: locking what must not be used, and finding everybody who has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from domain.cases.open_recalls import OpenRecalls
from domain.cases.recall import Recall, deadline
from domain.cases.recall_terms import Locked, LotScope, Scope, SerialRange
from domain.flows.cases.locating import consignees_of
from domain.flows.company.numbering import document_number
from domain.flows.goods.devices import devices
from domain.flows.goods.securing import only_quality, set_apart
from domain.flows.goods.shelving import RECALL
from domain.flows.orders.confirming import resource
from domain.goods.holders import Holders
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.product_terms import SERIAL
from domain.goods.serial_events import SCRAPPED
from domain.goods.serial_register import SerialRegister
from domain.goods.shelf import Goods
from domain.goods.stock_item import StockItem
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import FutureDated
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.order import Order


@dataclass(frozen=True, kw_only=True)
class OpenRecall:
    """Recall whole products, lots or ranges of serial numbers; ``drill`` only tries it out.

    ``level`` is the class, 1 for the gravest; ``instruction`` says what becomes of the goods.
    """

    level: Literal[1, 2, 3]
    reason: str
    decided_at: date
    recall_id: str | None = None
    skus: tuple[str, ...] = ()
    lots: tuple[LotScope, ...] = ()
    serial_ranges: tuple[SerialRange, ...] = ()
    instruction: Literal["RETURN", "CORRECT", "DESTROY"] = "RETURN"
    drill: bool = False


def open_recall(log: Log, stamp: Stamp, command: OpenRecall) -> dict[str, Any]:
    """Open a recall. For the quality manager.

    In the same append all of it that is with us is locked, orders that had it are supplied with
    other goods, and everybody is listed who has any, with the day by which they must know.

    Refuses QC_ROLE_REQUIRED, VALIDATION_FAILED, FUTURE_DATED, NUMBER_TAKEN, ALREADY_EXISTS,
    MASTER_DATA_MISSING.
    """
    findings = Findings()
    scope = Scope(command.skus, command.lots, command.serial_ranges)
    _check(log, command, scope, findings, stamp)
    findings.refuse()
    only_quality(stamp)
    number = document_number(log, "RCL", command.recall_id, stamp)
    automatic, orders = stamp.automatic("recall"), []
    locked: list[Locked] = []
    for sku in scope.products():
        for warehouse in log.get(Holders, sku).warehouses:
            for goods in _here(log, warehouse, sku, scope):
                locked.append(_told(warehouse, sku, goods))
                if not command.drill:
                    orders += _lock(log, warehouse, sku, goods, number, automatic)
    if not command.drill:
        _flag(log, scope, number, command.reason, automatic)
    log.get(Recall, number).declare(
        Recall.Opened(
            stamp.by,
            stamp.at,
            level=command.level,
            scope=scope,
            reason=command.reason,
            instruction=command.instruction,
            decided_at=command.decided_at,
            deadline=deadline(command.level, command.decided_at),
            drill=command.drill,
        ),
        tuple(locked),
        consignees_of(log, scope),
        automatic,
    )
    for so in dict.fromkeys(orders):
        resource(log, existing(log, Order, so), automatic)
    return standing(log, number) | {"orders": list(dict.fromkeys(orders))}


def _check(log: Log, command: OpenRecall, scope: Scope, findings: Findings, stamp: Stamp) -> None:
    if command.recall_id is not None:
        findings.identifier(command.recall_id, "recall_id")
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.field(scope.products(), "skus", "a product, a lot or a range of serial numbers")
    for sku in scope.products():
        findings.known(log, Product, sku, "skus")
    for place, one in enumerate(command.lots):
        known = log.get(Lot, one.sku, one.lot).known
        findings.field(known, f"lots[{place}].lot", "a lot that is known")
    for place, span in enumerate(command.serial_ranges):
        fine = len(span.first) == len(span.last) and span.first <= span.last
        findings.field(fine, f"serial_ranges[{place}]", "two numbers of one length, in order")
        product = log.get(Product, span.sku)
        devices = not product.exists or product.known.tracking == SERIAL
        findings.field(devices, f"serial_ranges[{place}].sku", "a product tracked by serial number")
    ahead = command.decided_at > stamp.today
    findings.require(not ahead, FutureDated(field="decided_at", day=command.decided_at))


def _here(log: Log, warehouse: str, sku: str, scope: Scope) -> list[Goods]:
    """Covered goods in a warehouse that are not locked or in quarantine already."""
    shelf = log.get(StockItem, warehouse, sku).shelf
    units = tuple(
        serial
        for serial, unit in shelf.units.items()
        if not unit.mark and scope.covers_unit(sku, serial)
    )
    found = [Goods(len(units), None, units)] if units else []
    for lot, bucket in shelf.lots.items():
        free = bucket.on_hand - bucket.marked
        if free and scope.covers_lot(sku, lot):
            found.append(Goods(free, lot or None))
    return found


def _lock(log: Log, warehouse: str, sku: str, goods: Goods, recall: str, stamp: Stamp) -> list[str]:
    """Lock goods, reserved ones too: the orders that have to be supplied with others."""
    orders = set_apart(log, warehouse, sku, goods, RECALL, stamp)
    log.get(StockItem, warehouse, sku).block(goods, RECALL, recall, stamp)
    for unit in devices(log, sku, goods.serials):
        unit.quarantine(warehouse, RECALL, recall, stamp)
    return orders


def _flag(log: Log, scope: Scope, recall: str, reason: str, stamp: Stamp) -> None:
    """Mark what is covered, wherever it is, so that what comes in later is locked too."""
    for sku in scope.products():
        log.get(OpenRecalls, sku).begin(recall, scope, stamp)
        serials = log.get(SerialRegister, sku).serials
        names = [one for one in serials if scope.covers_unit(sku, one)]
        for unit in devices(log, sku, names):
            if unit.state != SCRAPPED and unit.recall is None:
                unit.flag(recall, stamp)
    for sku in scope.skus:
        product = existing(log, Product, sku)
        if RECALL not in product.locks:
            product.lock(RECALL, f"{recall}: {reason}", stamp)
    for one in scope.lots:
        lot = log.get(Lot, one.sku, one.lot)
        if lot.recall is None:
            lot.cover(recall, stamp)


def _told(warehouse: str, sku: str, goods: Goods) -> Locked:
    return Locked(warehouse, sku, goods.qty, goods.lot or "", goods.serials)


def standing(log: Log, recall_id: str) -> dict[str, Any]:
    """Where a recall stands: who must be told by when, and who was not yet."""
    recall = existing(log, Recall, recall_id)
    late = [one for one in recall.consignees if one not in recall.notified]
    return {
        "recall": recall.key,
        "state": recall.state,
        "deadline": recall.deadline,
        "consignees": list(recall.consignees),
        "to_notify": late,
    }
