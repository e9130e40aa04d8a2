"""Reserving by hand: a person names the lot or the units, or decides where goods come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from domain.flows.goods.opening import form_violations
from domain.flows.orders.confirming import standing
from domain.flows.orders.supplying import (
    backorder,
    drop,
    free,
    reserve,
    unclaim,
)
from domain.goods.product import Product
from domain.goods.refusals import (
    FefoViolation,
    InsufficientAtp,
    ReservationNotFound,
    ShelfLifeShort,
    UnknownSku,
)
from domain.goods.shelf import Goods
from domain.goods.stock_item import StockItem
from domain.goods.warehouse import Warehouse
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import InvalidState, Refusal, refuse
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from domain.orders.order import Order
from domain.orders.order_line import BACKORDER, STOCK, Line, Link
from domain.orders.refusals import HoldsActive, ReserveExceedsOpen
from domain.policies import sourcing
from domain.policies.choosing import Pick, choose


@dataclass(frozen=True, kw_only=True)
class Reserve:
    """Set goods aside for an order (``ref``): a lot or named units, instead of what is chosen.

    They replace what the order holds of the product. A lot that expires later than another
    needs a reason.
    """

    wh: str
    sku: str
    ref: str
    qty: int
    lot: str | None = None
    serials: tuple[str, ...] = ()
    reason: str = ""


def reserve_by_hand(log: Log, stamp: Stamp, command: Reserve) -> dict[str, Any]:
    """Reserve goods by hand. All that is wrong is told; the state of the goods leads.

    Refuses NOT_FOUND, UNKNOWN_SKU, VALIDATION_FAILED, LOT_REQUIRED, SERIAL_REQUIRED,
    QTY_SERIAL_MISMATCH, SERIAL_DUPLICATE, SERIAL_NOT_AVAILABLE, LOT_NOT_SELLABLE,
    SHELF_LIFE_SHORT, FEFO_VIOLATION, INSUFFICIENT_ATP, RESERVE_EXCEEDS_OPEN, HOLDS_ACTIVE,
    INVALID_STATE.
    """
    findings = Findings()
    findings.known(log, Warehouse, command.wh, "wh")
    product = log.get(Product, command.sku)
    findings.require(product.exists, UnknownSku(sku=command.sku))
    findings.field(command.qty >= 1, "qty", "at least 1")
    findings.refuse()
    order = existing(log, Order, command.ref)
    findings.add(*form_violations(product, command.qty, command.lot, command.serials))
    findings.refuse()
    goods = Goods(command.qty, command.lot, command.serials)
    lines = [one for one in order.lines.values() if one.terms.sku == command.sku]
    refuse(_against(log, command, order, product, goods, lines, stamp))
    left = command.qty
    for line in lines:
        used = min(left, line.open - line.reserved)
        if used:
            part = _part(goods, left, used)
            waiting = min(used, line.open - line.unsourced - line.reserved)
            if waiting:
                free(log, order, line.terms.line_no, waiting, "RESERVED BY HAND", stamp)
            pick = Pick((part,), ("named by hand",))
            reserve(log, order, line.terms.line_no, command.wh, pick, None, stamp, command.reason)
            left -= used
    return standing(order)


def _part(goods: Goods, left: int, used: int) -> Goods:
    start = goods.qty - left
    serials = goods.serials[start : start + used]
    return msgspec.structs.replace(goods, qty=used, serials=serials)


def _against(  # noqa: PLR0913 - everything that may speak against it
    log: Log,
    command: Reserve,
    order: Order,
    product: Product,
    goods: Goods,
    lines: list[Line],
    stamp: Stamp,
) -> list[Refusal]:
    """What speaks against it: the goods' state, shelf life, FEFO, quantity, then the order."""
    item = log.get(StockItem, command.wh, command.sku)
    found: list[Refusal] = []
    problem = item.unavailable(goods)
    short = isinstance(problem, InsufficientAtp)
    if problem is not None and not short:
        found.append(problem)
    bucket = item.shelf.lots.get(command.lot or "")
    needed = max(
        (sourcing.shelf_days(product, order, line) for line in lines),
        default=product.known.min_shelf_days or 0,
    )
    if bucket is not None and bucket.expiry is not None:
        life = (bucket.expiry - stamp.today).days
        if life < needed or life < 0:
            found.append(ShelfLifeShort(lot=command.lot, days_left=life, days_needed=needed))
        tracking = product.known.tracking
        best = choose(item.shelf, tracking, command.qty, needed, stamp.today, [])
        earlier = [one.lot for one in best.goods if one.expiry and one.expiry < bucket.expiry]
        if earlier and not command.reason.strip():
            found.append(FefoViolation(lot=command.lot, earlier=earlier))
    if problem is not None and short:
        found.append(problem)
    open_qty = sum(line.open - line.reserved for line in lines)
    if command.qty > open_qty:
        found.append(
            ReserveExceedsOpen(so=order.so, sku=command.sku, qty=command.qty, open=open_qty)
        )
    if order.holds:
        found.append(HoldsActive(so=order.so, holds=order.holds))
    elif order.ended or not order.confirmed:
        found.append(InvalidState(so=order.so, state=order.state))
    return found


@dataclass(frozen=True, kw_only=True)
class ReleaseReservation:
    """Free goods that are reserved for an order; the line waits for goods that come in."""

    wh: str
    sku: str
    ref: str
    qty: int
    lot: str | None = None
    serials: tuple[str, ...] = ()
    reason: str = ""


def release_reservation(log: Log, stamp: Stamp, command: ReleaseReservation) -> dict[str, Any]:
    """Release a reservation.

    Refuses NOT_FOUND, RESERVATION_NOT_FOUND, VALIDATION_FAILED, LOT_REQUIRED, SERIAL_REQUIRED,
    QTY_SERIAL_MISMATCH, SERIAL_DUPLICATE.
    """
    findings = Findings()
    findings.field(command.qty >= 1, "qty", "at least 1")
    findings.field(command.reason.strip(), "reason", "a reason must be given")
    findings.refuse()
    order, product = existing(log, Order, command.ref), existing(log, Product, command.sku)
    findings.add(*form_violations(product, command.qty, command.lot, command.serials))
    findings.refuse()
    goods = Goods(command.qty, command.lot, command.serials)
    item = log.get(StockItem, command.wh, command.sku)
    if not item.shelf.holds(order.so, goods):
        raise ReservationNotFound(ref=command.ref, wh=command.wh, sku=command.sku)
    unclaim(log, command.wh, command.sku, order.so, [goods], command.reason, stamp)
    let_wait(log, order, command.sku, command.wh, command.qty, command.reason, stamp)
    return standing(order)


def let_wait(  # noqa: PLR0913 - what, where, how many and why
    log: Log, order: Order, sku: str, warehouse: str, qty: int, reason: str, stamp: Stamp
) -> None:
    """Turn reservations of an order, whose goods are free already, into a place in the queue."""
    for line_no, line in order.lines.items():
        mine = [one for one in line.supplies if (one.kind, one.warehouse) == (STOCK, warehouse)]
        for link in mine if line.terms.sku == sku else ():
            used = min(qty, link.qty)
            if used:
                part = msgspec.structs.replace(link, qty=used)
                drop(order, line_no, part, reason, stamp)
                waiting = Link(BACKORDER, warehouse, used)
                backorder(log, order, line_no, waiting, reason, stamp)
                qty -= used
