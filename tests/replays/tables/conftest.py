"""The demo's month, with its read models as they stand after the last day."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.engine import Engine
from tests.api.month import played


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with played(tmp_path_factory.mktemp("month"), follow=True) as client:
        engine: Engine = client.app.state.engine
        assert engine.runner.wait(engine.reader.head().position, 60)
        yield engine
