"""Four processes write to one log at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from api.engine import Engine
from eventlog.rows import Receipt
from eventlog.schema import receipts
from replays.verifying import verify
from tests.processes.crew import Crew
from tests.support.templates import Templates
from tests.support.world import BOX, DEVICE, POOR, RICH, build, opened, order

RACERS = 50


@pytest.fixture
def engine(database_url: str, templates: Templates) -> Iterator[Engine]:
    """An engine over a small world with one device, used to look at what the crew did."""
    templates.begin(database_url)
    with opened(database_url, follow=False) as engine:
        build(engine, devices=1)
        yield engine


@pytest.fixture(scope="module")
def writers() -> Iterator[Crew]:
    with Crew() as crew:
        yield crew


@pytest.fixture
def crew(writers: Crew, engine: Engine, database_url: str) -> Iterator[Crew]:
    with writers.on(database_url):
        yield writers


def _holds(outcomes) -> Counter[str]:
    return Counter(
        ",".join(one["answer"]["result"]["holds"]) or one["answer"]["result"]["state"]
        for one in outcomes
    )


def _receipts(engine: Engine) -> list[Receipt]:
    with engine.database.reading() as connection:
        return [Receipt(*row) for row in connection.execute(select(receipts))]


def _assert_sound(engine: Engine) -> None:
    rows = list(engine.reader.after())
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    assert verify(engine.reader).faults == ()
    assert engine.reader.head().position == len(rows)


def test_positions_stay_dense_and_every_acknowledged_command_is_there_once(engine, crew):
    boxes = [("place-order", f"box-{one}", order(RICH, BOX)) for one in range(120)]
    wrong = [("place-order", f"wrong-{one}", order(RICH, "NOTHING")) for one in range(20)]

    outcomes = crew.deal(boxes + wrong)

    _assert_sound(engine)
    assert Counter(one["status"] for one in outcomes) == {"accepted": 120, "refused": 20}
    kept = Counter((one.key, one.command_id) for one in _receipts(engine))
    events = Counter(row.command_id for row in engine.reader.after())
    for one in outcomes:
        receipt = Receipt(*one["receipt"])
        assert kept[one["key"], one["command_id"]] == 1
        assert engine.reader.receipt(one["command_id"]) == receipt
        positions = [row.position for row in engine.reader.command(one["command_id"])]
        if one["status"] == "refused":
            assert positions == []
        else:
            last = receipt.last_position
            assert positions == list(range(receipt.first_position, last + 1))
            assert events[one["command_id"]] == len(positions) > 0


def test_orders_of_all_processes_take_numbers_without_a_hole(engine, crew):
    outcomes = crew.deal([("place-order", f"o-{one}", order()) for one in range(40)])

    numbers = sorted(one["answer"]["result"]["so"] for one in outcomes)
    assert numbers == [f"SO-{one:04}" for one in range(1, 41)]


def test_the_last_unit_goes_to_exactly_one_of_fifty_orders(engine, crew):
    asked = [("place-order", f"unit-{one}", order(RICH, DEVICE)) for one in range(RACERS)]

    outcomes = crew.deal(asked)

    assert _holds(outcomes) == {"CONFIRMED": 1, "NO_SUPPLY": RACERS - 1}
    reserved = list(engine.reader.after(topics=["serial.reserved"]))
    confirmed = list(engine.reader.after(topics=["order.confirmed"]))
    assert [len(reserved), len(confirmed)] == [1, 1]
    _assert_sound(engine)


def test_the_last_credit_goes_to_exactly_one_of_fifty_orders(engine, crew):
    asked = [("place-order", f"credit-{one}", order(POOR, BOX)) for one in range(RACERS)]

    outcomes = crew.deal(asked)

    assert _holds(outcomes) == {"CONFIRMED": 1, "CREDIT_LIMIT": RACERS - 1}
    assert len(list(engine.reader.after(topics=["credit.moved"]))) == 1
    _assert_sound(engine)


def test_the_same_key_from_every_process_is_one_command_with_one_receipt(engine, crew):
    asked = [("place-order", f"same-{one}", order()) for one in range(10)]

    outcomes = crew.race(asked, asked, asked, asked)

    for key in (one[1] for one in asked):
        alike = [one for one in outcomes if one["key"] == key]
        assert Counter(one["repeated"] for one in alike) == {False: 1, True: 3}
        assert len({str(one["receipt"]) for one in alike}) == 1
    placed = list(engine.reader.after(topics=["order.placed"]))
    assert len(placed) == len(asked)
    _assert_sound(engine)


def test_the_same_key_with_another_body_is_refused_wherever_it_comes_from(engine, crew):
    shares = [
        [("place-order", f"torn-{one}", order(qty=process)) for one in range(10)]
        for process in range(1, 5)
    ]

    outcomes = crew.race(*shares)

    for key in (one[1] for one in shares[0]):
        alike = Counter(one["status"] for one in outcomes if one["key"] == key)
        assert alike == {"accepted": 1, "conflict": 3}
    assert len(list(engine.reader.after(topics=["order.placed"]))) == 10
    _assert_sound(engine)


def test_processes_that_open_an_empty_database_at_once_all_come_up(
    writers: Crew, database_url: str
):
    user = {"user_id": "somebody", "role": "FIN"}

    with writers.on(database_url):
        outcomes = writers.deal([("register-user", f"user-{one}", user) for one in range(4)])

    assert [one["status"] for one in outcomes] == ["accepted"] * 4
    with opened(database_url, follow=False) as engine:
        topics = [row.topic for row in engine.reader.after()]
        assert Counter(topics) == {"api_key.issued": 1, "user.registered": 1}
        _assert_sound(engine)
