"""Moments that callers ask for: a business date, and a record time that becomes a position."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, Query

from api.engine import Engine
from api.instants import checked_if_given
from api.keys import EngineOf
from replays.tables.moment import Moment

KnownAt = Annotated[
    datetime | None, Query(description="Only what was recorded by this instant; now if none.")
]


class Asked:
    """A moment on both clocks, as a request asks for it."""

    def __init__(
        self,
        engine: EngineOf,
        as_of: Annotated[
            date | None,
            Query(description="Only what happened by this day (accounting or business date)."),
        ] = None,
        known_at: KnownAt = None,
    ) -> None:
        self.as_of, self.known_at = as_of, known_at
        self.given = as_of is not None or known_at is not None
        self.moment = Moment(position_at(engine, known_at), as_of, known_at is not None)

    @property
    def moment_if_given(self) -> Moment | None:
        """The moment, or None where now is asked for."""
        return self.moment if self.given else None

    def told(self, engine: Engine, position: int | None = None) -> dict[str, Any]:
        """Say it in an answer: the moment, its position, and how far the log is ahead of it."""
        at = self.moment.position if position is None else position
        lag = engine.reader.head().position - at
        return {"as_of": self.as_of, "known_at": self.known_at, "position": at, "lag": lag}


When = Annotated[Asked, Depends()]


def position_at(engine: Engine, known_at: datetime | None) -> int:
    """Last position that was recorded by an instant; that of the log if none. Raises Misfit."""
    known = checked_if_given(known_at)
    return engine.reader.position_at(known) if known else engine.reader.head().position
