"""Work that goes on while a test does something else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from api.engine import Engine
from tests.support.world import BOX, DEVICE, POOR, RICH, done, order

BODIES = (order(RICH, BOX), order(POOR, BOX), order(RICH, DEVICE))
PAUSE_SECONDS = 0.01


@contextmanager
def meanwhile(work: Callable[[int], Any]) -> Iterator[list[Any]]:
    """Repeat some work on a thread; what it gave is complete when the block ends."""
    given: list[Any] = []
    stopped = threading.Event()

    def run() -> None:
        while not stopped.wait(PAUSE_SECONDS):
            try:
                given.append(work(len(given)))
            except Exception as error:  # noqa: BLE001 - the test looks at it
                given.append(error)
                return

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield given
    finally:
        stopped.set()
        thread.join()


def enough(given: list[Any], count: int) -> None:
    """Wait until the work has given so much."""
    while len(given) < count:
        time.sleep(PAUSE_SECONDS)
        assert not failures(given)


def failures(given: list[Any]) -> list[Exception]:
    return [one for one in given if isinstance(one, Exception)]


def place(engine: Engine, name: str, number: int) -> int:
    """Place one of several kinds of orders, and give the log's position after it."""
    body = BODIES[number % len(BODIES)]
    position: int = done(engine, "place-order", f"{name}-{number}", body)["position"]
    return position
