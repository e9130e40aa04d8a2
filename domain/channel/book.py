"""A dealer's book of one lot or product: what came, what went, and what was counted."""

from __future__ import annotations

from datetime import date

import msgspec


class Arrival(msgspec.Struct, frozen=True):
    """A receipt from us: when, and how much, base units."""

    day: date
    qty: int


class Book(msgspec.Struct):
    """Sums of a book, base units.

    ``balance = received + transferred in - sold - transferred out - returned + adjusted``
    """

    received: int = 0
    transferred_in: int = 0
    sold: int = 0
    transferred_out: int = 0
    returned: int = 0
    adjusted: int = 0
    counted: int | None = None
    counted_on: date | None = None
    arrivals: list[Arrival] = []

    @property
    def came(self) -> int:
        """All that came to the dealer."""
        return self.received + self.transferred_in

    @property
    def went(self) -> int:
        """All that left the dealer."""
        return self.sold + self.transferred_out + self.returned

    @property
    def balance(self) -> int:
        """What should be there; below nothing where more was sold than came."""
        return self.came - self.went + self.adjusted

    def arrived(self, after: date, until: date) -> int:
        """What we delivered after a day and until another, that included."""
        return sum(one.qty for one in self.arrivals if after < one.day <= until)


class Movement(msgspec.Struct, frozen=True, omit_defaults=True):
    """Goods that came or went on a day: a quantity of a lot, or devices by serial number."""

    sku: str
    qty: int
    day: date
    lot: str = ""
    serials: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The book that they are in."""
        return f"{self.sku}/{self.lot}"

    @property
    def units(self) -> set[str]:
        """The devices among them."""
        return {f"{self.sku}/{serial}" for serial in self.serials}


class Buyer(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whom a dealer says it sold to: one of our hospitals or dealers, or somebody by name."""

    hospital: str | None = None
    dealer: str | None = None
    name: str | None = None
    region_code: str | None = None
