"""The flow written plainly with the library ``eventsourcing``, as its documentation teaches.

Commands are methods of an application; they load aggregates, change them and save them together.
Who was overtaken meets an ``IntegrityError``, loads again and decides again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from functools import wraps
from itertools import islice
from random import random
from time import sleep
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.application import AggregateNotFoundError, Application, EventSourcedLog
from eventsourcing.persistence import IntegrityError
from eventsourcing.utils import get_topic
from sqlalchemy import make_url

from benchmarks import scenario
from benchmarks.contenders.library_domain import (
    Dealer,
    Invoice,
    JournalEntry,
    Named,
    NumberTaken,
    Order,
    Payment,
    Product,
    Receipt,
    RefusedError,
    Serial,
    Shipment,
    StaleError,
    StockItem,
)
from benchmarks.scenario import Totals

BANK, RECEIVABLE, STOCK, GOODS_SHIPPED = "1002", "1122", "1405", "1406"
OUTPUT_VAT, REVENUE, COST_OF_SALES = "2221", "6001", "6401"
ATTEMPTS, SHORTEST_PAUSE, LONGEST_PAUSE = 50, 0.02, 0.5
AGGREGATES_A_SAVE = 1_000

P = ParamSpec("P")
TNamed = TypeVar("TNamed", bound=Named)
Decision = tuple[dict[str, Any], list[Any]]
"""An answer, and the aggregates and events to save with it."""


def command(
    decide: Callable[Concatenate[Delivery, P], Decision],
) -> Callable[Concatenate[Delivery, str, P], dict[str, Any]]:
    """Save a decision with a receipt, which answers a repeated key; when overtaken, decide anew."""

    @wraps(decide)
    def decided(self: Delivery, key: str, /, *args: P.args, **kwargs: P.kwargs) -> dict[str, Any]:
        attempt = 0
        while True:
            attempt += 1
            with suppress(AggregateNotFoundError):
                return self.get(Receipt, key).answer
            try:
                answer, changed = decide(self, *args, **kwargs)
                self.save(Receipt(key, answer), *changed)
            except (IntegrityError, StaleError):
                if attempt == ATTEMPTS:
                    raise
                sleep(random() * min(LONGEST_PAUSE, SHORTEST_PAUSE * 2**attempt))
            else:
                return answer

    return decided


class Delivery(Application[UUID]):
    """The commands; each takes the key of the request first, and is one transaction."""

    log_section_size = 1_000

    @command
    def place(self, dealer: str, house: str, wanted: list[tuple[str, int]]) -> Decision:
        """Check papers, prices and credit; confirm the order and reserve the oldest units."""
        buyer = self.get(Dealer, dealer)
        lines = [self._line(buyer, sku, qty) for sku, qty in wanted]
        stock = [self.get(StockItem, f"{house}/{line['sku']}") for line in lines]
        for line, item in zip(lines, stock, strict=True):
            line["serials"] = item.oldest(line["qty"])
        units = [self.get(Serial, name) for line in lines for name in line["serials"]]
        buyer.order(sum(line["gross"] for line in lines))
        taken, number = self._next_number("SO")  # late, because everybody wants it
        order = Order(number, dealer, house, lines)
        order.confirm()
        for line, item in zip(lines, stock, strict=True):
            item.reserve(number, line["serials"])
        for unit in units:
            unit.reserve(number)
        answer = {"order": number, "serials": order.serials}
        return answer, [taken, order, buyer, *stock, *units]

    @command
    def plan(self, number: str) -> Decision:
        """Ship all units of an order together."""
        order = self.get(Order, number)
        order.plan()
        shipment = Shipment(f"SHP-{number}", number, order.serials)
        return {"shipment": shipment.name}, [order, shipment]

    @command
    def pick(self, number: str, picker: str, scans: list[str]) -> Decision:
        """Take the scanned units, which must be the shipment's."""
        shipment = self.get(Shipment, number)
        if sorted(scans) != sorted(shipment.serials):
            raise RefusedError(f"{scans} are not the units of {number}")
        units = [self.get(Serial, name) for name in scans]
        for unit in units:
            unit.pick(shipment.order)
        shipment.pick(picker)
        return {}, [shipment, *units]

    @command
    def review(self, number: str, reviewer: str) -> Decision:
        """Have somebody else look at what was picked."""
        shipment = self.get(Shipment, number)
        shipment.review(reviewer)
        return {}, [shipment]

    @command
    def ship(self, number: str) -> Decision:
        """Let the units leave; stock, credit and ledger follow."""
        shipment = self.get(Shipment, number)
        order = self.get(Order, shipment.order)
        buyer = self.get(Dealer, order.dealer)
        stock = [self.get(StockItem, f"{order.house}/{line['sku']}") for line in order.lines]
        units = [self.get(Serial, name) for name in shipment.serials]
        shipment.ship()
        order.ship()
        buyer.ship(order.total("gross"))
        for line, item in zip(order.lines, stock, strict=True):
            item.ship(order.name, line["qty"])
        for unit in units:
            unit.ship()
        cost = order.total("cost")
        entry = JournalEntry(f"{number} shipped", {GOODS_SHIPPED: cost}, {STOCK: cost})
        return {}, [shipment, order, buyer, *stock, *units, entry]

    @command
    def deliver(self, number: str) -> Decision:
        """Make the units the dealer's, and invoice them."""
        shipment = self.get(Shipment, number)
        order = self.get(Order, shipment.order)
        buyer = self.get(Dealer, order.dealer)
        units = [self.get(Serial, name) for name in shipment.serials]
        shipment.deliver()
        order.deliver()
        for unit in units:
            unit.deliver(order.dealer)
        taken, invoice_no = self._next_number("INV")
        amounts = ("sku", "qty", "price", "net", "vat", "gross")
        lines = [{name: line[name] for name in amounts} for line in order.lines]
        invoice = Invoice(invoice_no, order.name, order.dealer, lines)
        buyer.invoice(invoice_no, invoice.owed)
        earned = {REVENUE: order.total("net"), OUTPUT_VAT: order.total("vat")}
        revenue = JournalEntry(f"{invoice_no} revenue", {RECEIVABLE: invoice.owed}, earned)
        cost = order.total("cost")
        costs = JournalEntry(f"{invoice_no} cost", {COST_OF_SALES: cost}, {GOODS_SHIPPED: cost})
        answer = {"invoice": invoice_no, "gross": invoice.owed}
        return answer, [taken, shipment, order, buyer, *units, invoice, revenue, costs]

    @command
    def pay(self, dealer: str, amount: int, bank_ref: str) -> Decision:
        """Settle the dealer's oldest open invoices with money from the bank."""
        buyer = self.get(Dealer, dealer)
        settled = buyer.pay(amount)
        invoices = [self.get(Invoice, number) for number in settled]
        for invoice in invoices:
            invoice.settle(settled[invoice.name], bank_ref)
        payment = Payment(bank_ref, dealer, settled)
        entry = JournalEntry(f"{bank_ref} received", {BANK: amount}, {RECEIVABLE: amount})
        return {"settled": settled}, [buyer, *invoices, payment, entry]

    def get(self, kind: type[TNamed], name: str, *, to_change: bool = True) -> TNamed:
        """Load an aggregate; the cache need not copy one that is not changed."""
        return self.repository.get(kind.create_id(name), deepcopy_from_cache=to_change)

    def facts(self, *kinds: type[Any]) -> Iterator[Any]:
        """All events of some classes, in the order in which they were saved."""
        topics, last = [get_topic(kind) for kind in kinds], 0
        while page := self.notification_log.select(
            last, self.log_section_size, topics=topics, inclusive_of_start=False
        ):
            yield from map(self.mapper.to_domain_event, page)
            last = page[-1].id

    def _line(self, buyer: Dealer, sku: str, qty: int) -> dict[str, Any]:
        """What the dealer may buy today, with its amounts."""
        today = datetime.now(UTC).date().isoformat()
        product = self.get(Product, sku, to_change=False)
        product.check_registration(today)
        buyer.check_papers(product.category, today)
        net = qty * product.price
        vat = scenario.vat_of(net)
        amounts = {"net": net, "vat": vat, "gross": net + vat, "cost": qty * product.cost}
        return {"sku": sku, "qty": qty, "price": product.price, **amounts}

    def _next_number(self, series: str) -> tuple[NumberTaken, str]:
        """Take the number after the last one; only one transaction can save it."""
        log = EventSourcedLog(self.events, uuid5(NAMESPACE_URL, f"/numbers/{series}"), NumberTaken)
        taken = log.trigger_event()
        return taken, f"{series}-{taken.originator_version:06d}"


class Library:
    """Threads that call the application; one thread on SQLite, which has one writer."""

    def __init__(
        self, url: str, threads: int = 8, *, cached: bool = False, create: bool = True
    ) -> None:
        self.name = "eventsourcing library, cached" if cached else "eventsourcing library"
        where = make_url(url)
        on_sqlite = where.get_backend_name() == "sqlite"
        self._threads = 1 if on_sqlite else threads
        env = {"CREATE_TABLE": "y" if create else "n"}
        env |= {"PERSISTENCE_MODULE": f"eventsourcing.{'sqlite' if on_sqlite else 'postgres'}"}
        if on_sqlite:
            env |= {"SQLITE_DBNAME": str(where.database)}
        else:
            env |= {"POSTGRES_HOST": str(where.host), "POSTGRES_PORT": str(where.port)}
            env |= {"POSTGRES_USER": str(where.username), "POSTGRES_PASSWORD": where.password or ""}
            env |= {"POSTGRES_DBNAME": str(where.database), "POSTGRES_POOL_SIZE": str(threads)}
        if cached:
            env |= {"AGGREGATE_CACHE_MAXSIZE": "1000000", "AGGREGATE_CACHE_FASTFORWARD": "y"}
        self.app = Delivery(env)

    def prepare(self, units: int) -> None:
        aggregates = _world(units)
        while some := list(islice(aggregates, AGGREGATES_A_SAVE)):
            self.app.save(*some)

    def play(self, orders: Sequence[scenario.Order]) -> None:
        with ThreadPoolExecutor(self._threads) as pool:
            for _ in pool.map(self._serve, orders):
                pass

    def totals(self) -> Totals:
        sums: Counter[str] = Counter()
        goods = (StockItem.Created, StockItem.Shipped, Serial.Delivered)
        for fact in self.app.facts(*goods, Invoice.Created, Invoice.Settled):
            match fact:
                case StockItem.Created():
                    sums["left"] += len(fact.serials)
                case StockItem.Shipped():
                    sums["left"] -= fact.qty
                case Serial.Delivered():
                    sums["delivered"] += 1
                case Invoice.Created():
                    sums["invoiced"] += sum(line["gross"] for line in fact.lines)
                case Invoice.Settled():
                    sums["paid"] += fact.amount
        return Totals(sums["delivered"], sums["left"], sums["invoiced"], sums["paid"])

    def close(self) -> None:
        self.app.close()

    def _serve(self, order: scenario.Order) -> None:
        """Send the seven commands of an order, as a client that knows its answers only."""
        app, keys = self.app, [f"{order.number}-{step}" for step in scenario.STEPS]
        dealer, house = scenario.dealer(order.dealer), scenario.warehouse(order.warehouse)
        wanted = [(scenario.sku(line.product), line.qty) for line in order.lines]
        placed = app.place(keys[0], dealer, house, wanted)
        shipment = app.plan(keys[1], placed["order"])["shipment"]
        app.pick(keys[2], shipment, "picker", placed["serials"])
        app.review(keys[3], shipment, "reviewer")
        app.ship(keys[4], shipment)
        invoiced = app.deliver(keys[5], shipment)
        app.pay(keys[6], dealer, invoiced["gross"], f"B-{order.number}")


def _world(units: int) -> Iterator[Named]:
    """Products, dealers, and all units in their cells."""
    valid = dict(zip(("from", "to"), scenario.VALID, strict=True))
    for product in range(scenario.PRODUCTS):
        price, cost = scenario.price_of(product), scenario.cost_of(product)
        registration = {"no": scenario.LICENCE_NO, **valid}
        yield Product(scenario.sku(product), scenario.CATEGORY, price, cost, registration)
    for number in range(scenario.DEALERS):
        name, region = scenario.dealer(number), scenario.region(number)
        licence = {"no": f"{scenario.LICENCE_NO}-{name}", "category": scenario.CATEGORY, **valid}
        territory = {"region": region, **valid}
        yield Dealer(name, region, scenario.CREDIT_LIMIT, licence, territory)
    for house in range(scenario.WAREHOUSES):
        for product in range(scenario.PRODUCTS):
            serials = [scenario.serial(product, house, unit) for unit in range(units)]
            yield StockItem(f"{scenario.warehouse(house)}/{scenario.sku(product)}", serials)
            yield from (Serial(name, scenario.warehouse(house)) for name in serials)
