"""Several runners on one log, a new version of a projection, and a projector of its own."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from sqlalchemy import delete

from api import engine as composition
from api.engine import Engine
from projections import positions
from projections.catalogue import PROJECTIONS
from projections.inventory import PROJECTION as INVENTORY
from projections.orders import PROJECTION as ORDERS
from projections.orders import order_tracking
from projections.positions import StaleError
from tests.processes.serving import Server, baton, end
from tests.processes.working import BODIES, place
from tests.support.world import build, caught_up, opened, order, rebuilt, send, tables_of


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


def test_a_runner_that_was_overtaken_writes_nothing(engine: Engine, database_url: str):
    engine.runner.stop()
    place(engine, "order", 1)
    with opened(database_url, follow=False) as other:
        overtaken = other.runner._reader.after

        def overtake(position: int, **bounds: Any) -> list[Any]:
            rows = list(overtaken(position, **bounds))
            while engine.runner.catch_up():
                pass
            return rows

        other.runner._reader.after = overtake

        with pytest.raises(StaleError):
            other.runner.catch_up()

    followed = tables_of(engine)
    assert len(followed["order_tracking"]) == 1
    assert rebuilt(engine) == followed


def test_a_new_version_of_a_projection_is_rebuilt_at_the_start(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
):
    place(engine, "order", 1)
    followed = caught_up(engine)
    engine.runner.stop()
    with engine.database.writing() as connection:
        connection.execute(delete(order_tracking))
    with opened(database_url):
        assert tables_of(engine)["order_tracking"] == [], "the same version is not rebuilt"
    newer = [
        dataclasses.replace(one, version=ORDERS.version + 1) if one is ORDERS else one
        for one in PROJECTIONS
    ]
    monkeypatch.setattr(composition, "PROJECTIONS", newer)

    with opened(database_url):
        assert tables_of(engine) == followed

    version, generation, _ = _known(engine)["orders"]
    assert (version, generation) == (ORDERS.version + 1, 1)
    assert _known(engine)["inventory"][:2] == (INVENTORY.version, 0)


def _known(engine: Engine) -> dict[str, tuple[int, int, int]]:
    with engine.database.reading() as connection:
        return positions.read(connection)


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
