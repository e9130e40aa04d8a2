"""``make bench``: every figure beside its target. ``--quick`` prints the JSON lines alone.

Only ratios of one run mean anything on a machine that others use too.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.about import about
from benchmarks.figures import Figure, Report
from benchmarks.measuring import Place, place
from benchmarks.progress import Bars, Steps, bars
from benchmarks.report import write
from benchmarks.suites import (
    appending,
    bulk,
    door,
    growing,
    orders,
    processes,
    projecting,
    replaying,
)

Suite = Callable[[Place, str, int, float, Steps], Iterator[Figure]]
BOTH = ("sqlite", "postgresql")
SUITES: dict[str, tuple[Suite, tuple[str, ...]]] = {
    "orders": (orders.measure, BOTH),
    "append": (appending.measure, BOTH),
    "door": (door.measure, BOTH),
    "projections": (projecting.measure, BOTH),
    "replay": (replaying.measure, BOTH),
    "processes": (processes.measure, ("postgresql",)),
    "bulk": (bulk.measure, BOTH),
    "growth": (growing.measure, BOTH),
}
QUICK = ("orders", "append", "door", "projections", "replay")
ROUNDS, QUICK_ROUNDS = 5, 2
QUICK_SHARE = 0.25
DOCS = Path(__file__).parents[1] / "docs"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a sample of all, under 50 seconds")
    parser.add_argument("--only", choices=SUITES, action="append", help="a suite; may be repeated")
    parser.add_argument("--report", action="store_true", help="write docs/speed.md with its plots")
    chosen = parser.parse_args()
    names = chosen.only or (QUICK if chosen.quick else tuple(SUITES))
    rounds, share = (QUICK_ROUNDS, QUICK_SHARE) if chosen.quick else (ROUNDS, 1.0)
    report = Report()
    with place() as where, bars(shown=not chosen.quick) as progress:
        for name in names:
            suite, backends = SUITES[name]
            for backend in backends:
                _run(report, progress, suite, f"{name}, {backend}", (where, backend, rounds, share))
        facts = about(where)
    if not chosen.quick:
        report.show()
    if chosen.report:
        write(report.figures, facts, DOCS)


def _run(
    report: Report, progress: Bars, suite: Suite, title: str, how: tuple[Place, str, int, float]
) -> None:
    with progress.suite(title) as steps:
        for figure in suite(*how, steps):
            report.add(figure)


if __name__ == "__main__":
    main()
