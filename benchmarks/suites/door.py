"""The door: commands over HTTP beside an empty typed POST on the same server, one worker."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing

from benchmarks import scenario
from benchmarks.calling import ask_nothing, percentile, play, play_batches, run
from benchmarks.contenders.baton import Baton
from benchmarks.figures import Figure, middle
from benchmarks.measuring import Place
from benchmarks.progress import Steps
from benchmarks.serving import served

ORDERS, CALLERS, TOGETHER = 256, 128, 128
COMMANDS = len(scenario.STEPS)


def measure(
    place: Place, backend: str, rounds: int, share: float, steps: Steps
) -> Iterator[Figure]:
    """Commands a second, single and in batches; ratios to the empty POST of the same round."""
    count = max(CALLERS, int(ORDERS * share))
    orders = list(scenario.orders(0, count * 2 * (rounds + 1)))
    url = place.database(backend)
    with closing(Baton(url)) as world:
        world.prepare(scenario.units_for(orders))
    rates: dict[str, list[float]] = {"empty": [], "single": [], "batch": []}
    waits: list[float] = []
    with served(url) as server:
        fresh = iter(orders)
        for turn in range(rounds + 1):
            mine, others = ([next(fresh) for _ in range(count)] for _ in range(2))
            timed = {
                "empty": lambda: ask_nothing(server.port, count * COMMANDS, CALLERS),
                "single": lambda mine=mine: play(server.port, mine, CALLERS),
                "batch": lambda others=others: play_batches(server.port, others, TOGETHER),
            }
            for name, work in timed.items():
                begun = time.perf_counter()
                seconds = run(work())
                if turn:  # the first round warms up
                    rates[name].append(count * COMMANDS / (time.perf_counter() - begun))
                    waits += seconds if name == "single" else ()
            steps.advance()
    for name, target in (("empty", None), ("single", 0.6), ("batch", None)):
        rate, spread = middle(rates[name])
        pairs = zip(rates[name], rates["empty"], strict=True)
        ratio = None if name == "empty" else middle([one / empty for one, empty in pairs])[0]
        what = {"empty": "empty typed POST", "single": "one a request", "batch": "128 a request"}
        unit = "requests/s" if name == "empty" else "commands/s"
        yield Figure(f"HTTP: {what[name]}", backend, rate, unit, ratio, target, spread=spread)
    for part in (0.5, 0.99):
        wait = percentile(waits, part) * 1000
        yield Figure(f"HTTP: p{part * 100:.0f}, {CALLERS} callers", backend, wait, "ms", lower=True)
