"""Losing: shipments that are not sent after all, that get lost, or that nobody takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.flows.goods.shelving import shelve
from domain.flows.orders.confirming import resource, settle_credit
from domain.flows.orders.supplying import backorder
from domain.goods.package import Package
from domain.goods.product import Product
from domain.goods.serial_number import SerialNumber
from domain.goods.shipment import Shipment
from domain.goods.shipment_events import RETURNING
from domain.goods.stock_item import StockItem
from domain.goods.warehouse import Warehouse
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.line_events import LineLost
from domain.orders.order import Order
from domain.orders.order_line import BACKORDER, Link


@dataclass(frozen=True, kw_only=True)
class CancelShipment:
    """Do not send a shipment. Its goods stay reserved for their orders."""

    shp_id: str
    reason: str


def cancel_shipment(log: Log, stamp: Stamp, command: CancelShipment) -> dict[str, Any]:
    """Cancel a shipment.

    Refuses NOT_FOUND, ALREADY_SHIPPED, VALIDATION_FAILED.
    """
    shipment, findings = existing(log, Shipment, command.shp_id), Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    shipment.cancel(command.reason, stamp)
    return {"shp": shipment.shp, "state": shipment.state}


@dataclass(frozen=True, kw_only=True)
class RecordLoss:
    """Say that a shipment was lost. ``claim_no`` is the claim against carrier or insurance."""

    shp_id: str
    claim_no: str
    reason: str


def record_loss(log: Log, stamp: Stamp, command: RecordLoss) -> dict[str, Any]:
    """Give a shipment up; its quantities are open again, and sourced again at once.

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED, MASTER_DATA_MISSING.
    """
    shipment, findings = existing(log, Shipment, command.shp_id), Findings()
    findings.identifier(command.claim_no, "claim_no")
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    refused = shipment.state == RETURNING
    worth = sum(_cost(log, package) for package in shipment.packages) if refused else 0
    shipment.lose(command.claim_no, command.reason, worth, stamp)
    if refused:
        _write_off(log, shipment, command.reason, stamp)
        return {"shp": shipment.shp, "state": shipment.state}
    for package in shipment.packages:
        take_off(log, package, shipment.shp, command.reason, stamp)
    for so in shipment.orders():
        resource(log, existing(log, Order, so), stamp)
    return {"shp": shipment.shp, "state": shipment.state}


@dataclass(frozen=True, kw_only=True)
class RefuseDelivery:
    """Say that the receiver did not take a shipment."""

    shp_id: str
    reason: str


def refuse_delivery(log: Log, stamp: Stamp, command: RefuseDelivery) -> dict[str, Any]:
    """Turn a shipment round; its lines wait for a decision, or for goods that come in.

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED.
    """
    shipment, findings = existing(log, Shipment, command.shp_id), Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    shipment.refuse(command.reason, stamp)
    for package in shipment.packages:
        order = existing(log, Order, package.so)
        _reopen(order, package, shipment.shp, command.reason, stamp)
        link = Link(BACKORDER, shipment.warehouse, package.goods.qty)
        backorder(log, order, package.line_no, link, "DELIVERY_REFUSED", stamp)
        settle_credit(log, order, stamp)
    return {"shp": shipment.shp, "state": shipment.state}


@dataclass(frozen=True, kw_only=True)
class ReceiveRefused:
    """Take refused goods in again. They wait in quarantine for their inspection."""

    shp_id: str
    wh: str


def receive_refused(log: Log, stamp: Stamp, command: ReceiveRefused) -> dict[str, Any]:
    """Take refused goods in.

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED.
    """
    shipment, findings = existing(log, Shipment, command.shp_id), Findings()
    findings.known(log, Warehouse, command.wh, "wh")
    findings.refuse()
    shipment.come_back(command.wh, stamp)
    for package in shipment.packages:
        product = existing(log, Product, package.sku)
        shelve(log, command.wh, product, package.goods, "REFUSED", shipment.shp, stamp)
        item = log.get(StockItem, command.wh, package.sku)
        item.quarantine(package.goods, "DELIVERY_REFUSED", shipment.shp, stamp)
        for serial in package.goods.serials:
            unit = log.get(SerialNumber, product.base_di, serial)
            unit.quarantine(command.wh, "DELIVERY_REFUSED", shipment.shp, stamp)
    return {"shp": shipment.shp, "state": shipment.state}


def take_off(log: Log, package: Package, document: str, reason: str, stamp: Stamp) -> None:
    """Give goods up that were shipped: their quantity is open again, their units are lost."""
    order = existing(log, Order, package.so)
    cost = order.lines[package.line_no].dispatched.part(package.goods.qty)
    _reopen(order, package, document, reason, stamp, cost)
    settle_credit(log, order, stamp)
    _lose_units(log, package, document, reason, stamp)


def _reopen(
    order: Order, package: Package, document: str, reason: str, stamp: Stamp, cost: int = 0
) -> None:
    order.record(
        LineLost(
            stamp.by,
            stamp.at,
            line_no=package.line_no,
            shp=document,
            qty=package.goods.qty,
            reason=reason,
            cost=cost,
        )
    )


def _cost(log: Log, package: Package) -> int:
    return package.goods.qty * existing(log, Product, package.sku).known.std_cost


def _write_off(log: Log, shipment: Shipment, reason: str, stamp: Stamp) -> None:
    """Refused goods got lost on their way back: their lines are open since the refusal."""
    for package in shipment.packages:
        _lose_units(log, package, shipment.shp, reason, stamp)


def _lose_units(log: Log, package: Package, document: str, reason: str, stamp: Stamp) -> None:
    di = existing(log, Product, package.sku).base_di
    for serial in package.goods.serials:
        log.get(SerialNumber, di, serial).lose(document, reason, stamp)
