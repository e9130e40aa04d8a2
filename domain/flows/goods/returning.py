"""Returning: goods that come back, from the request to what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from domain.flows.channel.keeping import keep_return
from domain.flows.company.numbering import document_number
from domain.flows.goods.shelving import shelve
from domain.flows.orders.confirming import settle_contract
from domain.goods import shipment_events
from domain.goods.goods_return import APPROVED, GoodsReturn, ReturnedLine, ReturnItem
from domain.goods.package import Package
from domain.goods.product import Product
from domain.goods.refusals import ApprovalRequired
from domain.goods.serial_events import IN_SERVICE
from domain.goods.serial_number import SerialNumber
from domain.goods.shelf import Goods
from domain.goods.shipment import Shipment
from domain.goods.stock_item import StockItem
from domain.goods.warehouse import Warehouse
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.line_events import LineReturned
from domain.orders.order import Order
from domain.orders.order_line import Line
from domain.parties.dealer import Dealer
from domain.policies.returns import not_returnable, packages_of


@dataclass(frozen=True, kw_only=True)
class RequestReturn:
    """Ask to send goods of a shipment back: devices, or quantities of lots."""

    dealer_id: str
    shipment: str
    items: tuple[ReturnItem, ...]
    reason: Literal[
        "DEAD_ON_ARRIVAL",
        "DAMAGED",
        "WRONG_ITEM",
        "NEAR_EXPIRY",
        "RECALL",
        "COMMERCIAL",
        "TERRITORY_RECLAIM",
    ]
    photos: tuple[str, ...] = ()
    rma_id: str | None = None


def request_return(log: Log, stamp: Stamp, command: RequestReturn) -> dict[str, Any]:
    """Request a return.

    Refuses NOT_FOUND, VALIDATION_FAILED, NOT_SHIPPED_TO_DEALER, QTY_EXCEEDS_SHIPPED,
    RETURN_WINDOW_EXPIRED, ALREADY_INSTALLED, NUMBER_TAKEN, INVALID_STATE.
    """
    existing(log, Dealer, command.dealer_id)
    shipment, findings = existing(log, Shipment, command.shipment), Findings()
    findings.field(command.items, "items", "at least one item")
    for place, one in enumerate(command.items):
        findings.field(one.qty >= 1, f"items[{place}].qty", "at least 1")
        single = one.serial is None or one.qty == 1
        findings.field(single, f"items[{place}].qty", "1 for a device")
    if command.rma_id is not None:
        findings.identifier(command.rma_id, "rma_id")
    findings.refuse()
    whole = _parts(command.items)
    for key, one in {f"{one.sku}/{one.part}": one for one in command.items}.items():
        asked = msgspec.structs.replace(one, qty=whole[key])
        reasons = not_returnable(log, shipment, command.dealer_id, command.reason, asked, stamp)
        findings.add(*reasons)
    findings.refuse()
    number = document_number(log, "RMA", command.rma_id, stamp)
    rma = log.get(GoodsReturn, number)
    rma.request(
        GoodsReturn.Requested(
            stamp.by,
            stamp.at,
            dealer=command.dealer_id,
            shipment=shipment.shp,
            items=command.items,
            reason=command.reason,
            photos=command.photos,
        )
    )
    claimed = shipment_events.ReturnClaimed(
        stamp.by, stamp.at, rma=number, parts=_parts(command.items)
    )
    shipment.record(claimed)
    return _standing(rma)


@dataclass(frozen=True, kw_only=True)
class ApproveReturn:
    """Let goods come back."""

    rma_id: str


def approve_return(log: Log, stamp: Stamp, command: ApproveReturn) -> dict[str, Any]:
    """Approve a return. For sales managers, and never one's own.

    Refuses NOT_FOUND, INVALID_STATE, APPROVAL_REQUIRED.
    """
    rma = existing(log, GoodsReturn, command.rma_id)
    if stamp.by.role != "MGR":
        raise ApprovalRequired(rma=rma.key, role=stamp.by.role, required="MGR")
    rma.authorize(stamp)
    return _standing(rma)


@dataclass(frozen=True, kw_only=True)
class RefuseReturn:
    """Do not let goods come back."""

    rma_id: str
    reason: str


def refuse_return(log: Log, stamp: Stamp, command: RefuseReturn) -> dict[str, Any]:
    """Refuse a return.

    Refuses NOT_FOUND, INVALID_STATE, APPROVAL_REQUIRED, VALIDATION_FAILED.
    """
    rma, findings = existing(log, GoodsReturn, command.rma_id), Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    if stamp.by.role != "MGR":
        raise ApprovalRequired(rma=rma.key, role=stamp.by.role, required="MGR")
    rma.refuse(command.reason, stamp)
    shipment = existing(log, Shipment, rma.shipment)
    shipment.record(shipment_events.ReturnVoided(stamp.by, stamp.at, rma=rma.key))
    return _standing(rma)


@dataclass(frozen=True, kw_only=True)
class ReceiveReturn:
    """Take returned goods in. They go to quarantine, always."""

    rma_id: str
    wh: str
    items: tuple[ReturnItem, ...]


def receive_return(log: Log, stamp: Stamp, command: ReceiveReturn) -> dict[str, Any]:
    """Receive a return, whole or in part: what did not come may be asked for again.

    What nobody had allowed is noted as unauthorised, and not taken to stock.

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED, SERIAL_NOT_AVAILABLE.
    """
    rma, findings = existing(log, GoodsReturn, command.rma_id), Findings()
    findings.known(log, Warehouse, command.wh, "wh")
    findings.field(command.items, "items", "at least one item")
    for place, one in enumerate(command.items):
        findings.field(one.qty >= 1, f"items[{place}].qty", "at least 1")
    findings.refuse()
    allowed = _parts(tuple(rma.items))
    good: list[ReturnItem] = []
    strange: list[ReturnItem] = []
    for one in command.items:
        key = f"{one.sku}/{one.part}"
        fine = allowed.get(key, 0) >= one.qty
        (good if fine else strange).append(one)
        allowed[key] = allowed.get(key, 0) - one.qty if fine else allowed.get(key, 0)
    rma.require(APPROVED)
    shipment = existing(log, Shipment, rma.shipment)
    lines = []
    for one in good:
        for package, qty in packages_of(shipment, one, lambda found: _returnable(log, found)):
            kept, order = _accepted(log, one), existing(log, Order, package.so)
            spent = _expensed(order.lines[package.line_no], qty, qty if kept else 0)
            goods = (package.so, package.line_no, one.sku, qty, one.lot, one.serial)
            lines.append(ReturnedLine(*goods, kept, spent))
            order.record(
                LineReturned(
                    stamp.by,
                    stamp.at,
                    line_no=package.line_no,
                    rma=rma.key,
                    qty=qty,
                    expensed=spent,
                )
            )
            settle_contract(log, order, "RETURNED", stamp.automatic("fulfilment"))
    rma.receive(command.wh, tuple(good), tuple(strange), tuple(lines), stamp)
    rest = {part: qty for part, qty in allowed.items() if qty}
    if rest:
        shipment.record(shipment_events.ReturnVoided(stamp.by, stamp.at, rma=rma.key, parts=rest))
    for one in good:
        _take_in(log, rma, one, stamp)
    return _standing(rma) | {"unauthorised": [one.part for one in strange]}


@dataclass(frozen=True, kw_only=True)
class CloseReturn:
    """Do nothing more about a return."""

    rma_id: str
    reason: str


def close_return(log: Log, stamp: Stamp, command: CloseReturn) -> dict[str, Any]:
    """Close a return.

    Refuses NOT_FOUND, INVALID_STATE.
    """
    rma = existing(log, GoodsReturn, command.rma_id)
    rma.close(command.reason, stamp)
    return _standing(rma)


def _returnable(log: Log, package: Package) -> int:
    """Quantity of a package's line that was delivered and has not come back."""
    line = existing(log, Order, package.so).lines[package.line_no]
    return line.delivered - line.returned


def _expensed(line: Line, qty: int, kept: int) -> int:
    """Units of a return whose cost is an expense: ``kept`` were accepted by their hospital."""
    if line.terms.installation_required:
        return kept
    return min(qty, line.expensed)


def _accepted(log: Log, one: ReturnItem) -> bool:
    """Whether a device comes back from a hospital that had accepted it."""
    if one.serial is None:
        return False
    di = existing(log, Product, one.sku).base_di
    return log.get(SerialNumber, di, one.serial).state == IN_SERVICE


def _parts(items: tuple[ReturnItem, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in items:
        key = f"{one.sku}/{one.part}"
        found[key] = found.get(key, 0) + one.qty
    return found


def _take_in(log: Log, rma: GoodsReturn, one: ReturnItem, stamp: Stamp) -> None:
    product = existing(log, Product, one.sku)
    goods = Goods(one.qty, one.lot, (one.serial,) if one.serial else ())
    spent = rma.expensed(one.sku, one.part)
    shelve(log, rma.warehouse, product, goods, "RETURN", rma.key, stamp, expensed=spent)
    item = log.get(StockItem, rma.warehouse, one.sku)
    item.quarantine(goods, "RETURNED", rma.key, stamp)
    unit = log.get(SerialNumber, product.base_di, one.serial or "")
    keep_return(log, rma, one, unit.dealer or rma.dealer, stamp)
    if one.serial:
        unit.come_back(rma.warehouse, rma.key, stamp)


def _standing(rma: GoodsReturn) -> dict[str, Any]:
    return {"rma_id": rma.key, "state": rma.state}
