"""Promising: a supply that comes on another day, or never, is told to whoever waits for it."""

from __future__ import annotations

from datetime import date

from domain.flows.orders.confirming import resource
from domain.flows.orders.supplying import drop, queue
from domain.kernel.aggregate import Log, existing
from domain.kernel.stamp import Stamp
from domain.orders.line_events import LinePromised
from domain.orders.order import Order
from domain.orders.order_line import BACKORDER


def promise_again(log: Log, so: str, ref: str, day: date, cause: str, stamp: Stamp) -> list[str]:
    """Promise what waits for a document for another day: the orders that were told."""
    if not so:
        return []
    order = existing(log, Order, so)
    told = False
    for line_no, line in order.lines.items():
        links = [one for one in line.supplies if one.ref == ref]
        if links and links[0].promise_date != day:
            order.record(
                LinePromised(
                    stamp.by,
                    stamp.at,
                    line_no=line_no,
                    ref=ref,
                    before=links[0].promise_date,
                    promise_date=day,
                    reason=cause,
                    sku=line.terms.sku,
                    warehouse=links[0].warehouse,
                    qty=links[0].qty,
                )
            )
            queue(log, order, line_no, stamp.automatic("promising"))
            told = True
    return [so] if told else []


def supply_again(log: Log, so: str, ref: str, reason: str, stamp: Stamp) -> list[str]:
    """Supply an order again that waited for a document which will bring nothing."""
    if not so:
        return []
    order = existing(log, Order, so)
    waits = False
    for line_no, line in order.lines.items():
        for link in [one for one in line.supplies if one.kind == BACKORDER and one.ref == ref]:
            drop(order, line_no, link, reason, stamp)
            queue(log, order, line_no, stamp)
            waits = True
    if waits:
        resource(log, order, stamp)
    return [so] if waits else []
