"""An invoice as a tax document (发票): whose it is, its fapiao, and what was credited of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

import msgspec

from domain.accounts.ledger import CreditedLine, InvoiceLine
from domain.accounts.refusals import AmountMismatch, ExceedsInvoiced, FapiaoDuplicate
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import Refusal
from domain.kernel.stamp import Stamp

BLUE, RED = "BLUE", "RED"


class TaxDocument(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What was invoiced, minor units. ``lines`` are empty for one that was open at the beginning.

    ``kind`` is BLUE for an invoice, RED for a credit note.
    """

    dealer: str
    gross: int
    due: date
    kind: str = BLUE
    posted_on: date | None = None
    so: str = ""
    shp: str = ""
    milestone: str = ""
    lines: tuple[InvoiceLine, ...] = ()


class Invoice(Aggregate):
    """One invoice or credit note; the stream is ``Invoice/{doc}``."""

    CATEGORY: ClassVar[str] = "Invoice"

    terms: TaxDocument | None = None
    fapiao: str = ""
    credited: int = 0
    """Gross amount credited, minor units."""
    credited_net: dict[int, int] = msgspec.field(default_factory=dict)
    """Net amount credited by order line."""
    credited_qty: dict[int, int] = msgspec.field(default_factory=dict)
    """Base units credited by order line."""

    # What can happen to an invoice. Topics and fields are stored: add, never rename.

    class Issued(Event, frozen=True, kw_only=True):
        """The document exists."""

        TOPIC = "invoice.issued"
        terms: TaxDocument

        def apply(self, invoice: Invoice) -> None:
            """Set its terms."""
            invoice.terms = self.terms

    class TaxInvoiceRegistered(Event, frozen=True, kw_only=True):
        """The tax office's number of the document (发票号码), as finance's system gave it."""

        TOPIC = "invoice.tax_invoice_registered"
        fapiao_no: str
        issued_at: date
        amount: int
        dealer: str

        def apply(self, invoice: Invoice) -> None:
            """Remember it."""
            invoice.fapiao = self.fapiao_no

    class Credited(Event, frozen=True, kw_only=True):
        """A credit note took part of it back: minor units, and by order line net and base units."""

        TOPIC = "invoice.credited"
        note: str
        gross: int
        net: dict[int, int] = msgspec.field(default_factory=dict)
        qty: dict[int, int] = msgspec.field(default_factory=dict)

        def apply(self, invoice: Invoice) -> None:
            """Count it."""
            invoice.credited += self.gross
            for line, amount in self.net.items():
                invoice.credited_net[line] = invoice.credited_net.get(line, 0) + amount
            for line, units in self.qty.items():
                invoice.credited_qty[line] = invoice.credited_qty.get(line, 0) + units

    # What is asked about it.

    @property
    def doc(self) -> str:
        """The document's number."""
        return self.key

    @property
    def known(self) -> TaxDocument:
        """The terms of an invoice that exists."""
        assert self.terms is not None  # noqa: S101 - only existing invoices are asked
        return self.terms

    def line(self, so_line: int) -> InvoiceLine | None:
        """Return the invoiced line of an order line, or None."""
        return next((one for one in self.known.lines if one.so_line == so_line), None)

    def line_of(self, sku: str) -> InvoiceLine | None:
        """Return the first line of a product, or None."""
        return next((one for one in self.known.lines if one.sku == sku), None)

    def unfit(self, fapiao_no: str, amount: int) -> list[Refusal]:
        """Why a tax office's number cannot be this document's: it has another, or other money."""
        found: list[Refusal] = []
        if self.fapiao not in ("", fapiao_no):
            found.append(FapiaoDuplicate(doc=self.doc, fapiao_no=self.fapiao))
        if amount != self.known.gross:
            found.append(AmountMismatch(doc=self.doc, amount=amount, gross=self.known.gross))
        return found

    # What may be asked of it.

    def issue(self, terms: TaxDocument, stamp: Stamp) -> None:
        """Issue it."""
        self.record(self.Issued(stamp.by, stamp.at, terms=terms))

    def register(self, fapiao_no: str, issued_at: date, amount: int, stamp: Stamp) -> None:
        """Enter the tax office's number; entering it again records nothing."""
        if self.fapiao == fapiao_no:
            return
        self.record(
            self.TaxInvoiceRegistered(
                stamp.by,
                stamp.at,
                fapiao_no=fapiao_no,
                issued_at=issued_at,
                amount=amount,
                dealer=self.known.dealer,
            )
        )

    def credit(self, note: str, lines: Iterable[CreditedLine], gross: int, stamp: Stamp) -> None:
        """Take part of it back; raises ExceedsInvoiced."""
        net: dict[int, int] = {}
        qty: dict[int, int] = {}
        for one in lines:
            for side, amount in ((net, one.net), (qty, one.qty or 0)):
                side[one.so_line or 0] = side.get(one.so_line or 0, 0) + amount
        if self.credited + gross > self.known.gross:
            raise ExceedsInvoiced(
                doc=self.doc, gross=self.known.gross, credited=self.credited, more=gross
            )
        for so_line, amount in net.items():
            line, before = self.line(so_line), self.credited_net.get(so_line, 0)
            if line is None or before + amount > line.net:
                raise ExceedsInvoiced(
                    doc=self.doc, so_line=so_line, net=line.net if line else 0, credited=before
                )
        for so_line, units in qty.items():
            line, before = self.line(so_line), self.credited_qty.get(so_line, 0)
            if line is None or before + units > line.qty:
                raise ExceedsInvoiced(
                    doc=self.doc, so_line=so_line, qty=line.qty if line else 0, credited=before
                )
        qty = {so_line: units for so_line, units in qty.items() if units}
        self.record(self.Credited(stamp.by, stamp.at, note=note, gross=gross, net=net, qty=qty))
