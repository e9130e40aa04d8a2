"""Who reads: the service itself, or somebody whom the log knows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import keys
from api.app import create_app
from api.engine import Engine
from api.scope import bound_to
from domain.kernel.refusal import ForbiddenRole
from domain.kernel.stamp import Actor
from tests.api.door import Door, app_of, problem
from tests.api.scene import Scene
from tests.api.scope.asking import behalf
from tests.support.backends import note_backend
from tests.support.story import SERIAL
from tests.support.world import (
    AWAY,
    DEVICE,
    DEVICE_DI,
    POOR,
    RICH,
    MovableClock,
    done,
    order,
    serial,
)

AUDITING = "the-auditor-s-own-secret"
USERS = {"dlr-rich": RICH, "dlr-poor": POOR, "dlr-away": AWAY}
PATHS = ("/v1/orders", "/v1/orders/SO-0001", "/v1/stock", "/v1/events", "/v1/verification")


@pytest.fixture(scope="module")
def world(world: Engine) -> Engine:
    """It knows three dealers' users and an auditor, too; tests only read."""
    for user, dealer in USERS.items():
        done(world, "register-user", user, _dealers_user(user, dealer))
    world.issue_key("auditor", "AUDITOR", AUDITING)
    assert world.runner.wait(world.reader.head().position, 60)
    return world


@pytest.fixture
def auditor(request: pytest.FixtureRequest, world: Engine) -> TestClient:
    note_backend(request, world.database.url.render_as_string())
    return TestClient(app_of(world), headers={"Authorization": f"Bearer {AUDITING}"})


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The moment that the key ring believes it is, in seconds."""
    moment = [1_000.0]
    monkeypatch.setattr(keys, "time", SimpleNamespace(monotonic=lambda: moment[0]))
    return moment


def _dealers_user(user: str, dealer: str) -> dict[str, Any]:
    return {"user_id": user, "role": "DLR", "dealer_id": dealer}


def test_a_dealers_user_reads_what_its_dealer_has(asked: TestClient):
    rows = {user: asked.get("/v1/orders", headers=behalf(user)).json()["items"] for user in USERS}
    devices = asked.get("/v1/serials", headers=behalf("dlr-rich")).json()["items"]

    assert {user: [row["so"] for row in found] for user, found in rows.items()} == {
        "dlr-rich": ["SO-0001"],
        "dlr-poor": [],
        "dlr-away": [],
    }
    assert [(one["serial"], one["so"], one["shipment"]) for one in devices] == [
        (SERIAL, "SO-0001", "SHP-1")
    ]


def test_the_dealers_of_others_are_not_found(asked: TestClient):
    for path in ("/v1/orders/SO-0001", f"/v1/serials/{DEVICE_DI}/{SERIAL}", f"/v1/dealers/{RICH}"):
        assert asked.get(path, headers=behalf("dlr-rich")).status_code == 200
        assert problem(asked.get(path, headers=behalf("dlr-away"))) == (404, "NOT_FOUND")


def test_a_service_without_the_header_reads_everything(asked: TestClient):
    assert [row["so"] for row in asked.get("/v1/orders").json()["items"]] == ["SO-0001"]
    for path in PATHS:
        assert asked.get(path).status_code == 200


@pytest.mark.parametrize("name", ["nobody", "", "dlr-rich/", "dlr rich"])
@pytest.mark.parametrize("path", PATHS)
def test_whom_the_log_does_not_know_reads_nothing(asked: TestClient, path: str, name: str):
    answer = asked.get(path, headers=behalf(name))

    assert problem(answer) == (403, "FORBIDDEN_ROLE")
    assert answer.json()["violations"][0]["facts"]["user"] == name


def test_a_name_that_no_log_can_hold_is_turned_away(asked: TestClient):
    answer = asked.get("/v1/orders", headers={"On-Behalf-Of": b"dlr\x00rich"})  # type: ignore[dict-item]

    assert problem(answer) == (400, "VALIDATION_FAILED")


@pytest.mark.parametrize("path", PATHS)
def test_an_auditor_acts_for_nobody(auditor: TestClient, path: str):
    for user in ("dlr-rich", "fin-1", "nobody"):
        assert problem(auditor.get(path, headers=behalf(user))) == (403, "FORBIDDEN_ROLE")
    assert auditor.get(path).status_code == 200
    assert auditor.get(path, headers=behalf("")).status_code == 200


def test_without_a_key_the_header_opens_nothing(world: Engine):
    stranger = TestClient(create_app(world))

    answer = stranger.get("/v1/orders", headers=behalf("dlr-rich"))

    assert problem(answer) == (401, "KEY_REQUIRED")


def test_a_user_who_goes_to_another_dealer_sees_its_orders_after_the_remember_time(
    door: Door, now: list[float]
):
    def orders() -> list[str]:
        params = {"min_position": position}
        answer = door.client.get("/v1/orders", params=params, headers=behalf("dlr-1"))
        return [row["dealer"] for row in answer.json()["items"]]

    for dealer in (RICH, AWAY):
        door.accepted("place-order", f"of-{dealer}", order(dealer))
    body = _dealers_user("dlr-1", RICH)
    position = door.accepted("register-user", "one", body)["position"]
    assert orders() == [RICH]

    door.accepted("register-user", "two", body | {"dealer_id": AWAY})
    now[0] += keys.REMEMBER_SECONDS + 0.001

    assert orders() == [AWAY]


def test_a_user_who_was_just_registered_may_read(door: Door, now: list[float]):
    assert problem(door.client.get("/v1/orders", headers=behalf("late")))[0] == 403

    door.accepted("register-user", "one", _dealers_user("late", RICH))

    assert door.client.get("/v1/orders", headers=behalf("late")).status_code == 200


def test_a_device_that_was_bought_of_another_dealer_does_not_name_its_order(
    engine: Engine, clock: MovableClock
):
    scene = Scene(engine)
    scene.people()
    for user, dealer in USERS.items():
        done(engine, "register-user", user, _dealers_user(user, dealer))
    so = scene.placed(RICH, DEVICE)
    scene.delivered(so, "2026-03-01", DEVICE, serials=(serial(1),))
    sold = {"line_no": 1, "day": "2026-03-01", "sku": DEVICE, "serial": serial(1), "qty": 1}
    line = sold | {"buyer": {"dealer": POOR}}
    told = {"file_hash": "sha256:one", "lines": [line], "source": "DEALER_PORTAL"}
    weights = {"SERVICE_ENGINEER_SCAN": "0.95", "FIELD_AUDIT": "0.8", "DEALER_PORTAL": "0.8"}
    scene.does(None, "set-observation-weights", weights=weights)
    scene.does("dlr-rich", "report-dealer-sales", dealer_id=RICH, **told)
    assert engine.runner.wait(engine.reader.head().position, 60)

    path = f"/v1/serials/{DEVICE_DI}/{serial(1)}"
    ours = scene.client.get(path).json()["item"]
    theirs = scene.client.get(path, headers=behalf("dlr-poor")).json()["item"]
    [listed] = scene.client.get("/v1/serials", headers=behalf("dlr-poor")).json()["items"]

    assert (ours["dealer"], ours["so"], ours["shipment"]) == (POOR, so, "SHP-1")
    assert theirs == listed
    assert (theirs["so"], theirs["shipment"]) == (None, None)
    assert problem(scene.client.get(path, headers=behalf("dlr-rich"))) == (404, "NOT_FOUND")


def test_a_dealers_user_of_whom_nobody_said_whose_sees_nothing():
    with pytest.raises(ForbiddenRole):
        bound_to(Actor("dlr-1", "DLR"))


def test_whoever_has_a_dealer_is_bound_to_it_whatever_the_role():
    assert bound_to(Actor("somebody", "REP", dealer=RICH)) == RICH
    assert bound_to(Actor("somebody", "REP", "EAST")) is None
