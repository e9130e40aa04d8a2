"""The demo's month and what came late, behind the door, with read models that have all of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from demo.playing import load
from tests.api.month import MONTH, go_on, played


class Auditor:
    """Somebody who may read everything."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.engine = client.app.state.engine

    def ask(self, path: str, **params: Any) -> Any:
        """What a question is answered, which it must be."""
        answer = self.client.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rows(self, table: str, *where: str, **when: str) -> list[dict[str, Any]]:
        """Rows of a table, now or at a moment."""
        return self.ask(f"/v1/tables/{table}", where=list(where), limit=500, **when)["items"]

    def refused(self, path: str, **params: Any) -> tuple[int, str, list[Any]]:
        """Status, code and the fields that are wrong of a question that is refused."""
        answer = self.client.get(path, params=params)
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        told = answer.json()
        wrong = [one["facts"].get("field") for one in told["violations"]]
        return answer.status_code, told["code"], wrong


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Auditor]:
    with played(tmp_path_factory.mktemp("audited"), follow=True) as client:
        go_on(client, "late", load(MONTH)["late"])
        engine = client.app.state.engine
        assert engine.runner.wait(engine.reader.head().position, 60)
        yield Auditor(client)
