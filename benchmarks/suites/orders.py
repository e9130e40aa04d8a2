"""Full orders: the same seven commands, by every contender, in alternating rounds."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import scenario
from benchmarks.contenders.baton import Baton
from benchmarks.contenders.opening import BATON, CACHED, LIBRARY, ORM, SQL, TUNED, opened
from benchmarks.figures import Figure, middle
from benchmarks.measuring import Cost, Place
from benchmarks.progress import Steps

SLICES = {
    "postgresql": {
        BATON: 400,
        LIBRARY: 40,
        CACHED: 40,
        ORM: 25,
        SQL: 120,
        TUNED: 200,
    },
    "sqlite": {
        BATON: 400,
        LIBRARY: 60,
        CACHED: 60,
        ORM: 40,
    },
}
"""Orders in a round, so that a round of each takes about a second."""

TARGETS = {
    ("postgresql", LIBRARY): 15.0,
    ("postgresql", ORM): 15.0,
    ("postgresql", SQL): 4.0,
    ("sqlite", LIBRARY): 8.0,
}


def measure(
    place: Place, backend: str, rounds: int, share: float, steps: Steps
) -> Iterator[Figure]:
    """Figures of one database: Baton's own, and its ratio to every other contender."""
    slices = {name: max(8, int(count * share)) for name, count in SLICES[backend].items()}
    costs: dict[str, list[Cost]] = {name: [] for name in slices}
    models: list[float] = []
    """What an order of Baton's takes when its read models are counted too."""
    units = scenario.units_for(scenario.orders(0, max(slices.values()) * (rounds + 1)))
    contenders = {name: opened(name, place.database(backend)) for name in slices}
    try:
        for name, one in contenders.items():
            one.prepare(units)
            one.play(list(scenario.orders(0, slices[name])))  # everyone warms up
            if isinstance(one, Baton):
                one.catch_up()
            steps.advance()
        for turn in range(1, rounds + 1):
            for name, one in contenders.items():
                count = slices[name]
                orders = list(scenario.orders(turn * count, count))
                cost = place.cost_of(lambda one=one, orders=orders: one.play(orders))
                costs[name].append(Cost(*(part / count for part in cost)))
                if isinstance(one, Baton):
                    folding = place.cost_of(one.catch_up)
                    models.append(costs[name][-1].cpu + folding.cpu / count)
                steps.advance()
        for name, one in contenders.items():
            played = list(scenario.orders(0, slices[name] * (rounds + 1)))
            if one.totals() != scenario.expected(played, units):
                raise RuntimeError(f"{name}: the books are wrong")
    finally:
        for one in contenders.values():
            one.close()
    cpu, spread = middle([one * 1000 for one in models])
    name = "orders: Baton, with its read models"
    yield Figure(name, backend, cpu, "CPU ms/order", lower=True, spread=spread)
    yield from _told(backend, costs)


def _told(backend: str, costs: dict[str, list[Cost]]) -> Iterator[Figure]:
    for name, mine in costs.items():
        rate, spread = middle([1 / cost.wall for cost in mine])
        yield Figure(f"orders: {name}", backend, rate, "orders/s", spread=spread)
        cpu, spread = middle([cost.cpu * 1000 for cost in mine])
        yield Figure(f"orders: {name}", backend, cpu, "CPU ms/order", lower=True, spread=spread)
    for name, theirs in costs.items():
        if name == BATON:
            continue
        pairs = list(zip(costs[BATON], theirs, strict=True))
        target = TARGETS.get((backend, name))
        for what, ratios in (
            ("CPU", [other.cpu / own.cpu for own, other in pairs]),
            ("orders/s", [other.wall / own.wall for own, other in pairs]),
        ):
            ratio, spread = middle(ratios)
            yield Figure(
                f"Baton against {name}, {what}",
                backend,
                ratio,
                "times",
                ratio,
                target,
                spread=spread,
            )
