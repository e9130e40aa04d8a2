"""A dealer's security deposit (保证金): it secures conduct, and never nets a balance."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from domain.accounts.refusals import DepositExceeded
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp


class SecurityDeposit(Aggregate):
    """One dealer's in one currency; the stream is ``SecurityDeposit/{dealer}/{currency}``."""

    CATEGORY: ClassVar[str] = "SecurityDeposit"

    held: int = 0
    """Minor units."""

    # What can happen to it. Topics and fields are stored: add, never rename.

    class Received(Event, frozen=True, kw_only=True):
        """Money came in for it."""

        TOPIC = "security_deposit.received"
        doc: str
        bank_ref: str
        amount: int
        accounting_date: date

        def apply(self, deposit: SecurityDeposit) -> None:
            """Hold it."""
            deposit.held += self.amount

    class Refunded(Event, frozen=True, kw_only=True):
        """It went back to the dealer, or part of it."""

        TOPIC = "security_deposit.refunded"
        doc: str
        bank_ref: str
        amount: int
        accounting_date: date

        def apply(self, deposit: SecurityDeposit) -> None:
            """Give it."""
            deposit.held -= self.amount

    class Taken(Event, frozen=True, kw_only=True):
        """A penalty took part of it."""

        TOPIC = "security_deposit.taken"
        doc: str
        case: str
        amount: int

        def apply(self, deposit: SecurityDeposit) -> None:
            """Give it."""
            deposit.held -= self.amount

    # What may be asked of it.

    def receive(self, doc: str, bank_ref: str, amount: int, day: date, stamp: Stamp) -> None:
        """Hold money."""
        self.record(
            self.Received(
                stamp.by, stamp.at, doc=doc, bank_ref=bank_ref, amount=amount, accounting_date=day
            )
        )

    def refund(self, doc: str, bank_ref: str, amount: int, stamp: Stamp) -> None:
        """Pay it back; raises DepositExceeded."""
        if amount > self.held:
            raise DepositExceeded(amount=amount, held=self.held)
        self.record(
            self.Refunded(
                stamp.by,
                stamp.at,
                doc=doc,
                bank_ref=bank_ref,
                amount=amount,
                accounting_date=stamp.today,
            )
        )

    def take(self, doc: str, case: str, most: int, stamp: Stamp) -> int:
        """Give what there is to a penalty, up to an amount: what it was."""
        used = min(most, self.held)
        if used:
            self.record(self.Taken(stamp.by, stamp.at, doc=doc, case=case, amount=used))
        return used
