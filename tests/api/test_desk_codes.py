"""What the order desk refuses, over HTTP, after a month of trade: every code with what provokes it.

A refused command leaves nothing, so that all of them are sent to one world.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.desk_refusals import AFTERWARDS, REFUSED
from tests.api.month import played, send


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The demo's month, played to its end, behind its door."""
    with played(tmp_path_factory.mktemp("desk")) as client:
        for number, (name, person, body) in enumerate(AFTERWARDS):
            one = {"name": name, "on_behalf_of": person, "body": body}
            answer = send(client, f"afterwards-{number}", one)
            assert answer.status_code == 200, answer.json()
        yield client


@pytest.mark.parametrize(
    ("at", "code", "name", "person", "body"),
    [(at, *one) for at, one in enumerate(REFUSED)],
    ids=[f"{code}-{name}-{at}" for at, (code, name, _, _) in enumerate(REFUSED)],
)
def test_it_is_refused_with_its_code_and_leaves_nothing(
    desk: TestClient, at: int, code: str, name: str, person: str, body: dict[str, Any]
):
    head = desk.get("/v1/events", params={"limit": 1}).json()["head"]

    answer = send(desk, f"refused-{at}", {"name": name, "on_behalf_of": person, "body": body})

    problem = answer.json()
    assert answer.status_code in (403, 404, 409, 422), problem
    assert code in [one["code"] for one in problem["violations"]], problem
    assert desk.get("/v1/events", params={"limit": 1}).json()["head"] == head
    promised = desk.app.openapi()["paths"][f"/v1/commands/{name}"]["post"]["description"]  # type: ignore[attr-defined]
    assert code in promised, "the code is documented where it is given"
