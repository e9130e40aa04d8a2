"""A moment on both clocks: what had happened by a day, as far as it was known at a position.

A fact's business date is its accounting date, where it has one, else the day on which it happened
in the company's zone. What is left out because it happened later is left out whole; what remains
is folded in the order in which it was recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, tzinfo
from typing import Any

import msgspec

from eventlog.codec import Codec
from eventlog.reader import Reader
from projections.effects import Fact, Projection
from projections.runner import facts_of

PROGRESS_STEP = 5_000

Progress = Callable[[int], None]


class Moment(msgspec.Struct, frozen=True):
    """A log position, and the last business date that counts (all of them if none).

    ``known`` is whether the position was asked for, and is not just the head of the log.
    """

    position: int
    as_of: date | None = None
    known: bool = True


def business_date(event: Any, zone: tzinfo) -> date:
    """Date on which a fact counts: its accounting date, else the day on which it happened."""
    found: date | None = getattr(event, "accounting_date", None)
    occurred_at: datetime = event.occurred_at
    return found or occurred_at.astimezone(zone).date()


def facts_until(  # noqa: PLR0913 - of which log, whose facts, from where to when
    reader: Reader,
    codec: Codec,
    moment: Moment,
    projections: Iterable[Projection],
    zone: tzinfo,
    progress: Progress = lambda _: None,
    *,
    after: int = 0,
) -> Iterator[Fact]:
    """Facts after a position that some projections read, as of a moment, in the log's order."""
    topics = sorted({one.TOPIC for projection in projections for one in projection.reads})
    done = after
    for fact in facts_of(reader.after(after, upto=moment.position, topics=topics), codec):
        if moment.as_of is None or business_date(fact.event, zone) <= moment.as_of:
            yield fact
        if fact.position - done >= PROGRESS_STEP:
            done = fact.position
            progress(done)
    progress(moment.position)
