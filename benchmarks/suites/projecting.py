"""The read models: events folded and stored, by one core; and how far they lag under load."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing

from benchmarks import scenario
from benchmarks.calling import percentile
from benchmarks.contenders.baton import Baton
from benchmarks.figures import Figure, middle
from benchmarks.measuring import Place
from benchmarks.progress import Steps
from benchmarks.scenario import Order

ORDERS = 400
RATE_TARGET, LAG_TARGET = 40_000, 250
LOAD = 8
"""Orders under way at once while the lag is measured: the writer is busy, and not flooded."""


def measure(
    place: Place, backend: str, rounds: int, share: float, steps: Steps
) -> Iterator[Figure]:
    """Events in a second of one core, the database's work included; and the lag under load."""
    count = max(50, int(ORDERS * share))
    orders = list(scenario.orders(0, count * (rounds + 2)))
    rates = []
    with closing(Baton(place.database(backend))) as baton:
        baton.prepare(scenario.units_for(orders))
        baton.catch_up()
        for turn in range(rounds + 1):
            begin = baton.engine.reader.head().position
            baton.play(orders[turn * count : (turn + 1) * count])
            events = baton.engine.reader.head().position - begin
            cost = place.cost_of(baton.catch_up)
            rates += [events / cost.cpu] if turn else []
            steps.advance()
        lags = _lags(baton, orders[-count:])
        steps.advance()
    rate, spread = middle(rates)
    yield Figure(
        "projections: folded and stored",
        backend,
        rate,
        "events/s",
        None,
        RATE_TARGET,
        spread=spread,
    )
    for part, target in ((0.5, None), (0.99, LAG_TARGET)):
        lag = percentile(lags, part) * 1000
        name = f"projections: lag under load, p{part * 100:.0f}"
        yield Figure(name, backend, lag, "ms", None, target, lower=True)


def _lags(baton: Baton, orders: list[Order]) -> list[float]:
    """Seconds from an append to its rows, sampled while orders go on."""
    runner, reader = baton.engine.runner, baton.engine.reader
    baton.in_flight, lags = LOAD, []
    player = threading.Thread(target=baton.play, args=(orders,))
    runner.start()
    player.start()
    while player.is_alive():
        position, begun = reader.head().position, time.perf_counter()
        runner.wait(position, 10)
        lags.append(time.perf_counter() - begun)
        time.sleep(0.005)
    player.join()
    return lags
