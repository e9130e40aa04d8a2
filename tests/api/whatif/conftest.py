"""The demo's month, asked what if."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.api.month import played


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The month behind its door; questions leave nothing."""
    with played(tmp_path_factory.mktemp("whatif")) as client:
        yield client
