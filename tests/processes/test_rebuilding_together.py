"""Read models rebuilt together by several processes, compared, while commands go on."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import app
from api.engine import Engine
from projections import rebuilding
from projections.catalogue import PROJECTIONS
from projections.orders import PROJECTION as ORDERS
from projections.rebuilding import Wish
from projections.views import VIEWS
from tests.processes.working import enough, failures, meanwhile, place
from tests.support.world import caught_up, rebuilt, tables_of


def baton(engine: Engine, *words: str):
    url = engine.database.url.render_as_string(hide_password=False)
    return CliRunner().invoke(app, ["rebuild", *words], env={"BATON_DATABASE_URL": url})


SOME = ("orders", "inventory", "reconciliation", "supply")


def test_read_models_rebuilt_by_two_processes_while_commands_run_end_equal(engine: Engine):
    with meanwhile(lambda number: place(engine, "busy", number)) as placed:
        enough(placed, 20)
        answer = baton(engine, *SOME, "--jobs", "2", "--compare")
        enough(placed, len(placed) + 5)

    assert answer.exit_code == 0, answer.stdout
    assert failures(placed) == []
    followed = caught_up(engine)
    assert len(followed["order_tracking"]) == len(placed)
    assert rebuilt(engine) == followed


@pytest.mark.parametrize("switch", [True, False])
def test_a_comparison_names_the_rows_that_differ(engine: Engine, switch: bool):
    for number in range(5):
        place(engine, "order", number)
    honest = caught_up(engine)
    with engine.database.writing() as connection:
        connection.execute(text("UPDATE order_tracking SET owner = 'x' WHERE so = 'SO-0003'"))

    answer = baton(engine, "orders", "--compare" if switch else "--dry-run")

    assert answer.exit_code == 1
    assert "differs: order_tracking so=SO-0003" in answer.stdout
    assert (tables_of(engine) == honest) is switch


def test_a_comparison_leaves_no_table_behind(engine: Engine):
    place(engine, "order", 1)
    caught_up(engine)
    engine.runner.rebuild(ORDERS, wish=Wish(compare=True, switch=False))

    with pytest.raises(Exception, match="order_tracking__g1"), engine.database.reading() as live:
        live.execute(text("SELECT * FROM order_tracking__g1"))


def test_what_is_compared_is_both_at_the_same_position(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    """The live tables are behind: the new ones wait for them, and then go on to the head."""
    monkeypatch.setattr(rebuilding, "NEAR", 0)
    engine.runner.stop()
    reached = min(engine.runner.positions().values())
    for number in range(3):
        place(engine, "order", number)

    found = engine.runner.rebuild(ORDERS, wish=Wish(compare=True))

    assert (found.compared_at, found.differences) == (reached, {})
    assert found.position == engine.reader.head().position
    assert len(tables_of(engine)["order_tracking"]) == 3


def test_views_stand_on_the_tables_that_are_there(engine: Engine):
    for projection in PROJECTIONS:
        engine.runner.rebuild(projection)

    with engine.database.reading() as connection:
        for view in VIEWS:
            assert connection.execute(text(f"SELECT * FROM {view.name}")).all() == []


def test_an_unknown_projection_is_named_with_those_that_are_known(engine: Engine):
    answer = baton(engine, "orders", "nothing")

    assert answer.exit_code == 2
    assert "nothing; known are" in answer.output.replace("\n", " ")
