"""Sourcing: which warehouse ships a line, and which lots or serials.

Warehouses are asked in the order of the region's service: the primary one first, the others by
lead time and then by id. Orders may use safety stock, for that is its purpose. Lots go by first
expiry among those with enough life left (FEFO), serials by manufacture date and number (FIFO).
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from domain.company.company_policy import Service
from domain.goods.product import SERIAL, Product
from domain.goods.shelf import Bucket, Goods, Shelf
from domain.goods.stock_item import StockItem
from domain.kernel.aggregate import Log
from domain.orders.order import Order
from domain.orders.order_line import LineTerms, Supply


class Pick(msgspec.Struct, frozen=True):
    """Goods chosen for a line, and the trace of the choice."""

    goods: tuple[Goods, ...]
    considered: tuple[str, ...]

    @property
    def qty(self) -> int:
        """Base units chosen."""
        return sum(one.qty for one in self.goods)


class Plan(msgspec.Struct):
    """Supplies and picks by line, and the lines that no warehouse can supply."""

    supplies: list[Supply] = []
    picks: dict[int, Pick] = {}
    short: dict[int, dict[str, int]] = {}
    """Sellable quantity by warehouse, for each line that cannot be supplied."""

    @property
    def lead_days(self) -> int:
        """Days until the last line arrives."""
        return max((one.lead_days for one in self.supplies), default=0)


def plan(log: Log, order: Order, service: Service, day: date) -> Plan:
    """Source every line of an order on a day."""
    made = Plan()
    taken: dict[str, list[Goods]] = {}
    for line in order.lines.values():
        terms = line.terms
        needed = shelf_days(log.get(Product, terms.sku), order)
        sellable: dict[str, int] = {}
        for warehouse in ranked(service):
            item = log.get(StockItem, warehouse, terms.sku)
            gone = taken.setdefault(item.stream, [])
            pick = choose(item.shelf, terms, needed, day, gone)
            if pick.qty == terms.qty:
                passed = {one: f"sellable {qty}" for one, qty in sellable.items()}
                made.supplies.append(
                    Supply(
                        terms.line_no,
                        "SHIP",
                        warehouse,
                        terms.qty,
                        service.lead_days.get(warehouse, 0),
                        passed,
                    )
                )
                made.picks[terms.line_no] = pick
                gone.extend(pick.goods)
                break
            sellable[warehouse] = pick.qty
        else:
            made.short[terms.line_no] = sellable
    return made


def ranked(service: Service) -> list[str]:
    """Warehouses in the order in which they are asked."""
    primary, *others = service.ranking
    return [primary, *sorted(others, key=lambda one: (service.lead_days.get(one, 0), one))]


def shelf_days(product: Product, order: Order) -> int:
    """Days of life a lot must have left: the order's own minimum, else the product's."""
    own = order.known.min_shelf_days
    return own if own is not None else (product.known.min_shelf_days or 0)


def choose(shelf: Shelf, terms: LineTerms, needed: int, day: date, gone: list[Goods]) -> Pick:
    """Choose goods for a line, leaving out what earlier lines of the same order took."""
    if terms.tracking == SERIAL:
        return _oldest_units(shelf, terms.qty, gone)
    return _first_expiring(shelf, terms.qty, needed, day, gone)


def _oldest_units(shelf: Shelf, qty: int, gone: list[Goods]) -> Pick:
    taken = {serial for one in gone for serial in one.serials}
    free = sorted(
        (unit.manufacture_date, serial)
        for serial, unit in shelf.units.items()
        if not unit.reserved_for and serial not in taken
    )
    serials = tuple(serial for _, serial in free[:qty])
    goods = (Goods(len(serials), serials=serials),) if serials else ()
    return Pick(goods, ())


def _first_expiring(shelf: Shelf, qty: int, needed: int, day: date, gone: list[Goods]) -> Pick:
    picked: list[Goods] = []
    considered: list[str] = []
    left = qty
    for lot, bucket in sorted(shelf.lots.items(), key=_expiry):
        free = bucket.available - sum(one.qty for one in gone if (one.lot or "") == lot)
        if free <= 0:
            continue
        life = (bucket.expiry - day).days if bucket.expiry else None
        if life is not None and (life < 0 or life < needed):
            considered.append(f"{lot}: {life} days left, {needed} needed")
            continue
        used = min(left, free)
        if used:
            picked.append(
                Goods(
                    used,
                    lot=lot or None,
                    expiry=bucket.expiry,
                    manufacture_date=bucket.manufacture_date,
                )
            )
            considered.append(f"{lot}: {used} of {free} taken")
            left -= used
    return Pick(tuple(picked), tuple(considered))


def _expiry(entry: tuple[str, Bucket]) -> tuple[date, str]:
    lot, bucket = entry
    return bucket.expiry or date.max, lot


def promise_date(made: Plan, day: date) -> date:
    """Day on which the last line arrives."""
    return day + timedelta(days=made.lead_days)
