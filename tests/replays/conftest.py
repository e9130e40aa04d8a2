"""A log on which the story was played."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.engine import Engine
from tests.support.story import play
from tests.support.templates import Templates
from tests.support.world import MovableClock, opened


@pytest.fixture
def told(database_url: str, templates: Templates) -> Iterator[Engine]:
    """An engine over the story, whose projections are left alone."""
    clock = MovableClock()
    templates.fill(database_url, play, clock)
    with opened(database_url, clock, follow=False) as engine:
        yield engine
