"""The demo's month, asked by its service on behalf of its people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert

from api.engine import Engine
from projections.money.claims import claims
from tests.api.month import played


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service that asks after the month's last day; tests only read."""
    with played(tmp_path_factory.mktemp("scope"), follow=True) as client:
        engine: Engine = client.app.state.engine  # type: ignore[attr-defined]
        _claim(engine, "CL-9005", "D05")
        _claim(engine, "CL-9006", "D06")
        yield client


def _claim(engine: Engine, claim: str, dealer: str) -> None:
    """A row of the read model, for nobody claims anything in the month."""
    now = {"position": engine.reader.head().position, "updated_at": engine.clock()}
    with engine.database.writing() as connection:
        connection.execute(insert(claims).values(claim=claim, dealer=dealer, **now))
