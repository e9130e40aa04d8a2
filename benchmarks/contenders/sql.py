"""Hand-written SQL on PostgreSQL: ordinary statements, one after the other."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import psycopg2
from sqlalchemy import make_url

from benchmarks import scenario
from benchmarks.contenders import sql_commands as commands
from benchmarks.contenders.sql_parts import (
    RefusedError,
    find_receipt,
    keep_receipt,
    refuse_unless,
)
from benchmarks.contenders.sql_schema import TOTALS, TRACE, create
from benchmarks.scenario import Order, Totals


def run(connection: Any, key: str, step: Callable[..., Any], *request: Any) -> Any:
    """Do a command once; done before, it gives the same answer again."""
    digest = hashlib.sha256(msgspec.json.encode((step.__name__, *request))).digest()
    try:
        with connection, connection.cursor() as cursor:
            receipt = find_receipt(cursor, key)
            if receipt is None:
                answer = step(cursor, key, *request)
                keep_receipt(cursor, key, digest, msgspec.json.encode(answer).decode())
                return answer
    except (RefusedError, psycopg2.IntegrityError):
        # A twin may have done it while this one waited for a lock.
        with connection, connection.cursor() as cursor:
            receipt = find_receipt(cursor, key)
        if receipt is None:
            raise
    known, answer = receipt
    refuse_unless(bytes(known) == digest, "the key stands for another request")
    return msgspec.json.decode(answer)


class Sql:
    """Orders side by side in threads, each with a connection of its own."""

    name = "hand-written SQL"

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
        self._own.connection = self._connect()
        self._connections.append(self._own.connection)

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

        def do(step: Callable[..., Any], *request: Any) -> Any:
            return run(self._own.connection, f"{number}-{step.__name__}", step, *request)

        placed = do(commands.place, dealer, f"A-{dealer}", house, lines)
        name = placed["order"]
        do(commands.plan, name)
        do(commands.pick, name, "picker", placed["units"])
        do(commands.review, name, "reviewer")
        do(commands.ship, name, "SF", f"SF{number:010d}")
        do(commands.deliver, name)
        do(commands.pay, dealer, f"B-{number}", placed["gross"])
