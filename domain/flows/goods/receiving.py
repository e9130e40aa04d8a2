"""Receiving: goods that were bought or made come in, are inspected, and go to who waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from domain.flows.goods.opening import form_violations, repeated
from domain.flows.goods.registering import register
from domain.flows.goods.shelving import hold_back, shelve
from domain.flows.orders.allocating import allocate
from domain.flows.orders.confirming import recheck_room
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.product_terms import LOT
from domain.goods.refusals import (
    ExpiredOnReceipt,
    LotNotSellable,
    SerialDuplicate,
    SerialNotAvailable,
    UnknownSku,
)
from domain.goods.serial_events import MADE
from domain.goods.serial_number import SerialNumber
from domain.goods.shelf import Goods
from domain.goods.stock_item import StockItem
from domain.goods.warehouse import Warehouse
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.refusals import RegistrationMissing
from domain.policies import sourcing
from domain.supply.refusals import OverOutput, QcNotPassed, WarehouseClass
from domain.supply.requisition import Requisition
from domain.supply.transfer import parts as parts_of
from domain.supply.work_order import WorkOrder

PASSED = ("OK", "RELEASED")


@dataclass(frozen=True, kw_only=True)
class Source:
    """What the goods come from: requisition or work order ``ref``."""

    kind: Literal["PURCHASE", "PRODUCTION"]
    ref: str


@dataclass(frozen=True, kw_only=True)
class ReceivedBucket:
    """Goods of one lot, or units made on one day, in base units."""

    qty: int
    registration_no: str
    lot: str | None = None
    serials: tuple[str, ...] = ()
    manufacture_date: date | None = None
    expiry: date | None = None


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """Goods-in inspection (收货验收): who, with which result, and how many passed."""

    inspector: str
    result: Literal["OK", "RELEASED", "REJECTED", "PARTIAL"]
    qualified_qty: int
    arrived_qty: int | None = None
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReceiveStock:
    """Take goods in. What did not pass its inspection goes to quarantine, the last goods first."""

    wh: str
    sku: str
    source: Source
    buckets: tuple[ReceivedBucket, ...]
    inspection: Inspection
    temperature: str | None = None


def receive_stock(log: Log, stamp: Stamp, command: ReceiveStock) -> dict[str, Any]:
    """Receive goods, and reserve them for the lines that wait.

    Refuses UNKNOWN_SKU, NOT_FOUND, VALIDATION_FAILED, LOT_REQUIRED, SERIAL_REQUIRED,
    SERIAL_DUPLICATE, SERIAL_NOT_AVAILABLE, QTY_SERIAL_MISMATCH, EXPIRED_ON_RECEIPT,
    REGISTRATION_MISSING, LOT_NOT_SELLABLE, QC_NOT_PASSED, OVER_OUTPUT, ALREADY_EXISTS,
    WAREHOUSE_CLASS, INVALID_STATE.
    """
    findings = Findings()
    findings.known(log, Warehouse, command.wh, "wh")
    product = log.get(Product, command.sku)
    findings.require(product.exists, UnknownSku(sku=command.sku))
    findings.field(command.buckets, "buckets", "at least one bucket")
    findings.refuse()
    made = command.source.kind == "PRODUCTION"
    for place, bucket in enumerate(command.buckets):
        _check_bucket(log, product, bucket, f"buckets[{place}]", findings, stamp, made=made)
    qty = sum(one.qty for one in command.buckets)
    passed = command.inspection.qualified_qty
    findings.field(0 <= passed <= qty, "inspection.qualified_qty", f"0 to {qty}")
    rejected = command.inspection.result == "REJECTED" and not made
    findings.field(not (rejected and passed), "inspection.qualified_qty", "0 of rejected goods")
    _check_together(command, findings)
    findings.identifier(command.inspection.inspector, "inspection.inspector")
    arrived = command.inspection.arrived_qty
    findings.field(arrived in (None, qty), "inspection.arrived_qty", f"{qty}, as the buckets say")
    cold = product.known.cold_chain is not None
    measured = (command.temperature or "").strip()
    findings.field(not cold or measured, "temperature", "kept cold, so measured")
    fit = sourcing.keeps(log, product, command.wh)
    findings.require(fit, WarehouseClass(wh=command.wh, sku=command.sku))
    findings.refuse()
    _tell_source(log, command, product, qty, stamp)
    for bucket in command.buckets:
        _register(log, product, bucket, stamp, made=made)
    _shelve(log, command, product, passed, stamp)
    orders = allocate(log, command.wh, command.sku, stamp)
    for code in ("NO_SUPPLY", "SHORT_DATED_CONSENT"):
        orders += [one["so"] for one in recheck_room(log, code, "receipt", stamp)]
    return {"wh": command.wh, "sku": command.sku, "qty": qty, "orders": orders}


def _check_together(command: ReceiveStock, findings: Findings) -> None:
    """A lot has one expiry, and a unit comes once, whatever the buckets."""
    dates: dict[str, date | None] = {}
    for one in command.buckets:
        first = dates.setdefault(one.lot or "", one.expiry)
        fine = one.lot is None or one.expiry == first
        findings.require(fine, LotNotSellable(lot=one.lot, expiry=first, said=one.expiry))
    serials = [serial for one in command.buckets for serial in dict.fromkeys(one.serials)]
    findings.add(*repeated(serials))


def _check_bucket(  # noqa: PLR0913 - a bucket is checked against product, day and origin
    log: Log,
    product: Product,
    bucket: ReceivedBucket,
    field: str,
    findings: Findings,
    stamp: Stamp,
    *,
    made: bool,
) -> None:
    findings.field(bucket.qty >= 1, f"{field}.qty", "at least 1")
    findings.add(*form_violations(product, bucket.qty, bucket.lot, bucket.serials))
    findings.require(bucket.registration_no.strip(), RegistrationMissing(field=field))
    for serial in bucket.serials:
        findings.identifier(serial, f"{field}.serials")
        unit = log.get(SerialNumber, product.base_di, serial)
        if made:
            fine = unit.state == MADE
            state = unit.state or None
            findings.require(fine, SerialNotAvailable(serial=serial, state=state, required=MADE))
        else:
            findings.require(not unit.in_register, SerialDuplicate(serial=serial))
    if bucket.lot is None:
        dated = not bucket.serials or made or bucket.manufacture_date is not None
        findings.field(dated, f"{field}.manufacture_date", "the day on which the units were made")
        return
    findings.identifier(bucket.lot, f"{field}.lot")
    lot = log.get(Lot, product.key, bucket.lot)
    expiry = bucket.expiry or lot.expiry
    known = expiry is not None and (bucket.manufacture_date or lot.manufacture_date)
    findings.field(known, f"{field}.expiry", "manufacture and expiry dates of a new lot")
    if expiry is not None:
        usable = expiry >= stamp.today
        findings.require(usable, ExpiredOnReceipt(field=field, lot=bucket.lot, expiry=expiry))
    made_first = bucket.expiry is None or (bucket.manufacture_date or date.min) <= bucket.expiry
    findings.field(made_first, f"{field}.expiry", "not before the manufacture date")
    same = not lot.known or bucket.expiry in (None, lot.expiry)
    findings.require(same, LotNotSellable(lot=bucket.lot, expiry=lot.expiry, said=bucket.expiry))


def _tell_source(log: Log, command: ReceiveStock, product: Product, qty: int, stamp: Stamp) -> None:
    """A work order and a requisition count what came of them (INV-WO-2, INV-PQ-3)."""
    if command.source.kind == "PURCHASE":
        requisition = existing(log, Requisition, command.source.ref)
        _same(requisition.known.item, product.key)
        requisition.receive(qty, command.inspection.inspector, stamp)
        return
    work = existing(log, WorkOrder, command.source.ref)
    _same(work.known.sku, product.key)
    if command.inspection.result not in PASSED:
        raise QcNotPassed(wo=work.key, result=command.inspection.result)
    parts: dict[str, int] = {}
    for one in command.buckets:
        for key, count in parts_of(Goods(one.qty, one.lot, one.serials)):
            parts[key] = parts.get(key, 0) + count
    more = {key: count for key, count in parts.items() if count > work.made.get(key, 0)}
    if more:
        raise OverOutput(wo=work.key, beyond=more, made=dict(work.made))
    work.receive(parts, stamp)


def _same(item: str, sku: str) -> None:
    findings = Findings()
    findings.field(item == sku, "source.ref", f"a document for {sku}, not {item}")
    findings.refuse()


def _register(
    log: Log, product: Product, bucket: ReceivedBucket, stamp: Stamp, *, made: bool
) -> None:
    """Make lots and bought units known."""
    if product.known.tracking == LOT and bucket.lot is not None:
        lot = log.get(Lot, product.key, bucket.lot)
        if not lot.known and bucket.manufacture_date and bucket.expiry:
            lot.create(bucket.manufacture_date, bucket.expiry, bucket.registration_no, stamp)
    if not made:
        day = bucket.manufacture_date or stamp.today
        register(log, product, bucket.serials, day, bucket.registration_no, stamp)


def _shelve(log: Log, command: ReceiveStock, product: Product, passed: int, stamp: Stamp) -> None:
    item = log.get(StockItem, command.wh, command.sku)
    kind, ref = command.source.kind, command.source.ref
    for bucket in command.buckets:
        good = min(passed, bucket.qty)
        passed -= good
        goods = Goods(bucket.qty, bucket.lot, bucket.serials)
        shelve(
            log,
            command.wh,
            product,
            goods,
            kind,
            ref,
            stamp,
            inspector=command.inspection.inspector,
            qualified=good,
            registration_no=bucket.registration_no,
            temperature=command.temperature,
        )
        for serial in bucket.serials[:good]:
            log.get(SerialNumber, product.base_di, serial).arrive(command.wh, ref, stamp)
        for serial in bucket.serials[good:]:
            unit = log.get(SerialNumber, product.base_di, serial)
            unit.quarantine(command.wh, "NOT_QUALIFIED", ref, stamp)
        if good < bucket.qty:
            bad = Goods(bucket.qty - good, bucket.lot, bucket.serials[good:])
            item.quarantine(bad, "NOT_QUALIFIED", ref, stamp)
        fine = Goods(good, bucket.lot, bucket.serials[:good])
        hold_back(log, command.wh, product, fine, stamp)
