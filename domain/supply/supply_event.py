"""What all events of work orders and requisitions tell their readers: what is still to come."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from domain.kernel.event import Event


class SupplyEvent(Event, frozen=True, kw_only=True):
    """What is expected after the event, when, where, and how that has changed.

    The fold does not read these fields; it derives them.
    """

    state: str = ""
    item: str = ""
    warehouse: str = ""
    so: str = ""
    expected: int = 0
    change: int = 0
    due: date | None = None
    due_before: date | None = None


def told(event: Event, before: Any, after: Any) -> Event:
    """Return the event with what is expected; ``before`` and ``after`` are (expected, due)."""
    expected, due, state, item, warehouse, so = after
    return msgspec.structs.replace(
        event,
        state=state,
        item=item,
        warehouse=warehouse,
        so=so,
        expected=expected,
        change=expected - before[0],
        due=due,
        due_before=before[1],
    )
