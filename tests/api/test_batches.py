"""Many commands in one request: in order, each with its own key and outcome."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from api import commands
from api.engine import Engine
from tests.api.door import Door, problem
from tests.support.world import BOX, DEVICE, RICH, order

BAD = [
    ("unknown command", {"name": "make-coffee", "body": {}}, 404, "NOT_FOUND"),
    ("wrong body", {"name": "place-order", "body": {"dealer_id": 1}}, 400, "VALIDATION_FAILED"),
    ("no body", {"name": "place-order"}, 400, "VALIDATION_FAILED"),
    ("unknown field", {"name": "x", "body": {}, "colour": "red"}, 400, "VALIDATION_FAILED"),
    ("refused", {"name": "place-order", "body": order(sku="NONE")}, 422, "UNKNOWN_SKU"),
    ("nobody", {"on_behalf_of": "nobody"}, 403, "FORBIDDEN_ROLE"),
    ("stale", {"expected_versions": {f"Dealer/{RICH}": 99}}, 409, "VERSION_CONFLICT"),
    ("future", {"occurred_at": "2099-01-01T00:00:00Z"}, 422, "FUTURE_DATED"),
    ("no offset", {"occurred_at": "2026-02-01T00:00:00"}, 400, "VALIDATION_FAILED"),
]


def _place(key: str, sku: str = BOX, **more: Any) -> dict[str, Any]:
    return {"name": "place-order", "key": key, "body": order(RICH, sku)} | more


def test_bad_commands_do_not_stop_their_neighbours_and_the_order_is_kept(
    door: Door, engine: Engine
):
    batch: list[dict[str, Any]] = []
    for key, wrong, _, _ in BAD:
        batch += [_place(f"before {key}"), {**_place(key), **wrong}]
        if key == "no body":
            del batch[-1]["body"]
    batch.append(_place("last"))

    answer = door.client.post("/v1/commands", json=batch)

    assert answer.status_code == 200
    outcomes = answer.json()
    assert [one["key"] for one in outcomes] == [one["key"] for one in batch]
    good = [one for one in outcomes if one["outcome"] == "accepted"]
    assert [one["result"]["so"] for one in good] == [
        f"SO-{number:04}" for number in range(1, len(BAD) + 2)
    ]
    bad = {one["key"]: (one["status"], one["code"]) for one in outcomes if one["status"] != 200}
    assert bad == {key: (status, code) for key, _, status, code in BAD}
    assert len(list(engine.reader.after(topics=["order.placed"]))) == len(BAD) + 1


def test_every_outcome_says_how_it_went(door: Door):
    door.accepted("place-order", "earlier", order())

    outcomes = door.client.post(
        "/v1/commands", json=[_place("good"), _place("refused", "NONE"), _place("good"), 5]
    ).json()

    good, refused, again, nonsense = outcomes
    assert (good["outcome"], good["status"], good["repeated"]) == ("accepted", 200, False)
    assert {"result", "streams", "position", "command_id"} <= good.keys()
    assert (refused["outcome"], refused["status"]) == ("refused", 422)
    assert {"code", "violations", "position"} <= refused.keys()
    assert again == good | {"repeated": True}
    assert (nonsense["outcome"], nonsense["key"], nonsense["status"]) == ("failed", None, 400)


def test_lines_of_json_are_a_batch_too(door: Door):
    lines = [json.dumps(_place("one")), "", json.dumps(_place("two", "NONE")), "{"]
    lines.append(json.dumps(_place("three")))
    headers = {"Content-Type": "application/x-ndjson"}

    answer = door.client.post("/v1/commands", content="\n".join(lines), headers=headers)

    outcomes = answer.json()
    assert [one["status"] for one in outcomes] == [200, 422, 400, 200]


def test_a_later_command_sees_what_an_earlier_one_did(door: Door):
    batch = [_place(str(number), DEVICE) for number in range(4)]

    outcomes = door.client.post("/v1/commands", json=batch).json()

    held = [one["result"]["holds"] for one in outcomes]
    assert held == [[], [], [], ["NO_SUPPLY"]]


def test_a_dry_run_of_many_changes_nothing(door: Door, engine: Engine):
    head = engine.reader.head()
    batch = [_place("one"), _place("two")]

    tried = door.client.post("/v1/commands?dry_run=true", json=batch).json()

    assert [one["result"]["so"] for one in tried] == ["SO-0001", "SO-0001"]
    assert engine.reader.head() == head
    real = door.client.post("/v1/commands", json=batch).json()
    assert [one["repeated"] for one in real] == [False, False]


def test_versions_and_people_travel_in_the_envelope(door: Door, engine: Engine):
    envelope = {
        "on_behalf_of": "rep-east",
        "occurred_at": "2026-02-28T10:00:00+08:00",
        "expected_versions": {f"Dealer/{RICH}": 3},
    }

    [outcome] = door.client.post("/v1/commands", json=[_place("one", **envelope)]).json()

    assert outcome["status"] == 200, outcome
    placed = engine.reader.command(outcome["command_id"])[1]
    event = engine.codec.read(placed)
    assert event.by.user == "rep-east"
    assert event.occurred_at == datetime(2026, 2, 28, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("body", [{}, "text", None])
def test_what_is_no_list_is_turned_away(door: Door, body: Any):
    assert problem(door.client.post("/v1/commands", json=body)) == (400, "VALIDATION_FAILED")


def test_nothing_to_do_is_done(door: Door):
    assert door.client.post("/v1/commands", json=[]).json() == []


def test_more_commands_than_fit_are_turned_away_and_none_is_done(
    door: Door, engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(commands, "BATCH_LIMIT", 2)
    head = engine.reader.head()

    answer = door.client.post("/v1/commands", json=[_place(str(one)) for one in range(3)])

    assert problem(answer) == (413, "BATCH_TOO_LARGE")
    assert engine.reader.head() == head
