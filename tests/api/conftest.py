"""The door of a small world, on a clock that tests move."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.engine import Engine
from tests.conftest import BACKENDS
from tests.support.backends import note_backend, shared_url
from tests.support.story import play
from tests.support.world import SECRET, MovableClock, build, opened

KEY = {"Authorization": f"Bearer {SECRET}"}


def signed_in(engine: Engine) -> TestClient:
    """A service that holds a key to the door of an engine."""
    return TestClient(create_app(engine), headers=KEY, raise_server_exceptions=False)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def engine(database_url: str, clock: MovableClock) -> Iterator[Engine]:
    """An engine over the small world."""
    with opened(database_url, clock) as engine:
        build(engine)
        yield engine


@pytest.fixture
def client(engine: Engine) -> TestClient:
    """A service that holds a key."""
    return signed_in(engine)


class Door:
    """Sends commands, and reads problems."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def command(self, name: str, key: str | None, body: Any, **headers: str) -> Any:
        """Send one command; ``on_behalf_of="x"`` is the header On-Behalf-Of."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            given["Idempotency-Key"] = key
        return self.client.post(f"/v1/commands/{name}", json=body, headers=given)

    def accepted(self, name: str, key: str, body: Any, **headers: str) -> dict[str, Any]:
        """Send a command that must be accepted, and give its answer."""
        answer = self.command(name, key, body, **headers)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def door(client: TestClient) -> Door:
    return Door(client)


def problem(answer: Any) -> tuple[int, str]:
    """Status and code of a problem, which must be one in form."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    told = answer.json()
    required = {"type", "title", "status", "detail", "code", "violations"}
    assert required <= told.keys()
    assert told["status"] == answer.status_code
    assert told["type"] == f"/v1/problems/{told['code']}"
    for one in told["violations"]:
        assert {"code", "detail", "facts"} == one.keys()
    return answer.status_code, told["code"]


@pytest.fixture(scope="module", params=BACKENDS)
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """An engine that knows the whole story; the tests of a module share it and only read."""
    clock = MovableClock()
    with opened(shared_url(request, tmp_path_factory), clock) as engine:
        play(engine, clock)
        assert engine.runner.wait(engine.reader.head().position, 60)
        yield engine


@pytest.fixture
def asked(request: pytest.FixtureRequest, world: Engine) -> TestClient:
    """A service that asks an engine that knows the whole story."""
    note_backend(request, world.database.url.render_as_string())
    return signed_in(world)
