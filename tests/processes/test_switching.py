"""A switch to rebuilt tables, while somebody reads the old ones (PostgreSQL)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from api.engine import Engine
from projections.money.journal import PROJECTION as JOURNAL
from tests.processes.working import place
from tests.support.templates import Templates
from tests.support.world import build, caught_up, opened

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def engine(database_url: str, templates: Templates) -> Iterator[Engine]:
    """An engine that follows a small world."""
    templates.begin(database_url)
    with opened(database_url) as engine:
        build(engine, devices=2)
        caught_up(engine)
        yield engine


def test_a_reader_that_does_not_end_holds_up_the_switch_and_nothing_else(engine: Engine):
    rebuilt: list[int] = []
    with engine.database.snapshot(["journal"]) as reader:
        before = reader.execute(text("SELECT count(*) FROM journal")).scalar_one()
        switch = threading.Thread(
            target=lambda: rebuilt.append(engine.runner.rebuild(JOURNAL).position)
        )
        switch.start()
        time.sleep(1)
        for number in range(3):
            place(engine, "meanwhile", number)
        assert engine.runner.wait(engine.reader.head().position, 10)
        assert reader.execute(text("SELECT count(*) FROM journal")).scalar_one() == before
        assert rebuilt == []
    switch.join(20)

    assert len(rebuilt) == 1
    assert engine.reader.head().position - rebuilt[0] < 50


def test_whoever_waits_for_a_switch_sees_the_new_table_whole(engine: Engine):
    seen: list[int] = []

    def read() -> None:
        with engine.database.snapshot(["products"]) as connection:
            seen.append(connection.execute(text("SELECT count(*) FROM products")).scalar_one())

    engine.runner.stop()
    with engine.database.writing() as connection:
        connection.execute(text("DROP VIEW sales"))
        connection.execute(text("CREATE TABLE products__new (LIKE products)"))
        connection.execute(text("INSERT INTO products__new SELECT * FROM products"))
        connection.execute(text("DROP TABLE products"))
        connection.execute(text("ALTER TABLE products__new RENAME TO products"))
        reader = threading.Thread(target=read)
        reader.start()
        time.sleep(0.5)
        assert seen == []
    reader.join(10)

    assert seen == [2]
