"""Who does something, when, and in answer to which command."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone, tzinfo

import msgspec

CHINA = timezone(timedelta(hours=8))
"""Asia/Shanghai, which has no daylight-saving time."""


class Actor(msgspec.Struct, frozen=True, omit_defaults=True):
    """The person or policy that acts.

    ``role`` is a role code such as ``MGR``; ``SERVICE`` for an internal service that acts for
    itself. ``scope`` is the sales region or warehouse a person is bound to, ``ALL`` for none.
    ``dealer`` is set for a dealer's own user. ``via`` is the API key of a service that acted on
    somebody's behalf.
    """

    user: str
    role: str
    scope: str | None = None
    dealer: str | None = None
    via: str | None = None


class Stamp(msgspec.Struct, frozen=True):
    """What a flow knows of the command's circumstances. It never looks at a clock.

    ``at`` is business time; ``today`` is its calendar date in the company's ``zone``;
    ``recorded_on`` the date on which the command came in, where that is another day; ``currency``
    is the company's (ISO 4217).
    """

    by: Actor
    at: datetime
    today: date
    currency: str = "CNY"
    zone: tzinfo = CHINA
    recorded_on: date | None = None

    @property
    def entered(self) -> date:
        """Date on which the command came in."""
        return self.recorded_on or self.today

    def day_of(self, instant: datetime) -> date:
        """Calendar date of an instant, in the company's zone."""
        return instant.astimezone(self.zone).date()

    def moment_of(self, day: date) -> datetime:
        """Return now for today, and the last moment of another day, in the company's zone."""
        if day == self.today:
            return self.at
        return datetime.combine(day, time.max, self.zone)

    def automatic(self, policy: str) -> Stamp:
        """Return the stamp of a step that no person takes: automation is an actor of its own."""
        return msgspec.structs.replace(self, by=Actor(f"system:{policy}", "SYSTEM"))
