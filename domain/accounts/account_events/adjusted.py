"""What puts an account right: small differences, adjustments, bad debt."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.accounts.account_events.base import AccountEvent
from domain.accounts.entry import ADJUSTMENT, WRITE_OFF, Entry, owed, settled
from domain.accounts.ledger import Allocation, OpenItem

if TYPE_CHECKING:
    from domain.accounts.dealer_account import DealerAccount


class SmallDifferenceWrittenOff(AccountEvent, frozen=True, kw_only=True):
    """A difference within the tolerance was let go; ``amount`` below 0 claims it again.

    It is claimed again with the money that left it, of ``receipt``, when that is taken back.
    """

    TOPIC = "account.small_difference_written_off"
    doc: str
    item: str
    amount: int
    accounting_date: date
    receipt: str = ""
    effective_date: date | None = None

    def apply(self, account: DealerAccount) -> None:
        """Settle the rest of the item, or open it again."""
        if self.amount > 0:
            account.let_off[self.receipt] = Allocation(self.item, self.amount)
            account.reduce(self.item, self.amount, self.accounting_date)
        else:
            account.let_off.pop(self.receipt, None)
            account.open_again(self.item, -self.amount)
        month = self.accounting_date.isoformat()[:7]
        account.written_off[month] = account.written_off.get(month, 0) + self.amount

    def entries(self) -> tuple[Entry, ...]:
        """Owe less."""
        day = self.accounting_date
        return (settled(WRITE_OFF, self.doc, self.item, day, self.amount, self.earlier),)


class BadDebtWrittenOff(AccountEvent, frozen=True, kw_only=True):
    """A debt will not be paid: it was let go, for a reason, by two persons."""

    TOPIC = "account.bad_debt_written_off"
    doc: str
    item: str
    amount: int
    reason: str
    approvals: tuple[str, ...]
    accounting_date: date
    effective_date: date | None = None

    def apply(self, account: DealerAccount) -> None:
        """Settle the rest of the item."""
        account.reduce(self.item, self.amount)

    def entries(self) -> tuple[Entry, ...]:
        """Owe less."""
        day = self.accounting_date
        return (settled(WRITE_OFF, self.doc, self.item, day, self.amount, self.earlier),)


class AdjustmentPosted(AccountEvent, frozen=True, kw_only=True):
    """The account was put right: more is owed (``amount`` above 0), or less.

    What is less owed settles the documents in ``allocations``; the rest is money not applied yet.
    ``penalty`` is the document of a penalty that was overturned, which is no income then.
    """

    TOPIC = "account.adjustment_posted"
    doc: str
    amount: int
    reason: str
    approvals: tuple[str, ...]
    accounting_date: date
    due: date
    case: str | None = None
    penalty: str = ""
    allocations: tuple[Allocation, ...] = ()
    effective_date: date | None = None

    @property
    def unapplied(self) -> int:
        """What of a credit settled nothing, minor units; 0 for a debit."""
        return max(0, -self.amount - sum(one.amount for one in self.allocations))

    def apply(self, account: DealerAccount) -> None:
        """Open an item, or settle some, and hold the rest."""
        if self.amount > 0:
            since = self.accounting_date
            account.put(self.doc, OpenItem(self.amount, self.amount, self.due, since=since))
        for one in self.allocations:
            account.reduce(one.doc, one.amount)
        if self.unapplied:
            account.hold(self.doc, self.unapplied, ADJUSTMENT)
        account.posted = True

    def entries(self) -> tuple[Entry, ...]:
        """Owe more, or less by each document."""
        day = self.accounting_date
        if self.amount > 0:
            return (owed(ADJUSTMENT, self.doc, day, self.amount, self.reason, self.earlier),)
        return tuple(
            settled(ADJUSTMENT, self.doc, one.doc, day, one.amount, self.earlier)
            for one in self.allocations
        )
