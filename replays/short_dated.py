"""Goods that were sold with little of their life left, and who consented to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from domain.goods.lot import Lot
from domain.goods.product import Product
from domain.goods.shipment_events import GoodsShipped
from domain.orders.order import Order
from domain.orders.order_events import HoldReleased
from domain.policies.sourcing import shelf_days
from eventlog.codec import Codec
from eventlog.reader import Reader
from replays.past import Past

CONSENT = "SHORT_DATED_CONSENT"


class ShortDated(msgspec.Struct, frozen=True, kw_only=True):
    """Goods of a lot that left: the days they had left, and the days that were needed.

    ``consent`` tells who let the order pass for it, and under which document.
    """

    position: int
    shp: str
    so: str
    line_no: int
    dealer: str
    sku: str
    lot: str
    qty: int
    shipped_on: date
    expiry: date
    days_left: int
    days_needed: int
    consented_by: str | None
    document: str | None


def short_dated(
    reader: Reader, codec: Codec, *, below: int, after: int = 0
) -> Iterator[ShortDated]:
    """Goods that left with fewer days than ``below``, in the order in which they left."""
    for row in reader.after(after, topics=[GoodsShipped.TOPIC]):
        event: GoodsShipped = codec.read(row)
        past = Past(reader, codec, upto=row.position)
        for item in event.items:
            lot = item.goods.lot
            expiry = past.get(Lot, item.sku, lot).expiry if lot else None
            if lot is None or expiry is None or (expiry - event.shipped_on).days >= below:
                continue
            order = past.get(Order, item.so)
            needed = shelf_days(past.get(Product, item.sku), order, order.lines[item.line_no])
            consent = _consent(past, order.stream)
            yield ShortDated(
                position=row.position,
                shp=row.stream.partition("/")[2],
                so=item.so,
                line_no=item.line_no,
                dealer=event.consignee.dealer,
                sku=item.sku,
                lot=lot,
                qty=item.goods.qty,
                shipped_on=event.shipped_on,
                expiry=expiry,
                days_left=(expiry - event.shipped_on).days,
                days_needed=needed,
                consented_by=consent.by.user if consent else None,
                document=consent.document_hash if consent else None,
            )


def _consent(past: Past, stream: str) -> HoldReleased | None:
    given = [
        one for one in past.events(stream) if isinstance(one, HoldReleased) and one.code == CONSENT
    ]
    return given[-1] if given else None
