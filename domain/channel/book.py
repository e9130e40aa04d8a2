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
    departures: dict[str, int] = {}
    """What was reported to have left, by month (YYYY-MM)."""

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

    def arrived_in(self, month: str) -> int:
        """What we delivered in a month (YYYY-MM)."""
        return sum(one.qty for one in self.arrivals if month_of(one.day) == month)

    def left_in(self, month: str) -> int:
        """What was reported to have left in a month (YYYY-MM)."""
        return self.departures.get(month, 0)

    def left(self, day: date, qty: int) -> None:
        """Count what left on a day (a fold, not a command)."""
        month = month_of(day)
        self.departures[month] = self.departures.get(month, 0) + qty

    def arrived(self, after: date, until: date) -> int:
        """What we delivered after a day and until another, that included."""
        return sum(one.qty for one in self.arrivals if after < one.day <= until)


def month_of(day: date) -> str:
    """Calendar month of a day (YYYY-MM)."""
    return f"{day:%Y-%m}"


def months_before(month: str, count: int) -> list[str]:
    """Return so many months before one, the earliest first."""
    last = int(month[:4]) * 12 + int(month[5:]) - 1
    return [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(last - count, last)]


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
