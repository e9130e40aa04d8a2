"""What has to hold of goods whatever happens, read off the log's aggregates and their journal."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

from domain.goods.serial_number import SerialNumber
from domain.goods.shelf import Bucket
from domain.goods.stock_item import StockItem
from domain.kernel.aggregate import A, Aggregate
from domain.orders.order import Order
from domain.supply.backorders import BackorderQueue
from domain.supply.transfer import Transfer
from tests.domain.support import Given

HERE = ("IN_STOCK", "RESERVED", "QUARANTINED")


def every(past: Given, kind: type[A]) -> list[A]:
    """All aggregates of a kind that anything was recorded of, by their streams."""
    streams = past.log.index().streams.get(kind.CATEGORY, [])
    return [past.get(kind, *one.split("/")[1:]) for one in streams]


def nothing_is_negative(past: Given) -> None:
    """INV-ST-1 and INV-ST-2, in every bucket."""
    for item in every(past, StockItem):
        for name, one in item.shelf.lots.items():
            counts = (one.on_hand, one.quarantined, one.blocked, one.reserved, one.available)
            assert min(counts) >= 0, (item.key, name, one)
            claimed = _claimed(item, name)
            assert one.reserved == claimed, (item.key, name, one.reserved, claimed)
        for serial, unit in item.shelf.units.items():
            assert not (unit.mark and unit.reserved_for), (item.key, serial, unit)
    for transfer in every(past, Transfer):
        assert min(transfer.still.values(), default=0) >= 0, transfer


def _claimed(item: StockItem, lot: str) -> int:
    claims = [one for some in item.shelf.reservations.values() for one in some]
    return sum(one.qty for one in claims if not one.serials and (one.lot or "") == lot)


def goods_are_conserved(past: Given, ours: Counter[str]) -> None:
    """INV-ST-3: what lies and travels is what came in less what left, by product."""
    found: Counter[str] = Counter()
    for item in every(past, StockItem):
        found[item.sku] += item.shelf.on_hand
    for transfer in every(past, Transfer):
        found[transfer.known.sku] += transfer.in_transit
    assert {sku: found[sku] for sku in ours} == dict(ours)


def shelves_and_register_agree(past: Given) -> None:
    """INV-ST-4 and INV-SN-2: each device lies on the one shelf that its register names, or none."""
    shelves = {
        (item.sku, serial): (item.warehouse, unit)
        for item in every(past, StockItem)
        for serial, unit in item.shelf.units.items()
    }
    lying = sum(len(item.shelf.units) for item in every(past, StockItem))
    assert len(shelves) == lying, "a device lies on two shelves"
    for unit in every(past, SerialNumber):
        place, entry = shelves.pop((unit.sku, unit.serial), (None, None))
        assert (unit.state in HERE) == (entry is not None), (unit.key, unit.state, place)
        if entry is not None:
            assert unit.warehouse == place, (unit.key, unit.warehouse, place)
            assert (unit.state == "RESERVED") == bool(entry.reserved_for), unit.key
            assert (unit.state == "QUARANTINED") == bool(entry.mark), unit.key
            assert not entry.reserved_for or entry.reserved_for == unit.order, unit.key
    assert not shelves, "devices that no register knows"


def lines_add_up(past: Given) -> None:
    """INV-SO-1, INV-SO-2 and INV-SO-11; a line's stock is what the shelves hold for it."""
    for order in every(past, Order):
        alive = order.confirmed and not order.ended
        held: Counter[tuple[str, str]] = Counter()
        for line in order.lines.values():
            buckets = (line.reserved, line.in_supply, line.backordered, line.shipped)
            assert min(*buckets, line.cancelled) >= 0, (order.so, line)
            if alive and not order.holds:
                assert line.terms.qty == sum(buckets) + line.cancelled, (order.so, line)
            passed = (line.terms.qty, line.shipped, line.delivered, line.returned, 0)
            assert all(more >= less for more, less in pairwise(passed)), (order.so, line)
            for link in line.supplies:
                if link.kind == "STOCK":
                    held[link.warehouse, line.terms.sku] += link.qty
        assert held == _held_for(past, order.so), order.so


def _held_for(past: Given, so: str) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for item in every(past, StockItem):
        for one in item.shelf.reservations.get(so, []):
            found[item.warehouse, item.sku] += one.qty
    return found


def queues_know_who_waits(past: Given) -> None:
    """Each line waits in the queue for exactly what has no other supply."""
    waiting: Counter[tuple[str, str]] = Counter()
    for order in every(past, Order):
        for line_no, line in order.lines.items():
            if line.backordered:
                waiting[line.terms.sku, f"{order.so}/{line_no}"] = line.backordered
    queued = {
        (queue.key, key): one.qty
        for queue in every(past, BackorderQueue)
        for key, one in queue.lines.items()
    }
    assert queued == dict(waiting)


def transfers_add_up(past: Given) -> None:
    """INV-TR-1; what a transfer holds at its donor is what it means to move."""
    for transfer in every(past, Transfer):
        arrived = transfer.good + transfer.damaged + transfer.in_transit + transfer.lost
        left = sum(one.qty for one in transfer.goods) if transfer.dispatched_on else 0
        assert arrived == left, transfer
        shelf = past.get(StockItem, transfer.known.source, transfer.known.sku).shelf
        held = sum(one.qty for one in shelf.reservations.get(transfer.key, []))
        assert held == (transfer.known.qty if transfer.state == "RESERVED" else 0), transfer


def the_journal_tells_all(past: Given) -> None:
    """A fresh fold of the journal is the state that the log keeps."""
    told: dict[str, list[Any]] = {}
    for stream, version, event in past.log.journal:
        told.setdefault(stream, []).append(event)
        assert version == len(told[stream]), stream
    for stream, kept in past.log.kept.items():
        fresh: Aggregate = type(kept)(stream=stream)
        for event in told.get(stream, []):
            fresh.fold(event)
        assert fresh == kept, stream


def of_lot_on(past: Given, warehouse: str, sku: str, lot: str) -> Bucket:
    """A lot's bucket, an empty one where there is none."""
    return past.get(StockItem, warehouse, sku).shelf.lots.get(lot, Bucket())
