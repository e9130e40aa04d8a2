"""A dealer's stock of our goods (经销商库存): a book of receipts, reports and counts.

A report is a claim, not a fact: it is kept whatever it says, and the book may go below nothing.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.channel.book import Arrival, Book, Buyer, Movement
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.stamp import Stamp


class DealerStock(Aggregate):
    """One dealer's stock; the stream is ``DealerStock/{dealer}``. Books by product and lot."""

    CATEGORY: ClassVar[str] = "DealerStock"
    STATE_VERSION: ClassVar[int] = 2

    books: dict[str, Book] = msgspec.field(default_factory=dict)
    """Books by product and lot, joined by a slash; the lot is empty for devices."""
    used: set[str] = msgspec.field(default_factory=set)
    """Devices ("sku/serial") that have left the book already."""
    reported: dict[str, set[int]] = msgspec.field(default_factory=dict)
    """Lines that were reported, by the hash of their file."""
    held: dict[str, date] = msgspec.field(default_factory=dict)
    """Devices ("sku/serial") that are here, with the day of the last word of them."""
    had: set[str] = msgspec.field(default_factory=set)
    """Devices ("sku/serial") that ever came here."""
    buyers: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    """Base units that hospitals bought, by product and lot."""
    inferred: set[str] = msgspec.field(default_factory=set)
    """Books that hold sales whose lot was inferred, not named."""
    cases: dict[str, str] = msgspec.field(default_factory=dict)
    """Diversion cases about a lot here, by family of rules, product and lot, joined by slashes."""

    # What can happen to the stock. Topics and fields are stored: add, never rename.

    class ReceiptRecorded(Event, frozen=True, kw_only=True):
        """Goods of ours were signed for."""

        TOPIC = "channel.receipt_recorded"
        moved: Movement
        shipment: str

        def apply(self, stock: DealerStock) -> None:
            """Take them in."""
            book = stock.book(self.moved.key)
            book.received += self.moved.qty
            book.arrivals.append(Arrival(self.moved.day, self.moved.qty))
            stock.take_in(self.moved)

    class TransferReceived(Event, frozen=True, kw_only=True):
        """Another dealer reported that it sold goods to this one."""

        TOPIC = "channel.transfer_received"
        moved: Movement
        seller: str

        def apply(self, stock: DealerStock) -> None:
            """Take them in."""
            stock.book(self.moved.key).transferred_in += self.moved.qty
            stock.take_in(self.moved)

    class SaleReported(Event, frozen=True, kw_only=True):
        """The dealer reported a sale, to a hospital or to another dealer.

        ``inferred`` where the dealer named no lot; ``suspicious`` where nobody knows the lot;
        ``counted`` is False for a device whose use had taken it out of the book before.
        """

        TOPIC = "channel.sale_reported"
        moved: Movement
        buyer: Buyer
        source: str
        file_hash: str
        line_no: int
        inferred: bool = False
        suspicious: bool = False
        counted: bool = True

        def apply(self, stock: DealerStock) -> None:
            """Take them out; the line is known from now on."""
            stock.reported.setdefault(self.file_hash, set()).add(self.line_no)
            book = stock.book(self.moved.key)
            if self.buyer.dealer is not None:
                book.transferred_out += self.moved.qty
            elif self.counted:
                book.sold += self.moved.qty
            book.left(self.moved.day, self.moved.qty)
            stock.let_go(self.moved)
            if self.inferred:
                stock.inferred.add(self.moved.key)
            if self.buyer.hospital is not None:
                stock.bought(self.moved, self.buyer.hospital)

    class UseObserved(Event, frozen=True, kw_only=True):
        """A device of the dealer stands at a hospital, reported as sold or not."""

        TOPIC = "channel.use_observed"
        moved: Movement
        hospital: str | None

        def apply(self, stock: DealerStock) -> None:
            """Take it out; goods of a lot have a buyer by that, whom no report names."""
            stock.book(self.moved.key).sold += self.moved.qty
            stock.let_go(self.moved)
            if self.moved.lot and self.hospital is not None:
                stock.bought(self.moved, self.hospital)

    class ReturnRecorded(Event, frozen=True, kw_only=True):
        """Goods came back to us."""

        TOPIC = "channel.return_recorded"
        moved: Movement
        rma: str

        def apply(self, stock: DealerStock) -> None:
            """Take them out."""
            stock.book(self.moved.key).returned += self.moved.qty
            stock.let_go(self.moved)

    class CountReported(Event, frozen=True, kw_only=True):
        """The dealer counted a lot or its devices; ``book`` is what the book said."""

        TOPIC = "channel.count_reported"
        sku: str
        lot: str
        as_of: date
        counted: int
        book: int
        serials: tuple[str, ...] = ()

        def apply(self, stock: DealerStock) -> None:
            """Note it; the book stays as it is."""
            book = stock.book(f"{self.sku}/{self.lot}")
            if book.counted_on is None or book.counted_on <= self.as_of:
                book.counted, book.counted_on = self.counted, self.as_of
            for serial in self.serials:
                name = f"{self.sku}/{serial}"
                if name in stock.held:
                    stock.held[name] = max(stock.held[name], self.as_of)

    class CaseLinked(Event, frozen=True, kw_only=True):
        """A diversion case speaks of a lot here."""

        TOPIC = "channel.case_linked"
        about: str
        case: str

        def apply(self, stock: DealerStock) -> None:
            """Remember the case."""
            stock.cases[self.about] = self.case

    class AdjustmentRecorded(Event, frozen=True, kw_only=True):
        """The book was put right, by an accepted difference; ``qty`` may be below 0."""

        TOPIC = "channel.adjustment_recorded"
        moved: Movement
        reason: str
        document: str

        def apply(self, stock: DealerStock) -> None:
            """Correct the balance."""
            stock.book(self.moved.key).adjusted += self.moved.qty
            if self.moved.qty > 0:
                stock.take_in(self.moved)

    class ReturnReported(Event, frozen=True, kw_only=True):
        """The dealer says that it sent goods back. It changes nothing: our receipt does."""

        TOPIC = "channel.return_reported"
        moved: Movement
        file_hash: str
        line_no: int

        def apply(self, stock: DealerStock) -> None:
            """Know the line."""
            stock.reported.setdefault(self.file_hash, set()).add(self.line_no)

    def take_in(self, moved: Movement) -> None:
        """Count devices as here (a fold, not a command)."""
        self.used -= moved.units
        self.had |= moved.units
        self.held.update(dict.fromkeys(moved.units, moved.day))

    def let_go(self, moved: Movement) -> None:
        """Count devices as gone (a fold, not a command)."""
        self.used |= moved.units
        for name in moved.units:
            self.held.pop(name, None)

    def bought(self, moved: Movement, hospital: str) -> None:
        """Count what a hospital has (a fold, not a command)."""
        by = self.buyers.setdefault(moved.key, {})
        by[hospital] = by.get(hospital, 0) + moved.qty

    # What is asked about it.

    def book(self, key: str) -> Book:
        """The book of a product and lot; an empty one where there is none yet."""
        return self.books.setdefault(key, Book())

    def balance(self, key: str) -> int:
        """What the book says is here, base units; below nothing where more was sold than came."""
        return self.books[key].balance if key in self.books else 0

    def gone(self, moved: Movement) -> bool:
        """Whether these are devices that have left the book already."""
        return bool(moved.units) and moved.units <= self.used

    def lots(self, sku: str) -> list[str]:
        """Lots of a product of which the book says that something is here."""
        prefix = f"{sku}/"
        return [
            key.removeprefix(prefix)
            for key, book in self.books.items()
            if key.startswith(prefix) and book.balance > 0
        ]

    # What may be asked of it.

    def receive(self, moved: Movement, shipment: str, stamp: Stamp) -> None:
        """Take in what the dealer signed for."""
        self.record(self.ReceiptRecorded(stamp.by, stamp.at, moved=moved, shipment=shipment))

    def take_over(self, moved: Movement, seller: str, stamp: Stamp) -> None:
        """Take in what another dealer reported to have sold to this one."""
        self.record(self.TransferReceived(stamp.by, stamp.at, moved=moved, seller=seller))

    def observe_use(self, moved: Movement, hospital: str | None, stamp: Stamp) -> None:
        """Take goods out that stand at a hospital; a device seen again is taken out once."""
        if not self.gone(moved):
            self.record(self.UseObserved(stamp.by, stamp.at, moved=moved, hospital=hospital))

    def give_back(self, moved: Movement, rma: str, stamp: Stamp) -> None:
        """Take out what came back; a device that had left the book before changes nothing."""
        if not self.gone(moved):
            self.record(self.ReturnRecorded(stamp.by, stamp.at, moved=moved, rma=rma))

    def link(self, about: str, case: str, stamp: Stamp) -> None:
        """Remember a case, once."""
        if self.cases.get(about) != case:
            self.record(self.CaseLinked(stamp.by, stamp.at, about=about, case=case))

    def adjust(self, moved: Movement, reason: str, document: str, stamp: Stamp) -> None:
        """Put the book right by an accepted difference."""
        self.record(
            self.AdjustmentRecorded(
                stamp.by, stamp.at, moved=moved, reason=reason, document=document
            )
        )
