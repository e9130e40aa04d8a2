"""A line of an order: its terms, its supplies, and the buckets that its quantity passes through."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from domain.kernel.money import Amounts, part, share

STOCK, TRANSFER, BACKORDER = "STOCK", "TRANSFER", "BACKORDER"
"""Kinds of supply: reserved goods, goods on their way for the line, a place in the queue."""

SHIP, MAKE, BUY = "SHIP", "MAKE", "BUY"
"""What sourcing decides, beside TRANSFER."""


class LineTerms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was agreed. Amounts in minor units; prices per base unit in ``price_basis``.

    List price, floor and ceiling are those of the price row of that day, in ``list_basis``, with
    its list and edition; they are None where no row answered. ``price_source`` says whose price it
    is: AGREED (typed in), LIST or CONTRACT.
    """

    line_no: int
    sku: str
    qty: int
    unit_price: Decimal
    price_basis: str
    tax_rate: Decimal
    net: int
    vat: int
    gross: int
    tracking: str
    installation_required: bool = False
    list_price: Decimal | None = None
    floor: Decimal | None = None
    ceiling: Decimal | None = None
    price_list: str | None = None
    price_edition: int = 0
    list_basis: str = "TAX_EXCLUSIVE"
    vbp: bool = False
    price_source: str = "AGREED"

    @property
    def amounts(self) -> Amounts:
        """Net, VAT and gross of the whole line."""
        return Amounts(self.net, self.vat, self.gross)


def totals(lines: tuple[LineTerms, ...]) -> tuple[int, int, int]:
    """Net, VAT and gross of lines, minor units."""
    return (
        sum(one.net for one in lines),
        sum(one.vat for one in lines),
        sum(one.gross for one in lines),
    )


class Link(msgspec.Struct, frozen=True, omit_defaults=True):
    """A live supply of a line.

    STOCK is reserved in ``warehouse``. TRANSFER is on its way there under ``ref``. BACKORDER waits
    in the queue; ``ref`` is the work order or requisition that was made for it, "" for none.
    """

    kind: str
    warehouse: str
    qty: int
    ref: str = ""
    promise_date: date | None = None


class Valued(msgspec.Struct):
    """A quantity in base units and what all of it is worth, minor units."""

    qty: int = 0
    value: int = 0

    def part(self, qty: int) -> int:
        """Worth of some of it; the last unit takes what is left."""
        return share(self.value, min(qty, self.qty), self.qty) if self.qty else 0

    def change(self, qty: int, value: int) -> None:
        """Add to it, or take from it (a fold)."""
        self.qty += qty
        self.value += value


class Line(msgspec.Struct):
    """A line as it stands. All quantities in base units, ``billed`` in gross minor units.

    Once the order is confirmed and no hold stops it, ``ordered = reserved + in supply +
    backordered + shipped + cancelled``: the first three are the sums of the line's links.
    """

    terms: LineTerms
    supplies: list[Link] = []
    shipped: int = 0
    left: bool = False
    """Whether goods of it have ever left, lost ones too: its price is fixed then (INV-SO-5)."""
    delivered: int = 0
    installed: int = 0
    accepted: int = 0
    returned: int = 0
    cancelled: int = 0
    milestones: dict[str, int] = {}
    """Quantity invoiced by milestone."""
    billed: int = 0
    credited: dict[str, int] = {}
    """Quantity credited by milestone."""
    waived: dict[str, int] = {}
    """Quantity by milestone that was credited before the milestone was invoiced, and never is."""
    waived_gross: int = 0
    min_shelf_days: int | None = None
    """Days of life that the dealer has consented to, where that is less than usual."""
    dispatched: Valued = msgspec.field(default_factory=Valued)
    """Goods that left and whose cost is not an expense yet, at that cost."""
    expensed: int = 0
    """Units whose cost is an expense."""
    deferred: Valued = msgspec.field(default_factory=Valued)
    """Units that were invoiced and wait for their acceptance, with the net amount invoiced."""

    # What is asked about it.

    @property
    def wanted(self) -> int:
        """Quantity that is still to be fulfilled or has been."""
        return self.terms.qty - self.cancelled

    @property
    def open(self) -> int:
        """Quantity that has not left yet."""
        return self.wanted - self.shipped

    @property
    def invoiced(self) -> int:
        """Quantity of which some milestone was invoiced."""
        return max(self.milestones.values(), default=0)

    @property
    def reserved(self) -> int:
        """Quantity set aside in warehouses."""
        return self.supplied(STOCK)

    @property
    def in_supply(self) -> int:
        """Quantity on its way to a warehouse for this line."""
        return self.supplied(TRANSFER)

    @property
    def backordered(self) -> int:
        """Quantity that waits for goods to come in."""
        return self.supplied(BACKORDER)

    @property
    def unsourced(self) -> int:
        """Quantity without a supply."""
        return self.open - sum(one.qty for one in self.supplies)

    @property
    def promise_date(self) -> date | None:
        """Day on which the last supply is promised, or None where there is none."""
        return max((one.promise_date for one in self.supplies if one.promise_date), default=None)

    @property
    def unbilled(self) -> int:
        """What has left and is still to be invoiced, gross minor units."""
        return self.amounts(0, self.shipped).gross - self.billed - self.waived_gross

    def billing(self, milestone: str) -> int:
        """Quantity with which the milestone is over: invoiced, or credited before."""
        return self.milestones.get(milestone, 0) + self.waived.get(milestone, 0)

    def reserved_in(self, warehouse: str) -> int:
        """Quantity set aside in one warehouse."""
        here = (one for one in self.supplies if (one.kind, one.warehouse) == (STOCK, warehouse))
        return sum(one.qty for one in here)

    def supplied(self, kind: str) -> int:
        """Quantity that one kind of supply covers."""
        return sum(one.qty for one in self.supplies if one.kind == kind)

    def amounts(self, before: int, after: int) -> Amounts:
        """Amounts of the units from ``before`` to ``after``; all parts add up to the line."""
        return part(self.terms.amounts, before, after, self.terms.qty)

    # How it changes (folds, not commands).

    def link(self, new: Link) -> None:
        """Add a supply; more from the same source is one supply."""
        for place, old in enumerate(self.supplies):
            if (old.kind, old.warehouse, old.ref) == (new.kind, new.warehouse, new.ref):
                promise = new.promise_date or old.promise_date
                both = msgspec.structs.replace(old, qty=old.qty + new.qty, promise_date=promise)
                self.supplies[place] = both
                return
        self.supplies.append(new)

    def unlink(self, kind: str, warehouse: str, ref: str, qty: int) -> None:
        """Take a quantity off a supply; an empty warehouse stands for any."""
        kept = []
        for one in self.supplies:
            same = one.kind == kind and one.ref == ref and warehouse in ("", one.warehouse)
            used = min(qty, one.qty) if same else 0
            qty -= used
            if one.qty > used:
                kept.append(msgspec.structs.replace(one, qty=one.qty - used))
        self.supplies = kept

    def promise(self, ref: str, day: date) -> None:
        """Promise the supplies of a document for another day."""
        self.supplies = [
            msgspec.structs.replace(one, promise_date=day) if one.ref == ref else one
            for one in self.supplies
        ]


class Supply(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a line's quantity comes from, with the candidates and why each was passed over.

    ``kind`` is SHIP, TRANSFER (from ``donor`` to ``warehouse``), MAKE or BUY (for ``warehouse``);
    ``ref`` names the document, ``lead_days`` counts until the goods are with the customer.
    """

    line_no: int
    kind: str
    warehouse: str
    qty: int
    lead_days: int = 0
    passed_over: dict[str, str] = {}
    donor: str = ""
    ref: str = ""
    made_qty: int = 0
    """Quantity made or bought: at least the minimum, in whole lots."""
