"""The demo plays the month on both databases, and its figures are the worked ones."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from api.cli import app as cli
from demo.cli import demo
from demo.exporting import differences, figures
from demo.playing import load
from tests.conftest import BACKENDS, empty_database

if not any(command.name == "demo" for command in cli.registered_commands):
    cli.command("demo")(demo)


class Played:
    """A database in which the demo was played once: what it printed and what it wrote."""

    def __init__(self, url, file):
        self.url = url
        self.demo = self.run("demo", "--json", str(file))
        self.told = json.loads(file.read_text())

    def run(self, *arguments):
        return CliRunner().invoke(cli, list(arguments), env={"BATON_DATABASE_URL": self.url})


@pytest.fixture(scope="module", params=BACKENDS)
def played(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    return Played(empty_database(request, request.param, folder), folder / "read-models.json")


def test_the_month_plays_and_every_worked_figure_comes_out(played):
    assert played.demo.exit_code == 0, played.demo.output
    expected = load("expected.json")
    late = expected.pop("late")
    del expected["note"]
    assert differences(played.told, expected) == []
    assert figures(expected) > 800
    assert figures(late) > 20
    assert "more after what came late" in played.demo.output


def test_the_demo_shows_what_happened_stock_alerts_statements_and_history(played):
    shown = played.demo.output

    for piece in (
        "OVERRIDE_LIMIT_EXCEEDED",
        "HOLD_NOT_OVERRIDABLE",
        "DONOR_BELOW_SAFETY",
        "EXCEEDS_INVOICED",
        "DIV-0001",
        "DIV-0004",
        "DIV-0005",
        "340,604.60",
        "19,834,858.50",
        "US80-26-0001",
        "intact",
    ):
        assert piece in shown


def test_what_must_be_refused_is_refused_in_the_month_with_its_code():
    refused = {step["refused"] for step in load("march_2026.json")["month"] if "refused" in step}

    assert refused == {
        "HOLD_NOT_OVERRIDABLE",
        "OVERRIDE_LIMIT_EXCEEDED",
        "SERIAL_NOT_AVAILABLE",
        "NOT_SHIPPED_TO_DEALER",
        "DONOR_BELOW_SAFETY",
        "INSUFFICIENT_ATP",
        "SHELF_LIFE_SHORT",
        "NOT_BILLABLE",
        "ALREADY_SHIPPED",
        "EXCEEDS_INVOICED",
        "DUPLICATE_BANK_REF",
        "NOT_LATEST_VERSION",
        "IDEMPOTENCY_CONFLICT",
    }


def test_a_log_that_is_not_empty_is_left_alone(played):
    again = played.run("demo")

    assert again.exit_code == 1


def test_after_the_demo_the_command_line_tells_the_device_and_verifies(played):
    history = played.run("serial", "06970012340033", "US80-26-0001", "--json")
    verdict = played.run("verify", "--json")

    story = [entry["topic"] for entry in json.loads(history.output)["entries"]]
    assert [topic for topic in story if topic.startswith("serial.")] == [
        "serial.registered",
        "serial.stocked",
        "serial.reserved",
        "serial.shipped",
        "serial.delivered",
        "serial.installed",
        "serial.case_linked",
    ]
    assert json.loads(verdict.output)["faults"] == []


def test_a_figure_that_differs_would_be_named():
    expected = load("expected.json")
    changed = json.loads(json.dumps(expected))
    changed["orders"]["SO-0002"]["gross"] += 1
    changed["stock"][0]["on_hand"] += 1

    found = differences(changed, expected)

    assert len(found) == 2
    assert found[0] == "/orders/SO-0002/gross: 29606001 instead of 29606000"
