"""What a service meets when it sends a command: keys, dry runs, expected versions."""

from __future__ import annotations

import pytest

from api.engine import Engine
from tests.api.door import Door, problem
from tests.support.world import BOX, DEVICE, POOR, RICH, caught_up, order


def test_an_accepted_command_says_what_was_done_and_where_the_log_stands(
    door: Door, engine: Engine
):
    answer = door.command("place-order", "one", order())

    head = engine.reader.head().position
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert "Idempotency-Replayed" not in answer.headers
    told = answer.json()
    assert told["outcome"] == "accepted"
    assert told["result"] == {"so": "SO-0001", "state": "CONFIRMED", "holds": []}
    assert told["position"] == head
    assert told["streams"]["Order/SO-0001"] == len(engine.reader.stream("Order/SO-0001"))
    events = engine.reader.command(answer.headers["Command-Id"])
    assert [row.position for row in events] == list(range(head - len(events) + 1, head + 1))
    assert {row.stream for row in events} == told["streams"].keys()


def test_a_command_without_a_key_is_turned_away(door: Door):
    answer = door.command("place-order", None, order())

    assert problem(answer) == (400, "IDEMPOTENCY_KEY_REQUIRED")


def test_a_repeated_command_gets_the_stored_answer_and_does_nothing(door: Door, engine: Engine):
    first = door.command("place-order", "one", order())
    head = engine.reader.head()

    again = door.command("place-order", "one", order())

    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Command-Id"] == first.headers["Command-Id"]
    assert engine.reader.head() == head


def test_a_repeated_refusal_gets_the_stored_refusal_although_it_would_pass_now(door: Door):
    body = {"dealer_id": "D09", "limit": 1, "valid_from": "2026-01-01", "valid_to": "2026-12-31"}
    profile = {"legal_name": "Nine", "uscc": "U9", "tier": "A", "sales_region": "EAST"}
    first = door.command("set-credit-limit", "limit", body)
    assert problem(first) == (404, "NOT_FOUND")
    door.accepted("register-dealer", "dealer", {"dealer_id": "D09", "profile": profile})

    again = door.command("set-credit-limit", "limit", body)

    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert door.accepted("set-credit-limit", "another", body)


@pytest.mark.parametrize(
    "other",
    [
        {"body": order(qty=2)},
        {"name": "recheck-order", "body": {"so_id": "SO-0001"}},
        {"on_behalf_of": "rep-east"},
        {"occurred_at": "2026-03-01T00:00:00+00:00"},
        {"expected_versions": "Dealer/D01@1"},
    ],
    ids=["body", "name", "on-behalf-of", "occurred-at", "expected-versions"],
)
def test_a_key_that_was_used_for_something_else_is_a_conflict(
    door: Door, engine: Engine, other: dict
):
    door.accepted("place-order", "one", order())
    head = engine.reader.head()
    sent = {"name": "place-order", "body": order()} | other

    answer = door.command(key="one", **sent)

    assert problem(answer) == (409, "IDEMPOTENCY_CONFLICT")
    assert engine.reader.head() == head


def test_members_of_a_body_may_come_in_another_order(door: Door):
    door.accepted("place-order", "one", order())
    turned = dict(reversed(order().items()))

    answer = door.command("place-order", "one", turned)

    assert answer.headers["Idempotency-Replayed"] == "true"


def test_a_command_sent_alone_and_sent_among_many_is_the_same_command(door: Door):
    first = door.accepted("place-order", "one", order())

    [again] = door.client.post(
        "/v1/commands", json=[{"name": "place-order", "key": "one", "body": order()}]
    ).json()

    assert again["outcome"] == "accepted", again
    assert (again["repeated"], again["result"]) == (True, first["result"])


def test_a_dry_run_shows_the_outcome_and_changes_nothing(door: Door, engine: Engine):
    head, rows = engine.reader.head(), caught_up(engine)

    tried = door.client.post(
        "/v1/commands/place-order?dry_run=true", json=order(), headers={"Idempotency-Key": "one"}
    )

    assert tried.status_code == 200
    assert tried.json()["result"] == {"so": "SO-0001", "state": "CONFIRMED", "holds": []}
    assert engine.reader.head() == head
    assert caught_up(engine) == rows
    real = door.command("place-order", "one", order())
    assert real.json() == tried.json()
    assert "Idempotency-Replayed" not in real.headers


def test_a_dry_run_shows_a_refusal_and_keeps_no_receipt(door: Door):
    tried = door.client.post(
        "/v1/commands/place-order?dry_run=true",
        json=order(sku="NOTHING"),
        headers={"Idempotency-Key": "one"},
    )

    assert problem(tried) == (422, "UNKNOWN_SKU")
    assert door.client.get("/v1/refusals").json() == []
    assert door.accepted("place-order", "one", order())


def test_an_expected_version_that_holds_lets_the_command_pass(door: Door):
    door.accepted("place-order", "one", order())
    version = door.accepted("place-order", "two", order())["streams"]["Order/SO-0002"]

    relied_on = f"Order/SO-0002@{version}, Order/SO-0009@0"

    assert door.accepted("place-order", "3", order(), expected_versions=relied_on)


def test_an_expected_version_that_does_not_hold_is_a_conflict_with_facts(
    door: Door, engine: Engine
):
    streams = door.accepted("place-order", "one", order())["streams"]
    head = engine.reader.head()

    relied_on = f"Order/SO-0001@99, Dealer/{RICH}@7, Stock/WH-SH/INJ@{streams['Stock/WH-SH/INJ']}"
    answer = door.command("place-order", "two", order(), expected_versions=relied_on)

    assert problem(answer) == (409, "VERSION_CONFLICT")
    facts = {one["detail"]: one["facts"] for one in answer.json()["violations"]}
    assert facts == {
        "Order/SO-0001": {"expected": 99, "actual": streams["Order/SO-0001"]},
        f"Dealer/{RICH}": {"expected": 7, "actual": 3},
    }
    assert engine.reader.head() == head


def test_a_held_order_is_accepted_with_its_holds(door: Door):
    short = door.accepted("place-order", "one", order(RICH, DEVICE, 4))
    poor = door.accepted("place-order", "two", order(POOR, BOX, 2))

    assert short["result"] == {"so": "SO-0001", "state": "ON_HOLD", "holds": ["NO_SUPPLY"]}
    assert poor["result"] == {"so": "SO-0002", "state": "ON_HOLD", "holds": ["CREDIT_LIMIT"]}
