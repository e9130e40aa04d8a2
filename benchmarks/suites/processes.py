"""Several processes on one PostgreSQL: throughput, under even load and where all want the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from benchmarks import scenario
from benchmarks.contenders.baton import Baton
from benchmarks.contenders.opening import BATON, LIBRARY, ORM, SQL, TUNED, opened
from benchmarks.figures import Figure, middle
from benchmarks.measuring import Cost, Place
from benchmarks.progress import Steps
from benchmarks.working import workers

COUNTS = {BATON: 1_200, LIBRARY: 80, ORM: 60, SQL: 320, TUNED: 600}
"""Orders in a round of all processes together."""
TARGETS = {LIBRARY: 15.0, ORM: 15.0, SQL: 4.0}
FOUR = 4
FEW = 2
"""Units in the cells that nobody wants when the load is skewed."""


def measure(
    place: Place, backend: str, rounds: int, share: float, steps: Steps
) -> Iterator[Figure]:
    """Baton with one, two and four processes; and with four beside the other contenders."""
    for skewed in (False, True):
        load = "skewed" if skewed else "even"
        for number in (1, 2, FOUR):
            costs, waits = _costs(
                place, backend, BATON, number, skewed=skewed, rounds=rounds, share=share
            )
            rate, spread = middle([1 / cost.wall for cost in costs])
            yield Figure(f"processes: {number}, {load}", backend, rate, "orders/s", spread=spread)
            cpu, spread = middle([cost.cpu * 1e3 for cost in costs])
            name = f"processes: {number}, {load}, CPU"
            yield Figure(name, backend, cpu, "CPU ms/order", lower=True, spread=spread)
            wait, spread = middle([one * 1e3 for one in waits])
            name = f"processes: {number}, {load}, p99 of a command"
            yield Figure(name, backend, wait, "ms", lower=True, spread=spread)
            steps.advance()
            if number == FOUR and not skewed:
                four = costs
    for name in (LIBRARY, ORM, SQL, TUNED):
        theirs, _ = _costs(place, backend, name, FOUR, skewed=False, rounds=rounds, share=share)
        target = TARGETS.get(name)
        pairs = list(zip(theirs, four, strict=True))
        for what, ratios in (
            ("CPU", [other.cpu / own.cpu for other, own in pairs]),
            ("orders/s", [other.wall / own.wall for other, own in pairs]),
        ):
            ratio, spread = middle(ratios)
            label = f"processes: 4, Baton against {name}, {what}"
            yield Figure(label, backend, ratio, "times", ratio, target, spread=spread)
        steps.advance()


def _costs(  # noqa: PLR0913 - one measurement has this many sides
    place: Place, backend: str, name: str, number: int, *, skewed: bool, rounds: int, share: float
) -> tuple[list[Cost], list[float]]:
    """Costs of an order in each round, of all processes together, and their longest waits."""
    count = max(number * 4, int(COUNTS[name] * share) // number * number)
    every = range(count * (rounds + 1))
    url = place.database(backend)
    units = scenario.units_for(scenario.orders(0, len(every), skewed=skewed))
    elsewhere = FEW if skewed else None
    with closing(opened(name, url)) as first:
        if isinstance(first, Baton):
            first.prepare(units, elsewhere)
        else:
            first.prepare(units)
    costs: list[Cost] = []
    waits: list[float] = []
    with workers(name, url, number, skewed=skewed) as ready:
        for turn in range(rounds + 1):
            orders = every[turn * count : (turn + 1) * count]
            told: list[float] = []
            cost = place.cost_of(
                lambda mine=orders, to=told: to.extend(ready.play(mine)), ready.pids
            )
            waits.append(max(told))
            costs.append(Cost(*(part / count for part in cost)))
    played = list(scenario.orders(0, len(every), skewed=skewed))
    with closing(opened(name, url)) as last:
        if last.totals() != scenario.expected(played, units, elsewhere):
            raise RuntimeError(f"{name}: the books are wrong")
    return costs[1:], waits[1:]
