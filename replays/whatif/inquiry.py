"""An inquiry: which history is gone through, and which of its decisions are reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import groupby
from typing import Any, NamedTuple

from domain.kernel.event import Event
from domain.kernel.stamp import Stamp
from domain.kernel.validation import Findings
from eventlog.codec import Codec
from eventlog.reader import Reader
from eventlog.rows import EventRow
from replays.past import Past


class Fact(NamedTuple):
    """An event with the row in which it is stored."""

    row: EventRow
    event: Any

    @property
    def position(self) -> int:
        """Its place in the log."""
        return self.row.position

    @property
    def key(self) -> str:
        """Its stream's name without the category."""
        return self.row.stream.partition("/")[2]


def _silent(_: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """The log, with the company's zone and currency.

    Decisions are reported whose business date lies between ``since`` and ``until``, both inclusive.
    ``told`` is given the position that has been reached, from time to time.
    """

    reader: Reader
    codec: Codec
    zone: tzinfo
    currency: str
    since: date | None = None
    until: date | None = None
    told: Callable[[int], None] = _silent

    @property
    def today(self) -> Past:
        """Everything that is known, to look up what is asked about."""
        return Past(self.reader, self.codec)

    def findings(self) -> Findings:
        """Begin to look for what is wrong with a question: its dates first."""
        findings = Findings()
        if self.since is not None:
            findings.dates(self.since, self.until, "until")
        return findings

    def day_of(self, event: Event) -> date:
        """Business date of an event."""
        return event.occurred_at.astimezone(self.zone).date()

    def asks(self, event: Event) -> bool:
        """Whether a decision is reported."""
        day = self.day_of(event)
        late = self.until is not None and day > self.until
        return not late and (self.since is None or day >= self.since)

    def stamp(self, event: Event) -> Stamp:
        """Return the circumstances in which a decision was taken."""
        day = self.day_of(event)
        return Stamp(event.by, event.occurred_at, day, self.currency, self.zone)

    def commands(self, topics: Iterable[str], upto: int) -> Iterator[list[Fact]]:
        """Yield the events of some topics in order, command by command."""
        rows = self.reader.after(upto=upto, topics=sorted(topics))
        for _, appended in groupby(rows, key=lambda row: row.command_id):
            command = [Fact(row, self.codec.read(row)) for row in appended]
            yield command
            self.told(command[-1].position)
        self.told(upto)
