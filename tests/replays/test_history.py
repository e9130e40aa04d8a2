"""The history of a device: who did what, when, where and under which document."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient
from rich.console import Console
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app, auditing
from api.engine import Engine
from tests.support.story import DELAY, LABEL, SERIAL
from tests.support.world import DEVICE, DEVICE_DI, OPENED_AT, SECRET, WAREHOUSE, serial

POD, INVOICE, CASE = "sha256:pod-1", "INV-2603-001", "DIV-0001"
LIFE = [
    # day, hour, who, topic, where, document
    (1, 1, "bootstrap", "serial.registered", "", "REG-US80"),
    (1, 1, "bootstrap", "serial.stocked", WAREHOUSE, "OPENING"),
    (2, 1, "rep-east", "order.placed", "310000", "PO-1"),
    (2, 1, "system:sourcing", "order.confirmed", "", ""),
    (2, 1, "system:sourcing", "serial.reserved", WAREHOUSE, "SO-0001"),
    (3, 2, "wh-sh-1", "shipment.pick_confirmed", "", ""),
    (3, 3, "wh-sh-2", "shipment.outbound_reviewed", "", ""),
    (3, 4, "wh-sh-1", "shipment.goods_shipped", WAREHOUSE, "WB-1"),
    (3, 4, "wh-sh-1", "serial.shipped", WAREHOUSE, "SHP-1"),
    (5, 1, "rep-east", "shipment.delivery_confirmed", "310100", POD),
    (5, 1, "rep-east", "serial.delivered", "310100", "SHP-1"),
    (5, 1, "system:invoicing", "shipment.billed", "", INVOICE),
    (21, 1, "se-1", "serial.installed", "330100", LABEL),
    (21, 1, "system:diversion", "diversion.alert_raised", "330100", INVOICE),
    (21, 1, "system:diversion", "serial.case_linked", "", CASE),
]
NAMES = ("occurred_at", "actor", "topic", "place", "document")
SHIPPED = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)

KNOWN = [(4, "RESERVED"), (5, "SHIPPED")]


def _life(upto: int = len(LIFE)) -> list[tuple[object, ...]]:
    return [(datetime(2026, 3, day, hour, tzinfo=UTC), *rest) for day, hour, *rest in LIFE[:upto]]


def _told(answer: dict) -> list[tuple[object, ...]]:
    return [
        (datetime.fromisoformat(one["occurred_at"]), *(one[name] for name in NAMES[1:]))
        for one in answer["entries"]
    ]


def _baton_serial(url: str, *words: str):
    return CliRunner().invoke(app, ["serial", *words], env={"BATON_DATABASE_URL": url})


@pytest.fixture
def client(told: Engine) -> TestClient:
    return TestClient(create_app(told), headers={"Authorization": f"Bearer {SECRET}"})


def test_baton_serial_tells_a_device_s_life_in_order(told: Engine, database_url: str):
    answer = _baton_serial(database_url, DEVICE_DI, SERIAL, "--json")

    assert answer.exit_code == 0
    story = json.loads(answer.stdout)
    assert (story["di"], story["serial"]) == (DEVICE_DI, SERIAL)
    assert (story["sku"], story["state"]) == (DEVICE, "INSTALLED")
    assert _told(story) == _life()


def test_http_tells_the_same_life_as_the_command_line(
    told: Engine, client: TestClient, database_url: str
):
    answer = client.get(f"/v1/serials/{DEVICE_DI}/{SERIAL}/history").json()

    printed = json.loads(_baton_serial(database_url, DEVICE_DI, SERIAL, "--json").stdout)
    assert _told(answer) == _life()
    assert answer["entries"] == printed["entries"]


def test_every_entry_has_its_record_time_and_leads_to_its_event(told: Engine, client: TestClient):
    answer = client.get(f"/v1/serials/{DEVICE_DI}/{SERIAL}/history").json()

    events = {row.position: row for row in told.reader.after()}
    for one in answer["entries"]:
        event = events[one["position"]]
        occurred = datetime.fromisoformat(one["occurred_at"])
        late = DELAY if occurred > OPENED_AT else occurred - occurred
        assert datetime.fromisoformat(one["recorded_at"]) == occurred + late
        assert (one["stream"], one["version"]) == (event.stream, event.version)
        assert (one["topic"], one["command_id"]) == (event.topic, event.command_id)
    positions = [one["position"] for one in answer["entries"]]
    assert positions == sorted(positions)
    acted = {one["actor"]: (one["role"], one["via"]) for one in answer["entries"]}
    assert acted["wh-sh-2"] == ("WH", "bootstrap"), "a person, through a service's key"
    assert acted["system:invoicing"] == ("SYSTEM", None)


def test_the_table_on_the_terminal_names_people_and_documents(
    told: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(auditing, "console", Console(width=240))

    printed = _baton_serial(database_url, DEVICE_DI, SERIAL)

    assert printed.exit_code == 0
    title, heading, _, *entries = [line for line in printed.stdout.splitlines() if line.strip()]
    assert title.strip() == f"{DEVICE} {SERIAL} ({DEVICE_DI}), INSTALLED"
    assert " ".join(heading.split()) == "# happened recorded what where document who"
    for line, (_, who, _, where, document) in zip(entries, _life(), strict=True):
        assert line.rstrip().endswith(who)
        assert where in line
        assert document in line
    waybill = next(line for line in entries if "WB-1" in line)
    assert "2026-03-03 12:00   03-03 12:00:05" in waybill, "in the company's zone"


def test_a_serial_that_nobody_has_heard_of_exits_with_one(told: Engine, database_url: str):
    answer = _baton_serial(database_url, DEVICE_DI, "US80-26-4711")

    assert answer.exit_code == 1
    assert "nothing is known" in answer.stderr
    assert answer.stdout == ""


def test_http_does_not_find_a_serial_that_nobody_has_heard_of(client: TestClient):
    answer = client.get(f"/v1/serials/{DEVICE_DI}/US80-26-4711/history")

    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


def test_a_stranger_s_history_begins_with_its_sighting(client: TestClient):
    answer = client.get(f"/v1/serials/{DEVICE_DI}/US80-26-9999/history").json()

    assert answer["state"] == "UNKNOWN"
    topics = [one["topic"] for one in answer["entries"]]
    assert topics == ["serial.observed", "diversion.alert_raised", "serial.case_linked"]


def test_known_at_cuts_what_was_recorded_later_at_each_second(
    client: TestClient, database_url: str
):
    path = f"/v1/serials/{DEVICE_DI}/{SERIAL}/history"
    recorded = [
        datetime.fromisoformat(one["recorded_at"]) for one in client.get(path).json()["entries"]
    ]
    for moment in sorted(set(recorded)):
        for cut in (moment, moment - timedelta(seconds=1)):
            known = sum(one <= cut for one in recorded)
            answer = client.get(path, params={"known_at": cut.isoformat()})
            assert answer.status_code == (200 if known else 404)
            if known:
                assert _told(answer.json()) == _life(known)


@pytest.mark.parametrize(("seconds", "state"), KNOWN)
def test_the_state_is_the_one_that_was_known(
    client: TestClient, told: Engine, database_url: str, seconds: int, state: str
):
    moment = SHIPPED.replace(second=seconds)

    path = f"/v1/serials/{DEVICE_DI}/{SERIAL}/history"
    answer = client.get(path, params={"known_at": moment.isoformat()}).json()

    assert answer["state"] == state
    local = moment.astimezone(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None).isoformat()
    words = (DEVICE_DI, SERIAL, "--known-at", local, "--json")
    printed = json.loads(_baton_serial(database_url, *words).stdout)
    assert printed["entries"] == answer["entries"]


def test_a_device_that_never_left_has_a_short_life(client: TestClient):
    answer = client.get(f"/v1/serials/{DEVICE_DI}/{serial(2)}/history").json()

    assert answer["state"] == "IN_STOCK"
    assert [one["topic"] for one in answer["entries"]] == ["serial.registered", "serial.stocked"]
