"""What a caller meets when the door is too busy, a body too large, or a flow broken."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.decoding import COMMANDS
from api.engine import Engine
from domain.flows import FLOWS
from eventlog import writer
from eventlog.jobs import Request
from tests.api.door import KEY, Door, problem
from tests.support.world import opened, order

SECRET_TEXT = "4711 and the password of the database"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite only: none of this is the database's."""
    return f"sqlite:///{tmp_path / 'baton.db'}"


def _request(key: str, decide: Any) -> Request:
    return Request("test", key, key, "test", f"test-{key}", "test", decide)


def test_a_full_queue_asks_the_caller_to_come_back(database_url: str, monkeypatch: Any):
    monkeypatch.setattr(writer, "QUEUE_LIMIT", 2)
    busy, go_on = threading.Event(), threading.Event()

    def hold_on(_: Any) -> dict[str, Any]:
        busy.set()
        assert go_on.wait(60)
        return {}

    with opened(database_url) as engine:
        client = TestClient(create_app(engine), headers=KEY)
        assert client.get("/v1/orders").status_code == 200
        engine.submit(_request("hold", hold_on))
        assert busy.wait(60)
        waiting = [engine.submit(_request(str(one), lambda _: {})) for one in range(2)]
        assert "baton_queue_waiting 2.0" in client.get("/metrics").text

        headers = {"Idempotency-Key": "one"}
        answer = client.post("/v1/commands/place-order", json=order(), headers=headers)
        [among] = client.post(
            "/v1/commands", json=[{"name": "place-order", "key": "one", "body": order()}]
        ).json()

        go_on.set()
        assert problem(answer) == (503, "BUSY")
        assert int(answer.headers["Retry-After"]) >= 1
        assert (among["status"], among["code"]) == (503, "BUSY")
        assert [one.result(60).receipt.status for one in waiting] == ["accepted"] * 2


def test_a_broken_flow_is_a_problem_without_its_text(
    door: Door, engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    head = engine.reader.head()
    place_order = COMMANDS["place-order"]
    whole = FLOWS[place_order]

    def broken(log: Any, stamp: Any, command: Any) -> dict[str, Any]:
        result = whole(log, stamp, command)
        if command.external_ref == "break":
            raise RuntimeError(SECRET_TEXT)
        return result

    monkeypatch.setitem(FLOWS, place_order, broken)

    answer = door.command("place-order", "one", order(external_ref="break"))
    bodies = (order(), order(external_ref="break"), order())
    outcomes = door.client.post(
        "/v1/commands",
        json=[
            {"name": "place-order", "key": f"many-{number}", "body": body}
            for number, body in enumerate(bodies)
        ],
    )

    assert problem(answer) == (500, "INTERNAL_ERROR")
    assert [one["status"] for one in outcomes.json()] == [200, 500, 200]
    assert [one.get("result", {}).get("so") for one in outcomes.json()] == [
        "SO-0001",
        None,
        "SO-0002",
    ]
    for text in (answer.text, outcomes.text):
        assert "4711" not in text
        assert "RuntimeError" not in text
    assert engine.reader.head().position > head.position
    repaired = door.command("place-order", "one", order(external_ref="break", qty=1))
    assert repaired.status_code == 500, "a broken command leaves no receipt: it is tried again"


def test_a_broken_query_is_a_problem_without_its_text(
    door: Door, engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    def broken() -> dict[str, int]:
        raise RuntimeError(SECRET_TEXT)

    monkeypatch.setattr(engine.runner, "positions", broken)

    query = door.client.get("/v1/orders")
    ready = door.client.get("/readyz")

    assert problem(query) == (500, "INTERNAL_ERROR")
    assert problem(ready) == (503, "NOT_READY")
    assert "4711" not in query.text + ready.text


@pytest.mark.parametrize("path", ["/v1/commands/place-order", "/v1/commands"])
@pytest.mark.parametrize("announced", [True, False])
def test_a_body_that_is_too_large_is_turned_away(database_url: str, path: str, announced: bool):
    with opened(database_url, max_body_bytes=1_000) as engine:
        client = TestClient(create_app(engine), headers=KEY, raise_server_exceptions=False)
        content: Any = b" " * 2_000
        if not announced:
            content = (b" " * 100 for _ in range(20))

        answer = client.post(path, content=content, headers={"Idempotency-Key": "one"})

        assert problem(answer) == (413, "BODY_TOO_LARGE")


def test_a_body_that_just_fits_is_read(database_url: str):
    with opened(database_url, max_body_bytes=1_000) as engine:
        client = TestClient(create_app(engine), headers=KEY)

        assert client.post("/v1/commands", content=b"[]" + b" " * 998).json() == []
