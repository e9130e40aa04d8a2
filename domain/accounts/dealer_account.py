"""A dealer's account: what is owed, what was paid, and what settles what.

The account is the sub-ledger of the control account 1122: at every version its open items are
what its entries come to (INV-AC-2), and money that is not applied is kept beside them.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.accounts import account_events as happened
from domain.accounts.account_state import AccountState
from domain.accounts.entry import Entry
from domain.accounts.ledger import PAYMENT, Allocation, OpenItem
from domain.accounts.refusals import DuplicateDocument, ItemClosed, Overallocated
from domain.kernel.stamp import Stamp


class DealerAccount(AccountState):
    """One dealer's account in one currency; the stream is ``Account/{dealer}/{currency}``."""

    CATEGORY: ClassVar[str] = "Account"

    # What is asked about it.

    @property
    def dealer(self) -> str:
        """The dealer's id."""
        return self.key.partition("/")[0]

    @property
    def currency(self) -> str:
        """The account's currency (ISO 4217)."""
        return self.key.partition("/")[2]

    def open(self) -> int:
        """Sum of the open items, minor units: the dealer's share of the control account."""
        return sum(month.net for month in self.months.values())

    def owed(self) -> int:
        """Return what is open, less money not yet applied, in minor units."""
        return self.open() - sum(self.unapplied.values())

    def kind_of(self, doc: str) -> str:
        """Kind of unapplied money: PAYMENT, or that of the credit it is left of."""
        return self.kinds.get(doc, PAYMENT)

    def balance_before(self, period: str) -> int:
        """Balance at the beginning of a month: what all earlier months come to."""
        return sum(month.net for one, month in self.months.items() if one < period)

    def lines(self, period: str) -> list[Entry]:
        """Entries of a month, in the order in which they were recorded."""
        month = self.months.get(period)
        return month.lines if month else []

    def is_locked(self, period: str) -> bool:
        """Whether a month, or a later one, is settled."""
        return any(one >= period and month.locked for one, month in self.months.items())

    def settled_from(self, period: str) -> list[str]:
        """Months that somebody has settled, from one on."""
        return sorted(one for one, month in self.months.items() if one >= period and month.locked)

    def has_ended(self, period: str) -> bool:
        """Whether a month can never be opened again, so that its lines were forgotten."""
        return any(one >= period and month.ended for one, month in self.months.items())

    def find(self, doc: str) -> OpenItem | None:
        """Return a document that is open, or was and can be again."""
        return self.items.get(doc) or self.settled.get(doc)

    def counts_on(self, doc: str, day: date) -> date:
        """Day on which something of a day settles a document: not before it was posted."""
        item = self.items.get(doc)
        return max(day, item.since) if item and item.since else day

    def oldest_first(self, first: str | None = None) -> list[str]:
        """Open documents by due date, one of them before all others."""
        return sorted(self.items, key=lambda one: (one != first, self.items[one].due, one))

    def spread(self, amount: int, first: str | None = None) -> tuple[Allocation, ...]:
        """Put a credit against documents, one of them first, then what is due first."""
        allocations = []
        for doc in self.oldest_first(first):
            used = min(amount, self.items[doc].open)
            if used:
                allocations.append(Allocation(doc, used))
                amount -= used
        return tuple(allocations)

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

    def owe(self, event: happened.InvoicePosted | happened.PenaltyCharged) -> None:
        """Owe a document; raises DuplicateDocument."""
        if event.doc in self.items:
            raise DuplicateDocument(doc=event.doc)
        self.record(event)

    def adjust(self, event: happened.AdjustmentPosted, against: str | None = None) -> None:
        """Put the account right; an adjustment of nothing records nothing.

        A credit settles the document that it is ``against`` first, then what is due first.
        """
        allocations = self.spread(max(0, -event.amount), against)
        if event.amount:
            self.record(msgspec.structs.replace(event, allocations=allocations))

    def apply_cash(
        self,
        receipt: str,
        allocations: tuple[Allocation, ...],
        rule: str,
        accounting_date: date,
        stamp: Stamp,
        effective_date: date | None = None,
    ) -> None:
        """Put money against documents; raises ItemClosed or Overallocated.

        A document that was posted after the money's own day is settled on the document's day.
        """
        wanted: dict[str, int] = {}
        for one in allocations:
            wanted[one.doc] = wanted.get(one.doc, 0) + one.amount
        for doc, amount in wanted.items():
            self.require_open(doc, amount)
        held = self.unapplied.get(receipt, 0)
        total = sum(one.amount for one in allocations)
        if total > held:
            raise Overallocated(receipt=receipt, amount=total, held=held)
        kind = self.kind_of(receipt)
        days: dict[date, list[Allocation]] = {}
        for one in allocations:
            days.setdefault(self.counts_on(one.doc, accounting_date), []).append(one)
        for day in sorted(days):
            self.record(
                happened.CashApplied(
                    stamp.by,
                    stamp.at,
                    receipt=receipt,
                    allocations=tuple(days[day]),
                    rule=rule,
                    accounting_date=day,
                    effective_date=effective_date if day == accounting_date else None,
                    kind=kind,
                )
            )

    def require_open(self, doc: str, amount: int) -> None:
        """Raise ItemClosed or Overallocated for a document with less open than an amount."""
        item = self.items.get(doc)
        if item is None:
            raise ItemClosed(doc=doc)
        if amount > item.open:
            raise Overallocated(doc=doc, amount=amount, open=item.open)

    def lock_month(self, period: str, stamp: Stamp) -> None:
        """Settle a month; settling it twice records nothing."""
        month = self.months.get(period)
        if month is None or not month.locked:
            closing = self.balance_before(period) + (month.net if month else 0)
            locked = happened.MonthLocked(
                stamp.by, stamp.at, period=period, closing=closing, accounting_date=stamp.today
            )
            self.record(locked)

    def end_month(self, period: str, stamp: Stamp) -> None:
        """Say that a month can never be opened again; saying it twice records nothing."""
        month = self.months.get(period)
        if month is not None and not month.ended:
            self.record(
                happened.MonthEnded(stamp.by, stamp.at, period=period, accounting_date=stamp.today)
            )
