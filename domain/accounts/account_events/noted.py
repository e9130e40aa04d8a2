"""What is noted of an account and moves no money: disputes, dunning, months that are settled."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.accounts.account_events.base import AccountEvent
from domain.accounts.ledger import Dunned

if TYPE_CHECKING:
    from domain.accounts.dealer_account import DealerAccount


class DisputeRaised(AccountEvent, frozen=True, kw_only=True):
    """The dealer disputes part of a document. What it owes stays the same."""

    TOPIC = "account.dispute_raised"
    item: str
    amount: int
    code: str
    evidence: tuple[str, ...]
    accounting_date: date
    effective_date: date | None = None

    def apply(self, account: DealerAccount) -> None:
        """Mark the item."""
        item = account.items[self.item]
        item.disputed, item.code = self.amount, self.code


class DisputeResolved(AccountEvent, frozen=True, kw_only=True):
    """A dispute is over: accepted (by a credit note), rejected or withdrawn."""

    TOPIC = "account.dispute_resolved"
    item: str
    amount: int
    outcome: str
    accounting_date: date
    credit_note: str | None = None
    effective_date: date | None = None

    def apply(self, account: DealerAccount) -> None:
        """Take the mark away."""
        item = account.find(self.item)
        if item is not None:
            item.disputed, item.code = 0, ""


class DunningIssued(AccountEvent, frozen=True, kw_only=True):
    """The dealer was reminded of overdue documents; disputed parts are not claimed."""

    TOPIC = "account.dunning_issued"
    level: int
    docs: tuple[Dunned, ...]
    channel: str
    accounting_date: date
    effective_date: date | None = None

    def apply(self, account: DealerAccount) -> None:
        """Remember the letter."""
        for one in self.docs:
            item = account.items[one.doc]
            item.level, item.dunned = self.level, self.accounting_date


class MonthLocked(AccountEvent, frozen=True, kw_only=True):
    """A month of the account is settled: its statement was signed, or its period closed."""

    TOPIC = "account.month_locked"
    period: str
    closing: int
    accounting_date: date
    effective_date: date | None = None

    def apply(self, account: DealerAccount) -> None:
        """Lock it."""
        account.month(self.period).locked = True


class MonthReopened(AccountEvent, frozen=True, kw_only=True):
    """A month can be posted to again."""

    TOPIC = "account.month_reopened"
    period: str
    accounting_date: date
    effective_date: date | None = None

    def apply(self, account: DealerAccount) -> None:
        """Unlock it."""
        account.month(self.period).locked = False


class MonthEnded(AccountEvent, frozen=True, kw_only=True):
    """Finance has every entry of the month: it can never be opened again."""

    TOPIC = "account.month_ended"
    period: str
    accounting_date: date
    effective_date: date | None = None

    def apply(self, account: DealerAccount) -> None:
        """Forget its lines, and those of the months before."""
        account.end(self.period)
