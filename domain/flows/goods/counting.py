"""Counting (盘点): freeze the book, count, count again where it differs, approve, correct."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.company.numbering import document_number
from domain.flows.goods.correcting import frozen_bucket, stale
from domain.goods.count_sheet import COUNTED, FROZEN, Counted, CountSheet, Frozen
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.product_terms import SERIAL
from domain.goods.refusals import (
    LotRequired,
    RecountRequired,
    SerialCountMismatch,
    UnknownSku,
)
from domain.goods.warehouse import Warehouse
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import Refusal
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """A lot to count, or the units of a product."""

    sku: str
    lot: str | None = None


@dataclass(frozen=True, kw_only=True)
class FreezeCount:
    """Write down what the book says, to be counted against."""

    wh: str
    buckets: tuple[Bucket, ...]
    sheet_id: str | None = None


def freeze_count(log: Log, stamp: Stamp, command: FreezeCount) -> dict[str, Any]:
    """Freeze a sheet.

    Refuses VALIDATION_FAILED, UNKNOWN_SKU, LOT_REQUIRED, NUMBER_TAKEN, ALREADY_EXISTS.
    """
    findings = Findings()
    findings.known(log, Warehouse, command.wh, "wh")
    findings.field(command.buckets, "buckets", "at least one bucket")
    _check_buckets(log, [(one.sku, one.lot) for one in command.buckets], findings)
    if command.sheet_id is not None:
        findings.identifier(command.sheet_id, "sheet_id")
    findings.refuse()
    sheet = log.get(CountSheet, document_number(log, "SC", command.sheet_id, stamp))
    frozen = tuple(frozen_bucket(log, command.wh, one.sku, one.lot) for one in command.buckets)
    sheet.freeze(command.wh, frozen, stamp)
    return {"sheet_id": sheet.key, "state": sheet.state}


@dataclass(frozen=True, kw_only=True)
class CountedLine:
    """What was found: a quantity of a lot, or units by their serial numbers."""

    sku: str
    counted: int
    lot: str | None = None
    serials_found: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PostCount:
    """Enter a count. A sheet that was not frozen before is frozen at this moment."""

    sheet_id: str
    wh: str
    lines: tuple[CountedLine, ...]
    counter: str
    recounted_by: str | None = None


def post_count(log: Log, stamp: Stamp, command: PostCount) -> dict[str, Any]:
    """Enter what was counted; it changes the book once it is approved.

    Refuses VALIDATION_FAILED, UNKNOWN_SKU, LOT_REQUIRED, SERIAL_COUNT_MISMATCH, COUNT_STALE,
    RECOUNT_REQUIRED, INVALID_STATE, NUMBER_TAKEN.
    """
    findings = Findings()
    findings.identifier(command.sheet_id, "sheet_id")
    findings.identifier(command.counter, "counter")
    findings.known(log, Warehouse, command.wh, "wh")
    findings.field(command.lines, "lines", "at least one line")
    _check_buckets(log, [(one.sku, one.lot) for one in command.lines], findings)
    for place, line in enumerate(command.lines):
        findings.field(line.counted >= 0, f"lines[{place}].counted", "at least 0")
        if line.serials_found and len(set(line.serials_found)) != line.counted:
            findings.add(SerialCountMismatch(sku=line.sku, counted=line.counted))
    other = command.recounted_by != command.counter
    findings.field(other, "recounted_by", "somebody else than the counter")
    findings.refuse()
    sheet = log.get(CountSheet, command.sheet_id)
    if not sheet.exists:
        document_number(log, "SC", command.sheet_id, stamp)
        frozen = tuple(frozen_bucket(log, command.wh, one.sku, one.lot) for one in command.lines)
        sheet.freeze(command.wh, frozen, stamp)
    sheet.require(FROZEN, COUNTED)
    findings.field(sheet.warehouse == command.wh, "wh", f"the sheet's, {sheet.warehouse}")
    counted = []
    for place, line in enumerate(command.lines):
        bucket = sheet.bucket(line.sku, line.lot)
        findings.field(bucket is not None, f"lines[{place}]", "a bucket of the sheet")
        if bucket is not None:
            counted.append(_counted(log, bucket, line, findings))
    findings.refuse()
    findings.add(*stale(log, sheet, counted))
    if command.recounted_by is None:
        findings.add(*_beyond_tolerance(log, sheet, counted))
    findings.refuse()
    sheet.submit(command.counter, tuple(counted), command.recounted_by, stamp)
    return {"sheet_id": sheet.key, "state": sheet.state, "value": sheet.value}


@dataclass(frozen=True, kw_only=True)
class DiscardCount:
    """Do not use a sheet, for instance because stock has moved."""

    sheet_id: str
    reason: str


def discard_count(log: Log, stamp: Stamp, command: DiscardCount) -> dict[str, Any]:
    """Discard a sheet.

    Refuses NOT_FOUND, INVALID_STATE, VALIDATION_FAILED.
    """
    sheet, findings = existing(log, CountSheet, command.sheet_id), Findings()
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    sheet.discard(command.reason, stamp)
    return {"sheet_id": sheet.key, "state": sheet.state}


def _check_buckets(log: Log, buckets: list[tuple[str, str | None]], findings: Findings) -> None:
    for place, (sku, lot) in enumerate(buckets):
        product = log.get(Product, sku)
        if not product.exists:
            findings.add(UnknownSku(field=f"[{place}]", sku=sku))
            continue
        tracked = product.known.tracking == "LOT"
        findings.require(lot is not None or not tracked, LotRequired(sku=sku))
        findings.field(lot is None or tracked, f"[{place}].lot", f"{sku} has no lots")
        if lot is not None and tracked:
            findings.field(log.get(Lot, sku, lot).known, f"[{place}].lot", "a lot that is known")
    once = len(set(buckets)) == len(buckets)
    findings.field(once, "buckets", "each bucket once")


def _counted(log: Log, bucket: Frozen, line: CountedLine, findings: Findings) -> Counted:
    product = existing(log, Product, line.sku)
    missing: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    if product.known.tracking == SERIAL:
        named = len(line.serials_found) == line.counted
        findings.require(named, SerialCountMismatch(sku=line.sku, counted=line.counted))
        missing = tuple(sorted(set(bucket.serials) - set(line.serials_found)))
        found = tuple(sorted(set(line.serials_found) - set(bucket.serials)))
        for serial in found:
            findings.identifier(serial, "serials_found")
    delta = line.counted - bucket.book
    cost = product.known.std_cost
    units = len(missing) + len(found) if product.known.tracking == SERIAL else abs(delta)
    return Counted(
        line.sku, line.counted, delta, delta * cost, line.lot, missing, found, units * cost
    )


def _beyond_tolerance(log: Log, sheet: CountSheet, lines: list[Counted]) -> list[Refusal]:
    """Differences that ask for a second count: units any, other goods above a share of the book."""
    pct = log.get(CompanyPolicy, COMPANY).limits.count_recount_pct
    found: list[Refusal] = []
    for line in lines:
        bucket = sheet.bucket(line.sku, line.lot)
        book = bucket.book if bucket else 0
        units = existing(log, Product, line.sku).known.tracking == SERIAL
        tolerance = Decimal(0) if units else book * pct / 100
        if abs(line.delta) > tolerance or line.missing or line.found:
            found.append(
                RecountRequired(sku=line.sku, lot=line.lot, book=book, counted=line.counted)
            )
    return found
