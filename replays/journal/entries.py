"""The entries of a period, read back from its stream."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import msgspec

from domain.books.period import Period
from domain.books.posting import Posting
from eventlog.codec import Codec
from eventlog.reader import Reader
from eventlog.rows import EventRow, instant_of

PAGE = 2_000
"""Events of a period that are fetched at a time."""


class JournalEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A balanced entry as it was posted; amounts of its lines in minor units.

    ``day`` is the accounting date, ``effective`` the day of an earlier, closed period that it
    belongs to, if there is one. ``source`` is the stream and version of the fact that made it,
    ``cause`` that fact's topic; ``position`` and ``recorded_at`` are the posting's own.
    """

    period: str
    number: int
    day: date
    effective: date | None
    doc: str
    cause: str
    source: str
    dealer: str
    lines: tuple[Posting, ...]
    position: int
    recorded_at: datetime

    @property
    def entry_no(self) -> str:
        """Number by which finance knows it: ``2026-03-000017``."""
        return f"{self.period}-{self.number:06}"


def entries(
    reader: Reader, codec: Codec, period: str, first: int = 1, last: int | None = None
) -> Iterator[JournalEntry]:
    """Yield the entries of a period (YYYY-MM) from number ``first`` to ``last``, in order.

    Without ``last``, all there are. A period that nothing was posted into has none. One page of
    events is held in memory. Raises UnreadableRowError (eventlog/codec.py).
    """
    # An entry's number is never above its version: other facts of the period have versions, too.
    version = first - 1
    while True:
        rows = reader.stream(
            f"{Period.CATEGORY}/{period}", after_version=version, upto_version=version + PAGE
        )
        for row in rows:
            event = codec.read(row)
            if not isinstance(event, Period.EntryPosted) or event.number < first:
                continue
            if last is not None and event.number > last:
                return
            yield _read(period, row, event)
        if len(rows) < PAGE:
            return
        version += PAGE


def _read(period: str, row: EventRow, event: Period.EntryPosted) -> JournalEntry:
    return JournalEntry(
        period=period,
        number=event.number,
        day=event.day,
        effective=event.effective,
        doc=event.doc,
        cause=event.cause,
        source=event.source,
        dealer=event.dealer,
        lines=event.lines,
        position=row.position,
        recorded_at=instant_of(row.recorded_at),
    )
