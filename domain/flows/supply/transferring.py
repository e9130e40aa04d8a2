"""Transferring: goods that move between our warehouses, and what arrives of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import msgspec

from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.company.numbering import document_number
from domain.flows.goods.opening import form_violations
from domain.flows.goods.shelving import hold_back, recall_of, shelve
from domain.flows.orders.allocating import allocate
from domain.flows.orders.supplying import backorder, call_off, claim, drop, reserve
from domain.goods.product import Product
from domain.goods.refusals import LotNotSellable, UnknownSku
from domain.goods.serial_number import SerialNumber
from domain.goods.shelf import Goods
from domain.goods.stock_item import StockItem
from domain.goods.warehouse import Warehouse
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import Refusal
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.order import Order
from domain.orders.order_line import BACKORDER, TRANSFER, Link
from domain.policies import sourcing
from domain.policies.choosing import Pick, choose
from domain.supply.refusals import DonorBelowSafety, SameWarehouse, WarehouseClass
from domain.supply.transfer import REQUESTED, RESERVED, Transfer, TransferTerms


@dataclass(frozen=True, kw_only=True)
class CreateTransfer:
    """Ask for goods to move. Lots and serials are chosen at approval where none are named."""

    src: str
    dst: str
    sku: str
    qty: int
    reason: Literal["REPLENISHMENT", "REBALANCE", "RECALL"] = "REPLENISHMENT"
    to: str | None = None
    goods: tuple[Goods, ...] = ()


def create_transfer(log: Log, stamp: Stamp, command: CreateTransfer) -> dict[str, Any]:
    """Request a transfer.

    Refuses VALIDATION_FAILED, UNKNOWN_SKU, SAME_WAREHOUSE, WAREHOUSE_CLASS, DONOR_BELOW_SAFETY,
    LOT_NOT_SELLABLE, SERIAL_NOT_AVAILABLE, INSUFFICIENT_ATP, LOT_REQUIRED, SERIAL_REQUIRED,
    QTY_SERIAL_MISMATCH, SERIAL_DUPLICATE, NUMBER_TAKEN, ALREADY_EXISTS.
    """
    findings = Findings()
    if command.to is not None:
        findings.identifier(command.to, "to")
    findings.known(log, Warehouse, command.src, "src")
    findings.known(log, Warehouse, command.dst, "dst")
    findings.require(command.src != command.dst, SameWarehouse(wh=command.src))
    findings.field(command.qty >= 1, "qty", "at least 1")
    product = log.get(Product, command.sku)
    findings.require(product.exists, UnknownSku(sku=command.sku))
    findings.refuse()
    fit = sourcing.keeps(log, product, command.dst)
    findings.require(fit, WarehouseClass(wh=command.dst, sku=command.sku))
    for one in command.goods:
        findings.add(*form_violations(product, one.qty, one.lot, one.serials))
    if command.goods:
        named = sum(one.qty for one in command.goods)
        findings.field(named == command.qty, "goods", f"{command.qty} in all")
    findings.add(*_not_to_give(log, command, stamp))
    findings.refuse()
    number = document_number(log, "TO", command.to, stamp)
    days = log.get(CompanyPolicy, COMPANY).transfer_days(command.src, command.dst)
    due = None if days is None else stamp.today + timedelta(days=days)
    terms = TransferTerms(
        command.src, command.dst, command.sku, command.qty, command.reason, due=due
    )
    transfer = log.get(Transfer, number)
    transfer.request(terms, command.goods, stamp)
    return {"to": number, "state": transfer.state}


@dataclass(frozen=True, kw_only=True)
class ApproveTransfer:
    """Reserve the donor's goods for a transfer."""

    to: str


def approve_transfer(log: Log, stamp: Stamp, command: ApproveTransfer) -> dict[str, Any]:
    """Approve a transfer.

    Refuses NOT_FOUND, INVALID_STATE, DONOR_BELOW_SAFETY, INSUFFICIENT_ATP, LOT_NOT_SELLABLE,
    SERIAL_NOT_AVAILABLE.
    """
    transfer = existing(log, Transfer, command.to)
    transfer.require(REQUESTED)
    terms = transfer.known
    item = log.get(StockItem, terms.source, terms.sku)
    surplus = sourcing.surplus_of(log, terms.source, terms.sku, 0, stamp.today)
    if terms.qty > surplus:
        raise DonorBelowSafety(wh=terms.source, surplus=max(0, surplus), wanted=terms.qty)
    tracking = existing(log, Product, terms.sku).known.tracking
    pick = choose(item.shelf, tracking, terms.qty, 0, stamp.today, [])
    goods = tuple(transfer.goods) or pick.goods
    transfer.approve(goods, stamp)
    for one in goods:
        claim(log, terms.source, terms.sku, transfer.key, 0, one, pick.considered, stamp)
    return {"to": transfer.key, "state": transfer.state}


@dataclass(frozen=True, kw_only=True)
class DispatchTransfer:
    """Send the reserved goods of a transfer."""

    to: str
    waybill: str


def dispatch_transfer(log: Log, stamp: Stamp, command: DispatchTransfer) -> dict[str, Any]:
    """Dispatch a transfer.

    Refuses NOT_FOUND, INVALID_STATE, NOT_RESERVED, VALIDATION_FAILED.
    """
    transfer, findings = existing(log, Transfer, command.to), Findings()
    findings.field(command.waybill.strip(), "waybill", "a waybill must be given")
    findings.refuse()
    terms = transfer.known
    product = existing(log, Product, terms.sku)
    item = log.get(StockItem, terms.source, terms.sku)
    transfer.require(RESERVED)
    transfer.dispatch(command.waybill, product.known.std_cost, stamp)
    for goods in transfer.goods:
        cost = product.known.std_cost
        item.issue(transfer.key, transfer.key, goods, cost, stamp, "TRANSFER")
        for serial in goods.serials:
            log.get(SerialNumber, product.base_di, serial).dispatch(transfer.key, stamp)
    return {"to": transfer.key, "state": transfer.state}


@dataclass(frozen=True, kw_only=True)
class ReceiveTransfer:
    """Take the goods of a transfer in: good ones, and damaged ones, which go to quarantine.

    What is missing stays in transit until it arrives or its loss is confirmed.
    """

    to: str
    good: tuple[Goods, ...] = ()
    damaged: tuple[Goods, ...] = ()


def receive_transfer(log: Log, stamp: Stamp, command: ReceiveTransfer) -> dict[str, Any]:
    """Receive a transfer; its good part is reserved for its order, what is missing waits.

    Refuses NOT_FOUND, INVALID_STATE, RECEIVE_EXCEEDS_DISPATCH, VALIDATION_FAILED, LOT_REQUIRED,
    SERIAL_REQUIRED, QTY_SERIAL_MISMATCH, SERIAL_DUPLICATE.
    """
    transfer, findings = existing(log, Transfer, command.to), Findings()
    product = existing(log, Product, transfer.known.sku)
    findings.field(command.good or command.damaged, "good", "something must have arrived")
    for one in (*command.good, *command.damaged):
        findings.field(one.qty >= 1, "qty", "at least 1")
        findings.add(*form_violations(product, one.qty, one.lot, one.serials))
    findings.refuse()
    transfer.receive(command.good, command.damaged, stamp)
    target, sku = transfer.known.target, transfer.known.sku
    item = log.get(StockItem, target, sku)
    for one in command.good:
        qualified = one.qty
        shelve(log, target, product, one, TRANSFER, transfer.key, stamp, qualified=qualified)
        for serial in one.serials:
            unit = log.get(SerialNumber, product.base_di, serial)
            unit.arrive(target, transfer.key, stamp)
    for one in command.damaged:
        shelve(log, target, product, one, TRANSFER, transfer.key, stamp)
        item.quarantine(one, "DAMAGED_IN_TRANSIT", transfer.key, stamp)
        for serial in one.serials:
            unit = log.get(SerialNumber, product.base_di, serial)
            unit.quarantine(target, "DAMAGED_IN_TRANSIT", transfer.key, stamp)
    free = tuple(one for one in command.good if recall_of(log, product, one) is None)
    for one in command.good:
        hold_back(log, target, product, one, stamp)
    _serve_order(log, transfer, free, stamp.automatic("fulfilment"))
    orders = allocate(log, target, sku, stamp)
    return {"to": transfer.key, "state": transfer.state, "orders": orders}


@dataclass(frozen=True, kw_only=True)
class ConfirmTransferLoss:
    """Give up goods of a transfer that will not arrive. ``claim_no`` is the carrier's claim."""

    to: str
    goods: tuple[Goods, ...]
    claim_no: str


def confirm_transfer_loss(log: Log, stamp: Stamp, command: ConfirmTransferLoss) -> dict[str, Any]:
    """Confirm a loss.

    Refuses NOT_FOUND, INVALID_STATE, RECEIVE_EXCEEDS_DISPATCH, VALIDATION_FAILED, LOT_REQUIRED,
    SERIAL_REQUIRED, QTY_SERIAL_MISMATCH, SERIAL_DUPLICATE.
    """
    transfer, findings = existing(log, Transfer, command.to), Findings()
    findings.identifier(command.claim_no, "claim_no")
    findings.field(command.goods, "goods", "what was lost")
    findings.field(all(one.qty >= 1 for one in command.goods), "goods", "at least 1 of each")
    product = existing(log, Product, transfer.known.sku)
    for one in command.goods:
        findings.add(*form_violations(product, one.qty, one.lot, one.serials))
    findings.refuse()
    transfer.lose(command.goods, command.claim_no, product.known.std_cost, stamp)
    for one in command.goods:
        for serial in one.serials:
            log.get(SerialNumber, product.base_di, serial).lose(transfer.key, "TRANSFER", stamp)
    lost = sum(one.qty for one in command.goods)
    _serve_order(log, transfer, (), stamp.automatic("fulfilment"), lost)
    return {"to": transfer.key, "state": transfer.state}


@dataclass(frozen=True, kw_only=True)
class CancelTransfer:
    """Forget a transfer of which nothing has left."""

    to: str
    reason: str


def cancel_transfer(log: Log, stamp: Stamp, command: CancelTransfer) -> dict[str, Any]:
    """Cancel a transfer; the order it was for waits for a decision, or for goods that come in.

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED.
    """
    transfer, findings = existing(log, Transfer, command.to), Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    call_off(log, transfer, command.reason, stamp)
    _serve_order(log, transfer, (), stamp.automatic("fulfilment"))
    return {"to": transfer.key, "state": transfer.state}


def _not_to_give(log: Log, command: CreateTransfer, stamp: Stamp) -> list[Refusal]:
    """Why the donor cannot give this away: its safety stock, or the goods themselves."""
    surplus = sourcing.surplus_of(log, command.src, command.sku, 0, stamp.today)
    found: list[Refusal] = []
    if command.qty > surplus:
        found.append(DonorBelowSafety(wh=command.src, surplus=max(0, surplus), wanted=command.qty))
    item = log.get(StockItem, command.src, command.sku)
    for goods in command.goods:
        problem = item.unavailable(goods)
        if problem is not None:
            found.append(problem)
        expiry = item.shelf.lots[goods.lot].expiry if goods.lot in item.shelf.lots else None
        if expiry is not None and expiry < stamp.today:
            found.append(LotNotSellable(lot=goods.lot, expiry=expiry))
    return found


def _serve_order(
    log: Log,
    transfer: Transfer,
    good: tuple[Goods, ...],
    stamp: Stamp,
    concerned: int | None = None,
) -> None:
    """Reserve what came for the order that it was for; what did not come waits (rule 9).

    Nothing of the missing part is sourced again by itself. ``concerned`` is how much of the
    transfer it is about, where the rest goes on.
    """
    terms = transfer.known
    if not terms.so:
        return
    order = existing(log, Order, terms.so)
    links = order.lines[terms.line_no].supplies if terms.line_no in order.lines else []
    mine = [one for one in links if one.kind == TRANSFER and one.ref == transfer.key]
    if not mine or order.ended:
        return
    link = mine[0]
    if concerned is not None:
        link = msgspec.structs.replace(link, qty=min(link.qty, concerned))
    drop(order, terms.line_no, link, "ARRIVED" if good else "NOT_COMING", stamp)
    left = link.qty
    for goods in good:
        used = min(left, goods.qty)
        if used:
            serials = goods.serials[:used] if goods.serials else ()
            part = msgspec.structs.replace(goods, qty=used, serials=serials)
            pick = Pick((part,), (f"came with {transfer.key}",))
            promise = link.promise_date
            reserve(log, order, terms.line_no, terms.target, pick, promise, stamp)
            left -= used
    if left:
        missing = Link(BACKORDER, terms.target, left)
        backorder(log, order, terms.line_no, missing, f"MISSING FROM {transfer.key}", stamp)
