"""Health, figures, pages for people, and the proof of the log."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.engine import Engine
from api.pages import reasons
from tests.api.door import Door, signed_in
from tests.support.world import opened, order

NAMES = ("baton_log_position", "baton_projection_lag", "baton_queue_waiting")


def test_the_process_says_that_it_lives_and_serves(asked: TestClient, world: Engine):
    head = world.reader.head().position

    assert asked.get("/healthz").json() == {"status": "ok"}
    assert asked.get("/readyz").json() == {"status": "ok", "position": head, "lag": 0}


def test_the_figures_tell_position_lag_and_queue(asked: TestClient, world: Engine):
    answer = asked.get("/metrics")

    assert answer.headers["content-type"].startswith("text/plain")
    figures = dict(re.findall(r"^(baton_\w+) (\S+)$", answer.text, re.MULTILINE))
    assert {name: float(figures[name]) for name in NAMES} == {
        "baton_log_position": world.reader.head().position,
        "baton_projection_lag": 0,
        "baton_queue_waiting": 0,
    }


@pytest.fixture
def unprojected(database_url: str) -> Iterator[Engine]:
    with opened(database_url, follow=False) as engine:
        yield engine


def test_a_log_that_nobody_follows_has_a_lag(unprojected: Engine):
    client = signed_in(unprojected)

    assert client.get("/readyz").json() == {"status": "ok", "position": 0, "lag": 1}
    assert "baton_projection_lag 1.0" in client.get("/metrics").text


def test_the_log_is_proven_intact(asked: TestClient, world: Engine):
    head = world.reader.head()

    assert asked.get("/v1/verification").json() == {
        "intact": True,
        "events": head.position,
        "digest": head.digest,
        "checkpoints": 0,
        "examined": None,
        "faults": [],
    }


def test_the_front_page_names_every_request_and_the_state_of_the_log(
    asked: TestClient, world: Engine
):
    page = asked.get("/")

    assert page.headers["content-type"].startswith("text/html")
    assert f"<dd>{world.reader.head().position:,}</dd>" in page.text
    for path in asked.get("/openapi.json").json()["paths"]:
        assert f"<code>{path}</code>" in page.text


def test_every_problem_code_is_explained(asked: TestClient):
    listed = asked.get("/v1/problems").json()

    codes = [one["code"] for one in listed]
    assert codes == sorted(codes)
    assert reasons().keys() <= set(codes)
    for one in listed:
        assert asked.get(f"/v1/problems/{one['code']}").json() == one
        assert one["sentence"].endswith(".")
        assert 400 <= one["status"] < 600


@pytest.mark.parametrize("name", ["place-order", "recheck-order"])
def test_the_type_of_a_problem_leads_to_its_explanation(door: Door, name: str):
    bodies = {"place-order": order(sku="NONE"), "recheck-order": {"so_id": "SO-9"}}

    told = door.command(name, "one", bodies[name]).json()

    explained = door.client.get(told["type"])
    assert explained.status_code == 200, told["type"]
    assert (explained.json()["code"], explained.json()["sentence"]) == (told["code"], told["title"])


def test_the_problems_of_the_door_itself_are_explained_too(door: Door):
    missing = door.command("place-order", None, order()).json()
    stranger = door.client.get("/v1/orders", headers={"Authorization": ""}).json()

    for told in (missing, stranger):
        assert door.client.get(told["type"]).status_code == 200, told["type"]
