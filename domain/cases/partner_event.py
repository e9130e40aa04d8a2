"""An event that a partner's system told us in EPCIS: kept as it was said, found by its hash."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp


class PartnerEvent(Aggregate):
    """One event; the stream is ``Epcis/{hash}``, the hash in hexadecimal digits."""

    CATEGORY: ClassVar[str] = "Epcis"

    body: str = ""
    wrong: bool = False
    """Whether the partner declared it an error."""

    # What can happen to it. Topics and fields are stored: add, never rename.

    class Captured(Event, frozen=True, kw_only=True):
        """It was told us: ``body`` is its JSON text, ``event_id`` the id that it came with."""

        TOPIC = "epcis.captured"
        event_id: str
        body: str
        happened_at: datetime
        source: str

        def apply(self, event: PartnerEvent) -> None:
            """Keep it."""
            event.body = self.body

    class ErrorDeclared(Event, frozen=True, kw_only=True):
        """The partner declared it an error; ``body`` is the event with the declaration."""

        TOPIC = "epcis.error_declared"
        body: str
        reason: str

        def apply(self, event: PartnerEvent) -> None:
            """Rely on it no more."""
            event.wrong = True

    # What may be asked of it.

    def capture(
        self, event_id: str, body: str, happened_at: datetime, source: str, stamp: Stamp
    ) -> None:
        """Keep it, once."""
        if not self.exists:
            self.record(
                self.Captured(
                    stamp.by,
                    stamp.at,
                    event_id=event_id,
                    body=body,
                    happened_at=happened_at,
                    source=source,
                )
            )

    def declare_error(self, body: str, reason: str, stamp: Stamp) -> None:
        """Take it back, once."""
        if not self.wrong:
            self.record(self.ErrorDeclared(stamp.by, stamp.at, body=body, reason=reason))
