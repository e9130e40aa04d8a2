"""Earning: what a hospital has accepted becomes revenue, with its cost (CAS 14)."""

from __future__ import annotations

from domain.accounts import account_events
from domain.accounts.dealer_account import DealerAccount
from domain.flows.books.dating import posting_day
from domain.kernel.aggregate import Log
from domain.kernel.stamp import Stamp
from domain.orders.billing_events import LineEarned
from domain.orders.order import Order
from domain.orders.order_line import Valued


def earn(  # noqa: PLR0913 - what was accepted, of which line, and what had been invoiced of it
    log: Log,
    order: Order,
    line_no: int,
    billed_before: int,
    trigger: str,
    stamp: Stamp,
    *,
    units: int = 1,
) -> None:
    """Let accepted units become revenue: what waited for them, and what was billed just now.

    ``billed_before`` is the deferred net amount of the line before its acceptance was invoiced.
    """
    line = order.lines[line_no]
    now = line.deferred.value - billed_before
    waiting = min(units, line.deferred.qty)
    earlier = Valued(line.deferred.qty, billed_before).part(waiting)
    net, cost = earlier + now, line.dispatched.part(units)
    if not (net or cost):
        return
    terms, automatic = order.known, stamp.automatic("revenue")
    day = posting_day(log, stamp.today, terms.dealer, stamp)
    log.get(DealerAccount, terms.dealer, terms.currency).record(
        account_events.RevenueReleased(
            automatic.by,
            automatic.at,
            so=order.so,
            so_line=line_no,
            sku=line.terms.sku,
            qty=units,
            net=net,
            cost=cost,
            trigger=trigger,
            accounting_date=day,
            effective_date=stamp.today if day != stamp.today else None,
        )
    )
    order.record(
        LineEarned(
            automatic.by,
            automatic.at,
            line_no=line_no,
            qty=units,
            waiting=waiting,
            net=net,
            cost=cost,
        )
    )
