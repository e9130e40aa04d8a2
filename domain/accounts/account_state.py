"""The state of a dealer's account, and how it changes."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.accounts import account_events as happened
from domain.accounts.ledger import PAYMENT, Allocation, OpenItem
from domain.accounts.month import Month, Sold
from domain.books.period import period_of
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.money import share


class AccountState(Aggregate):
    """What is owed, what was paid, and what settles what; by document, receipt and month."""

    STATE_VERSION: ClassVar[int] = 2

    items: dict[str, OpenItem] = msgspec.field(default_factory=dict)
    """Documents that are open."""
    dues: dict[date, int] = msgspec.field(default_factory=dict)
    """How many of them are due on each day."""
    settled: dict[str, OpenItem] = msgspec.field(default_factory=dict)
    """Documents that are settled, from which money can be taken back, or which are disputed."""
    unapplied: dict[str, int] = msgspec.field(default_factory=dict)
    """Money not yet put against a document, by receipt."""
    kinds: dict[str, str] = msgspec.field(default_factory=dict)
    """Kind of the money that is not a payment, by its document."""
    receipts: dict[str, int] = msgspec.field(default_factory=dict)
    """Amount of each payment."""
    applied: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    """What each receipt was put against."""
    let_off: dict[str, Allocation] = msgspec.field(default_factory=dict)
    """The small difference that each receipt left, with its document."""
    written_off: dict[str, int] = msgspec.field(default_factory=dict)
    """Small differences written off, by month."""
    months: dict[str, Month] = msgspec.field(default_factory=dict)
    posted: bool = False

    # How it changes (folds, not commands).

    def fold(self, event: Event) -> None:
        """Apply a fact, and enter its lines into their months."""
        super().fold(event)
        assert isinstance(event, happened.AccountEvent)  # noqa: S101 - nothing else is recorded
        for entry in event.entries():
            month = self.month(period_of(entry.day))
            month.lines.append(entry)
            month.net += entry.amount

    def month(self, period: str) -> Month:
        """Return a month, which begins empty."""
        return self.months.setdefault(period, Month())

    def put(self, doc: str, item: OpenItem) -> None:
        """Let a document be open."""
        self.items[doc] = item
        self.dues[item.due] = self.dues.get(item.due, 0) + 1

    def hold(self, doc: str, amount: int, kind: str) -> None:
        """Hold more money that is not applied, or less."""
        left = self.unapplied.get(doc, 0) + amount
        if left:
            self.unapplied[doc] = left
            if kind != PAYMENT:
                self.kinds[doc] = kind
        else:
            self.unapplied.pop(doc, None)

    def reduce(self, doc: str, amount: int, paid_on: date | None = None) -> None:
        """Reduce what is open of a document: by money that came on a day, or by a credit."""
        item = self.items[doc]
        item.open -= amount
        if paid_on is None:
            item.credited += amount
        else:
            item.paid_on = max(paid_on, item.paid_on or paid_on)
        if item.open == 0:
            del self.items[doc]
            self.dues[item.due] -= 1
            if not self.dues[item.due]:
                del self.dues[item.due]
            self._count_paid(item, 1)
            if item.paid_on or item.disputed:
                self.settled[doc] = item

    def put_against(self, receipt: str, doc: str, amount: int, day: date) -> None:
        """Put money against a document."""
        docs = self.applied.setdefault(receipt, {})
        docs[doc] = docs.get(doc, 0) + amount
        self.collect(doc, amount, day)
        self.reduce(doc, amount, day)

    def take_back(self, receipt: str, doc: str, amount: int, day: date) -> None:
        """Take money back from a document, which is open again by as much."""
        docs = self.applied[receipt]
        docs[doc] -= amount
        if not docs[doc]:
            del docs[doc]
        self.open_again(doc, amount)
        self.collect(doc, -amount, day)

    def open_again(self, doc: str, amount: int) -> None:
        """Open more of a document, which may have been settled."""
        if doc in self.settled:
            self.put(doc, self.settled.pop(doc))
            self._count_paid(self.items[doc], -1)
        self.items[doc].open += amount

    def collect(self, doc: str, amount: int, day: date) -> None:
        """Count the net part of money that came in for an invoice."""
        item = self.items[doc]
        before, item.received = item.received, item.received + amount
        if item.period:
            net = share(item.received, item.net, item.gross) - share(before, item.net, item.gross)
            self.month(period_of(day)).collected += net

    def count_sale(self, day: date, sku: str, net: int, qty: int) -> None:
        """Count what was invoiced of a product, or credited."""
        sold = self.month(period_of(day)).sold.setdefault(sku, Sold())
        sold.net += net
        sold.qty += qty

    def end(self, period: str) -> None:
        """Forget the lines of a month, and of all before: no statement of it can change."""
        for one, month in self.months.items():
            if one <= period:
                month.lines, month.ended = [], True

    def _count_paid(self, item: OpenItem, sign: int) -> None:
        """Count how late an invoice was paid, by the net amount that credits left of it."""
        if item.period and item.net_left:
            paid = self.month(item.period).paid
            paid[item.late] = paid.get(item.late, 0) + sign * item.net_left
            if not paid[item.late]:
                del paid[item.late]
