"""The access log: every reading by somebody known is in it, exports before their first byte."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.engine import Engine
from eventlog import access
from tests.api.door import signed_in
from tests.support.world import ACTOR


@pytest.fixture
def asked(engine: Engine) -> TestClient:
    """A service that asks a small world, on each database."""
    return signed_in(engine)


def notes(client: TestClient, **sought: Any) -> list[dict[str, Any]]:
    return client.get("/v1/accesses", params={"limit": 500, **sought}).json()["items"]


def eventually(look: Callable[[], Any]) -> Any:
    """What is noted within a moment."""
    deadline = time.monotonic() + 5
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def test_a_reading_is_noted_with_who_asked_what_and_the_answer(asked: TestClient):
    asked.get("/v1/orders", params={"dealer": "D01"})
    asked.get("/v1/orders/SO-9")
    asked.get("/healthz")
    asked.get("/v1/orders", headers={"Authorization": "Bearer nobody-knows-this"})

    found = eventually(lambda: notes(asked, about="/v1/orders/SO-9"))
    (missing,) = found
    assert (missing["reader"], missing["role"], missing["status"]) == (ACTOR.user, "SERVICE", 404)
    (listed,) = [one for one in notes(asked, about="/v1/orders") if one["path"] == "/v1/orders"]
    assert (listed["query"], listed["status"], listed["times"]) == ("dealer=D01", 200, 1)
    assert notes(asked, about="healthz") == []


def test_who_reads_for_somebody_is_noted_with_both(asked: TestClient):
    asked.get("/v1/stock", headers={"On-Behalf-Of": "mgr-east"})

    (note,) = eventually(lambda: notes(asked, reader="mgr-east"))
    assert (note["principal"], note["reader"], note["path"]) == (
        ACTOR.user,
        "mgr-east",
        "/v1/stock",
    )


def test_readings_that_are_alike_within_a_moment_are_one_row_with_their_number(asked: TestClient):
    for _ in range(20):
        asked.get("/v1/returns")

    total = eventually(lambda: sum(one["times"] for one in notes(asked, about="/v1/returns")) >= 20)
    assert total
    assert len(notes(asked, about="/v1/returns")) < 20


def test_an_export_is_noted_before_its_first_byte(asked: TestClient, engine: Engine):
    asked.get("/v1/exports/tables/products")

    with engine.database.reading() as connection:
        found = connection.execute(
            text("SELECT path FROM access_log WHERE path LIKE '/v1/exports/%'")
        ).all()
    assert found == [("/v1/exports/tables/products",)]


def test_what_cannot_be_noted_is_not_handed_out(asked: TestClient, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("api.accesses.keep", broken)
    export = asked.get("/v1/exports/tables/products")
    plain = asked.get("/v1/stock")

    assert (export.status_code, export.json()["code"]) == (503, "LOG_UNAVAILABLE")
    assert plain.status_code == 200


def test_notes_that_wait_are_written_when_the_engine_closes(
    asked: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("api.accesses.PAUSE_SECONDS", 30)
    asked.get("/v1/stock", params={"wh": "WH-LAST"})
    engine.accesses.stop()

    sought = access.Asked(about="/v1/stock")
    assert [one.query for one in access.kept(engine.database, sought, 0, 10)] == ["wh=WH-LAST"]


def test_whoever_goes_away_before_the_note_is_written_stops_nobody(engine: Engine):
    about = access.Access("somebody", "AUDITOR", "somebody", None, "/v1/exports/events", "", 200)
    for _ in range(3):
        engine.accesses.noted(about).cancel()

    engine.accesses.noted(about).result(10)
    asked = access.kept(engine.database, access.Asked(reader="somebody"), 0, 10)
    assert sum(one.times for one in asked) == 4


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_stranger_replaces_no_note(asked: TestClient, engine: Engine):
    asked.get("/v1/exports/tables/products")
    stranger = sqlite3.connect(str(engine.database.url.database))

    with pytest.raises(sqlite3.IntegrityError), closing(stranger):
        stranger.execute(
            "INSERT OR REPLACE INTO access_log SELECT id, at, 'nobody', role, reader, dealer, "
            "path, query, status, times FROM access_log"
        )


@pytest.mark.parametrize("change", ["UPDATE access_log SET reader = 'x'", "DELETE FROM access_log"])
def test_nobody_changes_what_was_noted(asked: TestClient, engine: Engine, change: str):
    asked.get("/v1/exports/tables/products")

    with pytest.raises(DBAPIError), engine.database.writing() as connection:
        connection.execute(text(change))
    assert notes(asked, about="exports")


def test_notes_are_found_by_time_and_page_by_page(asked: TestClient, engine: Engine):
    for number in range(5):
        asked.get(
            f"/v1/exports/tables/{('products', 'users', 'dealers', 'returns', 'claims')[number]}"
        )
    page = asked.get("/v1/accesses", params={"about": "exports", "limit": 2}).json()
    rest = asked.get("/v1/accesses", params={"about": "exports", "after": page["next"]}).json()

    assert [len(page["items"]), len(rest["items"]), rest["next"]] == [2, 3, None]
    now = engine.clock().isoformat()
    assert len(notes(asked, about="exports", since=now)) == 5
    assert notes(asked, about="exports", until="2020-01-01T00:00:00Z") == []
