"""Open recalls of a product: what of it may not be used, wherever it turns up."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from domain.cases.recall_terms import Scope
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp


class OpenRecalls(Aggregate):
    """Recalls of one product that are open; the stream is ``OpenRecalls/{sku}``."""

    CATEGORY: ClassVar[str] = "OpenRecalls"

    scopes: dict[str, Scope] = msgspec.field(default_factory=dict)
    """What each recall covers, in the order in which they were opened."""

    # What can happen. Topics and fields are stored: add, never rename.

    class Began(Event, frozen=True, kw_only=True):
        """A recall covers some of the product."""

        TOPIC = "open_recalls.began"
        recall: str
        scope: Scope

        def apply(self, recalls: OpenRecalls) -> None:
            """Add it."""
            recalls.scopes[self.recall] = self.scope

    class Ended(Event, frozen=True, kw_only=True):
        """A recall was closed."""

        TOPIC = "open_recalls.ended"
        recall: str

        def apply(self, recalls: OpenRecalls) -> None:
            """Take it out."""
            recalls.scopes.pop(self.recall, None)

    # What is asked about it.

    def of_product(self) -> str | None:
        """Return the first recall of the whole product, or None."""
        return next((name for name, one in self.scopes.items() if self.key in one.skus), None)

    def of_lot(self, lot: str) -> str | None:
        """Return the first recall that covers a lot, or None."""
        covers = (name for name, one in self.scopes.items() if one.covers_lot(self.key, lot))
        return next(covers, None)

    def of_unit(self, serial: str) -> str | None:
        """Return the first recall that covers a device, or None."""
        covers = (name for name, one in self.scopes.items() if one.covers_unit(self.key, serial))
        return next(covers, None)

    # What may be asked of it.

    def begin(self, recall: str, scope: Scope, stamp: Stamp) -> None:
        """Let a recall cover some of it."""
        self.record(self.Began(stamp.by, stamp.at, recall=recall, scope=scope))

    def end(self, recall: str, stamp: Stamp) -> None:
        """Let a recall cover nothing more."""
        if recall in self.scopes:
            self.record(self.Ended(stamp.by, stamp.at, recall=recall))
