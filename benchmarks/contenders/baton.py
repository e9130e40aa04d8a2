"""Baton in process: commands handed to the one writer, many orders in flight."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import func, select

from api.commands import Envelope, to_request
from api.engine import Engine
from api.settings import Settings
from benchmarks import scenario
from benchmarks.contenders.baton_commands import TODAY, Step, steps, world
from benchmarks.scenario import Order, Totals
from domain.kernel.stamp import Actor
from eventlog.jobs import Outcome
from projections.inventory import inventory_serials, inventory_visibility
from projections.money.documents import tax_documents
from projections.money.reconciliation import open_items

ACTOR = Actor("bench", "SERVICE")
IN_FLIGHT = 256
BEGINNING = datetime.fromisoformat(f"{TODAY}T08:00:00+00:00")
_STARTED = time.monotonic()


def scenario_clock() -> datetime:
    """The server's clock, set to the scenario's day."""
    return BEGINNING + timedelta(seconds=time.monotonic() - _STARTED)


class Baton:
    """One engine; ``in_flight`` orders are under way at once, as callers of a busy service are."""

    name = "Baton"

    def __init__(self, url: str, in_flight: int = IN_FLIGHT) -> None:
        settings = Settings(database_url=url, follow=False, zone="UTC")
        self.engine = Engine(settings, scenario_clock).start()
        self.in_flight = in_flight
        self.waits: list[float] = []
        """Seconds that each command took, from being handed over to its durable answer."""

    def prepare(self, units: int, elsewhere: int | None = None) -> None:
        promises = [
            self._submit(name, body, f"world-{number}")
            for number, (name, body) in enumerate(world(units, elsewhere))
        ]
        for promise in promises:
            _accepted(promise)

    def play(self, orders: Sequence[Order]) -> None:
        fresh = iter(orders)
        active: deque[tuple[Iterator[Any], Future[Outcome], int, int]] = deque()

        def begin(order: Order) -> None:
            course = steps(order)
            active.append((course, self._step(order.number, 0, next(course)), order.number, 1))

        for order in fresh:
            begin(order)
            if len(active) == self.in_flight:
                break
        while active:
            course, promise, number, done = active.popleft()
            answer = _accepted(promise)
            try:
                step = course.send(answer)
            except StopIteration:
                following = next(fresh, None)
                if following is not None:
                    begin(following)
            else:
                active.append((course, self._step(number, done, step), number, done + 1))

    def totals(self) -> Totals:
        self.catch_up()
        delivered = select(func.count()).where(inventory_serials.c.dealer.is_not(None))
        sums = (inventory_visibility.c.on_hand, tax_documents.c.gross, open_items.c.open)
        with self.engine.database.reading() as connection:
            units = connection.execute(delivered).scalar_one()
            left, gross, unpaid = (
                int(connection.scalar(select(func.sum(one))) or 0) for one in sums
            )
        return Totals(units, left, gross, gross - unpaid)

    def catch_up(self) -> None:
        """Bring the read models up to date."""
        while self.engine.runner.catch_up():
            pass

    def close(self) -> None:
        self.engine.close()

    def _step(self, number: int, done: int, step: Step) -> Future[Outcome]:
        (name, body), begun = step, time.perf_counter()
        promise = self._submit(name, body, f"{number}-{scenario.STEPS[done]}")
        promise.add_done_callback(lambda _: self.waits.append(time.perf_counter() - begun))
        return promise

    def _submit(self, name: str, body: dict[str, Any], key: str) -> Future[Outcome]:
        return self.engine.submit(to_request(self.engine, ACTOR, Envelope(name, key, body)))


def _accepted(promise: Future[Outcome]) -> Any:
    receipt = promise.result(60).receipt
    if receipt.status != "accepted":
        raise RuntimeError(receipt.body)
    return msgspec.json.decode(receipt.body)
