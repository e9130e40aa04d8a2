"""The past: an aggregate folded from its events, a device's history, the log verified."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from benchmarks import scenario
from benchmarks.contenders.baton import ACTOR, Baton
from benchmarks.contenders.baton_commands import gtin
from benchmarks.figures import Figure, middle
from benchmarks.measuring import Place
from benchmarks.progress import Steps
from domain.goods.shelf import Goods
from domain.goods.stock_item import StockItem
from eventlog.jobs import Log, Request
from replays.histories.devices import serial_history
from replays.past import Past
from replays.verifying import verify

EVENTS, ORDERS = 10_000, 400
CELL = (scenario.warehouse(0), scenario.sku(0))


def measure(
    place: Place, backend: str, rounds: int, share: float, steps: Steps
) -> Iterator[Figure]:
    """Milliseconds and events a second of reading what was written."""
    orders = list(scenario.orders(0, max(50, int(ORDERS * share))))
    with closing(Baton(place.database(backend))) as baton:
        baton.prepare(scenario.units_for(orders))
        baton.play(orders)
        busy(baton, EVENTS)
        steps.advance()
        engine, begun = baton.engine, []
        total = engine.reader.head().position
        for _ in range(rounds + 1):
            begun.append(
                (
                    timed(lambda: Past(engine.reader, engine.codec).get(StockItem, *CELL)),
                    timed(lambda: traced(baton)),
                    timed(lambda: intact(baton)),
                )
            )
            steps.advance()
    replay, history, check = zip(*begun[1:], strict=True)
    ms, spread = middle([one * 1000 for one in replay])
    name = "replay: an aggregate of 10,000 events"
    yield Figure(name, backend, ms, "ms", None, 100, lower=True, spread=spread)
    ms, spread = middle([one * 1000 for one in history])
    yield Figure(
        "replay: history of a serial", backend, ms, "ms", None, 10, lower=True, spread=spread
    )
    rate, spread = middle([total / one for one in check])
    yield Figure("replay: verified", backend, rate, "events/s", None, 200_000, spread=spread)


def busy(baton: Baton, events: int) -> None:
    """Make one stock item busy: a unit is claimed and freed, again and again."""
    stamp = baton.engine.stamp(ACTOR, baton.engine.clock())

    def decide(log: Log, first: int) -> dict[str, Any]:
        item = log.get(StockItem, *CELL)
        free = next(iter(item.shelf.free))[1]
        goods = Goods(1, serials=(free,))
        for number in range(first, first + 500):
            item.reserve(f"R-{number}", 1, goods, (), stamp, "")
            item.free(f"R-{number}", goods, "bench", stamp)
        return {}

    for first in range(0, events // 2, 500):
        name = f"busy-{first}-{time.monotonic_ns()}"
        request = Request(
            ACTOR.user, name, "d", "busy", name, ACTOR.user, lambda log, n=first: decide(log, n)
        )
        baton.engine.submit(request).result(60)


def traced(baton: Baton) -> None:
    """Read the history of a device that was delivered."""
    found = serial_history(baton.engine.reader, baton.engine.codec, *delivered())
    if found is None or len(found.entries) < 10:
        raise RuntimeError("the device has no history")


def delivered() -> tuple[str, str]:
    """The first unit of the first order."""
    order = next(scenario.orders(0, 1))
    product = order.lines[0].product
    return gtin(product), scenario.serial(product, order.warehouse, 0)


def intact(baton: Baton) -> None:
    """Verify the whole log."""
    if not verify(baton.engine.reader).intact:
        raise RuntimeError("the log does not verify")


def timed(work: Callable[[], object]) -> float:
    """Seconds on the wall."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
