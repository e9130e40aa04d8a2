"""A row that cannot be read any more is named by whoever comes across it."""

from __future__ import annotations

import sys

import pytest
from typer.testing import CliRunner

from api.cli import app, main
from api.engine import Engine
from tests.api.door import problem, signed_in
from tests.replays.tampering import Tamperer, tampering


def cut_the_text(log: Tamperer, at: int) -> None:
    log.change(at, data=log.row(at).data[:-1])


def take_a_field_away(log: Tamperer, at: int) -> None:
    log.change(at, data=log.row(at).data.replace('"occurred_at"', '"occurred"'))


def name_a_topic_that_nobody_knows(log: Tamperer, at: int) -> None:
    log.change(at, topic="order.dreamt")


SPOILT = (cut_the_text, take_a_field_away, name_a_topic_that_nobody_knows)


@pytest.fixture(params=SPOILT, ids=[one.__name__ for one in SPOILT])
def spoilt(request: pytest.FixtureRequest, told: Engine, database_url: str) -> tuple[int, str]:
    """Position and stream of a row that somebody spoilt."""
    with tampering(database_url) as log:
        row = next(row for row in log.rows() if row.topic == "order.placed")
        request.param(log, row.position)
    return row.position, row.stream


def test_the_door_names_the_row_in_every_answer_that_needs_it(
    told: Engine, spoilt: tuple[int, str]
):
    client = signed_in(told)
    position, stream = spoilt
    name = stream.removeprefix("Order/")
    for path in (
        f"/v1/history/orders/{name}",
        f"/v1/dossiers/orders/{name}",
        f"/v1/states/{stream}",
    ):
        answer = client.get(path)
        assert problem(answer) == (500, "LOG_UNREADABLE"), path
        assert answer.json()["detail"].startswith(f"position {position} of the log"), path


@pytest.mark.parametrize("spoilt", [cut_the_text, take_a_field_away], indirect=True)
def test_a_table_of_another_time_is_not_folded_over_it(told: Engine, spoilt: tuple[int, str]):
    params = {"known_at": "2026-03-20T00:00:00+08:00"}
    answer = signed_in(told).get("/v1/tables/order_tracking", params=params)

    assert problem(answer) == (500, "LOG_UNREADABLE")
    assert answer.json()["detail"].startswith(f"position {spoilt[0]} of the log")


def test_it_is_found_though_the_chain_was_forged_to_fit(
    told: Engine, spoilt: tuple[int, str], database_url: str
):
    with tampering(database_url) as log:
        log.forge()

    [fault] = signed_in(told).get("/v1/verification", params={"read_models": True}).json()["faults"]
    printed = CliRunner().invoke(app, ["verify"], env={"BATON_DATABASE_URL": database_url})

    assert (fault["kind"], fault["position"]) == ("UNREADABLE", spoilt[0])
    assert printed.exit_code == 1
    assert f"UNREADABLE at position {spoilt[0]}: " in printed.stdout


def test_the_command_line_names_it_and_fails(
    spoilt: tuple[int, str],
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
):
    position, stream = spoilt
    monkeypatch.setenv("BATON_DATABASE_URL", database_url)
    monkeypatch.setattr(sys, "argv", ["baton", "history", "orders", stream.removeprefix("Order/")])

    with pytest.raises(SystemExit, match="1"):
        main()

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"position {position} of the log cannot be read: ")
