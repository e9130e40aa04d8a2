"""A dealer's account: what is owed, what was paid, and what settles what."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.accounts.ledger import Allocation, CreditedLine, InvoiceLine, OpenItem
from domain.accounts.refusals import DuplicateDocument, ItemClosed, Overallocated
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp


class DealerAccount(Aggregate):
    """One dealer's account in one currency; the stream is ``Account/{dealer}/{currency}``."""

    CATEGORY: ClassVar[str] = "Account"

    items: dict[str, OpenItem] = msgspec.field(default_factory=dict)
    """Invoices that are open, by document."""
    unapplied: dict[str, int] = msgspec.field(default_factory=dict)
    """Money not yet put against a document, by receipt."""
    written_off: dict[str, int] = msgspec.field(default_factory=dict)
    """Small differences written off, by month."""
    credit_notes: set[str] = msgspec.field(default_factory=set)
    credited: dict[str, int] = msgspec.field(default_factory=dict)
    """Gross amount credited of each invoice."""
    posted: bool = False

    # What can happen to an account. Topics and fields are stored: add, never rename.

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

    def reduce(self, doc: str, amount: int) -> None:
        """Reduce what is open; a settled item is history (a fold, not a command)."""
        item = self.items[doc]
        item.open -= amount
        if item.open == 0:
            del self.items[doc]

    # What is asked about it.

    @property
    def dealer(self) -> str:
        """The dealer's id."""
        return self.key.partition("/")[0]

    @property
    def currency(self) -> str:
        """The account's currency (ISO 4217)."""
        return self.key.partition("/")[2]

    def owed(self) -> int:
        """Return what is open, less money not yet applied, in minor units."""
        return sum(item.open for item in self.items.values()) - sum(self.unapplied.values())

    # What may be asked of it.

    def open_item(self, doc: str, gross: int, due: date, stamp: Stamp) -> None:
        """Set an item that was open at the beginning; raises DuplicateDocument."""
        if doc in self.items:
            raise DuplicateDocument(doc=doc)
        self.record(
            self.OpenItemOpeningSet(
                stamp.by, stamp.at, doc=doc, gross=gross, due=due, accounting_date=stamp.today
            )
        )

    def post_invoice(self, event: InvoicePosted) -> None:
        """Owe an invoice; raises DuplicateDocument."""
        if event.doc in self.items:
            raise DuplicateDocument(doc=event.doc)
        self.record(event)

    def receive(self, event: PaymentReceived) -> None:
        """Take money in, unapplied."""
        self.record(event)

    def apply_deposit(
        self, deposit: str, doc: str, amount: int, accounting_date: date, stamp: Stamp
    ) -> None:
        """Settle part of an invoice with its order's deposit; raises ItemClosed, Overallocated."""
        self._require_open(doc, amount)
        self.record(
            self.DepositApplied(
                stamp.by,
                stamp.at,
                deposit=deposit,
                doc=doc,
                amount=amount,
                accounting_date=accounting_date,
            )
        )

    def credit(self, event: CreditNotePosted) -> None:
        """Post a credit note; raises DuplicateDocument."""
        if event.doc in self.credit_notes:
            raise DuplicateDocument(doc=event.doc)
        self.record(event)

    def apply_cash(
        self,
        receipt: str,
        allocations: tuple[Allocation, ...],
        rule: str,
        accounting_date: date,
        stamp: Stamp,
    ) -> None:
        """Put money against documents; raises ItemClosed or Overallocated."""
        wanted: dict[str, int] = {}
        for one in allocations:
            wanted[one.doc] = wanted.get(one.doc, 0) + one.amount
        for doc, amount in wanted.items():
            self._require_open(doc, amount)
        held = self.unapplied.get(receipt, 0)
        total = sum(one.amount for one in allocations)
        if total > held:
            raise Overallocated(receipt=receipt, amount=total, held=held)
        if allocations:
            self.record(
                self.CashApplied(
                    stamp.by,
                    stamp.at,
                    receipt=receipt,
                    allocations=allocations,
                    rule=rule,
                    accounting_date=accounting_date,
                )
            )

    def write_off(
        self, doc: str, item: str, amount: int, accounting_date: date, stamp: Stamp
    ) -> None:
        """Let a small difference go; raises ItemClosed or Overallocated."""
        self._require_open(item, amount)
        self.record(
            self.SmallDifferenceWrittenOff(
                stamp.by,
                stamp.at,
                doc=doc,
                item=item,
                amount=amount,
                accounting_date=accounting_date,
            )
        )

    def _require_open(self, doc: str, amount: int) -> None:
        item = self.items.get(doc)
        if item is None:
            raise ItemClosed(doc=doc)
        if amount > item.open:
            raise Overallocated(doc=doc, amount=amount, open=item.open)
