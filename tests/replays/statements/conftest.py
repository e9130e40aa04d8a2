"""Finance over the small world, whose opening is 28 February, and over the golden month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from api.engine import Engine
from demo.playing import load
from tests.api.door import signed_in
from tests.api.month import send as send_as_written
from tests.replays.statements.golden import Month
from tests.replays.statements.support import Finance
from tests.support.templates import Templates
from tests.support.world import MovableClock, build, opened


def small_world(engine: Engine, _: MovableClock) -> None:
    build(engine)


@pytest.fixture
def finance(tmp_path: Path, templates: Templates) -> Iterator[Finance]:
    """Finance, on a SQLite database; no read models follow."""
    clock, url = MovableClock(), f"sqlite:///{tmp_path / 'baton.db'}"
    templates.fill(url, small_world, clock)
    with opened(url, clock, follow=False) as engine:
        yield Finance(engine, clock)


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    """The month was played, and what comes late after it; tests only read."""
    told, clock = load("march_2026.json"), MovableClock()
    clock.now = datetime.fromisoformat(told["opened_at"])
    url = f"sqlite:///{tmp_path_factory.mktemp('golden') / 'baton.db'}"
    with opened(url, clock) as engine:
        client = signed_in(engine)
        for number, one in enumerate(told["setup"]):
            send_as_written(client, f"setup-{number}", one)
        for number, one in enumerate(told["month"]):
            clock.now = datetime.fromisoformat(one["recorded_at"])
            send_as_written(client, f"month-{number}", one)
        month = Month(client)
        month.before = month.documents()
        for number, one in enumerate(told["late"]):
            clock.now = datetime.fromisoformat(one["recorded_at"])
            send_as_written(client, f"late-{number}", one)
        yield month
