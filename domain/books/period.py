"""A period (会计期间): a calendar month of the general ledger, its entries, and whether it is open.

``OPEN -> SOFT_CLOSED -> CLOSED -> EXPORTED``, and back by ``REOPENED``; entries are numbered from
1 without gaps. Every entry balances, so the trial balance is zero at every version (INV-AC-1).
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.books.posting import Posting, difference
from domain.books.refusals import PeriodClosed
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import InvalidState
from domain.kernel.stamp import Stamp

OPEN, SOFT_CLOSED, CLOSED = "OPEN", "SOFT_CLOSED", "CLOSED"
EXPORTED, REOPENED = "EXPORTED", "REOPENED"
MAY_POST_LATE = frozenset({"FIN", "SYSTEM", "SERVICE"})
"""Roles that still post while the period is closed softly."""


class Control(msgspec.Struct, frozen=True):
    """Totals of a period, and what dealers owe at its end by the control account; minor units."""

    debit: int
    credit: int
    receivables: int
    entries: int


class Period(Aggregate):
    """One calendar month; the stream is ``Period/{YYYY-MM}``."""

    CATEGORY: ClassVar[str] = "Period"

    state: str = OPEN
    revision: int = 0
    """How often it was closed."""
    entries: int = 0
    """Number of the last entry."""
    debits: dict[str, int] = msgspec.field(default_factory=dict)
    credits: dict[str, int] = msgspec.field(default_factory=dict)
    """Totals by account, minor units."""
    exported: int = 0
    """Number of the last entry that was handed over to finance."""
    batches: int = 0
    accrued: bool = False
    """Whether the rebates of the period have been accrued."""

    # What can happen to a period. Topics and fields are stored: add, never rename.

    class EntryPosted(Event, frozen=True, kw_only=True):
        """A balanced entry; ``source`` is the stream and version of the fact that made it.

        ``effective`` is set where the fact belongs to an earlier period that was closed.
        """

        TOPIC = "period.entry_posted"
        number: int
        day: date
        doc: str
        cause: str
        source: str
        lines: tuple[Posting, ...]
        dealer: str = ""
        effective: date | None = None

        def apply(self, period: Period) -> None:
            """Add it up."""
            period.entries = self.number
            for one in self.lines:
                for side, amount in ((period.debits, one.debit), (period.credits, one.credit)):
                    if amount:
                        side[one.account] = side.get(one.account, 0) + amount

    class RebatesAccrued(Event, frozen=True, kw_only=True):
        """The rebates of the period were accrued."""

        TOPIC = "period.rebates_accrued"

        def apply(self, period: Period) -> None:
            """Note it."""
            period.accrued = True

    class SoftClosed(Event, frozen=True, kw_only=True):
        """Only finance still posts into the period."""

        TOPIC = "period.soft_closed"

        def apply(self, period: Period) -> None:
            """Close it to others."""
            period.state = SOFT_CLOSED

    class Closed(Event, frozen=True, kw_only=True):
        """Nothing is posted into the period any more."""

        TOPIC = "period.closed"
        revision: int
        control: Control
        exceptions: tuple[str, ...] = ()

        def apply(self, period: Period) -> None:
            """Close it."""
            period.state, period.revision = CLOSED, self.revision

    class Reopened(Event, frozen=True, kw_only=True):
        """The period was opened again (反结账), for a reason, by two persons."""

        TOPIC = "period.reopened"
        reason: str
        second: str

        def apply(self, period: Period) -> None:
            """Open it; what was accrued may not be all any more."""
            period.state, period.accrued = REOPENED, False

    class BatchMade(Event, frozen=True, kw_only=True):
        """Entries up to ``last`` were handed over, as batch ``seq``."""

        TOPIC = "period.batch_made"
        seq: int
        last: int

        def apply(self, period: Period) -> None:
            """Remember how far it is."""
            period.batches, period.exported = self.seq, self.last

    class Exported(Event, frozen=True, kw_only=True):
        """Finance has accepted every entry of the period."""

        TOPIC = "period.exported"

        def apply(self, period: Period) -> None:
            """End it."""
            period.state = EXPORTED

    # What is asked about it.

    @property
    def is_closed(self) -> bool:
        """Whether nothing may be posted into it."""
        return self.state in (CLOSED, EXPORTED)

    def takes(self, role: str) -> bool:
        """Whether someone of a role may post into it."""
        return not self.is_closed and (self.state != SOFT_CLOSED or role in MAY_POST_LATE)

    def balance(self, account: str) -> int:
        """Debits less credits of an account in this period."""
        return self.debits.get(account, 0) - self.credits.get(account, 0)

    def control(self, receivables: int) -> Control:
        """Return the totals as they stand."""
        return Control(
            sum(self.debits.values()), sum(self.credits.values()), receivables, self.entries
        )

    # What may be asked of it.

    def post(self, event: Period.EntryPosted) -> None:
        """Post an entry under the next number; raises PeriodClosed."""
        if not self.takes(event.by.role):
            raise PeriodClosed(period=self.key, state=self.state)
        off = difference(event.lines)
        assert off == 0, f"{event.cause} does not balance by {off}"  # noqa: S101 - never a refusal
        self.record(msgspec.structs.replace(event, number=self.entries + 1))

    def note_accrual(self, stamp: Stamp) -> None:
        """Say that the rebates were accrued; saying it twice records nothing."""
        if not self.accrued:
            self.record(self.RebatesAccrued(stamp.by, stamp.at))

    def soft_close(self, stamp: Stamp) -> None:
        """Leave it to finance; raises InvalidState."""
        self._require(OPEN, REOPENED)
        self.record(self.SoftClosed(stamp.by, stamp.at))

    def close(self, receivables: int, exceptions: tuple[str, ...], stamp: Stamp) -> None:
        """Close it; raises InvalidState."""
        self._require(OPEN, SOFT_CLOSED, REOPENED)
        closed = self.Closed(
            stamp.by,
            stamp.at,
            revision=self.revision + 1,
            control=self.control(receivables),
            exceptions=exceptions,
        )
        self.record(closed)

    def reopen(self, reason: str, second: str, stamp: Stamp) -> None:
        """Open it again; raises InvalidState."""
        self._require(CLOSED)
        self.record(self.Reopened(stamp.by, stamp.at, reason=reason, second=second))

    def end(self, stamp: Stamp) -> None:
        """Say that finance has it all; saying it twice records nothing."""
        if self.state == CLOSED:
            self.record(self.Exported(stamp.by, stamp.at))

    def _require(self, *states: str) -> None:
        if self.state not in states:
            raise InvalidState(period=self.key, state=self.state)


def period_of(day: date) -> str:
    """Period of an accounting date: ``2026-03``."""
    return day.isoformat()[:7]


def before(period: str) -> str:
    """Return the month before a period."""
    year, month = int(period[:4]), int(period[5:])
    return f"{year - 1}-12" if month == 1 else f"{year}-{month - 1:02}"


def after(period: str) -> str:
    """Return the month after a period."""
    year, month = int(period[:4]), int(period[5:])
    return f"{year + month // 12}-{month % 12 + 1:02}"


def last_day(period: str) -> date:
    """Last calendar day of a period."""
    year, month = int(period[:4]), int(period[5:])
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
