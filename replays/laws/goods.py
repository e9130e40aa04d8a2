"""Laws of goods: nothing comes from nowhere, and nothing is in two places."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from projections.inventory import inventory_serials, inventory_visibility, stock_movements
from projections.lots import lot_trace
from replays.laws.law import Law

IN_A_WAREHOUSE = ("IN_STOCK", "RESERVED", "QUARANTINED")


def _stock_is_movements() -> Select[Any]:
    names = ("on_hand", "quarantined", "blocked", "reserved", "in_transit_in", "value_std")
    moved, stock = stock_movements.c, inventory_visibility.c
    place = (moved.wh, moved.sku, moved.lot)
    sums = select(*place, *(func.sum(moved[name]).label(name) for name in names))
    summed = sums.group_by(*place).subquery()
    same = and_(*(stock[name] == summed.c[name] for name in ("wh", "sku", "lot")))
    joined = select(stock.wh, stock.sku, stock.lot)
    joined = joined.select_from(inventory_visibility.outerjoin(summed, same))
    return joined.where(or_(*(stock[name] != func.coalesce(summed.c[name], 0) for name in names)))


def _stock_is_not_negative() -> Select[Any]:
    stock = inventory_visibility.c
    names = ("on_hand", "quarantined", "blocked", "reserved", "in_transit_in")
    query = select(stock.wh, stock.sku, stock.lot, *(stock[name] for name in names))
    claimed = stock.on_hand - stock.quarantined - stock.blocked
    return query.where(or_(*(stock[name] < 0 for name in names), stock.reserved > claimed))


def _devices_are_stock() -> Select[Any]:
    unit, stock = inventory_serials.c, inventory_visibility.c
    there = and_(unit.state.in_(IN_A_WAREHOUSE), unit.wh.is_not(None))
    devices = select(unit.wh, unit.sku, func.count().label("devices"))
    counted = devices.where(there).group_by(unit.wh, unit.sku).subquery()
    by_serial = select(unit.sku).distinct()
    shelf = select(stock.wh, stock.sku, func.sum(stock.on_hand).label("on_hand"))
    shelf = shelf.where(stock.sku.in_(by_serial)).group_by(stock.wh, stock.sku)
    held = shelf.subquery()
    same = and_(held.c.wh == counted.c.wh, held.c.sku == counted.c.sku)
    joined = select(held, counted.c.devices).select_from(held.outerjoin(counted, same))
    return joined.where(held.c.on_hand != func.coalesce(counted.c.devices, 0))


def _lots_are_stock() -> Select[Any]:
    held, stock = lot_trace.c, inventory_visibility.c
    ours = select(held.sku, held.lot, held.holder, held.balance).where(held.kind == "WAREHOUSE")
    traced = ours.subquery()
    same = and_(traced.c.sku == stock.sku, traced.c.lot == stock.lot, traced.c.holder == stock.wh)
    joined = select(traced, stock.on_hand)
    joined = joined.select_from(traced.outerjoin(inventory_visibility, same))
    return joined.where(traced.c.balance != func.coalesce(stock.on_hand, 0))


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
