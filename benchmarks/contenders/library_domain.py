"""Aggregates of the flow, declared as the documentation of ``eventsourcing`` teaches.

An exception in a method with ``@event`` keeps the event from being triggered. State is replaced,
never changed in place: a list in an event is shared with its aggregate, and the library's cache
copies an aggregate while another thread may be fast-forwarding it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.domain import Aggregate, DomainEvent, event


class RefusedError(Exception):
    """A command breaks a rule."""


class StaleError(Exception):
    """Two aggregates contradict each other, because one was read before and one after a change."""


class NumberTaken(DomainEvent):
    """The next number of a series; it is the event's version, so that none is ever left out."""


class Named(Aggregate):
    """An aggregate that is found by its name."""

    if TYPE_CHECKING:  # at run time the library would make a dataclass of it
        name: str
        state: str

    @classmethod
    def create_id(cls, name: str) -> UUID:
        """The ID that a name always has."""
        return uuid5(NAMESPACE_URL, f"/{cls.__name__}/{name}")

    def _go(self, before: str, after: str) -> None:
        """Go from one state to another."""
        if self.state != before:
            raise RefusedError(f"{self.name} is {self.state}, not {before}")
        self.state = after


class Receipt(Named):
    """What a command was answered; its key is the name."""

    def __init__(self, name: str, answer: dict[str, Any]) -> None:
        self.name = name
        self.answer = answer


class Product(Named):
    """What is sold, while its registration is valid."""

    def __init__(
        self, name: str, category: str, price: int, cost: int, registration: dict[str, str]
    ) -> None:
        self.name = name
        self.category = category
        self.price = price
        self.cost = cost
        self.registration = registration

    def check_registration(self, today: str) -> None:
        """Refuse what may not be sold today."""
        if not self.registration["from"] <= today <= self.registration["to"]:
            raise RefusedError(f"{self.name} is not registered")


class Dealer(Named):
    """Who buys, with papers, credit in three buckets, and open invoices, the oldest first."""

    def __init__(
        self, name: str, region: str, limit: int, licence: dict[str, str], territory: dict[str, str]
    ) -> None:
        self.name = name
        self.state = "ACTIVE"
        self.region = region
        self.limit = limit
        self.licence = licence
        self.territory = territory
        self.ordered = 0
        self.shipped_uninvoiced = 0
        self.receivable = 0
        self.open_invoices: dict[str, int] = {}

    def check_papers(self, category: str, today: str) -> None:
        """Refuse goods that the dealer may not buy, or may not sell where it is."""
        if self.state != "ACTIVE":
            raise RefusedError(f"{self.name} is not active")
        licence, territory = self.licence, self.territory
        if licence["category"] != category or not licence["from"] <= today <= licence["to"]:
            raise RefusedError(f"{self.name} has no licence for {category}")
        if territory["region"] != self.region or not territory["from"] <= today <= territory["to"]:
            raise RefusedError(f"{self.name} may not sell in {self.region}")

    @event("Ordered")
    def order(self, gross: int) -> None:
        if self.ordered + self.shipped_uninvoiced + self.receivable + gross > self.limit:
            raise RefusedError(f"{self.name} has no credit for {gross}")
        self.ordered += gross

    @event("Shipped")
    def ship(self, gross: int) -> None:
        self.ordered -= gross
        self.shipped_uninvoiced += gross

    @event("Invoiced")
    def invoice(self, number: str, gross: int) -> None:
        self.shipped_uninvoiced -= gross
        self.receivable += gross
        self.open_invoices = {**self.open_invoices, number: gross}

    def pay(self, amount: int) -> dict[str, int]:
        """Settle the oldest open invoices, and give what each has got of the money."""
        if not 0 < amount <= self.receivable:
            raise RefusedError(f"{self.name} does not owe {amount}")
        settled: dict[str, int] = {}
        for number, owed in self.open_invoices.items():
            settled[number] = min(owed, amount)
            amount -= settled[number]
            if not amount:
                break
        self._pay(settled)
        return settled

    @event("Paid")
    def _pay(self, settled: dict[str, int]) -> None:
        left = {
            number: owed - settled.get(number, 0) for number, owed in self.open_invoices.items()
        }
        self.open_invoices = {number: owed for number, owed in left.items() if owed}
        self.receivable -= sum(settled.values())


class StockItem(Named):
    """Units of a product in a warehouse; the free ones by name, the oldest first."""

    def __init__(self, name: str, serials: list[str]) -> None:
        self.name = name
        self.free = serials
        self.on_hand = len(serials)
        self.reserved = 0

    def oldest(self, qty: int) -> list[str]:
        """Names of the oldest free units."""
        if qty > len(self.free):
            raise RefusedError(f"{self.name} has no {qty} units")
        return self.free[:qty]

    @event("Reserved")
    def reserve(self, order: str, serials: list[str]) -> None:
        self.free = self.free[len(serials) :]
        self.reserved += len(serials)

    @event("Shipped")
    def ship(self, order: str, qty: int) -> None:
        self.on_hand -= qty
        self.reserved -= qty


class Serial(Named):
    """One unit; its events are its history."""

    def __init__(self, name: str, holder: str) -> None:
        self.name = name
        self.state = "FREE"
        self.holder = holder
        self.order = ""

    @event("Reserved")
    def reserve(self, order: str) -> None:
        if self.state != "FREE":
            raise StaleError(f"{self.name} has been taken since its stock item was read")
        self.state = "RESERVED"
        self.order = order

    @event("Picked")
    def pick(self, order: str) -> None:
        if self.order != order:
            raise RefusedError(f"{self.name} is not reserved for {order}")
        self._go("RESERVED", "PICKED")

    @event("Shipped")
    def ship(self) -> None:
        self._go("PICKED", "SHIPPED")

    @event("Delivered")
    def deliver(self, dealer: str) -> None:
        self._go("SHIPPED", "DELIVERED")
        self.holder = dealer


class Order(Named):
    """Lines with price, amounts and the units reserved for them."""

    def __init__(self, name: str, dealer: str, house: str, lines: list[dict[str, Any]]) -> None:
        self.name = name
        self.state = "PLACED"
        self.dealer = dealer
        self.house = house
        self.lines = lines

    @property
    def serials(self) -> list[str]:
        """Names of the reserved units."""
        return [name for line in self.lines for name in line["serials"]]

    def total(self, amount: str) -> int:
        """Sum of the ``net``, ``vat``, ``gross`` or ``cost`` of the lines."""
        return sum(line[amount] for line in self.lines)

    @event("Confirmed")
    def confirm(self) -> None:
        self._go("PLACED", "CONFIRMED")

    @event("Planned")
    def plan(self) -> None:
        self._go("CONFIRMED", "PLANNED")

    @event("Shipped")
    def ship(self) -> None:
        self._go("PLANNED", "SHIPPED")

    @event("Delivered")
    def deliver(self) -> None:
        self._go("SHIPPED", "DELIVERED")


class Shipment(Named):
    """Units that leave a warehouse together; who picks them does not review them."""

    def __init__(self, name: str, order: str, serials: list[str]) -> None:
        self.name = name
        self.state = "PLANNED"
        self.order = order
        self.serials = serials
        self.picker = ""

    @event("Picked")
    def pick(self, picker: str) -> None:
        self._go("PLANNED", "PICKED")
        self.picker = picker

    @event("Reviewed")
    def review(self, reviewer: str) -> None:
        if reviewer == self.picker:
            raise RefusedError(f"{reviewer} has picked {self.name}")
        self._go("PICKED", "REVIEWED")

    @event("Shipped")
    def ship(self) -> None:
        self._go("REVIEWED", "SHIPPED")

    @event("Delivered")
    def deliver(self) -> None:
        self._go("SHIPPED", "DELIVERED")


class Invoice(Named):
    """What a dealer owes for an order, line by line."""

    def __init__(self, name: str, order: str, dealer: str, lines: list[dict[str, Any]]) -> None:
        self.name = name
        self.order = order
        self.dealer = dealer
        self.lines = lines
        self.owed = sum(line["gross"] for line in lines)

    @event("Settled")
    def settle(self, amount: int, bank_ref: str) -> None:
        if amount > self.owed:
            raise StaleError(f"{self.name} has been settled since its dealer was read")
        self.owed -= amount


class Payment(Named):
    """Money of a dealer, and the invoices it has settled; the bank's reference is the name."""

    def __init__(self, name: str, dealer: str, settled: dict[str, int]) -> None:
        self.name = name
        self.dealer = dealer
        self.settled = settled


class JournalEntry(Named):
    """Amounts by account, which balance; what is booked is the name."""

    def __init__(self, name: str, debits: dict[str, int], credits: dict[str, int]) -> None:  # noqa: A002
        if sum(debits.values()) != sum(credits.values()):
            raise RefusedError(f"{name} does not balance")
        self.name = name
        self.debits = debits
        self.credits = credits
