"""For whom a service acts, and when a thing happened."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.engine import Engine
from tests.api.door import Door, problem
from tests.support.world import MovableClock, order


def test_a_person_acts_through_the_service(door: Door, engine: Engine):
    answer = door.command("place-order", "one", order(), on_behalf_of="rep-east")

    events = engine.reader.command(answer.headers["Command-Id"])
    placed = next(row for row in events if row.topic == "order.placed")
    actor = engine.codec.read(placed).by
    assert (actor.user, actor.role, actor.scope) == ("rep-east", "REP", "EAST")
    assert actor.via == "bootstrap"


def test_nobody_acts_for_a_person_who_is_not_registered(door: Door, engine: Engine):
    head = engine.reader.head()

    answer = door.command("place-order", "one", order(), on_behalf_of="nobody")

    assert problem(answer) == (403, "FORBIDDEN_ROLE")
    assert answer.json()["violations"][0]["facts"]["user"] == "nobody"
    assert engine.reader.head() == head


def test_business_time_may_lie_in_the_past_and_record_time_is_the_server_s(
    door: Door, engine: Engine, clock: MovableClock
):
    happened = clock.now - timedelta(days=3)

    answer = door.command("place-order", "one", order(), occurred_at=happened.isoformat())

    [placed] = engine.reader.after(topics=["order.placed"])
    assert answer.status_code == 200
    assert engine.codec.read(placed).occurred_at == happened
    assert placed.recorded_at == engine.reader.head().recorded_at == "2026-03-01T01:00:00.000000Z"


@pytest.mark.parametrize(
    ("ahead", "status"), [(timedelta(minutes=5), 200), (timedelta(minutes=5, seconds=1), 422)]
)
def test_business_time_may_not_lie_in_the_future_beyond_what_clocks_differ(
    door: Door, clock: MovableClock, ahead: timedelta, status: int
):
    at = (clock.now + ahead).isoformat()

    answer = door.command("place-order", "one", order(), occurred_at=at)

    assert answer.status_code == status
    if status != 200:
        assert problem(answer) == (422, "FUTURE_DATED")


@pytest.mark.parametrize("text", ["2026-02-28T10:00:00", "yesterday"])
def test_business_time_must_be_an_instant(door: Door, text: str):
    answer = door.command("place-order", "one", order(), occurred_at=text)

    assert problem(answer) == (400, "VALIDATION_FAILED")


def test_record_time_never_runs_backwards_with_the_clock(
    door: Door, engine: Engine, clock: MovableClock
):
    clock.move(hours=1)
    door.accepted("place-order", "one", order())
    later = engine.reader.head().recorded_at
    clock.move(hours=-2)

    door.accepted("place-order", "two", order())

    assert engine.reader.head().recorded_at == later
