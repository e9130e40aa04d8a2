"""What every fact of a dealer's account is: it may move what is owed, by entries."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.accounts.entry import Entry
from domain.kernel.event import Event

if TYPE_CHECKING:
    from domain.accounts.dealer_account import DealerAccount


class AccountEvent(Event, frozen=True, kw_only=True):
    """A fact of an account. Each has an ``accounting_date``, which decides its period.

    Some have an ``effective_date``: the day they concern, where the period of that day was closed.
    """

    def apply(self, account: DealerAccount) -> None:
        """Assign what it changes beside its entries."""

    def entries(self) -> tuple[Entry, ...]:
        """Return the lines that it adds to the dealer's statement; none where nothing is owed."""
        return ()

    @property
    def posted_on(self) -> date:
        """The accounting date."""
        day: date = getattr(self, "accounting_date")  # noqa: B009 - its subclasses declare it
        return day

    @property
    def earlier(self) -> date | None:
        """The effective day, where it lies in an earlier period than the accounting date."""
        day: date | None = getattr(self, "effective_date", None)
        posted = self.posted_on
        same = day is None or (day.year, day.month) == (posted.year, posted.month)
        return None if same else day
