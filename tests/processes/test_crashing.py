"""A loaded server is killed with signal 9, and nothing that it acknowledged is lost or half done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import pytest
from sqlalchemy import select

from api.engine import Engine
from eventlog.rows import EventRow, Receipt
from eventlog.schema import receipts
from projections.positions import projection_positions
from replays.verifying import verify
from tests.conftest import BACKENDS
from tests.processes.loading import Load, place, place_many
from tests.processes.serving import Server, baton
from tests.support.backends import note_backend, shared_url
from tests.support.world import build, opened, tables_of

ACKNOWLEDGEMENTS = 60


@dataclass
class Crashed:
    """A server that was killed twice under load, started again, and what it had acknowledged."""

    url: str
    server: Server
    load: Load


@pytest.fixture(scope="module", params=BACKENDS)
def wreck(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Crashed]:
    url, load = shared_url(request, tmp_path_factory), Load()
    with opened(url, follow=False) as engine:
        build(engine, devices=20, boxes=50_000)
    for name in ("first", "second"):
        with Server(url) as server:
            load.until_killed(server, name, ACKNOWLEDGEMENTS)
    with Server(url) as server:
        yield Crashed(url, server, load)


@pytest.fixture
def crashed(request: pytest.FixtureRequest, wreck: Crashed) -> Crashed:
    note_backend(request, wreck.url)
    return wreck


def test_what_was_acknowledged_is_there_once_and_whole_after_a_kill(crashed: Crashed):
    load = crashed.load
    assert len(load.acknowledged) >= 2 * ACKNOWLEDGEMENTS

    with crashed.server.client() as client:
        for key, body in load.alone.items():
            answer = place(client, key, body)
            assert answer.headers.get("Idempotency-Replayed") == "true" or not load.knows(key)
            load.assert_same(key, answer.json())
        for answer in place_many(client, load.together):
            assert answer["repeated"] or not load.knows(answer["key"])
            load.assert_same(answer["key"], answer)

    with opened(crashed.url, follow=False) as engine:
        rows = list(engine.reader.after())
        assert verify(engine.reader).faults == ()
        assert [row.position for row in rows] == list(range(1, len(rows) + 1))
        with engine.database.reading() as connection:
            kept = [Receipt(*row) for row in connection.execute(select(receipts))]
        _assert_receipts_match(kept, rows)
        _assert_nothing_half_done(rows)
    orders = {one.key: one for one in kept if one.command == "place-order"}
    assert orders.keys() == load.alone.keys() | load.together.keys()


def _assert_receipts_match(kept: list[Receipt], rows: list[EventRow]) -> None:
    """Every event belongs to a command with a receipt, at the positions that the receipt names."""
    left = {row.position: row.command_id for row in rows}
    for receipt in kept:
        if receipt.first_position:
            for position in range(receipt.first_position, receipt.last_position + 1):
                assert left.pop(position) == receipt.command_id
    assert left == {}


def _assert_nothing_half_done(rows: list[EventRow]) -> None:
    """Orders, stock, serials and credit tell the same of every order."""
    by_topic: dict[str, list[tuple[str, dict]]] = {}
    for row in rows:
        by_topic.setdefault(row.topic, []).append((row.stream, msgspec.json.decode(row.data)))
    placed = {stream.partition("/")[2]: data for stream, data in by_topic["order.placed"]}
    confirmed = Counter(stream.partition("/")[2] for stream, _ in by_topic["order.confirmed"])
    reserved: Counter[str] = Counter()
    for _, data in by_topic["stock.reserved"]:
        reserved[data["ref"]] += data["goods"]["qty"]
    credit = {data["so"]: data["amount"] for _, data in by_topic["credit.moved"]}
    bound = Counter(data["so"] for _, data in by_topic["serial.reserved"])

    assert set(confirmed.values()) == {1}
    assert confirmed.keys() < placed.keys()
    assert reserved == {so: placed[so]["lines"][0]["qty"] for so in confirmed}
    assert credit == {so: placed[so]["gross"] for so in confirmed}
    devices = {so for so in confirmed if placed[so]["lines"][0]["sku"] == "US80"}
    assert bound == dict.fromkeys(devices, 1)
    held = {stream.partition("/")[2] for stream, _ in by_topic["order.held"]}
    assert held == placed.keys() - confirmed.keys()


def test_projections_go_on_after_a_kill_and_equal_a_rebuild(crashed: Crashed):
    with opened(crashed.url, follow=False) as engine:
        with crashed.server.client() as client:
            head = engine.reader.head().position
            client.get("/v1/orders", params={"min_position": head}).raise_for_status()
        followed = tables_of(engine)
        assert _generations(engine) == {0}, "they went on; they were not rebuilt"
        assert followed["order_tracking"], "there is something to compare"

        process = baton(crashed.url, "rebuild", "--jobs", "1")
        process.communicate(timeout=60)

        assert process.returncode == 0
        assert tables_of(engine) == followed
        assert _generations(engine) == {1}


def _generations(engine: Engine) -> set[int]:
    with engine.database.reading() as connection:
        return set(connection.scalars(select(projection_positions.c.generation)))
