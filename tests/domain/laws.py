"""What must be true of any log, however its commands came about. Each law reads the journal."""

from __future__ import annotations

from collections import Counter
from typing import Any

from domain.accounts import account_events
from domain.accounts.credit_line import CreditLine
from domain.accounts.dealer_account import DealerAccount
from domain.catalogue import AGGREGATES
from domain.goods import shipment_events, stock_events
from domain.goods.serial_number import SerialNumber
from domain.goods.stock_item import StockItem
from domain.kernel.aggregate import Aggregate
from domain.orders.order import Order
from domain.policies.credit import exposure
from tests.domain.support import MemoryLog

KINDS = {kind.CATEGORY: kind for kind in AGGREGATES}


def all_of(log: MemoryLog, kind: type[Any]) -> list[Any]:
    names = log.index().streams.get(kind.CATEGORY, [])
    return [log.get(kind, name.partition("/")[2]) for name in names]


def events_of(log: MemoryLog, kind: type[Any], key: str = "") -> list[Any]:
    """Events of a type, in streams whose key begins so."""
    found: dict[int, tuple[str, Any]] = {}
    for event_type, events in log.index().events.items():
        if issubclass(event_type, kind):
            found |= events
    told = (found[position] for position in sorted(found))
    return [event for stream, event in told if stream.partition("/")[2].startswith(key)]


def replay_is_live(log: MemoryLog) -> None:
    refolded: dict[str, Aggregate] = {}
    for stream, version, event in log.journal:
        kind = KINDS[stream.partition("/")[0]]
        aggregate = refolded.setdefault(stream, kind(stream=stream))
        aggregate.fold(event)
        assert aggregate.version == version
    live = {name: one for name, one in log.kept.items() if one.exists}
    assert live == {name: one for name, one in refolded.items() if name in live}


def stock_is_conserved(log: MemoryLog) -> None:
    """On hand and shipped are what there was at the beginning, by product and lot."""
    opening, now = Counter[Any](), Counter[Any]()
    for stream, _, event in log.journal:
        if isinstance(event, stock_events.OpeningSet):
            opening[stream.rpartition("/")[2], event.goods.lot] += event.goods.qty
    for item in all_of(log, StockItem):
        now[item.sku, None] += len(item.shelf.units)
        for lot, bucket in item.shelf.lots.items():
            now[item.sku, lot] += bucket.on_hand
    for event in events_of(log, shipment_events.GoodsShipped):
        for one in event.items:
            now[one.sku, one.goods.lot] += one.goods.qty
    assert +now == opening


def claims_are_covered(log: MemoryLog) -> None:
    """What is reserved is on hand, claimed by name, and counted in the line of an order."""
    claimed, counted = Counter[Any](), Counter[Any]()
    for item in all_of(log, StockItem):
        shelf, by_lot = item.shelf, Counter[Any]()
        for ref, claims in shelf.reservations.items():
            for goods in claims:
                claimed[ref, item.sku] += goods.qty
                by_lot[goods.lot] += goods.qty if goods.lot else 0
                assert all(shelf.units[one].reserved_for == ref for one in goods.serials)
        held = [unit for unit in shelf.units.values() if unit.reserved_for]
        assert len(held) == sum(len(one.serials) for c in shelf.reservations.values() for one in c)
        for lot, bucket in shelf.lots.items():
            assert 0 <= bucket.reserved == by_lot[lot] <= bucket.on_hand
    for order in all_of(log, Order):
        for line in order.lines.values():
            counted[order.so, line.terms.sku] += line.reserved
    assert +claimed == +counted


def units_are_in_one_place(log: MemoryLog) -> None:
    places = [
        (item.sku, serial, item.warehouse)
        for item in all_of(log, StockItem)
        for serial in item.shelf.units
    ]
    at_home = [
        (unit.sku, unit.serial, unit.warehouse)
        for unit in all_of(log, SerialNumber)
        if unit.state in ("IN_STOCK", "RESERVED")
    ]
    away = [unit for unit in all_of(log, SerialNumber) if unit.passport is not None]
    assert sorted(places) == sorted(at_home)
    assert all(unit.warehouse is None for unit in away)
    assert {unit.serial for unit in away}.isdisjoint(serial for _, serial, _ in places)


def lines_pass_through_their_buckets(log: MemoryLog) -> None:
    for order in all_of(log, Order):
        for line in order.lines.values():
            assert 0 <= line.installed <= line.delivered <= line.shipped <= line.terms.qty
            assert line.invoiced == line.delivered
            assert line.reserved >= 0
            if order.confirmed and not order.holds and not order.ended:
                assert line.unsourced == 0
            assert order.confirmed or not line.supplies
            assert all(one.qty > 0 for one in line.supplies)


def orders_are_billed_once(log: MemoryLog) -> None:
    """An order's share of the buckets and its invoices are its gross amount."""
    for order in all_of(log, Order):
        terms = order.known
        credit = log.get(CreditLine, terms.dealer, terms.currency)
        shares = [credit.of_order(order.so, bucket) for bucket in ("ORDERED", "SHIPPED")]
        posted = [one for one in events_of(log, account_events.InvoicePosted) if one.so == order.so]
        assert min(shares) >= 0
        whole = sum(line.amounts(0, line.wanted).gross for line in order.lines.values())
        alive = order.confirmed and not order.ended
        assert sum(shares) + sum(one.gross for one in posted) == whole * alive


def accounts_balance(log: MemoryLog) -> None:
    """Open is what was invoiced less paid and let go; exposure adds what is not invoiced yet."""
    for account in all_of(log, DealerAccount):
        credit = log.get(CreditLine, account.dealer, account.currency)
        mine = f"{account.dealer}/"
        invoiced = sum(
            one.gross
            for kind in (account_events.OpenItemOpeningSet, account_events.InvoicePosted)
            for one in events_of(log, kind, mine)
        )
        paid = sum(one.amount for one in events_of(log, account_events.PaymentReceived, mine))
        let_go = sum(
            one.amount for one in events_of(log, account_events.SmallDifferenceWrittenOff, mine)
        )
        assert all(0 < item.open <= item.gross for item in account.items.values())
        assert all(amount > 0 for amount in account.unapplied.values())
        assert account.owed() == invoiced - paid - let_go
        opening = sum(one.gross for one in events_of(log, account_events.OpenItemOpeningSet, mine))
        orders = [one for one in all_of(log, Order) if one.confirmed]
        mine_too = [one for one in orders if one.known.dealer == account.dealer and not one.ended]
        lines = [line for one in mine_too for line in one.lines.values()]
        bought = sum(line.amounts(0, line.wanted).gross for line in lines)
        assert exposure(account, credit) == opening + bought - paid - let_go


LAWS = (
    replay_is_live,
    stock_is_conserved,
    claims_are_covered,
    units_are_in_one_place,
    lines_pass_through_their_buckets,
    orders_are_billed_once,
    accounts_balance,
)
