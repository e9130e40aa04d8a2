"""Laws of goods: nothing comes from nowhere, and nothing is in two places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, Table, and_, literal, or_, select

from projections.inventory import inventory_serials, inventory_visibility, stock_movements
from projections.lots import lot_trace
from replays.laws.law import Law, Side, unequal

IN_A_WAREHOUSE = ("IN_STOCK", "RESERVED", "QUARANTINED")


def _stock_is_movements() -> Select[Any]:
    names = ("on_hand", "quarantined", "blocked", "reserved", "in_transit_in", "value_std")
    stock, moved = (_shelves(one, names) for one in (inventory_visibility, stock_movements))
    return unequal(stock, moved)


def _shelves(table: Table, names: Sequence[str]) -> Side:
    place = [table.c[name] for name in ("wh", "sku", "lot")]
    return place, [table.c[name] for name in names], None


def _stock_is_not_negative() -> Select[Any]:
    stock = inventory_visibility.c
    names = ("on_hand", "quarantined", "blocked", "reserved", "in_transit_in")
    query = select(stock.wh, stock.sku, stock.lot, *(stock[name] for name in names))
    claimed = stock.on_hand - stock.quarantined - stock.blocked
    return query.where(or_(*(stock[name] < 0 for name in names), stock.reserved > claimed))


def _devices_are_stock() -> Select[Any]:
    unit, stock = inventory_serials.c, inventory_visibility.c
    by_serial = stock.sku.in_(select(unit.sku))
    there = and_(unit.state.in_(IN_A_WAREHOUSE), unit.wh.is_not(None))
    one_each = literal(1)
    return unequal(
        ([stock.wh, stock.sku], [stock.on_hand], by_serial),
        ([unit.wh, unit.sku], [one_each], there),
    )


def _lots_are_stock() -> Select[Any]:
    held, stock = lot_trace.c, inventory_visibility.c
    by_lot = and_(stock.lot != "", stock.sku.in_(select(held.sku)))
    on_shelves = [stock.wh, stock.sku, stock.lot], [stock.on_hand], by_lot
    traced = [held.holder, held.sku, held.lot], [held.balance], held.kind == "WAREHOUSE"
    return unequal(on_shelves, traced)


LAWS = (
    Law("STOCK_IS_MOVEMENTS", "Stock is the sum of its movements.", _stock_is_movements),
    Law(
        "STOCK_IS_NOT_NEGATIVE",
        "No quantity is below nothing, and no more is claimed than may be sold.",
        _stock_is_not_negative,
    ),
    Law(
        "DEVICES_ARE_STOCK",
        "A warehouse has as many devices of a product as its stock says.",
        _devices_are_stock,
    ),
    Law("LOTS_ARE_STOCK", "A lot's balance in a warehouse is its stock there.", _lots_are_stock),
)
