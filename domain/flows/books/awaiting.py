"""Awaiting: what is booked later: a count when it is approved, a retention when its day comes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from domain.books.roll import COUNT, RETENTION, Roll
from domain.goods.count_sheet import CountSheet
from domain.kernel.aggregate import Journal, Log
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp
from domain.orders.billing_events import LineInvoiced
from domain.orders.line_events import LineDelivered
from domain.orders.order import Order


def note_waiting(log: Log, recorded: Journal, stamp: Stamp) -> None:
    """Note what now waits to be booked, and what does not any more."""
    for stream, _, event in recorded:
        note = NOTES.get(type(event))
        if note is not None:
            note(log, log.get(Roll, stamp.currency), stream.partition("/")[2], event, stamp)


def _counted(log: Log, roll: Roll, sheet: str, event: Any, stamp: Stamp) -> None:
    del log, event
    roll.wait(sheet, COUNT, stamp.today, stamp)


def _decided(log: Log, roll: Roll, sheet: str, event: Any, stamp: Stamp) -> None:
    del log, event
    roll.book(sheet, stamp)


def _delivered(log: Log, roll: Roll, so: str, event: LineDelivered, stamp: Stamp) -> None:
    terms = log.get(Order, so).known
    days = next((one.due_days for one in terms.billing_plan if one.milestone == RETENTION), None)
    if days is not None and event.signed_at is not None:
        roll.wait(so, RETENTION, event.signed_at + timedelta(days=days + 1), stamp)


def _invoiced(log: Log, roll: Roll, so: str, event: LineInvoiced, stamp: Stamp) -> None:
    if event.milestone == RETENTION:
        lines = log.get(Order, so).lines.values()
        if all(line.billing(RETENTION) >= line.delivered for line in lines):
            roll.book(so, stamp)


NOTES: dict[type[Event], Callable[..., None]] = {
    CountSheet.Submitted: _counted,
    CountSheet.Approved: _decided,
    CountSheet.Discarded: _decided,
    LineDelivered: _delivered,
    LineInvoiced: _invoiced,
}
"""What to do for each fact that begins or ends a waiting."""
