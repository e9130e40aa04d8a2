"""The channel: what is in dealers' hands, by their books and by their counts."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, Boolean, Column, Computed, Date, Index, Integer

from domain.channel.book import Movement
from domain.channel.dealer_stock import DealerStock
from projections.columns import count, key, movement_table, state_table, text
from projections.effects import Add, Append, Change, Fact, Projection, Put

channel_stock = state_table(
    "channel_stock",
    "What every dealer should have of every lot and product, in base units.",
    key("dealer", "Dealer."),
    key("sku", "Product."),
    key("lot", "Lot; empty for devices and for goods that are not tracked by lot."),
    count("received", "Signed for from us."),
    count("transferred_in", "Bought from another dealer."),
    count("sold", "Sold to hospitals, or found in use."),
    count("transferred_out", "Sold to other dealers."),
    count("returned", "Came back to us."),
    count("adjusted", "Put right by accepted differences."),
    Column(
        "qty",
        BigInteger,
        Computed(
            "received + transferred_in - sold - transferred_out - returned + adjusted",
            persisted=True,
        ),
        comment="Book balance; below 0 where more was sold than came.",
    ),
    Column("counted", BigInteger, comment="What the dealer counted last; empty for never."),
    Column("counted_on", Date, comment="Day of that count."),
)

channel_movements = movement_table(
    "channel_movements",
    "Every movement of a dealer's book, with its business day.",
    text("dealer", "Dealer."),
    text("sku", "Product."),
    text("lot", "Lot; empty for devices."),
    text("serial", "Serial number, for one device."),
    text(
        "kind",
        "RECEIPT, TRANSFER_IN, SALE, TRANSFER_OUT, USE, RETURN, RETURN_REPORTED or ADJUSTMENT.",
    ),
    Column("qty", Integer, comment="Change of the balance, base units; 0 where nothing changed."),
    Column("day", Date, comment="Business day."),
    text("partner", "Who gave or took it: shipment, dealer, hospital, name or return."),
    text("region", "Region of the buyer (GB/T 2260), where it was said."),
    text("source", "Where a report came from."),
    Column("inferred", Boolean, comment="Whether the lot was inferred by expiry."),
    Column("suspicious", Boolean, comment="Whether nobody knows the lot."),
    Index("ix_channel_movements_lot", "sku", "lot", "dealer", "position"),
)


def effects(fact: Fact) -> Iterable[Change]:
    """All that this read model believes, and nothing else."""
    event = fact.event
    match event:
        case DealerStock.ReceiptRecorded(moved=moved, shipment=partner):
            yield from _moved(fact, moved, "received", "RECEIPT", 1, partner=partner)
        case DealerStock.TransferReceived(moved=moved, seller=partner):
            yield from _moved(fact, moved, "transferred_in", "TRANSFER_IN", 1, partner=partner)
        case DealerStock.UseObserved(moved=moved, hospital=partner):
            yield from _moved(fact, moved, "sold", "USE", -1, partner=partner)
        case DealerStock.ReturnRecorded(moved=moved, rma=partner):
            yield from _moved(fact, moved, "returned", "RETURN", -1, partner=partner)
        case DealerStock.SaleReported(moved=moved, buyer=buyer):
            out = buyer.dealer is not None
            bucket, kind = ("transferred_out", "TRANSFER_OUT") if out else ("sold", "SALE")
            partner = buyer.dealer or buyer.hospital or buyer.name
            told = {"partner": partner, "region": buyer.region_code, "source": event.source}
            flags = {"inferred": event.inferred, "suspicious": event.suspicious}
            sign = -1 if out or event.counted else 0
            yield from _moved(fact, moved, bucket, kind, sign, **told, **flags)
        case DealerStock.ReturnReported(moved=moved):
            yield from _moved(fact, moved, "returned", "RETURN_REPORTED", 0)
        case DealerStock.AdjustmentRecorded(moved=moved, document=partner):
            row = {"dealer": fact.key[0], "sku": moved.sku, "lot": moved.lot}
            yield Add(channel_stock, row, {"adjusted": moved.qty})
            entry = {"kind": "ADJUSTMENT", "qty": moved.qty, "day": moved.day}
            yield Append(channel_movements, row | entry | {"partner": partner})
        case DealerStock.CountReported(sku=sku, lot=lot, counted=counted, as_of=day):
            row = {"dealer": fact.key[0], "sku": sku, "lot": lot}
            yield Put(channel_stock, row, {"counted": counted, "counted_on": day})


def _moved(
    fact: Fact, moved: Movement, bucket: str, kind: str, sign: int, **told: object
) -> Iterable[Change]:
    row = {"dealer": fact.key[0], "sku": moved.sku, "lot": moved.lot}
    yield Add(channel_stock, row, {bucket: abs(sign) * moved.qty})
    serial = moved.serials[0] if len(moved.serials) == 1 else None
    entry = {"serial": serial, "kind": kind, "qty": sign * moved.qty, "day": moved.day}
    yield Append(channel_movements, row | entry | told)


PROJECTION = Projection(
    name="channel",
    version=2,
    tables=(channel_stock, channel_movements),
    reads=frozenset(
        {
            DealerStock.ReceiptRecorded,
            DealerStock.TransferReceived,
            DealerStock.SaleReported,
            DealerStock.UseObserved,
            DealerStock.ReturnRecorded,
            DealerStock.CountReported,
            DealerStock.AdjustmentRecorded,
            DealerStock.ReturnReported,
        }
    ),
    effects=effects,
)
