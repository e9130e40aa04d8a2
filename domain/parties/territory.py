"""The map of one product line: who holds rights where, and so who suffers from a diversion."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp
from domain.parties.dealer_terms import Authorisation


class Grant(msgspec.Struct, frozen=True):
    """A dealer's right on the map, with the dealer's level in the channel."""

    dealer: str
    level: int
    authorisation: Authorisation


class Territory(Aggregate):
    """The map of one product line; the stream is ``Territory/{product_line}``."""

    CATEGORY: ClassVar[str] = "Territory"

    grants: list[Grant] = msgspec.field(default_factory=list)

    # What can happen to the map. Topics and fields are stored: add, never rename.

    class Mapped(Event, frozen=True, kw_only=True):
        """A right entered the map."""

        TOPIC = "territory.mapped"
        grant: Grant

        def apply(self, territory: Territory) -> None:
            """Add the right."""
            territory.grants.append(self.grant)

    class Ended(Event, frozen=True, kw_only=True):
        """A right ends with a day."""

        TOPIC = "territory.ended"
        grant: Grant
        last_day: date

        def apply(self, territory: Territory) -> None:
            """Let it end; a right that had not begun never was."""
            place = territory.grants.index(self.grant)
            right = self.grant.authorisation.until(self.last_day)
            kept = (
                [] if right is None else [msgspec.structs.replace(self.grant, authorisation=right)]
            )
            territory.grants[place : place + 1] = kept

    # What is asked about it.

    def on(self, day: date) -> list[Grant]:
        """Rights on a day, in the order in which they were granted."""
        return [
            one
            for one in self.grants
            if one.authorisation.valid_from <= day <= one.authorisation.valid_to
        ]

    # What may be asked of it.

    def enter(self, grant: Grant, stamp: Stamp) -> None:
        """Enter a right; entering it again alike records nothing."""
        if grant not in self.grants:
            self.record(self.Mapped(stamp.by, stamp.at, grant=grant))

    def end(self, grant: Grant, last_day: date, stamp: Stamp) -> None:
        """Let a right end with a day."""
        self.record(self.Ended(stamp.by, stamp.at, grant=grant, last_day=last_day))
