"""One line of a history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from domain.kernel.event import Event
from eventlog.rows import EventRow, instant_of
from replays.histories.describing import Saying


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What happened, where, under which document, by whom, with both times."""

    position: int
    occurred_at: datetime
    recorded_at: datetime
    stream: str
    version: int
    topic: str
    text: str
    place: str
    document: str
    actor: str
    role: str
    via: str | None
    command_id: str


def fields_of(row: EventRow, event: Event, saying: Saying) -> dict[str, Any]:
    """Fields of the entry that tells a stored event."""
    return {
        "position": row.position,
        "occurred_at": event.occurred_at,
        "recorded_at": instant_of(row.recorded_at),
        "stream": row.stream,
        "version": row.version,
        "topic": row.topic,
        "text": saying.text,
        "place": saying.place,
        "document": saying.document,
        "actor": event.by.user,
        "role": event.by.role,
        "via": event.by.via,
        "command_id": row.command_id,
    }
