"""A dealer's account: what is owed, what was paid, and what settles what."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.accounts import account_events as happened
from domain.accounts.ledger import Allocation, OpenItem
from domain.accounts.refusals import DuplicateDocument, ItemClosed, Overallocated
from domain.kernel.aggregate import Aggregate
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
            happened.OpenItemOpeningSet(
                stamp.by, stamp.at, doc=doc, gross=gross, due=due, accounting_date=stamp.today
            )
        )

    def post_invoice(self, event: happened.InvoicePosted) -> None:
        """Owe an invoice; raises DuplicateDocument."""
        if event.doc in self.items:
            raise DuplicateDocument(doc=event.doc)
        self.record(event)

    def receive(self, event: happened.PaymentReceived) -> None:
        """Take money in, unapplied."""
        self.record(event)

    def apply_deposit(
        self, deposit: str, doc: str, amount: int, accounting_date: date, stamp: Stamp
    ) -> None:
        """Settle part of an invoice with its order's deposit; raises ItemClosed, Overallocated."""
        self._require_open(doc, amount)
        self.record(
            happened.DepositApplied(
                stamp.by,
                stamp.at,
                deposit=deposit,
                doc=doc,
                amount=amount,
                accounting_date=accounting_date,
            )
        )

    def credit(self, event: happened.CreditNotePosted) -> None:
        """Post a credit note; raises DuplicateDocument."""
        if event.doc in self.credit_notes:
            raise DuplicateDocument(doc=event.doc)
        self.record(event)

    def charge(self, event: happened.PenaltyCharged) -> None:
        """Owe a penalty; raises DuplicateDocument."""
        if event.doc in self.items:
            raise DuplicateDocument(doc=event.doc)
        self.record(event)

    def adjust(self, event: happened.AdjustmentPosted, against: str | None = None) -> None:
        """Put the account right; an adjustment of nothing records nothing.

        A credit settles the document that it is ``against`` first, then what is due first.
        """
        allocations, left = [], max(0, -event.amount)
        for doc in sorted(self.items, key=lambda one: (one != against, self.items[one].due, one)):
            used = min(left, self.items[doc].open)
            if used:
                allocations.append(Allocation(doc, used))
                left -= used
        if event.amount:
            self.record(msgspec.structs.replace(event, allocations=tuple(allocations)))

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
                happened.CashApplied(
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
            happened.SmallDifferenceWrittenOff(
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
