"""Money that came in, went back, and was put against documents."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.accounts.account_events.base import AccountEvent
from domain.accounts.entry import CLAIM, DEPOSIT, Entry, settled
from domain.accounts.ledger import PAYMENT, Allocation

if TYPE_CHECKING:
    from domain.accounts.dealer_account import DealerAccount


class PaymentReceived(AccountEvent, frozen=True, kw_only=True):
    """Money came in. It is unapplied until it is put against documents.

    ``remittance`` is what its payer said it was for; a third party paid under a ``mandate``.
    """

    TOPIC = "account.payment_received"
    receipt: str
    bank_ref: str
    value_date: date
    accounting_date: date
    amount: int
    payer: str
    instrument: str
    maturity: date | None = None
    remittance: tuple[Allocation, ...] = ()
    mandate: str | None = None
    effective_date: date | None = None

    def apply(self, account: DealerAccount) -> None:
        """Hold the money."""
        account.hold(self.receipt, self.amount, PAYMENT)
        account.receipts[self.receipt] = self.amount
        account.posted = True


class PaymentReversed(AccountEvent, frozen=True, kw_only=True):
    """A payment was none: a bounced draft, a booking error of the bank. It was unapplied before."""

    TOPIC = "account.payment_reversed"
    receipt: str
    amount: int
    reason: str
    accounting_date: date
    effective_date: date | None = None

    def apply(self, account: DealerAccount) -> None:
        """Give the money up."""
        account.hold(self.receipt, -self.amount, PAYMENT)
        account.receipts.pop(self.receipt, None)


class CashApplied(AccountEvent, frozen=True, kw_only=True):
    """Money was put against documents by a rule. ``kind`` says what kind of money it is."""

    TOPIC = "account.cash_applied"
    receipt: str
    allocations: tuple[Allocation, ...]
    rule: str
    accounting_date: date
    kind: str = PAYMENT
    effective_date: date | None = None

    def apply(self, account: DealerAccount) -> None:
        """Settle the items."""
        for one in self.allocations:
            account.put_against(self.receipt, one.doc, one.amount, self.accounting_date)
        account.hold(self.receipt, -sum(one.amount for one in self.allocations), self.kind)

    def entries(self) -> tuple[Entry, ...]:
        """Owe less, by each document."""
        return tuple(
            settled(
                self.kind, self.receipt, one.doc, self.accounting_date, one.amount, self.earlier
            )
            for one in self.allocations
        )


class CashUnapplied(AccountEvent, frozen=True, kw_only=True):
    """An allocation was taken back: the documents are open again, the money is not applied."""

    TOPIC = "account.cash_unapplied"
    receipt: str
    allocations: tuple[Allocation, ...]
    reason: str
    accounting_date: date
    kind: str = PAYMENT
    effective_date: date | None = None

    def apply(self, account: DealerAccount) -> None:
        """Open the items again."""
        for one in self.allocations:
            account.take_back(self.receipt, one.doc, one.amount, self.accounting_date)
        account.hold(self.receipt, sum(one.amount for one in self.allocations), self.kind)

    def entries(self) -> tuple[Entry, ...]:
        """Owe it again."""
        return tuple(
            settled(
                self.kind, self.receipt, one.doc, self.accounting_date, -one.amount, self.earlier
            )
            for one in self.allocations
        )


class DepositApplied(AccountEvent, frozen=True, kw_only=True):
    """An order's deposit settled part of its invoice."""

    TOPIC = "account.deposit_applied"
    deposit: str
    doc: str
    amount: int
    accounting_date: date
    effective_date: date | None = None

    def apply(self, account: DealerAccount) -> None:
        """Settle the item."""
        account.collect(self.doc, self.amount, self.accounting_date)
        account.reduce(self.doc, self.amount, self.accounting_date)

    def entries(self) -> tuple[Entry, ...]:
        """Owe less."""
        day = self.accounting_date
        return (settled(DEPOSIT, self.deposit, self.doc, day, self.amount, self.earlier),)


class ClaimSettled(AccountEvent, frozen=True, kw_only=True):
    """An approved claim was set off (冲抵) against documents; what none took is not applied."""

    TOPIC = "account.claim_settled"
    doc: str
    claim: str
    amount: int
    allocations: tuple[Allocation, ...]
    accounting_date: date
    effective_date: date | None = None

    @property
    def unapplied(self) -> int:
        """What no document had room for, minor units."""
        return self.amount - sum(one.amount for one in self.allocations)

    def apply(self, account: DealerAccount) -> None:
        """Settle the items."""
        for one in self.allocations:
            account.reduce(one.doc, one.amount, self.accounting_date)
        if self.unapplied:
            account.hold(self.doc, self.unapplied, CLAIM)
        account.posted = True

    def entries(self) -> tuple[Entry, ...]:
        """Owe less."""
        day = self.accounting_date
        return tuple(
            settled(CLAIM, self.doc, one.doc, day, one.amount, self.earlier)
            for one in self.allocations
        )


class MoneyRefunded(AccountEvent, frozen=True, kw_only=True):
    """Money that settles nothing was paid back to the dealer."""

    TOPIC = "account.money_refunded"
    receipt: str
    amount: int
    bank_ref: str
    accounting_date: date
    effective_date: date | None = None

    def apply(self, account: DealerAccount) -> None:
        """Give it."""
        account.hold(self.receipt, -self.amount, PAYMENT)


class MoneyNetted(AccountEvent, frozen=True, kw_only=True):
    """Three parties agreed (三方抵账): unapplied money of one dealer became another's.

    ``amount`` is above 0 at the dealer who gets it; ``receipt`` is the money on this account.
    """

    TOPIC = "account.money_netted"
    doc: str
    receipt: str
    amount: int
    other: str
    agreement: str
    accounting_date: date
    effective_date: date | None = None

    def apply(self, account: DealerAccount) -> None:
        """Give it, or hold it."""
        account.hold(self.receipt, self.amount, PAYMENT)
        account.posted = True
