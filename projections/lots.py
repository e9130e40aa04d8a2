"""Lots: where every unit of a lot is, by what we did and what dealers say. It adds up to nothing.

What comes to one holder leaves another, so that the balances of a lot sum to what was made,
bought or opened with; goods that are lost, scrapped or used up have holders of their own.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, Column, Computed, Date

from domain.channel.book import Movement
from domain.channel.dealer_stock import DealerStock
from domain.goods import shipment_events, stock_events
from domain.goods.package import Package
from domain.goods.shelf import Goods
from domain.supply.transfer import Transfer
from projections.columns import count, key, state_table, text
from projections.effects import Add, Change, Fact, Projection, Put

lot_trace = state_table(
    "lot_trace",
    "What came to and left every holder of a lot, base units.",
    key("sku", "Product."),
    key("lot", "Lot."),
    key("holder", "Warehouse, transfer, shipment, dealer, hospital, or where the goods ended."),
    text("kind", "WAREHOUSE, TRANSFER, SHIPMENT, DEALER, HOSPITAL, COUNT, SCRAP, LOST or OTHER."),
    count("came", "What came to the holder."),
    count("went", "What left it."),
    Column(
        "balance",
        BigInteger,
        Computed("came - went", persisted=True),
        comment="came - went; below 0 where more left than came.",
    ),
    Column("counted", BigInteger, comment="What a dealer counted last."),
    Column("counted_on", Date, comment="Day of that count, or of the last report."),
)


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    event = fact.event
    match event:
        case stock_events.OpeningSet(goods=goods):
            yield from _here(fact, goods, 1)
        case stock_events.Received(goods=goods, source=source, source_ref=ref):
            yield from _here(fact, goods, 1)
            if source == "REFUSED":
                yield from _there(fact.key[1], goods, ref, "SHIPMENT", -1)
        case stock_events.Issued(goods=goods, document=document, target=target):
            yield from _here(fact, goods, -1)
            yield from _there(fact.key[1], goods, document, target, 1)
        case stock_events.Withdrawn(goods=goods, target=target):
            yield from _here(fact, goods, -1)
            if target != "DEALER":  # the dealer's own receipt says who has it again
                yield from _there(fact.key[1], goods, target, "SCRAP", 1)
        case stock_events.CountPosted(goods=goods, delta=delta):
            sign = 1 if delta > 0 else -1
            yield from _here(fact, goods, sign)
            yield from _there(fact.key[1], goods, "COUNT", "COUNT", -sign)
        case Transfer.Received(good=good, damaged=damaged):
            for goods in (*good, *damaged):
                yield from _there(event.sku, goods, fact.key[0], "TRANSFER", -1)
        case Transfer.LossConfirmed(goods=all_):
            for goods in all_:
                yield from _there(event.sku, goods, fact.key[0], "TRANSFER", -1)
                yield from _there(event.sku, goods, "LOST", "LOST", 1)
        case _:
            yield from _in_market(fact)


def _in_market(fact: Fact) -> Iterable[Change]:
    event, holder = fact.event, fact.key[0]
    match event:
        case shipment_events.DeliveryConfirmed(packages=packages, missing=missing):
            for one in packages:
                yield from _there(one.sku, one.goods, holder, "SHIPMENT", -1)
            yield from _gone(missing, holder)
        case shipment_events.Lost(packages=packages):
            yield from _gone(packages, holder)
        case DealerStock.ReceiptRecorded(moved=moved):
            yield from _moved(moved, holder, "DEALER", 1)
        case DealerStock.TransferReceived(moved=moved):
            yield from _moved(moved, holder, "DEALER", 1)
        case DealerStock.SaleReported(moved=moved, buyer=buyer, counted=counted):
            if counted or buyer.dealer:
                yield from _moved(moved, holder, "DEALER", -1)
            if buyer.dealer is None:
                name = buyer.hospital or buyer.name or ""
                kind = "HOSPITAL" if buyer.hospital else "OTHER"
                yield from _moved(moved, name, kind, 1)
        case DealerStock.UseObserved(moved=moved, hospital=hospital):
            yield from _moved(moved, holder, "DEALER", -1)
            yield from _moved(moved, hospital or "", "HOSPITAL", 1)
        case DealerStock.ReturnRecorded(moved=moved):
            yield from _moved(moved, holder, "DEALER", -1)
        case DealerStock.AdjustmentRecorded(moved=moved):
            yield from _moved(moved, holder, "DEALER", 1)
            yield from _moved(moved, "ADJUSTED", "OTHER", -1)
        case DealerStock.CountReported(sku=sku, lot=lot, counted=counted, as_of=day) if lot:
            row = {"sku": sku, "lot": lot, "holder": holder}
            yield Put(lot_trace, row, {"kind": "DEALER", "counted": counted, "counted_on": day})


def _gone(packages: tuple[Package, ...], shipment: str) -> Iterable[Change]:
    for one in packages:
        yield from _there(one.sku, one.goods, shipment, "SHIPMENT", -1)
        yield from _there(one.sku, one.goods, "LOST", "LOST", 1)


def _here(fact: Fact, goods: Goods, sign: int) -> Iterable[Change]:
    wh, sku = fact.key
    yield from _there(sku, goods, wh, "WAREHOUSE", sign)


def _there(sku: str, goods: Goods, holder: str, kind: str, sign: int) -> Iterable[Change]:
    if goods.lot:
        yield from _count(sku, goods.lot, holder, kind, sign * goods.qty)


def _moved(moved: Movement, holder: str, kind: str, sign: int) -> Iterable[Change]:
    if moved.lot:
        yield from _count(moved.sku, moved.lot, holder, kind, sign * moved.qty)


def _count(sku: str, lot: str, holder: str, kind: str, qty: int) -> Iterable[Change]:
    row = {"sku": sku, "lot": lot, "holder": holder}
    yield Put(lot_trace, row, {"kind": kind})
    yield Add(lot_trace, row, {"came": qty} if qty > 0 else {"went": -qty})


PROJECTION = Projection(
    name="lots",
    version=2,
    tables=(lot_trace,),
    reads=frozenset(
        {
            stock_events.OpeningSet,
            stock_events.Received,
            stock_events.Issued,
            stock_events.Withdrawn,
            stock_events.CountPosted,
            Transfer.Received,
            Transfer.LossConfirmed,
            shipment_events.DeliveryConfirmed,
            shipment_events.Lost,
            DealerStock.ReceiptRecorded,
            DealerStock.TransferReceived,
            DealerStock.SaleReported,
            DealerStock.UseObserved,
            DealerStock.ReturnRecorded,
            DealerStock.AdjustmentRecorded,
            DealerStock.CountReported,
        }
    ),
    effects=effects,
)
