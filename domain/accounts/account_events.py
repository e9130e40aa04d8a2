"""What can happen to a dealer's account. Topics and fields are stored: add, never rename."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.accounts.ledger import Allocation, CreditedLine, InvoiceLine, OpenItem
from domain.kernel.event import Event

if TYPE_CHECKING:
    from domain.accounts.dealer_account import DealerAccount


class OpenItemOpeningSet(Event, frozen=True, kw_only=True):
    """An invoice that was open when the log began."""

    TOPIC = "account.open_item_opening_set"
    doc: str
    gross: int
    due: date
    accounting_date: date

    def apply(self, account: DealerAccount) -> None:
        """Open the item."""
        account.items[self.doc] = OpenItem(self.gross, self.gross, self.due)


class InvoicePosted(Event, frozen=True, kw_only=True):
    """An invoice is owed. Document amounts are the sums of its lines."""

    TOPIC = "account.invoice_posted"
    doc: str
    so: str
    shp: str
    milestone: str
    lines: tuple[InvoiceLine, ...]
    net: int
    vat: int
    gross: int
    due: date
    accounting_date: date

    def apply(self, account: DealerAccount) -> None:
        """Open the item."""
        account.items[self.doc] = OpenItem(self.gross, self.gross, self.due)
        account.posted = True


class PaymentReceived(Event, frozen=True, kw_only=True):
    """Money came in. It is unapplied until it is put against documents."""

    TOPIC = "account.payment_received"
    receipt: str
    bank_ref: str
    value_date: date
    accounting_date: date
    amount: int
    payer: str
    instrument: str

    def apply(self, account: DealerAccount) -> None:
        """Hold the money."""
        account.unapplied[self.receipt] = self.amount
        account.posted = True


class CashApplied(Event, frozen=True, kw_only=True):
    """Money was put against documents by a rule."""

    TOPIC = "account.cash_applied"
    receipt: str
    allocations: tuple[Allocation, ...]
    rule: str
    accounting_date: date

    def apply(self, account: DealerAccount) -> None:
        """Settle the items."""
        for one in self.allocations:
            account.reduce(one.doc, one.amount)
            account.unapplied[self.receipt] -= one.amount
        if account.unapplied[self.receipt] == 0:
            del account.unapplied[self.receipt]


class SmallDifferenceWrittenOff(Event, frozen=True, kw_only=True):
    """A difference within the tolerance was let go."""

    TOPIC = "account.small_difference_written_off"
    doc: str
    item: str
    amount: int
    accounting_date: date

    def apply(self, account: DealerAccount) -> None:
        """Settle the rest of the item."""
        account.reduce(self.item, self.amount)
        month = self.accounting_date.isoformat()[:7]
        account.written_off[month] = account.written_off.get(month, 0) + self.amount


class DepositApplied(Event, frozen=True, kw_only=True):
    """An order's deposit settled part of its invoice."""

    TOPIC = "account.deposit_applied"
    deposit: str
    doc: str
    amount: int
    accounting_date: date

    def apply(self, account: DealerAccount) -> None:
        """Settle the item."""
        account.reduce(self.doc, self.amount)


class CreditNotePosted(Event, frozen=True, kw_only=True):
    """Part of an invoice was taken back; what is open of it is settled by the note first.

    What the invoice has no room for any more stays as money that is not applied.
    """

    TOPIC = "account.credit_note_posted"
    doc: str
    kind: str
    invoice: str
    lines: tuple[CreditedLine, ...]
    net: int
    vat: int
    gross: int
    settled: int
    accounting_date: date
    effective_date: date
    red_info_no: str
    rma: str | None = None

    def apply(self, account: DealerAccount) -> None:
        """Settle the invoice, and keep the rest."""
        account.credit_notes.add(self.doc)
        account.credited[self.invoice] = account.credited.get(self.invoice, 0) + self.gross
        if self.settled:
            account.reduce(self.invoice, self.settled)
        if self.gross > self.settled:
            account.unapplied[self.doc] = self.gross - self.settled


class PenaltyCharged(Event, frozen=True, kw_only=True):
    """A penalty for a confirmed diversion case is owed. No VAT."""

    TOPIC = "account.penalty_charged"
    doc: str
    case: str
    amount: int
    due: date
    accounting_date: date

    def apply(self, account: DealerAccount) -> None:
        """Open the item."""
        account.items[self.doc] = OpenItem(self.amount, self.amount, self.due)
        account.posted = True


class AdjustmentPosted(Event, frozen=True, kw_only=True):
    """The account was put right: more is owed (``amount`` above 0), or less.

    What is less owed settles the documents in ``allocations``; the rest is money not applied yet.
    """

    TOPIC = "account.adjustment_posted"
    doc: str
    amount: int
    reason: str
    approvals: tuple[str, ...]
    accounting_date: date
    due: date
    case: str | None = None
    allocations: tuple[Allocation, ...] = ()

    @property
    def unapplied(self) -> int:
        """What of a credit settled nothing, minor units; 0 for a debit."""
        return max(0, -self.amount - sum(one.amount for one in self.allocations))

    def apply(self, account: DealerAccount) -> None:
        """Open an item, or settle some, and hold the rest."""
        if self.amount > 0:
            account.items[self.doc] = OpenItem(self.amount, self.amount, self.due)
        for one in self.allocations:
            account.reduce(one.doc, one.amount)
        if self.unapplied:
            account.unapplied[self.doc] = self.unapplied
        account.posted = True
