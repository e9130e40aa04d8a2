"""Snapshots: states kept so that a long stream need not be folded from its first event.

They are disposable: dropping them all changes nothing but the time of the next load. A snapshot
of another ``state_version`` (other fields, or a class that says its folds changed) is not used.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert

from eventlog.protocols import LoggedAggregate
from eventlog.schema import snapshots

INTERVAL = 1_000
"""Events after which a stream is worth a new snapshot: folding as many takes a few milliseconds."""


FOLD_BYTES = 500
"""Bytes of a state that take about as long to keep as one event takes to fold."""


def state_version(aggregate_type: type[LoggedAggregate]) -> str:
    """Name of the shape of a state: the class's own number and its fields."""
    return f"{aggregate_type.STATE_VERSION}:{_fields(aggregate_type)}"


@cache
def _fields(aggregate_type: type[LoggedAggregate]) -> str:
    fields: tuple[str, ...] = getattr(aggregate_type, "__struct_fields__", ())
    return ",".join(fields)


def save(connection: Connection, aggregates: list[Any]) -> dict[str, int]:
    """Keep the states of aggregates that are as stored, replacing older snapshots: their sizes."""
    connection.execute(
        delete(snapshots).where(snapshots.c.stream.in_([one.stream for one in aggregates]))
    )
    rows = [
        {
            "stream": one.stream,
            "version": one.version,
            "state_version": state_version(type(one)),
            "state": msgspec.json.encode(one).decode(),
        }
        for one in aggregates
    ]
    connection.execute(insert(snapshots), rows)
    return {row["stream"]: len(row["state"]) for row in rows}


def is_due(before: int, after: int, size: int = 0) -> bool:
    """Whether a stream that grew from one version to another has passed a snapshot's mark."""
    step = INTERVAL * max(1, size // (INTERVAL * FOLD_BYTES))
    return before // step < after // step
