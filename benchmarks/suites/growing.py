"""Growth: the same figures in a log of 10 thousand, 100 thousand and a million events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from sqlalchemy import select, text

from benchmarks import scenario
from benchmarks.contenders.baton import Baton
from benchmarks.figures import Figure
from benchmarks.measuring import Place
from benchmarks.progress import Steps
from benchmarks.suites.replaying import CELL, busy, intact, timed, traced
from domain.goods.stock_item import StockItem
from projections.inventory import inventory_visibility
from replays.past import Past

MARKS = (10_000, 100_000, 1_000_000)
SLICE = 300
EVENTS_AN_ORDER = 50
SLOWER_AT_MOST = 1.2
BUSY = 100_000
TIMES = 7
"""How often what takes milliseconds is repeated; the least counts, for it was disturbed least."""


def measure(
    place: Place, backend: str, rounds: int, share: float, steps: Steps
) -> Iterator[Figure]:
    """Figures at each mark, and how much worse the last is than the first."""
    marks = [mark for mark in MARKS if mark <= MARKS[-1] * share]
    most = marks[-1] // EVENTS_AN_ORDER + SLICE * (rounds + 1) * len(marks)
    orders = scenario.orders(0, most)
    url = place.database(backend)
    found: dict[str, list[float]] = {}
    baton = Baton(url)
    try:
        baton.prepare(scenario.units_for(scenario.orders(0, most)))
        first = baton.engine.reader.head().position
        for mark in marks:
            _grow(baton, orders, first + mark)
            for name, value in _figures(place, baton, orders, rounds).items():
                found.setdefault(name, []).append(value)
                yield Figure(
                    f"growth: {name} at {mark:,} events", backend, value, UNITS[name], lower=True
                )
            steps.advance()
        yield from _compared(backend, marks, found)
        yield from _sizes(baton, backend)
        baton.close()
        yield Figure(
            "growth: start of a process",
            backend,
            timed(lambda: Baton(url).close()),
            "s",
            lower=True,
        )
        baton = Baton(url)
        yield from _busy_stream(baton, backend)
        steps.advance()
    finally:
        baton.close()


UNITS = {
    "orders": "CPU ms/order",
    "projected": "CPU us/event",
    "verified": "us/event",
    "on-hand of 250 cells": "ms",
    "history of a serial": "ms",
    "history of a serial, cold": "ms",
}


def _grow(baton: Baton, orders: Iterator[scenario.Order], upto: int) -> None:
    while (missing := upto - baton.engine.reader.head().position) > 0:
        count = max(1, missing // EVENTS_AN_ORDER)
        baton.play([order for order, _ in zip(orders, range(min(count, 2_000)), strict=False)])
    baton.catch_up()


def _figures(
    place: Place, baton: Baton, orders: Iterator[scenario.Order], rounds: int
) -> dict[str, float]:
    written, projected = [], []
    for _ in range(max(2, rounds)):
        some = [order for order, _ in zip(orders, range(SLICE), strict=False)]
        begin = baton.engine.reader.head().position
        written.append(place.cost_of(lambda some=some: baton.play(some)).cpu / SLICE * 1e3)
        events = baton.engine.reader.head().position - begin
        projected.append(place.cost_of(baton.catch_up).cpu / events * 1e6)
    total = baton.engine.reader.head().position
    return {
        "orders": min(written),
        "projected": min(projected),
        "verified": timed(lambda: intact(baton)) / total * 1e6,
        "history of a serial, cold": timed(lambda: traced(baton)) * 1e3,
        "history of a serial": min(timed(lambda: traced(baton)) for _ in range(TIMES)) * 1e3,
        "on-hand of 250 cells": min(timed(lambda: on_hand(baton)) for _ in range(TIMES)) * 1e3,
    }


def _compared(backend: str, marks: list[int], found: dict[str, list[float]]) -> Iterator[Figure]:
    if len(marks) < 2:
        return
    for name, values in found.items():
        ratio = values[-1] / values[0]
        target = None if name.endswith("cold") else SLOWER_AT_MOST
        label = f"growth: {name}, {marks[-1]:,} events beside {marks[0]:,}"
        yield Figure(label, backend, values[-1], UNITS[name], ratio, target, lower=True)
    for name in ("on-hand of 250 cells", "history of a serial"):
        worst = max(found[name])
        yield Figure(f"growth: {name}, worst", backend, worst, "ms", None, 5, lower=True)


def on_hand(baton: Baton) -> None:
    """Read what every warehouse has of every product."""
    columns = inventory_visibility.c
    query = select(columns.wh, columns.sku, columns.on_hand, columns.available)
    with baton.engine.database.reading() as connection:
        if len(connection.execute(query).all()) < scenario.PRODUCTS * scenario.WAREHOUSES:
            raise RuntimeError("cells are missing")


def _busy_stream(baton: Baton, backend: str) -> Iterator[Figure]:
    """One stream of 100,000 events: read from its first event, from a snapshot, and written to."""
    busy(baton, BUSY)
    engine = baton.engine
    folded = timed(lambda: Past(engine.reader, engine.codec).get(StockItem, *CELL))
    yield Figure(
        f"growth: busy stream of {BUSY:,} events, folded", backend, folded * 1e3, "ms", lower=True
    )
    warm = timed(lambda: busy(baton, 2)) * 1e3
    url = str(engine.database.url.render_as_string(hide_password=False))
    with closing(Baton(url)) as fresh:
        cold = timed(lambda: busy(fresh, 2)) * 1e3
    for name, value in (("warm", warm), ("cold", cold)):
        label = f"growth: busy stream, a command of 1,000 events, {name}"
        yield Figure(label, backend, value, "ms", lower=True)


def _sizes(baton: Baton, backend: str) -> Iterator[Figure]:
    """Bytes that an event takes: in the table of events with its indexes, and in all tables."""
    total = baton.engine.reader.head().position
    with baton.engine.database.reading() as connection:
        if backend == "postgresql":
            events = connection.scalar(text("SELECT pg_total_relation_size('events')"))
            everything = connection.scalar(text("SELECT pg_database_size(current_database())"))
            yield Figure("growth: events with indexes", backend, events / total, "bytes/event")
        else:
            pages = connection.scalar(text("PRAGMA page_count"))
            everything = pages * connection.scalar(text("PRAGMA page_size"))
    yield Figure("growth: the whole database", backend, everything / total, "bytes/event")
