"""The door of an engine: how commands are sent to it, and how its problems are read."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.engine import Engine
from tests.support.world import SECRET

KEY = {"Authorization": f"Bearer {SECRET}"}

_FIRST: list[FastAPI] = []


def app_of(engine: Engine) -> FastAPI:
    """The app of an engine, with the routes and the description of the first one of this process.

    Each app reads the signatures of all routes when it is first asked, and describes them once
    more: that takes longer than most tests. Routes know no engine, they ask their request's app.
    """
    app = create_app(engine)
    if not _FIRST:
        _FIRST.append(app)
    [first] = _FIRST
    app.router.routes = first.router.routes
    app.openapi = first.openapi  # type: ignore[method-assign] # as api.openapi does
    return app


def signed_in(engine: Engine) -> TestClient:
    """A service that holds a key to the door of an engine."""
    return TestClient(app_of(engine), headers=KEY, raise_server_exceptions=False)


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
