"""Finance over the small world, whose opening is 28 February, and over the golden month."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.engine import Engine
from demo.playing import load
from tests.api.month import MONTH, go_on, played
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
    with played(tmp_path_factory.mktemp("golden"), follow=True) as client:
        month = Month(client)
        month.before = month.documents()
        go_on(client, "late", load(MONTH)["late"])
        yield month
