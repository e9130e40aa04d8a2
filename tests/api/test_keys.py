"""Who may do what with which key."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import keys
from api.app import create_app
from api.engine import Engine, digest_of
from tests.api.door import KEY, Door, problem
from tests.support.world import SECRET, order

AUDITING, OTHER = "the-auditor-s-own-secret", "another-service-s-secret"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite only: keys are the door's, whatever the database."""
    return f"sqlite:///{tmp_path / 'baton.db'}"


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The moment that the key ring believes it is, in seconds."""
    moment = [1_000.0]
    monkeypatch.setattr(keys, "time", SimpleNamespace(monotonic=lambda: moment[0]))
    return moment


def _issue(door: Door, name: str, role: str, secret: str) -> None:
    body = {"name": name, "role": role, "secret_digest": digest_of(secret)}
    door.accepted("issue-api-key", f"issue-{name}", body)


def _with(door: Door, secret: str | None, path: str = "/v1/orders") -> Any:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {"Authorization": ""}
    return door.client.get(path, headers=headers)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer wrong", f"Basic {SECRET}"])
def test_without_a_valid_key_nobody_enters(door: Door, header: str):
    for verb, path in (("GET", "/v1/orders"), ("GET", "/v1/events"), ("POST", "/v1/commands")):
        answer = door.client.request(verb, path, json=[], headers={"Authorization": header})
        assert problem(answer) == (401, "KEY_REQUIRED")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_health_metrics_and_the_front_page_need_no_key(engine: Engine):
    stranger = TestClient(create_app(engine))

    for path in ("/", "/healthz", "/readyz", "/metrics", "/openapi.json", "/v1/problems"):
        assert stranger.get(path).status_code == 200


def test_an_auditor_may_read_and_not_command(door: Door, engine: Engine):
    _issue(door, "auditor", "AUDITOR", AUDITING)
    head = engine.reader.head()
    auditor = TestClient(create_app(engine), headers={"Authorization": f"Bearer {AUDITING}"})

    for path in ("/v1/orders", "/v1/events", "/v1/refusals", "/v1/verification"):
        assert auditor.get(path).status_code == 200
    sent = {"json": order(), "headers": {"Idempotency-Key": "one"}}
    alone = auditor.post("/v1/commands/place-order", **sent)
    tried = auditor.post("/v1/commands/place-order?dry_run=true", **sent)
    many = auditor.post("/v1/commands", json=[])
    for answer in (alone, tried, many):
        assert problem(answer) == (403, "FORBIDDEN_ROLE")
    assert engine.reader.head() == head


def test_a_revoked_key_opens_nothing_after_the_remember_time(
    door: Door, now: list[float], engine: Engine
):
    _issue(door, "other", "SERVICE", OTHER)
    assert _with(door, OTHER).status_code == 200

    body = {"secret_digest": digest_of(OTHER), "reason": "lost"}
    door.accepted("revoke-api-key", "revoke", body)
    now[0] += keys.REMEMBER_SECONDS + 0.001

    assert problem(_with(door, OTHER)) == (401, "KEY_REQUIRED")
    assert _with(door, SECRET).status_code == 200


def test_a_key_that_was_unknown_opens_once_it_is_issued(door: Door, now: list[float]):
    assert problem(_with(door, OTHER)) == (401, "KEY_REQUIRED")

    _issue(door, "other", "SERVICE", OTHER)
    now[0] += keys.REMEMBER_SECONDS + 0.001

    assert _with(door, OTHER).status_code == 200


def test_two_services_may_use_the_same_idempotency_key(door: Door, engine: Engine):
    _issue(door, "other", "SERVICE", OTHER)
    mine = door.command("place-order", "one", order())

    theirs = door.command("place-order", "one", order(), authorization=f"Bearer {OTHER}")

    assert "Idempotency-Replayed" not in theirs.headers
    assert (mine.json()["result"]["so"], theirs.json()["result"]["so"]) == ("SO-0001", "SO-0002")


def test_a_secret_never_reaches_the_log(door: Door, engine: Engine):
    _issue(door, "other", "SERVICE", OTHER)

    assert all(OTHER not in row.data and SECRET not in row.data for row in engine.reader.after())
    assert KEY["Authorization"].removeprefix("Bearer ") == SECRET
