"""The same questions at the command line: exit code 0 only where there is an answer."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from rich.console import Console
from typer.testing import CliRunner

from api.cli import app, auditing, looking
from tests.api.auditing.conftest import Auditor

BALANCE = ("--where", "dealer:D06", "--where", "currency:CNY")


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tables be as wide as they want to be."""
    for room in (auditing, looking):
        monkeypatch.setattr(room, "console", Console(width=240))


def baton(month: Auditor, *words: str):
    url = month.engine.database.url.render_as_string()
    return CliRunner().invoke(app, list(words), env={"BATON_DATABASE_URL": url})


def test_every_table_is_listed_with_what_it_is(month: Auditor):
    told = baton(month, "tables").stdout

    assert "dealer_balance  What each dealer owes and what credit it uses." in told
    assert "sales  " in told


def test_rows_of_another_time_are_exported(month: Auditor, tmp_path: Path):
    known = ("--known-at", "2026-04-01T23:59:59", "--as-of", "2026-03-31")
    lines = baton(month, "export", "dealer_balance", "--format", "ndjson", *BALANCE, *known)
    file = tmp_path / "balances.parquet"
    written = baton(month, "export", "dealer_balance", "--format", "parquet", "--out", str(file))

    assert [json.loads(line)["open"] for line in lines.stdout.splitlines()] == [56_660_460]
    assert written.exit_code == 0
    assert pq.read_table(file).num_rows == len(month.rows("dealer_balance"))


def test_an_aggregate_of_another_time_is_printed(month: Auditor):
    words = ("state", "Order", "SO-0002", "--known-at", "2026-03-04T09:00:00")
    told = json.loads(baton(month, *words).stdout)

    assert (told["version"], told["state"]["lines"]["1"]["terms"]["unit_price"]) == (4, "255000")


def test_the_log_is_exported(month: Auditor):
    told = baton(month, "export", "events", "--format", "ndjson").stdout

    assert len(told.splitlines()) == month.engine.reader.head().position


def test_a_figure_is_explained_down_to_its_events(month: Auditor):
    told = baton(month, "explain", "dealer_balance", "exposure", *BALANCE).stdout

    assert 'exposure = 34060460 = "open" + ordered + shipped - unapplied - deposits' in told
    assert "account.cash_applied" in told
    assert told.count("34060460") >= 3


def test_a_history_is_printed_told_and_filed(month: Auditor, tmp_path: Path):
    file = tmp_path / "dossier.html"

    told = baton(month, "history", "orders", "SO-0002")
    data = json.loads(baton(month, "history", "orders", "SO-0002", "--json").stdout)
    filed = baton(month, "history", "orders", "SO-0002", "--html", str(file))

    assert "PRICE_BELOW_FLOOR released by MGR" in told.stdout
    assert [one["position"] for one in data["lines"]] == [
        one["position"] for one in month.ask("/v1/history/orders/SO-0002")["lines"]
    ]
    assert (filed.exit_code, file.read_text().startswith("<!doctype html>")) == (0, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("history", "orders", "SO-9999"), "nothing is known of orders SO-9999"),
        (("history", "serials", "US80"), "nothing is known of serials US80"),
        (("state", "Order", "SO-9999"), "nothing is known of Order SO-9999"),
        (("state", "Nothing", "1"), "nothing is known of Nothing 1"),
        (("export", "nothing"), "nothing is known of Table nothing"),
        (("export", "open_items", "--where", "x:1"), "where=x:1: column:value"),
        (("explain", "dealer_balance", "open", "--where", "dealer:D99", "--where", "currency:CNY"),
         "nothing is known of dealer_balance D99/CNY"),
    ],
)  # fmt: skip
def test_what_there_is_not_is_told_with_exit_code_1(month: Auditor, words, said):
    answer = baton(month, *words)

    assert answer.exit_code == 1
    assert said in answer.output.replace("\n", " ")


def test_a_key_that_is_not_one_is_misuse(month: Auditor):
    answer = baton(month, "explain", "dealer_balance", "open", "--where", "dealer:D06")

    assert answer.exit_code == 2


@pytest.mark.parametrize("known", ["2026-04-01", "yesterday"])
def test_a_record_time_without_a_time_of_day_is_misuse(month: Auditor, known: str):
    answer = baton(month, "export", "open_items", "--known-at", known)

    assert answer.exit_code == 2


def test_a_workbook_is_written_to_a_pipe(month: Auditor):
    answer = baton(month, "export", "open_items", "--format", "xlsx")

    assert io.BytesIO(answer.stdout_bytes).read(2) == b"PK"
