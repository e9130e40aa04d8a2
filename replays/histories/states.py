"""The state of an aggregate at a moment on both clocks."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

import msgspec

from domain.kernel.aggregate import Aggregate
from eventlog.codec import Codec
from eventlog.reader import Reader
from replays.tables.moment import Moment, business_date


class State(msgspec.Struct, frozen=True):
    """A state with the events that it is made of: how many, and where the last one is."""

    stream: str
    version: int
    position: int
    state: dict[str, Any]


class UnfoldableError(ValueError):
    """An event that a business date lets in rests on one that it leaves out."""

    def __init__(self, stream: str, version: int) -> None:
        super().__init__(f"event {version} of {stream} rests on one of a later date")
        self.stream, self.version = stream, version


def state_of(
    reader: Reader, codec: Codec, blank: Aggregate, moment: Moment, zone: tzinfo
) -> State | None:
    """Fold an aggregate's events as of a moment; None where there is none of them.

    ``blank`` is the aggregate without history. Raises UnfoldableError.
    """
    position = 0
    for row in reader.stream(blank.stream, upto_position=moment.position):
        event = codec.read(row)
        if moment.as_of is None or business_date(event, zone) <= moment.as_of:
            try:
                blank.fold(event)
            except Exception as error:
                if moment.as_of is None:
                    raise
                raise UnfoldableError(row.stream, row.version) from error
            position = row.position
    if not position:
        return None
    return State(blank.stream, blank.version, position, msgspec.to_builtins(blank))
