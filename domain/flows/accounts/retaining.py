"""Retaining: the rest of a price (质保金), kept back by the dealer until its time is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.books.roll import RETENTION, Roll
from domain.flows.accounts.invoicing import bill, is_disputed, reached
from domain.flows.company.acting import SCHEDULER, only
from domain.kernel.aggregate import Log, existing
from domain.kernel.refusal import FutureDated
from domain.kernel.stamp import Stamp
from domain.orders.order import Order


@dataclass(frozen=True, kw_only=True)
class BillRetentions:
    """Invoice every retention (质保金) whose time is over on a day. For the scheduler."""

    as_of: date


def bill_retentions(log: Log, stamp: Stamp, command: BillRetentions) -> dict[str, Any]:
    """Bill retentions; what waits for an acceptance, or is disputed, goes on waiting.

    Refuses FORBIDDEN_ROLE, FUTURE_DATED.
    """
    only(SCHEDULER, stamp)
    if command.as_of > stamp.entered:
        raise FutureDated(field="as_of", day=command.as_of)
    invoices = []
    for so in log.get(Roll, stamp.currency).due(RETENTION, command.as_of):
        order = existing(log, Order, so)
        if is_disputed(log, order):
            continue
        due = {
            line_no: qty
            for line_no, line in order.lines.items()
            if (qty := reached(order, line, RETENTION, stamp)) > 0
        }
        doc = bill(log, order, RETENTION, due, None, stamp)
        if doc is not None:
            invoices.append({"so": so, "invoice": doc})
    return {"as_of": command.as_of, "invoices": invoices}
