"""A project registration (项目报备): a dealer's claim on a hospital's project, for a time."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import InvalidState
from domain.kernel.stamp import Stamp
from domain.parties.refusals import ProjectAlreadyRegistered


class Project(Aggregate):
    """One customer and product line; the stream is ``Project/{customer}/{product_line}``.

    At most one dealer has it at a time (INV-OP-1), and may extend it once.
    """

    CATEGORY: ClassVar[str] = "Project"

    dealer: str | None = None
    valid_to: date | None = None
    extended: bool = False

    # What can happen to a project. Topics and fields are stored: add, never rename.

    class Registered(Event, frozen=True, kw_only=True):
        """A dealer has the project until a day (inclusive)."""

        TOPIC = "project.registered"
        dealer: str
        valid_to: date

        def apply(self, project: Project) -> None:
            """Give it."""
            project.dealer, project.valid_to = self.dealer, self.valid_to
            project.extended = False

    class Extended(Event, frozen=True, kw_only=True):
        """The dealer keeps the project longer."""

        TOPIC = "project.extended"
        valid_to: date

        def apply(self, project: Project) -> None:
            """Set the day."""
            project.valid_to, project.extended = self.valid_to, True

    class Released(Event, frozen=True, kw_only=True):
        """The dealer gave the project up."""

        TOPIC = "project.released"
        reason: str

        def apply(self, project: Project) -> None:
            """Free it."""
            project.dealer = project.valid_to = None

    # What is asked about it.

    def holder(self, day: date) -> str | None:
        """Dealer that has the project on a day, or None."""
        return self.dealer if self.valid_to is not None and day <= self.valid_to else None

    # What may be asked of it.

    def register(self, dealer: str, valid_to: date, stamp: Stamp) -> None:
        """Claim the project; raises ProjectAlreadyRegistered."""
        holder = self.holder(stamp.today)
        if holder is not None:
            raise ProjectAlreadyRegistered(dealer=holder, valid_to=self.valid_to)
        self.record(self.Registered(stamp.by, stamp.at, dealer=dealer, valid_to=valid_to))

    def extend(self, dealer: str, valid_to: date, stamp: Stamp) -> None:
        """Keep the project longer, once; raises InvalidState unless the dealer has it."""
        if self.holder(stamp.today) != dealer or self.extended:
            raise InvalidState(project=self.key, dealer=self.dealer, extended=self.extended)
        self.record(self.Extended(stamp.by, stamp.at, valid_to=valid_to))

    def release(self, dealer: str, reason: str, stamp: Stamp) -> None:
        """Give the project up; raises InvalidState unless the dealer has it."""
        if self.dealer != dealer:
            raise InvalidState(project=self.key, dealer=self.dealer)
        self.record(self.Released(stamp.by, stamp.at, reason=reason))
