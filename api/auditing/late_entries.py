"""Late entries and corrections, each with its reason."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from api.decoding import LARGEST
from api.keys import EngineOf, Reader
from api.moments import KnownAt, position_at
from api.reading import PAGE_LIMIT, Answer, Told
from replays.late_entries import late_entries

router = APIRouter(tags=["auditing"])

MOST_DAYS = 36_500


class LateEntryTold(Told):
    """An entry that came late, or that takes back what was recorded before."""

    position: int
    concerns: date = Field(description="Day that it concerns.")
    days_late: int
    occurred_at: datetime
    recorded_at: datetime
    accounting_date: date | None
    prior_period: bool = Field(description="Whether that day is of an earlier month.")
    correction: bool
    stream: str
    topic: str
    text: str
    reason: str
    actor: str
    command_id: str


class LateEntries(Answer):
    """Late entries in the order of record; ``next`` is the position after which to go on."""

    items: list[LateEntryTold]
    next: int | None


@router.get("/v1/late-entries", response_model=LateEntries)
def late(
    engine: EngineOf,
    _: Reader,
    days: Annotated[int, Query(ge=1, le=MOST_DAYS, description="Late by so many days.")] = 1,
    known_at: KnownAt = None,
    after: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT)] = 100,
) -> Any:
    """Entries that were recorded some days after what they concern, and all corrections."""
    position = position_at(engine, known_at)
    found = late_entries(
        engine.reader, engine.codec, engine.zone, after=after, upto=position, days=days
    )
    items = list(islice(found, limit + 1))
    following = items[limit - 1].position if len(items) > limit else None
    lag = engine.reader.head().position - position
    return {"position": position, "lag": lag, "items": items[:limit], "next": following}
