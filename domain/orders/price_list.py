"""A price list: dated prices with their corridors, and the book of the lists in force."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import InvalidState
from domain.kernel.stamp import Stamp
from domain.orders.refusals import ApproverIsAuthor

ALL = "ALL"


class PriceRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """Price per base unit for a region (code or ALL), a tier (or ALL) and a minimum quantity.

    ``hospital`` and ``dealer`` name whom alone it is for; ``vbp`` marks a price won in volume-based
    procurement (带量采购), whose ceiling nobody may release.
    """

    sku: str
    region: str
    tier: str
    min_qty: int
    price: Decimal
    floor: Decimal
    ceiling: Decimal
    hospital: str = ""
    dealer: str = ""
    vbp: bool = False

    @property
    def key(self) -> tuple[str, str, str, str, str, int]:
        """What must be unique in all lists of a day."""
        return (self.sku, self.hospital, self.dealer, self.region, self.tier, self.min_qty)


class Draft(msgspec.Struct, frozen=True, omit_defaults=True):
    """An edition that is not in force yet."""

    currency: str
    basis: str
    valid_from: date
    valid_to: date
    rows: tuple[PriceRow, ...]
    author: str
    approver: str = ""


class PriceList(Aggregate):
    """One list; the stream is ``PriceList/{id}``."""

    CATEGORY: ClassVar[str] = "PriceList"

    currency: str = ""
    basis: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    edition: int = 0
    rows: dict[str, list[PriceRow]] = msgspec.field(default_factory=dict)
    """Rows by product."""
    draft: Draft | None = None
    """The edition that waits for approval or activation."""
    protected: int = 0
    """Last edition for which dealers were given price protection."""

    # What can happen to a price list. Topics and fields are stored: add, never rename.

    class Activated(Event, frozen=True, kw_only=True):
        """The list is in force for its dates; an edition replaces the one before."""

        TOPIC = "price_list.activated"
        currency: str
        basis: str
        valid_from: date
        valid_to: date
        edition: int
        author: str
        approver: str
        rows: tuple[PriceRow, ...]
        added: int = 0
        removed: int = 0

        def apply(self, prices: PriceList) -> None:
            """Set the rows."""
            prices.currency, prices.basis = self.currency, self.basis
            prices.valid_from, prices.valid_to = self.valid_from, self.valid_to
            prices.edition = self.edition
            prices.rows = {}
            for row in self.rows:
                prices.rows.setdefault(row.sku, []).append(row)
            prices.draft = None

    class Drafted(Event, frozen=True, kw_only=True):
        """An edition was written."""

        TOPIC = "price_list.drafted"
        draft: Draft

        def apply(self, prices: PriceList) -> None:
            """Keep it."""
            prices.draft = self.draft

    class Approved(Event, frozen=True, kw_only=True):
        """A second person agreed to the edition."""

        TOPIC = "price_list.approved"
        approver: str

        def apply(self, prices: PriceList) -> None:
            """Note who."""
            if prices.draft is not None:
                prices.draft = msgspec.structs.replace(prices.draft, approver=self.approver)

    class Protected(Event, frozen=True, kw_only=True):
        """Dealers with the clause got claims for what the edition made cheaper."""

        TOPIC = "price_list.protected"
        edition: int

        def apply(self, prices: PriceList) -> None:
            """Do it once."""
            prices.protected = self.edition

    # What is asked about it.

    def says(self, basis: str, since: date, until: date, rows: tuple[PriceRow, ...]) -> bool:
        """Whether the edition in force says exactly this."""
        mine = (self.basis, self.valid_from, self.valid_to)
        known = {row for of_sku in self.rows.values() for row in of_sku}
        return mine == (basis, since, until) and known == set(rows)

    # What may be asked of it.

    def write(self, draft: Draft, stamp: Stamp) -> None:
        """Write an edition down, instead of one that is not in force yet."""
        self.record(self.Drafted(stamp.by, stamp.at, draft=draft))

    def approve(self, stamp: Stamp) -> Draft:
        """Agree to the edition; raises InvalidState, ApproverIsAuthor."""
        draft = self.draft
        if draft is None or draft.approver:
            raise InvalidState(price_list=self.key, approved=bool(draft))
        if stamp.by.user == draft.author:
            raise ApproverIsAuthor(price_list=self.key, author=draft.author)
        self.record(self.Approved(stamp.by, stamp.at, approver=stamp.by.user))
        return draft

    def activate(self, event: Activated) -> None:
        """Put an edition in force."""
        self.record(event)

    def note_protection(self, stamp: Stamp) -> None:
        """Remember that claims were made for the edition in force."""
        self.record(self.Protected(stamp.by, stamp.at, edition=self.edition))


class Listing(msgspec.Struct, frozen=True):
    """A price list in the book, with its validity (both days inclusive)."""

    price_list: str
    valid_from: date
    valid_to: date


class PriceBook(Aggregate):
    """All active lists of one currency; the stream is ``PriceBook/{currency}``."""

    CATEGORY: ClassVar[str] = "PriceBook"

    listings: dict[str, Listing] = msgspec.field(default_factory=dict)

    # What can happen to the book. Topics and fields are stored: add, never rename.

    class Listed(Event, frozen=True, kw_only=True):
        """A list entered the book, or its validity changed."""

        TOPIC = "price_book.listed"
        listing: Listing

        def apply(self, book: PriceBook) -> None:
            """Enter the list."""
            book.listings[self.listing.price_list] = self.listing

    # What is asked about it.

    def on(self, day: date) -> list[str]:
        """Lists in force on a day, in the order of their ids."""
        return sorted(
            one.price_list
            for one in self.listings.values()
            if one.valid_from <= day <= one.valid_to
        )

    # What may be asked of it.

    def enter(self, listing: Listing, stamp: Stamp) -> None:
        """Enter a list; entering it unchanged records nothing."""
        if self.listings.get(listing.price_list) != listing:
            self.record(self.Listed(stamp.by, stamp.at, listing=listing))
