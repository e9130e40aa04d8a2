"""What most stories of several processes begin with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.engine import Engine
from tests.support.templates import Templates
from tests.support.world import build, opened


@pytest.fixture
def engine(database_url: str, templates: Templates) -> Iterator[Engine]:
    """An engine that follows a small world."""
    templates.begin(database_url)
    with opened(database_url) as engine:
        build(engine, devices=5)
        yield engine
