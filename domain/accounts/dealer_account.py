"""A dealer's account: what is owed, what was paid, and what settles what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

import msgspec

from domain.accounts.refusals import DuplicateDocument, ItemClosed, Overallocated
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp


class OpenItem(msgspec.Struct):
    """An invoice as it stands. Amounts in minor units."""

    gross: int
    open: int
    due: date


class InvoiceLine(msgspec.Struct, frozen=True):
    """One line of an invoice; VAT is computed per line."""

    so_line: int
    sku: str
    qty: int
    unit_price: Decimal
    net: int
    vat: int
    tax_rate: Decimal


class Allocation(msgspec.Struct, frozen=True):
    """Money put against a document."""

    doc: str
    amount: int


class DealerAccount(Aggregate):
    """One dealer's account in one currency; the stream is ``Account/{dealer}/{currency}``."""

    CATEGORY: ClassVar[str] = "Account"

    items: dict[str, OpenItem] = msgspec.field(default_factory=dict)
    """Invoices that are open, by document."""
    unapplied: dict[str, int] = msgspec.field(default_factory=dict)
    """Money not yet put against a document, by receipt."""
    written_off: dict[str, int] = msgspec.field(default_factory=dict)
    """Small differences written off, by month."""
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

    def receive(  # noqa: PLR0913 - a payment has this many particulars
        self,
        receipt: str,
        bank_ref: str,
        value_date: date,
        amount: int,
        payer: str,
        instrument: str,
        stamp: Stamp,
    ) -> None:
        """Take money in, unapplied."""
        self.record(
            self.PaymentReceived(
                stamp.by,
                stamp.at,
                receipt=receipt,
                bank_ref=bank_ref,
                value_date=value_date,
                accounting_date=value_date,
                amount=amount,
                payer=payer,
                instrument=instrument,
            )
        )

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
            item = self.items.get(doc)
            if item is None:
                raise ItemClosed(doc=doc)
            if amount > item.open:
                raise Overallocated(doc=doc, amount=amount, open=item.open)
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
        if item not in self.items:
            raise ItemClosed(doc=item)
        if amount > self.items[item].open:
            raise Overallocated(doc=item, amount=amount, open=self.items[item].open)
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
