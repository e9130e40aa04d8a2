"""The scenario that every contender plays: the same world, the same orders, the same seven steps.

The maker sells 50 serial-tracked products from 5 warehouses to 40 dealers with credit limits. An
order has two lines of one to three units. Its seven steps are commands of their own, each durable
before the next one of its order begins:

place    the dealer, its licence and territory, the products' registrations, the prices and the
         credit are checked; the order is confirmed, and the oldest units of each line reserved
plan     what leaves the warehouse together: a shipment of all reserved units
pick     every unit is scanned; it must be one that is reserved for the order
review   by another person than the one who picked
ship     units and stock leave; the credit's bucket moves from ordered to shipped
deliver  units are the dealer's; an invoice with VAT a line is issued, and posted to the ledger
pay      money by a bank reference settles the invoice, and is posted to the ledger

Money is in minor units (fen). All is seeded: order 17 is the same in every run.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

PRODUCTS, WAREHOUSES, DEALERS = 50, 5, 40
VAT_PCT = 13
CREDIT_LIMIT = 10**13
LICENCE_NO = "R"
CATEGORY = "06"
VALID = ("2020-01-01", "2099-12-31")
STEPS = ("place", "plan", "pick", "review", "ship", "deliver", "pay")


SKEWED = ((0, 0), (0, 1))
"""Cells, warehouse and product, that everyone wants when the load is skewed."""


class Line(NamedTuple):
    """Units of a product, by number."""

    product: int
    qty: int


class Order(NamedTuple):
    """An order of a dealer. It is served from the dealer's own warehouse."""

    number: int
    dealer: int
    lines: tuple[Line, Line]

    @property
    def warehouse(self) -> int:
        """Number of the warehouse that serves the dealer."""
        return self.dealer % WAREHOUSES

    @property
    def gross(self) -> int:
        """Amount with VAT, rounded line by line."""
        return sum(gross_of(line.qty * price_of(line.product)) for line in self.lines)


class Totals(NamedTuple):
    """What must be the same for every contender when the same orders have been played."""

    units_delivered: int
    units_left: int
    gross_invoiced: int
    gross_paid: int
    """Money that has settled invoices."""


def orders(first: int, count: int, *, skewed: bool = False) -> Iterator[Order]:
    """Orders by number. Skewed: everyone wants the same two products of the same warehouse."""
    for number in range(first, first + count):
        dice = random.Random(f"baton-{number}")
        dealer = dice.randrange(DEALERS)
        two = dice.sample(range(PRODUCTS), 2)
        if skewed:
            dealer, two = dealer - dealer % WAREHOUSES, [product for _, product in SKEWED]
        one, other = (Line(product, dice.randint(1, 3)) for product in two)
        yield Order(number, dealer, (one, other))


def units_for(wanted: Iterable[Order]) -> int:
    """Units that every product needs in every warehouse, so that no order waits for goods."""
    cells: Counter[tuple[int, int]] = Counter()
    for order in wanted:
        for line in order.lines:
            cells[order.warehouse, line.product] += line.qty
    return max(cells.values(), default=0) + 5


def expected(played: Iterable[Order], units: int, elsewhere: int | None = None) -> Totals:
    """What the books must say after these orders, with so many units in each cell at first.

    ``elsewhere`` is the number in cells that skewed orders do not want.
    """
    played = list(played)
    sold = sum(line.qty for order in played for line in order.lines)
    gross = sum(order.gross for order in played)
    wanted = PRODUCTS * WAREHOUSES if elsewhere is None else len(SKEWED)
    stocked = units * wanted + (elsewhere or 0) * (PRODUCTS * WAREHOUSES - wanted)
    return Totals(sold, stocked - sold, gross, gross)


def price_of(product: int) -> int:
    """List price without VAT, in minor units."""
    return 100_000 + 1_100 * product


def cost_of(product: int) -> int:
    """Standard cost, in minor units."""
    return price_of(product) // 2


def vat_of(net: int) -> int:
    """VAT of a net amount, rounded half up."""
    return (net * VAT_PCT + 50) // 100


def gross_of(net: int) -> int:
    """Amount with VAT."""
    return net + vat_of(net)


def sku(product: int) -> str:
    """Name of a product."""
    return f"P{product:02d}"


def warehouse(number: int) -> str:
    """Name of a warehouse."""
    return f"W{number}"


def dealer(number: int) -> str:
    """Name of a dealer; it owns the address ``A-`` plus its name."""
    return f"D{number:02d}"


def region(number: int) -> str:
    """Region of a dealer and of its address, a division code of six digits."""
    return f"{10 + number}0000"


def serial(product: int, house: int, unit: int) -> str:
    """Name of a unit; the oldest of a cell are numbered first."""
    return f"{sku(product)}{warehouse(house)}{unit:06d}"
