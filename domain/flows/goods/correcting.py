"""Correcting: an approved count becomes the book, and orders that lose goods are supplied again."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.company.company_policy import COMPANY, CompanyPolicy
from domain.flows.goods.registering import register
from domain.flows.goods.securing import set_apart
from domain.flows.goods.shelving import hold_back
from domain.flows.orders.allocating import allocate
from domain.flows.orders.confirming import resource
from domain.goods import stock_events as stocked
from domain.goods.count_sheet import COUNTED, Counted, CountSheet, Frozen
from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.product_terms import SERIAL
from domain.goods.refusals import (
    ApprovalRequired,
    CountStale,
)
from domain.goods.serial_events import IN_STOCK, LOST, MADE, QUARANTINED
from domain.goods.serial_number import SerialNumber
from domain.goods.shelf import Goods
from domain.goods.sighting import Sighting
from domain.goods.stock_item import StockItem
from domain.goods.warehouse import Warehouse
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import Refusal
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.order import Order


@dataclass(frozen=True, kw_only=True)
class ApproveCount:
    """Accept the differences of a sheet. The counters may not; above the limit finance has to."""

    sheet_id: str


def approve_count(log: Log, stamp: Stamp, command: ApproveCount) -> dict[str, Any]:
    """Approve a sheet and correct the book; orders that lose goods are supplied again.

    A unit that the register knows elsewhere is kept as an observation, and named in the answer.

    Refuses NOT_FOUND, INVALID_STATE, APPROVAL_REQUIRED, COUNT_STALE.
    """
    sheet = existing(log, CountSheet, command.sheet_id)
    sheet.require(COUNTED)
    _may_approve(log, sheet, stamp)
    findings = Findings()
    findings.add(*stale(log, sheet, sheet.lines))
    findings.refuse()
    elsewhere = [unit for line in sheet.lines for unit in _elsewhere(log, line)]
    sheet.approve(stamp)
    orders: list[str] = []
    for line in sheet.lines:
        if line.delta or line.missing or line.found:
            orders += _correct(log, sheet, line, stamp)
    for so in dict.fromkeys(orders):
        resource(log, existing(log, Order, so), stamp)
    for sku in dict.fromkeys(line.sku for line in sheet.lines if line.delta > 0):
        orders += allocate(log, sheet.warehouse, sku, stamp)
    seen = [_observe(log, sheet, unit, stamp) for unit in elsewhere]
    told = {"sheet_id": sheet.key, "state": sheet.state, "value": sheet.value}
    return told | {"orders": orders, "elsewhere": seen}


def frozen_bucket(log: Log, warehouse: str, sku: str, lot: str | None) -> Frozen:
    """What the book says of a bucket now."""
    item = log.get(StockItem, warehouse, sku)
    serials = tuple(sorted(item.shelf.units))
    known = item.shelf.lots.get(lot or "")
    book = len(serials) if serials or known is None else known.on_hand
    moves = known.moves if lot is not None and known is not None else item.shelf.unit_moves
    return Frozen(sku, moves, book, lot, serials)


def stale(log: Log, sheet: CountSheet, lines: list[Counted]) -> list[Refusal]:
    """Buckets whose stock has moved since the book was frozen."""
    found: list[Refusal] = []
    for line in lines:
        bucket = sheet.bucket(line.sku, line.lot)
        now = frozen_bucket(log, sheet.warehouse, line.sku, line.lot)
        if bucket is not None and now.moves != bucket.moves:
            found.append(
                CountStale(sheet=sheet.key, sku=line.sku, lot=line.lot, frozen=bucket.book)
            )
    return found


def _may_approve(log: Log, sheet: CountSheet, stamp: Stamp) -> None:
    limit = log.get(CompanyPolicy, COMPANY).limits.count_value
    facts = {"sheet": sheet.key, "value": sheet.value, "role": stamp.by.role}
    if stamp.by.user in sheet.counters:
        raise ApprovalRequired(**facts, reason="counted by the same person")
    if stamp.by.role == "WH" and sheet.value <= limit:
        return
    if stamp.by.role != "FIN":
        raise ApprovalRequired(**facts, required="FIN" if sheet.value > limit else "WH or FIN")


def _correct(log: Log, sheet: CountSheet, line: Counted, stamp: Stamp) -> list[str]:
    """Correct one bucket: the orders that lost goods. Units go one way each."""
    if existing(log, Product, line.sku).known.tracking == SERIAL:
        return _correct_units(log, sheet, line, stamp)
    goods = Goods(abs(line.delta), line.lot)
    return _post(log, sheet, line, goods, 1 if line.delta > 0 else -1, stamp)


def _correct_units(log: Log, sheet: CountSheet, line: Counted, stamp: Stamp) -> list[str]:
    """Correct the units of a product. One that the register knows elsewhere is not taken in."""
    orders: list[str] = []
    if line.missing:
        gone = Goods(len(line.missing), None, line.missing)
        orders = _post(log, sheet, line, gone, -1, stamp)
    elsewhere = tuple(unit.serial for unit in _elsewhere(log, line))
    found = tuple(one for one in line.found if one not in elsewhere)
    if found:
        _post(log, sheet, line, Goods(len(found), None, found), 1, stamp)
    return orders


def _elsewhere(log: Log, line: Counted) -> list[SerialNumber]:
    """Units that were found and that the register knows at another place: somebody has to ask."""
    di = existing(log, Product, line.sku).base_di
    units = [log.get(SerialNumber, di, serial) for serial in line.found]
    return [unit for unit in units if unit.in_register and unit.state not in (LOST, MADE)]


def _post(
    log: Log, sheet: CountSheet, line: Counted, goods: Goods, sign: int, stamp: Stamp
) -> list[str]:
    product = existing(log, Product, line.sku)
    orders: list[str] = []
    if sign < 0:
        orders = set_apart(log, sheet.warehouse, line.sku, goods, "COUNT_LOSS", stamp)
    elif line.lot is not None:
        lot = log.get(Lot, line.sku, line.lot)
        goods = Goods(goods.qty, line.lot, (), lot.expiry, lot.manufacture_date)
    bucket = sheet.bucket(line.sku, line.lot)
    if sign < 0 and not goods.serials:
        _unmark(log.get(StockItem, sheet.warehouse, line.sku), goods, sheet.key, stamp)
    units = bool(goods.serials)
    log.get(StockItem, sheet.warehouse, line.sku).post_count(
        stocked.CountPosted(
            stamp.by,
            stamp.at,
            sheet=sheet.key,
            goods=goods,
            book=bucket.book if bucket else 0,
            counted=line.counted,
            delta=sign * goods.qty,
            value=sign * goods.qty * product.known.std_cost,
            approved_by=(stamp.by.user,),
            missing=goods.serials if units and sign < 0 else (),
            found=goods.serials if units and sign > 0 else (),
        )
    )
    for serial in goods.serials:
        unit = log.get(SerialNumber, product.base_di, serial)
        if sign < 0 and unit.state in (IN_STOCK, QUARANTINED):
            unit.lose(sheet.key, "NOT_FOUND_IN_COUNT", stamp)
        elif sign > 0:
            _find(log, unit, sheet, product, stamp)
    if sign > 0:
        hold_back(log, sheet.warehouse, product, goods, stamp)
    return orders


def _unmark(item: StockItem, goods: Goods, sheet: str, stamp: Stamp) -> None:
    """What is missing beyond the free goods is missing of those that were set apart."""
    held = item.shelf.lots[goods.lot or ""]
    waiting = min(held.quarantined, goods.qty - held.available)
    if waiting > 0:
        item.unquarantine(Goods(waiting, goods.lot), "COUNT_LOSS", sheet, stamp)
    locked = min(held.blocked, goods.qty - held.available)
    if locked > 0:
        item.unblock(Goods(locked, goods.lot), "COUNT_LOSS", sheet, stamp)


def _find(log: Log, unit: SerialNumber, sheet: CountSheet, product: Product, stamp: Stamp) -> None:
    """A unit came up: one that was given up, or one that nobody knew."""
    if not unit.in_register:
        registration = product.known.registrations[-1].no if product.known.registrations else ""
        register(log, product, (unit.serial,), stamp.today, registration, stamp)
    unit.find(sheet.warehouse, sheet.key, stamp)


def _observe(log: Log, sheet: CountSheet, unit: SerialNumber, stamp: Stamp) -> str:
    """Keep what was seen: the unit's register is not touched by a count of another place."""
    region = existing(log, Warehouse, sheet.warehouse).region_code
    sighting = Sighting(
        raw=sheet.key,
        region_code=region,
        source="COUNT",
        weight=Decimal(1),
        observer=sheet.counters[0],
    )
    unit.observe(unit.sku, sighting, stamp)
    return unit.serial
