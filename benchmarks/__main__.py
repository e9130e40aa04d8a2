"""``make bench``: figures as JSON lines and a table. Only ratios of one run mean anything."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks import scenario
from eventlog.dialects.postgresql import copy_rows
from eventlog.reader import Reader
from eventlog.rows import EventRow
from replays.verifying import verify
from tests.support.postgres import EmbeddedPostgres

ORDERS, IN_FLIGHT = 1_500, 128


def run_orders(engine: Any, first: int, count: int) -> tuple[float, float]:
    """Wall and CPU seconds of orders with many in flight."""
    wall, cpu = time.perf_counter(), time.process_time()
    fresh = iter(range(first, first + count))
    active: deque[tuple[Any, Any, int, int]] = deque()

    def begin(number: int) -> None:
        steps = scenario.order(number)
        name, body = next(steps)
        promise = scenario.submit(engine, name, body, f"{number}-0")
        active.append((steps, promise, number, 0))

    for number in fresh:
        begin(number)
        if len(active) == IN_FLIGHT:
            break
    while active:
        steps, promise, number, done = active.popleft()
        receipt = promise.result(60).receipt
        if receipt.status != "accepted":
            raise RuntimeError(receipt.body)
        try:
            name, body = steps.send(msgspec.json.decode(receipt.body))
        except StopIteration:
            following = next(fresh, None)
            if following is not None:
                begin(following)
        else:
            promise = scenario.submit(engine, name, body, f"{number}-{done + 1}")
            active.append((steps, promise, number, done + 1))
    return time.perf_counter() - wall, time.process_time() - cpu


def bare_append(engine: Any, rows: list[EventRow], batches: int) -> float:
    """Seconds to append the same rows, with as many commits, and nothing else."""
    database = engine.database
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE bare AS SELECT * FROM events WHERE 1 = 0")
    size = max(1, len(rows) // batches)
    started = time.perf_counter()
    for start in range(0, len(rows), size):
        with database.writing() as connection:
            cursor = connection.connection.cursor()
            part = rows[start : start + size]
            if database.dialect.name == "sqlite":
                cursor.executemany("INSERT INTO bare VALUES (?, ?, ?, ?, ?, ?, ?, ?)", part)
            else:
                copy_rows(cursor, "bare", ", ".join(EventRow._fields), part)
    return time.perf_counter() - started


def measure(backend: str, url: str, report: Callable[..., None]) -> None:
    with closing(scenario.opened(url, 2 * ORDERS // scenario.PRODUCTS + 50)) as engine:
        begin = engine.reader.head().position
        wall, cpu = run_orders(engine, 0, ORDERS)
        events = engine.reader.head().position - begin
        report("orders/s, in process, durable", backend, ORDERS / wall)
        report("CPU ms an order, client side", backend, cpu / ORDERS * 1000)
        report("events an order", backend, events / ORDERS)
        rows = list(engine.reader.after(begin))
        batches = len({row.recorded_at for row in rows})
        bare = bare_append(engine, rows, batches)
        report("append path: share of a bare bulk insert", backend, bare / wall)
        started = time.perf_counter()
        while engine.runner.catch_up():
            pass
        total = engine.reader.head().position
        report("events/s into the read models", backend, total / (time.perf_counter() - started))
        started = time.perf_counter()
        if not verify(Reader(engine.database)).intact:
            raise RuntimeError("the log does not verify")
        report("events/s verified", backend, total / (time.perf_counter() - started))


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(durable=True) as server:
        file = Path(folder) / "bench.db"
        yield {"sqlite": f"sqlite:///{file}", "postgresql": server.create_database("bench")}


def main() -> None:
    table = Table("figure", "backend", "value")

    def report(name: str, backend: str, value: float) -> None:
        sys.stdout.write(json.dumps({"name": name, "backend": backend, "value": value}) + "\n")
        table.add_row(name, backend, f"{value:,.2f}")

    with databases() as urls:
        for backend, url in urls.items():
            measure(backend, url, report)
    Console().print(table)


if __name__ == "__main__":
    main()
