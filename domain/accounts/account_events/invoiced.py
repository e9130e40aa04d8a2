"""Documents that are owed, and that take back what is owed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from domain.accounts.account_events.base import AccountEvent
from domain.accounts.entry import CREDIT_KINDS, INVOICE, OPENING, PENALTY, Billed, Entry, owed
from domain.accounts.ledger import CreditedLine, InvoiceLine, OpenItem

if TYPE_CHECKING:
    from domain.accounts.dealer_account import DealerAccount

SALES_KINDS = ("RETURN", "PRICE", "SHORT_DELIVERY")
"""Kinds of credit notes that take a sale back; the others pay what the dealer has earned."""


class OpenItemOpeningSet(AccountEvent, frozen=True, kw_only=True):
    """An invoice that was open when the log began."""

    TOPIC = "account.open_item_opening_set"
    doc: str
    gross: int
    due: date
    accounting_date: date
    effective_date: date | None = None

    def apply(self, account: DealerAccount) -> None:
        """Open the item."""
        since = self.accounting_date
        account.put(self.doc, OpenItem(self.gross, self.gross, self.due, since=since))

    def entries(self) -> tuple[Entry, ...]:
        """Owe it from the beginning."""
        day, said = self.accounting_date, "open at the beginning"
        return (owed(OPENING, self.doc, day, self.gross, said),)


class InvoicePosted(AccountEvent, frozen=True, kw_only=True):
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
    effective_date: date | None = None

    def apply(self, account: DealerAccount) -> None:
        """Open the item, and count what was sold."""
        since = self.accounting_date
        item = OpenItem(self.gross, self.gross, self.due, self.net, f"{since:%Y-%m}", since=since)
        account.put(self.doc, item)
        account.posted = True
        for one in self.lines:
            account.count_sale(since, one.sku, one.net, one.sold)

    def entries(self) -> tuple[Entry, ...]:
        """Owe it."""
        said = " + ".join(f"{one.qty} x {one.sku}" for one in self.lines)
        return (
            Entry(
                kind=INVOICE,
                doc=self.doc,
                item=self.doc,
                day=self.accounting_date,
                amount=self.gross,
                text=f"{self.so}: {said}",
                so=self.so,
                shp=self.shp,
                goods=tuple(Billed(one.sku, one.qty, one.net + one.vat) for one in self.lines),
                effective=self.earlier,
            ),
        )


class CreditNotePosted(AccountEvent, frozen=True, kw_only=True):
    """Part of an invoice was taken back; what is open of it is settled by the note first.

    ``settled`` is what the invoice had room for, ``others`` are further documents that took the
    rest; what none of them has room for stays as money that is not applied.
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
    policy: str | None = None
    claim: str | None = None
    dispute: str | None = None
    others: dict[str, int] = msgspec.field(default_factory=dict)

    @property
    def unapplied(self) -> int:
        """What no document had room for, minor units."""
        return self.gross - self.settled - sum(self.others.values())

    def apply(self, account: DealerAccount) -> None:
        """Settle the documents, keep the rest, and count what was sold less."""
        # What the dealer has earned pays for a document; what was wrong about it was never owed.
        earned = self.kind not in SALES_KINDS
        paid_on = self.accounting_date if earned else None
        if self.settled:
            account.reduce(self.invoice, self.settled, paid_on)
        for doc, amount in self.others.items():
            account.reduce(doc, amount, self.accounting_date)
        if self.unapplied:
            account.hold(self.doc, self.unapplied, CREDIT_KINDS[self.kind])
        account.posted = True
        if not earned:
            for one in self.lines:
                units = 0 if self.kind == "PRICE" else one.sold
                account.count_sale(self.accounting_date, one.sku, -one.net, -units)

    def entries(self) -> tuple[Entry, ...]:
        """Owe less, by each document that it settles."""
        said = f"{self.kind.lower().replace('_', ' ')} of {self.invoice}"
        parts = ({self.invoice: self.settled} if self.settled else {}) | self.others
        goods = tuple(Billed(one.sku, -(one.qty or 0), -one.net - one.vat) for one in self.lines)
        return tuple(
            Entry(
                kind=CREDIT_KINDS[self.kind],
                doc=self.doc,
                item=item,
                day=self.accounting_date,
                amount=-amount,
                text=said,
                goods=goods if item == self.invoice else (),
                effective=self.earlier,
            )
            for item, amount in parts.items()
        )


class RevenueReleased(AccountEvent, frozen=True, kw_only=True):
    """An installation was accepted: a contract liability became revenue (CAS 14)."""

    TOPIC = "account.revenue_released"
    so: str
    so_line: int
    sku: str
    qty: int
    net: int
    cost: int
    trigger: str
    accounting_date: date
    effective_date: date | None = None


class PenaltyCharged(AccountEvent, frozen=True, kw_only=True):
    """A penalty for a confirmed diversion case is owed. No VAT.

    ``from_deposit`` is the part that the dealer's security deposit has paid at once.
    """

    TOPIC = "account.penalty_charged"
    doc: str
    case: str
    amount: int
    due: date
    accounting_date: date
    from_deposit: int = 0
    effective_date: date | None = None

    @property
    def owed(self) -> int:
        """What is to be paid, minor units."""
        return self.amount - self.from_deposit

    def apply(self, account: DealerAccount) -> None:
        """Open the item."""
        if self.owed:
            since = self.accounting_date
            account.put(self.doc, OpenItem(self.owed, self.owed, self.due, since=since))
        account.posted = True

    def entries(self) -> tuple[Entry, ...]:
        """Owe it."""
        if not self.owed:
            return ()
        day, said = self.accounting_date, f"penalty, {self.case}"
        return (owed(PENALTY, self.doc, day, self.owed, said, self.earlier),)
