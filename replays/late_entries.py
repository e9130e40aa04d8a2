"""Late entries and corrections: what was recorded after its day, and what takes something back.

An entry is late by the days between the day that it concerns (when it happened, its accounting
date, or the day of an earlier period, whichever is first) and the day on which it was recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from typing import Any

import msgspec

from domain.accounts import account_events, statement_events
from domain.accounts.security_deposit import SecurityDeposit
from domain.books.period import Period
from domain.cases import case_events
from domain.cases.partner_event import PartnerEvent
from domain.goods import serial_events
from domain.incentives.rebate import Rebate
from domain.kernel.event import Event
from eventlog.codec import Codec, as_written
from eventlog.reader import Reader
from eventlog.rows import EventRow, instant_of
from replays.histories.describing import meaning

CORRECTIONS: frozenset[type[Event]] = frozenset(
    {
        account_events.CashUnapplied,
        account_events.CreditNotePosted,
        account_events.MonthReopened,
        account_events.PaymentReversed,
        case_events.CaseReopened,
        case_events.EvidenceWithdrawn,
        PartnerEvent.ErrorDeclared,
        Period.Reopened,
        Rebate.Reversed,
        SecurityDeposit.Refunded,
        serial_events.ErrorDeclared,
        statement_events.Reopened,
    }
)
"""Facts that take back, or open again, what was recorded before."""


class LateEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that came late, or a correction. ``prior_period`` is of an earlier month."""

    position: int
    concerns: date
    days_late: int
    occurred_at: datetime
    recorded_at: datetime
    accounting_date: date | None
    prior_period: bool
    correction: bool
    stream: str
    topic: str
    text: str
    reason: str
    actor: str
    command_id: str


class _Dates(msgspec.Struct):
    """What of an event tells its days; the rest of it is not read until it matters."""

    occurred_at: datetime
    accounting_date: date | None = None
    effective_date: date | None = None
    reason: Any = None


_dates = msgspec.json.Decoder(_Dates)


def late_entries(
    reader: Reader, codec: Codec, zone: tzinfo, *, after: int, upto: int, days: int
) -> Iterator[LateEntry]:
    """Entries between two positions that are late by so many days at least, and corrections."""
    corrections = {one.TOPIC for one in CORRECTIONS}
    for row in reader.after(after, upto=upto):
        dates = as_written(row, _dates)
        concerns, recorded_on = _days(row, dates, zone)
        late = (recorded_on - concerns).days
        if late >= days or row.topic in corrections:
            event = codec.read(row)
            yield LateEntry(
                position=row.position,
                concerns=concerns,
                days_late=late,
                occurred_at=dates.occurred_at,
                recorded_at=instant_of(row.recorded_at),
                accounting_date=dates.accounting_date,
                prior_period=f"{concerns:%Y-%m}" < f"{recorded_on:%Y-%m}",
                correction=row.topic in corrections,
                stream=row.stream,
                topic=row.topic,
                text=meaning(type(event)),
                reason=dates.reason if isinstance(dates.reason, str) else "",
                actor=event.by.user,
                command_id=row.command_id,
            )


def _days(row: EventRow, dates: _Dates, zone: tzinfo) -> tuple[date, date]:
    """The day that an event concerns, and the one on which it was recorded."""
    happened_on = dates.occurred_at.astimezone(zone).date()
    named = (happened_on, dates.accounting_date, dates.effective_date)
    recorded_on = instant_of(row.recorded_at).astimezone(zone).date()
    return min(one for one in named if one is not None), recorded_on
