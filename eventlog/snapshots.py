"""Snapshots: states kept so that a long stream need not be folded from its first event.

They are disposable: dropping them all changes nothing but the time of the next load. A snapshot
of another ``state_version`` (other fields, or a class that says its folds changed) is not used.
"""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select

from eventlog.codec import Codec
from eventlog.protocols import A, LoggedAggregate
from eventlog.schema import events, snapshots

INTERVAL = 200
"""Events after which a stream is worth a new snapshot."""

# Built once: these two run for every stream that is not in memory.
_SNAPSHOT = select(snapshots.c.state).where(
    snapshots.c.stream == bindparam("stream"),
    snapshots.c.state_version == bindparam("state_version"),
)
_EVENTS_SINCE = (
    select(events.c.topic, events.c.data)
    .where(events.c.stream == bindparam("stream"), events.c.version > bindparam("version"))
    .order_by(events.c.version)
)


def state_version(aggregate_type: type[LoggedAggregate]) -> str:
    """Name of the shape of a state: the class's own number and its fields."""
    fields: tuple[str, ...] = getattr(aggregate_type, "__struct_fields__", ())
    return f"{aggregate_type.STATE_VERSION}:{','.join(fields)}"


def load(connection: Connection, codec: Codec, aggregate_type: type[A], stream: str) -> A:
    """State of a stream as stored: its snapshot if there is one, and the events since."""
    aggregate = _from_snapshot(connection, aggregate_type, stream)
    if aggregate is None:
        aggregate = aggregate_type()
        aggregate.stream = stream
    since = {"stream": stream, "version": aggregate.version}
    for topic, data in connection.execute(_EVENTS_SINCE, since):
        aggregate.fold(codec.decode(topic, data))
    return aggregate


def _from_snapshot(connection: Connection, aggregate_type: type[A], stream: str) -> A | None:
    wanted = {"stream": stream, "state_version": state_version(aggregate_type)}
    state = connection.scalar(_SNAPSHOT, wanted)
    if state is None:
        return None
    try:
        return msgspec.json.decode(state, type=aggregate_type)
    except msgspec.DecodeError:
        return None  # of an older shape that happens to have the same fields


def save(connection: Connection, aggregates: list[Any]) -> None:
    """Keep the states of aggregates that are as stored, replacing older snapshots."""
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


def is_due(before: int, after: int) -> bool:
    """Whether a stream that grew from one version to another has passed a snapshot's mark."""
    return before // INTERVAL < after // INTERVAL
