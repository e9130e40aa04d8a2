"""Rebuilds under load, rebuilds that die, rebuilds that meet."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from api.engine import Engine
from projections import rebuilding
from projections.catalogue import PROJECTIONS
from projections.orders import PROJECTION as ORDERS
from projections.orders import order_history, order_tracking
from tests.processes.working import enough, failures, meanwhile, place
from tests.support.world import caught_up, opened, rebuilt, tables_of


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a rebuild of a short log take as many steps as that of a long one."""
    monkeypatch.setattr(rebuilding, "BATCH", 50)
    monkeypatch.setattr(rebuilding, "NEAR", 30)


def test_a_rebuild_while_commands_run_ends_equal(engine: Engine):
    with meanwhile(lambda number: place(engine, "busy", number)) as placed:
        enough(placed, 20)
        for projection in PROJECTIONS:
            engine.runner.rebuild(projection)

    assert failures(placed) == []
    followed = caught_up(engine)
    assert len(followed["order_tracking"]) == len(placed)
    assert rebuilt(engine) == followed


def test_readers_never_see_fewer_rows_while_a_rebuild_runs(engine: Engine):
    for number in range(40):
        place(engine, "order", number)
    before = {name: len(rows) for name, rows in caught_up(engine).items()}

    def count(_: int) -> tuple[int, int]:
        with engine.database.reading() as connection:
            return tuple(
                connection.scalar(select(func.count()).select_from(table))
                for table in (order_tracking, order_history)
            )

    with meanwhile(count) as seen:
        for _ in range(5):
            engine.runner.rebuild(ORDERS)

    assert set(seen) == {(before["order_tracking"], before["order_history"])}


def test_a_rebuild_that_dies_halfway_changes_nothing_and_the_next_one_succeeds(engine: Engine):
    for number in range(10):
        place(engine, "order", number)
    followed = caught_up(engine)

    def die(position: int) -> None:
        raise InterruptedError(position)

    with pytest.raises(InterruptedError):
        engine.runner.rebuild(ORDERS, die)

    assert tables_of(engine) == followed
    assert rebuilt(engine) == followed


def test_a_rebuild_that_meets_another_one_ends_and_the_rows_are_right(
    engine: Engine, database_url: str
):
    for number in range(20):
        place(engine, "order", number)
    followed = caught_up(engine)

    with opened(database_url, follow=False) as other:
        met: list[int] = []

        def meet(position: int) -> None:
            if not met:
                met.append(position)
                other.runner.rebuild(ORDERS)

        engine.runner.rebuild(ORDERS, meet)

    assert met[0] < engine.reader.head().position, "they met halfway"
    assert tables_of(engine) == followed
    place(engine, "after", 1)
    assert caught_up(engine) == rebuilt(engine)
