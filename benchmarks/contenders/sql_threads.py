"""What both kinds of hand-written SQL share: threads, connections, and the course of an order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import psycopg2
from sqlalchemy import make_url

from benchmarks import scenario
from benchmarks.contenders.sql_schema import TOTALS, TRACE, create
from benchmarks.scenario import Order, Totals

Step = Callable[..., Any]


class Steps(Protocol):
    """The seven commands of an order."""

    place: Step
    plan: Step
    pick: Step
    review: Step
    ship: Step
    deliver: Step
    pay: Step


class SqlThreads:
    """Orders side by side in threads, each with a connection of its own."""

    steps: Steps

    def __init__(self, url: str, threads: int = 8) -> None:
        self._url = make_url(url).set(drivername="postgresql")
        self._own = threading.local()
        self._connections: list[Any] = []
        self._threads = ThreadPoolExecutor(threads, "sql", self._open)

    def prepare(self, units: int) -> None:
        connection = self._connect()
        with connection, connection.cursor() as cursor:
            create(cursor, units)
        connection.close()

    def play(self, orders: Sequence[Order]) -> None:
        for _ in self._threads.map(self._play, orders):
            pass

    def totals(self) -> Totals:
        return Totals(*self._read(TOTALS)[0])

    def on_hand(self) -> list[tuple[str, str, int]]:
        """Units of every warehouse and product."""
        return self._read("SELECT warehouse, sku, on_hand FROM stock ORDER BY warehouse, sku")

    def trace(self, product: int, serial: str) -> list[tuple[Any, ...]]:
        """When, by whom, what and by which command, for a unit."""
        return self._read(TRACE, scenario.sku(product), serial)

    def close(self) -> None:
        self._threads.shutdown()
        for connection in self._connections:
            connection.close()

    def _connect(self) -> Any:
        return psycopg2.connect(self._url.render_as_string(hide_password=False))

    def _open(self) -> None:
        """Give a thread its connection."""
        self._own.connection = self._connect()
        self._connections.append(self._own.connection)

    def _run(self, key: str, step: Step, *request: Any) -> Any:
        """Do a command on the thread's connection."""
        raise NotImplementedError

    def _read(self, query: str, *values: Any) -> list[Any]:
        def read() -> list[Any]:
            with self._own.connection as connection, connection.cursor() as cursor:
                cursor.execute(query, values)
                rows: list[Any] = cursor.fetchall()
                return rows

        return self._threads.submit(read).result()

    def _play(self, order: Order) -> None:
        number, dealer = order.number, scenario.dealer(order.dealer)
        house = scenario.warehouse(order.warehouse)
        lines = [(scenario.sku(line.product), line.qty) for line in order.lines]

        def do(step: Step, *request: Any) -> Any:
            return self._run(f"{number}-{step.__name__}", step, *request)

        steps = self.steps
        placed = do(steps.place, dealer, f"A-{dealer}", house, lines)
        name = placed["order"]
        do(steps.plan, name)
        do(steps.pick, name, "picker", placed["units"])
        do(steps.review, name, "reviewer")
        do(steps.ship, name, "SF", f"SF{number:010d}")
        do(steps.deliver, name)
        do(steps.pay, dealer, f"B-{number}", placed["gross"])
