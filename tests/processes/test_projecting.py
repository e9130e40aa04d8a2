"""Several runners, rebuilds under load, and a projector of its own."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from api import engine as composition
from api.engine import Engine
from projections import positions, rebuilding
from projections.catalogue import PROJECTIONS
from projections.orders import PROJECTION as ORDERS
from projections.orders import order_history, order_tracking
from tests.processes.serving import Server, baton, end
from tests.support.world import (
    BOX,
    DEVICE,
    POOR,
    RICH,
    build,
    caught_up,
    done,
    opened,
    order,
    rebuilt,
    send,
    tables_of,
)

BODIES = (order(RICH, BOX), order(POOR, BOX), order(RICH, DEVICE))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine that follows a small world."""
    with opened(database_url) as engine:
        build(engine, devices=5)
        yield engine


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a rebuild of a short log take as many steps as that of a long one."""
    monkeypatch.setattr(rebuilding, "BATCH", 20)
    monkeypatch.setattr(rebuilding, "NEAR", 5)


@contextmanager
def _meanwhile(work: Callable[[int], Any]) -> Iterator[list[Any]]:
    """Repeat some work on a thread; what it gave is complete when the block ends."""
    given: list[Any] = []
    stopped = threading.Event()

    def run() -> None:
        number = 0
        while not stopped.is_set():
            number += 1
            try:
                given.append(work(number))
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


def _place(engine: Engine, name: str, number: int) -> int:
    body = BODIES[number % len(BODIES)]
    return done(engine, "place-order", f"{name}-{number}", body)["position"]


def _known(engine: Engine) -> dict[str, tuple[int, int, int]]:
    with engine.database.reading() as connection:
        return positions.read(connection)


def test_two_runners_apply_every_event_exactly_once(engine: Engine, database_url: str):
    with opened(database_url) as other:
        waiting = [
            send(one, "place-order", f"{name}-{number}", BODIES[number % len(BODIES)])
            for number in range(60)
            for name, one in (("here", engine), ("there", other))
        ]
        for one in waiting:
            one.result(60)
        followed = caught_up(engine)

        assert tables_of(other) == followed

    assert len(followed["order_tracking"]) == len(waiting)
    assert rebuilt(engine) == followed


def test_a_rebuild_while_commands_run_ends_equal(engine: Engine, small_steps: None):
    with _meanwhile(lambda number: _place(engine, "busy", number)) as placed:
        while len(placed) < 20:
            assert not any(isinstance(one, Exception) for one in placed)
        for projection in PROJECTIONS * 2:
            engine.runner.rebuild(projection)

    assert not any(isinstance(one, Exception) for one in placed)
    followed = caught_up(engine)
    assert len(followed["order_tracking"]) == len(placed)
    assert rebuilt(engine) == followed


def test_readers_never_see_fewer_rows_while_a_rebuild_runs(engine: Engine, small_steps: None):
    for number in range(40):
        _place(engine, "order", number)
    before = {name: len(rows) for name, rows in caught_up(engine).items()}

    def count(_: int) -> tuple[int, int]:
        with engine.database.reading() as connection:
            return tuple(
                connection.scalar(select(func.count()).select_from(table))
                for table in (order_tracking, order_history)
            )

    with _meanwhile(count) as seen:
        for _ in range(5):
            engine.runner.rebuild(ORDERS)

    assert set(seen) == {(before["order_tracking"], before["order_history"])}


def test_a_rebuild_that_dies_halfway_changes_nothing_and_the_next_one_succeeds(
    engine: Engine, small_steps: None
):
    for number in range(10):
        _place(engine, "order", number)
    followed = caught_up(engine)

    def die(position: int) -> None:
        raise InterruptedError(position)

    with pytest.raises(InterruptedError):
        engine.runner.rebuild(ORDERS, die)

    assert tables_of(engine) == followed
    assert rebuilt(engine) == followed


def test_two_rebuilds_at_once_both_end_and_the_rows_are_right(
    engine: Engine, database_url: str, small_steps: None
):
    for number in range(20):
        _place(engine, "order", number)
    followed = caught_up(engine)
    together = threading.Barrier(2)
    problems: list[Exception] = []

    def rebuild(one: Engine) -> None:
        together.wait()
        try:
            one.runner.rebuild(ORDERS)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            problems.append(error)

    with opened(database_url, follow=False) as other:
        threads = [threading.Thread(target=rebuild, args=(one,)) for one in (engine, other)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

    assert problems == []
    assert tables_of(engine) == followed


def test_a_new_version_of_a_projection_is_rebuilt_at_the_start(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
):
    _place(engine, "order", 1)
    followed = caught_up(engine)
    engine.runner.stop()
    with engine.database.writing() as connection:
        connection.execute(delete(order_tracking))
    with opened(database_url):
        assert tables_of(engine)["order_tracking"] == [], "the same version is not rebuilt"
    newer = [dataclasses.replace(one, version=2) if one is ORDERS else one for one in PROJECTIONS]
    monkeypatch.setattr(composition, "PROJECTIONS", newer)

    with opened(database_url):
        assert tables_of(engine) == followed

    version, generation, _ = _known(engine)["orders"]
    assert (version, generation) == (2, 1)
    assert _known(engine)["inventory"][:2] == (1, 0)


def test_baton_project_follows_for_a_server_that_does_not(database_url: str):
    with opened(database_url, follow=False) as engine:
        build(engine)
    with Server(database_url, follow="false", wait_seconds="0.2") as server:
        with server.client() as client:
            body = {"headers": {"Idempotency-Key": "one"}, "json": order()}
            position = client.post("/v1/commands/place-order", **body).json()["position"]
            behind = client.get("/v1/orders/SO-0001", params={"min_position": position})
            assert (behind.status_code, behind.json()["code"]) == (503, "PROJECTION_BEHIND")

        projector = baton(database_url, "project")
        with opened(database_url, follow=False) as engine:
            assert engine.runner.wait(position, 60)

        with server.client() as client:
            found = client.get("/v1/orders/SO-0001", params={"min_position": position})
            assert found.json()["item"]["state"] == "CONFIRMED"
        assert end(projector) == 0
