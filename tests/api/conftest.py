"""The door of a small world, on a clock that tests move."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.engine import Engine
from tests.api.door import Door, signed_in
from tests.api.month import played
from tests.api.scene import Scene
from tests.conftest import BACKENDS
from tests.support.backends import note_backend, shared_url
from tests.support.story import play
from tests.support.templates import Templates, followed
from tests.support.world import MovableClock, build, opened


def small_world(engine: Engine, _: MovableClock) -> None:
    build(engine)


def populated_world(engine: Engine, _: MovableClock) -> None:
    build(engine)
    Scene(engine).people()


def told_world(engine: Engine, clock: MovableClock) -> None:
    play(engine, clock)
    followed(engine)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def engine(database_url: str, clock: MovableClock, templates: Templates) -> Iterator[Engine]:
    """An engine over the small world."""
    templates.fill(database_url, small_world, clock)
    with opened(database_url, clock) as engine:
        yield engine


@pytest.fixture
def scene(tmp_path: Path, clock: MovableClock, templates: Templates) -> Iterator[Scene]:
    """A scene of the small world, on a database of its own; no read models follow."""
    url = f"sqlite:///{tmp_path / 'scene.db'}"
    templates.fill(url, populated_world, clock)
    with opened(url, clock, follow=False) as engine:
        yield Scene(engine)


@pytest.fixture
def client(engine: Engine) -> TestClient:
    """A service that holds a key."""
    return signed_in(engine)


@pytest.fixture
def door(client: TestClient) -> Door:
    return Door(client)


@pytest.fixture(scope="module", params=BACKENDS)
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, templates: Templates
) -> Iterator[Engine]:
    """An engine that knows the whole story; the tests of a module share it and only read."""
    url, clock = shared_url(request, tmp_path_factory), MovableClock()
    templates.fill(url, told_world, clock)
    with opened(url, clock) as engine:
        yield engine


@pytest.fixture
def asked(request: pytest.FixtureRequest, world: Engine) -> TestClient:
    """A service that asks an engine that knows the whole story."""
    note_backend(request, world.database.url.render_as_string())
    return signed_in(world)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service at the end of the demo's month; each module has a copy, with read models."""
    with played(tmp_path_factory.mktemp("month"), follow=True) as client:
        yield client
