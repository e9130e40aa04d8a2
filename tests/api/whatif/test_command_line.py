"""``baton what-if`` on the demo's month."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from rich.console import Console
from typer.testing import CliRunner

from api.cli import app, supposing
from api.engine import Engine


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tables be as wide as they want to be."""
    monkeypatch.setattr(supposing, "console", Console(width=240))


def what_if(month: TestClient, *words: str) -> Any:
    engine: Engine = month.app.state.engine  # type: ignore[attr-defined]
    url = engine.settings.database_url
    return CliRunner().invoke(app, ["what-if", *words], env={"BATON_DATABASE_URL": url})


def test_what_would_have_gone_another_way_is_shown_with_its_amounts_and_what_it_rests_on(
    month: TestClient,
):
    answer = what_if(month, "credit-limit", "D06", "500000.00", "--until", "2026-03-04")

    assert answer.exit_code == 0
    shown = " ".join(answer.stdout.split())
    assert "what if the credit limit of D06 had been 500,000.00 CNY?" in shown
    assert "decisions taken again 1, gone another way 1, not explained 0" in shown
    assert "476 03-04 CHECK: PASS -> HOLD CREDIT_LIMIT SO-0002 D06 288,150.00" in shown
    assert "limit 50000000, deviation 1415000" in shown
    assert "STRICTER: decisions 1, documents 1, amount 288,150.00" in shown
    assert "First order: each decision is taken again on the history as it was" in shown


@pytest.mark.parametrize(
    ("words", "retaken", "flips"),
    [
        (("price-floor", "-5"), 22, 3),
        (("price-floor", "5", "--sku", "P5", "--price-list", "PL-2026-1"), 1, 1),
        (("territory", "D05", "ULTRASOUND", "320000", "330000"), 5, 1),
        (("territory", "D06", "ULTRASOUND"), 7, 5),
        (("safety-stock", "WH-WH", "INJ", "250"), 8, 3),
    ],
)
def test_every_policy_can_be_asked_about_for_a_program_to_read(
    month: TestClient, words: tuple[str, ...], retaken: int, flips: int
):
    answer = what_if(month, *words, "--json")

    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.stdout)
    assert (told["retaken"], len(told["flips"]), told["unexplained"]) == (retaken, flips, [])


def test_the_same_is_said_there_as_behind_the_door(month: TestClient):
    printed = json.loads(what_if(month, "credit-limit", "D06", "1", "--json").stdout)
    params = {"dealer": "D06", "amount": 100}

    assert month.get("/v1/what-if/credit-limit", params=params).json() == printed


def test_what_cannot_be_supposed_is_said_with_everything_that_is_wrong(month: TestClient):
    days = ("--since", "2026-03-02", "--until", "2026-03-01")
    answer = what_if(month, "safety-stock", "[/]", "INJ", "1", *days)
    unknown = what_if(month, "safety-stock", "[/]", "INJ", "1")

    assert (answer.exit_code, unknown.exit_code) == (1, 1)
    assert "DATE_RANGE: field until" in answer.stderr
    assert "NOT_FOUND: kind Warehouse, id [/]" in unknown.stderr


@pytest.mark.parametrize("amount", ["much", "1.005", "NaN", "1E+99"])
def test_an_amount_that_is_none_is_misuse(month: TestClient, amount: str):
    answer = what_if(month, "credit-limit", "D06", amount)

    assert answer.exit_code == 2
    assert "AMOUNT" in answer.stderr
