"""Following the log: pages of events, a stream of them, and what was refused."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient

from api.app import create_app
from api.engine import Engine
from tests.api.door import KEY, Door, problem
from tests.support.world import done, order


def test_events_come_in_envelopes_with_stable_ids(asked: TestClient, world: Engine):
    row = world.reader.stream("Order/SO-0001")[0]
    found = asked.get("/v1/events", params={"after": row.position - 1, "limit": 1}).json()

    [event] = found["items"]
    assert found["next"] == row.position
    assert found["head"] == world.reader.head().position
    assert (event["specversion"], event["source"]) == ("1.0", "/v1/events")
    assert (event["id"], event["position"]) == (str(row.position), row.position)
    assert (event["type"], event["subject"]) == ("order.placed", "Order/SO-0001")
    assert (event["digest"], event["commandid"]) == (row.digest, row.command_id)
    assert event["data"] == json.loads(row.data)
    assert (event["time"], event["recordedat"]) == ("2026-03-02T01:00:00Z", "2026-03-02T01:00:05Z")


@pytest.mark.parametrize("limit", [1, 7, 500])
def test_paging_through_events_visits_every_position_once(
    asked: TestClient, world: Engine, limit: int
):
    found: list[int] = []
    after = 0
    while items := (
        page := asked.get("/v1/events", params={"after": after, "limit": limit}).json()
    )["items"]:
        found += [one["position"] for one in items]
        after = page["next"]

    assert found == list(range(1, world.reader.head().position + 1))
    assert page["next"] == world.reader.head().position


def test_topics_leave_what_they_name_and_lead_on(asked: TestClient, world: Engine):
    topics = ["order.placed", "order.confirmed"]

    first = asked.get("/v1/events", params={"topic": topics, "limit": 1}).json()
    rest = asked.get("/v1/events", params={"topic": topics, "after": first["next"]}).json()

    assert [one["type"] for one in first["items"] + rest["items"]] == topics
    assert asked.get("/v1/events", params={"topic": "no.such"}).json()["items"] == []


@pytest.mark.parametrize(
    "params", [{"after": -1}, {"after": 10**30}, {"after": "x"}, {"limit": 0}, {"limit": 501}]
)
def test_pages_have_bounds(asked: TestClient, params: dict[str, Any]):
    assert problem(asked.get("/v1/events", params=params)) == (400, "VALIDATION_FAILED")


def test_refused_commands_are_on_record_latest_first(door: Door, engine: Engine):
    door.command("place-order", "first", order(sku="NONE"), on_behalf_of="rep-east")
    door.command("recheck-order", "second", {"so_id": "SO-9999"})

    found = door.client.get("/v1/refusals").json()

    told = {one["command"]: (one["principal"], one["actor"]) for one in found}
    assert told == {
        "place-order": ("bootstrap", "rep-east"),
        "recheck-order": ("bootstrap", "bootstrap"),
    }
    codes = {one["command"]: one["answer"]["code"] for one in found}
    assert codes == {"place-order": "UNKNOWN_SKU", "recheck-order": "NOT_FOUND"}
    assert len(door.client.get("/v1/refusals", params={"limit": 1}).json()) == 1


def test_a_later_refusal_comes_before_an_earlier_one(door: Door, clock: Any):
    for number in range(3):
        clock.move(seconds=1)
        door.command("recheck-order", str(number), {"so_id": f"SO-{number}"})

    found = door.client.get("/v1/refusals").json()

    ids = [one["answer"]["violations"][0]["facts"]["id"] for one in found]
    assert ids == ["SO-2", "SO-1", "SO-0"]


@contextmanager
def _served(engine: Engine) -> Iterator[httpx.Client]:
    """A real server on a free port of the loopback address, and a client of it."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(engine), log_config=None, ws="none", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        with httpx.Client(base_url=address, headers=KEY, timeout=30) as client:
            yield client
    finally:
        server.should_exit = server.force_exit = True
        thread.join(30)
        assert not thread.is_alive()
        listener.close()


def _events(answer: httpx.Response) -> Iterator[dict[str, str]]:
    event: dict[str, str] = {}
    for line in answer.iter_lines():
        name, _, value = line.partition(": ")
        if line and name:
            event[name] = value
        elif event:
            yield event
            event = {}


def test_a_stream_tells_events_as_they_come(engine: Engine):
    head = engine.reader.head().position
    with (
        _served(engine) as client,
        client.stream("GET", "/v1/events/stream", params={"after": head - 2}) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = _events(answer)
        old = list(islice(events, 2))

        position = done(engine, "place-order", "live", order())["position"]
        new = list(islice(events, position - head))

    assert [one["id"] for one in old + new] == [str(one) for one in range(head - 1, position + 1)]
    told = [json.loads(one["data"]) for one in new]
    assert [one["type"] for one in told] == [one["event"] for one in new]
    assert new[1]["event"] == "order.placed"
    assert told[1]["data"]["terms"]["dealer"] == "D01"


def test_a_stream_goes_on_after_the_last_event_that_was_seen(engine: Engine):
    with _served(engine) as client:
        headers = {"Last-Event-ID": "5"}
        with client.stream("GET", "/v1/events/stream?after=1", headers=headers) as answer:
            seen = [one["id"] for one in islice(_events(answer), 3)]
        with client.stream("GET", "/v1/events/stream") as answer:
            whole = [one["id"] for one in islice(_events(answer), 3)]

    assert seen == ["6", "7", "8"]
    assert whole == ["1", "2", "3"]


def test_nobody_follows_without_a_key(engine: Engine):
    with _served(engine) as client:
        answer = client.get("/v1/events/stream", headers={"Authorization": ""})

    assert problem(answer) == (401, "KEY_REQUIRED")
