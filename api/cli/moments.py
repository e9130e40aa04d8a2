"""Moments as a command line names them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from api.engine import Engine
from replays.tables.moment import Moment

INSTANTS = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
"""An instant has a time of day: a day alone could mean its begin or its end."""

KnownAt = Annotated[
    datetime | None,
    typer.Option(formats=INSTANTS, help="Only what was recorded by then (company's zone)."),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Only what had happened by this business date."),
]


def instant_of(engine: Engine, known_at: datetime | None) -> datetime | None:
    """Return a record time in the company's zone."""
    return known_at.replace(tzinfo=engine.zone) if known_at else None


def moment_of(engine: Engine, as_of: datetime | None, known_at: datetime | None) -> Moment:
    """Return a moment; that of the whole log if nothing is asked for."""
    known = instant_of(engine, known_at)
    position = engine.reader.position_at(known) if known else engine.reader.head().position
    return Moment(position, as_of.date() if as_of else None)
