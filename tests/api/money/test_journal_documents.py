"""The journal as files: batches with the same bytes for ever, and whole ledgers that add up."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tests.api.door import problem
from tests.api.money.bench import Bench
from tests.api.money.told import paid_late, told

BATCH = "/v1/journal-batches/2026-03/1"
EXPORT = "/v1/journal-export"
TYPES = {"jsonl": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}
PLAIN = "text/plain; charset=utf-8"


@pytest.fixture(scope="module")
def still(tmp_path_factory, templates) -> Iterator[Bench]:
    """March was handed over, then more of it became known; tests that only read share it."""
    with told(tmp_path_factory.mktemp("journal"), templates) as bench:
        bench.does("fin-1", "export-journal", period="2026-03")
        bench.first = {form: written(bench, form) for form in TYPES}  # type: ignore[attr-defined]
        paid_late(bench)
        bench.does("fin-1", "export-journal", period="2026-03")
        accepted = {"period": "2026-03", "seq": 1, "voucher_no": "V-1"}
        bench.does("fin-1", "acknowledge-journal", **accepted)
        bench.clock.move(days=30)
        yield bench


def written(bench: Bench, form: str, path: str = BATCH) -> bytes:
    answer = bench.asks(path, format=form)
    assert answer.status_code == 200, answer.text
    return bytes(answer.content)


@pytest.mark.parametrize("form", TYPES)
def test_a_batch_has_the_same_bytes_whatever_happened_since(still: Bench, form: str):
    assert written(still, form) == still.first[form]  # type: ignore[attr-defined]
    assert written(still, form) == written(still, form)


@pytest.mark.parametrize(("form", "media_type"), TYPES.items())
def test_a_batch_says_its_type(still: Bench, form: str, media_type: str):
    assert still.asks(BATCH, format=form).headers["content-type"] == media_type


def test_a_batch_is_written_as_json_lines_if_nothing_else_is_said(still: Bench):
    assert still.client.get(BATCH).content == written(still, "jsonl")


def test_a_receiver_can_check_a_batch_by_its_last_line(still: Bench):
    *lines, last = written(still, "jsonl").splitlines(keepends=True)

    control = json.loads(last)["control"]
    told = [json.loads(one) for one in lines]
    assert control["hash"] == sha256(b"".join(lines)).hexdigest()
    assert control["count"] == len(told)
    assert control["debit"] == control["credit"]
    assert len({one["entry_no"] for one in told}) == control["entries"]


def test_as_csv_it_has_the_same_lines_and_nothing_a_spreadsheet_would_run(still: Bench):
    rows = list(csv.DictReader(written(still, "csv").decode("utf-8-sig").splitlines()))
    *lines, _ = written(still, "jsonl").splitlines()

    assert [one["entry_no"] for one in rows] == [json.loads(one)["entry_no"] for one in lines]
    cells = {cell for one in rows for cell in one.values()}
    assert "'=1+1" in cells
    assert not {cell for cell in cells if cell.startswith(("=", "@", "+"))}


def test_the_second_batch_begins_where_the_first_one_ends(still: Bench):
    one, two = (
        [json.loads(line)["entry_no"] for line in written(still, "jsonl", path).splitlines()[:-1]]
        for path in (BATCH, BATCH[:-1] + "2")
    )

    assert max(one) < min(two)


@pytest.mark.parametrize("place", ["2026-03/3", "2026-03/0", "2026-03/-1", "2026-04/1", "x/1"])
def test_a_batch_that_was_never_made_is_not_found(still: Bench, place: str):
    assert problem(still.asks(f"/v1/journal-batches/{place}")) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    "question",
    ["2026-03/1?format=xlsx", "2026-03/x", "2026-03/1?format=", "2026-03/1?format=JSONL"],
)
def test_a_batch_that_is_asked_for_wrongly_is_a_problem_of_the_caller(still: Bench, question):
    answer = still.client.get(f"/v1/journal-batches/{question}")

    assert problem(answer) == (400, "VALIDATION_FAILED")


def test_bean_check_accepts_the_whole_journal(still: Bench, tmp_path: Path):
    answer = still.asks(EXPORT, format="beancount")
    file = tmp_path / "journal.beancount"
    file.write_bytes(answer.content)

    program = Path(sys.executable).with_name("bean-check")
    ran = subprocess.run([program, "--no-cache", file], capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert answer.headers["content-type"] == PLAIN
    assert answer.content == still.client.get(EXPORT).content
    for entry in (json.loads(one) for one in written(still, "jsonl").splitlines()[:-1]):
        assert entry["entry_no"] in answer.text


def test_bean_check_would_see_that_an_amount_is_wrong(still: Bench, tmp_path: Path):
    file = tmp_path / "journal.beancount"
    text = still.asks(EXPORT).text
    assert "1152.60" in text
    file.write_text(text.replace("1152.60", "1152.61", 1), encoding="utf-8")

    program = Path(sys.executable).with_name("bean-check")
    ran = subprocess.run([program, "--no-cache", file], capture_output=True, text=True, check=False)

    assert ran.returncode == 1


def test_for_hledger_it_is_plain_text_too(still: Bench):
    answer = still.asks(EXPORT, format="hledger")

    assert (answer.status_code, answer.headers["content-type"]) == (200, PLAIN)
    assert answer.content == still.asks(EXPORT, format="hledger").content
    assert "1152.60" in answer.text


def test_other_ledgers_are_refused(still: Bench):
    assert problem(still.asks(EXPORT, format="ledger")) == (400, "VALIDATION_FAILED")


@pytest.mark.parametrize(
    "path",
    [
        *(BATCH, f"{BATCH}?format=csv", "/v1/journal-batches/2026-03/9", "/v1/journal-batches"),
        *(EXPORT, f"{EXPORT}?format=hledger", "/v1/journal", "/v1/account-totals", "/v1/periods"),
    ],
)
@pytest.mark.parametrize("who", ["dlr-d01", "dlr-d03"])
def test_the_journal_is_not_for_dealers_whether_it_exists_or_not(still: Bench, path: str, who):
    answer = still.client.get(path, headers={"On-Behalf-Of": who})

    assert problem(answer) == (403, "FORBIDDEN_ROLE")


def test_our_own_people_read_it(still: Bench):
    answer = still.client.get(BATCH, headers={"On-Behalf-Of": "fin-1"})

    assert answer.content == written(still, "jsonl")
