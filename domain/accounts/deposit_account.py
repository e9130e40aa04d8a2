"""A dealer's deposits: money received for an order before delivery, until an invoice takes it."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.accounts.refusals import DepositExceeded
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp


class DepositAccount(Aggregate):
    """One dealer's deposits in one currency; the stream is ``Deposits/{dealer}/{currency}``."""

    CATEGORY: ClassVar[str] = "Deposits"

    held: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    """Open amount by order and deposit document, minor units."""

    # What can happen to deposits. Topics and fields are stored: add, never rename.

    class Received(Event, frozen=True, kw_only=True):
        """Money came in for an order."""

        TOPIC = "deposits.received"
        doc: str
        so: str
        bank_ref: str
        value_date: date
        accounting_date: date
        amount: int

        def apply(self, deposits: DepositAccount) -> None:
            """Hold it."""
            deposits.shift(self.so, self.doc, self.amount)

    class Applied(Event, frozen=True, kw_only=True):
        """An invoice of the order took it."""

        TOPIC = "deposits.applied"
        doc: str
        so: str
        invoice: str
        amount: int

        def apply(self, deposits: DepositAccount) -> None:
            """Give it."""
            deposits.shift(self.so, self.doc, -self.amount)

    class Refunded(Event, frozen=True, kw_only=True):
        """It went back to the dealer."""

        TOPIC = "deposits.refunded"
        doc: str
        so: str
        amount: int
        bank_ref: str
        accounting_date: date

        def apply(self, deposits: DepositAccount) -> None:
            """Give it."""
            deposits.shift(self.so, self.doc, -self.amount)

    class Transferred(Event, frozen=True, kw_only=True):
        """It was moved to another order of the dealer."""

        TOPIC = "deposits.transferred"
        doc: str
        so: str
        to_so: str
        amount: int
        accounting_date: date

        def apply(self, deposits: DepositAccount) -> None:
            """Move it."""
            deposits.shift(self.so, self.doc, -self.amount)
            deposits.shift(self.to_so, self.doc, self.amount)

    class Forfeited(Event, frozen=True, kw_only=True):
        """We keep it, for a reason."""

        TOPIC = "deposits.forfeited"
        doc: str
        so: str
        amount: int
        reason: str
        accounting_date: date

        def apply(self, deposits: DepositAccount) -> None:
            """Keep it."""
            deposits.shift(self.so, self.doc, -self.amount)

    def shift(self, so: str, doc: str, amount: int) -> None:
        """Change what is held for an order (a fold, not a command)."""
        docs = self.held.setdefault(so, {})
        docs[doc] = docs.get(doc, 0) + amount
        if docs[doc] == 0:
            del docs[doc]
        if not docs:
            del self.held[so]

    # What is asked about it.

    def of_order(self, so: str) -> int:
        """Amount held for an order."""
        return sum(self.held.get(so, {}).values())

    # What may be asked of it.

    def receive(self, event: Received) -> None:
        """Hold money for an order."""
        self.record(event)

    def apply_to(self, so: str, invoice: str, most: int, stamp: Stamp) -> list[tuple[str, int]]:
        """Give an order's deposits to its invoice, oldest first, up to an amount: what it was."""
        given = []
        for doc, amount in list(self.held.get(so, {}).items()):
            used = min(most, amount)
            if used:
                self.record(
                    self.Applied(stamp.by, stamp.at, doc=doc, so=so, invoice=invoice, amount=used)
                )
                given.append((doc, used))
                most -= used
        return given

    def apply_one(self, so: str, doc: str, invoice: str, amount: int, stamp: Stamp) -> None:
        """Give a deposit, or part of it, to an invoice of its order; raises DepositExceeded."""
        self._require(so, doc, amount)
        self.record(
            self.Applied(stamp.by, stamp.at, doc=doc, so=so, invoice=invoice, amount=amount)
        )

    def refund(self, so: str, doc: str, amount: int, bank_ref: str, stamp: Stamp) -> None:
        """Pay it back; raises DepositExceeded."""
        self._require(so, doc, amount)
        self.record(
            self.Refunded(
                stamp.by,
                stamp.at,
                doc=doc,
                so=so,
                amount=amount,
                bank_ref=bank_ref,
                accounting_date=stamp.today,
            )
        )

    def transfer(self, so: str, doc: str, amount: int, to_so: str, stamp: Stamp) -> None:
        """Move it to another order; raises DepositExceeded."""
        self._require(so, doc, amount)
        self.record(
            self.Transferred(
                stamp.by,
                stamp.at,
                doc=doc,
                so=so,
                to_so=to_so,
                amount=amount,
                accounting_date=stamp.today,
            )
        )

    def forfeit(self, so: str, doc: str, amount: int, reason: str, stamp: Stamp) -> None:
        """Keep it; raises DepositExceeded."""
        self._require(so, doc, amount)
        self.record(
            self.Forfeited(
                stamp.by,
                stamp.at,
                doc=doc,
                so=so,
                amount=amount,
                reason=reason,
                accounting_date=stamp.today,
            )
        )

    def _require(self, so: str, doc: str, amount: int) -> None:
        held = self.held.get(so, {}).get(doc, 0)
        if amount > held:
            raise DepositExceeded(so=so, doc=doc, amount=amount, held=held)
