"""Loading aggregates: many in one statement, each from its snapshot and the events since."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import Connection

from eventlog.codec import Codec
from eventlog.dialects import Dialect
from eventlog.protocols import LoggedAggregate
from eventlog.snapshots import state_version

Wanted = tuple[type[LoggedAggregate], str]
"""An aggregate's type and the name of its stream."""

NO_SHAPE = ""
"""A ``state_version`` that no snapshot has."""


def load(
    connection: Connection,
    dialect: Dialect,
    codec: Codec,
    wanted: Collection[Wanted],
    *,
    snapshots: bool = True,
) -> dict[str, Any]:
    """States by stream, as stored; at version 0 where nothing is."""
    kinds = {stream: kind for kind, stream in wanted}
    loaded = {stream: new(kind, stream) for stream, kind in kinds.items()}
    shapes = [(one, state_version(kinds[one]) if snapshots else NO_SHAPE) for one in kinds]
    spoilt: set[str] = set()
    for stream, topic, data in dialect.load(connection, shapes):
        if topic is None:
            try:
                loaded[stream] = msgspec.json.decode(data, type=kinds[stream])
            except msgspec.DecodeError:
                spoilt.add(stream)  # of an older shape that happens to have the same fields
        elif stream not in spoilt:
            loaded[stream].fold(codec.decode(topic, data))
    if spoilt:
        again = [(kinds[stream], stream) for stream in spoilt]
        loaded |= load(connection, dialect, codec, again, snapshots=False)
    return loaded


def new(kind: type[LoggedAggregate], stream: str) -> LoggedAggregate:
    """Return an aggregate without history."""
    aggregate = kind()
    aggregate.stream = stream
    return aggregate
