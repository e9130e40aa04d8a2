"""Exports: the same rows in every format, of one position, now or of another time."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from api.exports import parquet, xlsx
from api.exports.csv_rows import as_csv
from api.exports.rows import ColumnTold
from api.exports.xlsx import as_xlsx
from api.problems import Problem
from projections.catalogue import TABLES
from tests.api.auditing.conftest import Auditor

NAMES = list(TABLES)


def exported(month: Auditor, table: str, form: str, **params: Any) -> Any:
    answer = month.client.get(f"/v1/exports/tables/{table}", params={"format": form, **params})
    assert answer.status_code == 200, answer.text
    position = answer.headers["x-log-position"]
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="{table}-{position}.{form}"'
    )
    return answer


@pytest.mark.parametrize("table", NAMES)
def test_every_table_and_view_is_told_alike_as_csv_ndjson_and_parquet(month: Auditor, table: str):
    told = [json.loads(line) for line in exported(month, table, "ndjson").text.splitlines()]
    written = list(csv.DictReader(io.StringIO(exported(month, table, "csv").text)))
    kept = pq.read_table(io.BytesIO(exported(month, table, "parquet").content))

    assert kept.num_rows == len(told) == len(written)
    for plain, line, typed in zip(told, written, kept.to_pylist(), strict=True):
        assert alike(plain, typed) == {name: json_of(value) for name, value in typed.items()}
        assert alike(line, typed) == {name: cell(value) for name, value in typed.items()}


def alike(told: dict[str, Any], typed: dict[str, Any]) -> dict[str, Any]:
    """What is told, with decimals as short as they can be."""
    return {
        name: json_of(Decimal(value)) if isinstance(typed[name], Decimal) else value
        for name, value in told.items()
    }


def json_of(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat()
    text = json_of(value)
    return f"'{text}" if isinstance(value, str) and value[:1] in tuple("=+-@") else str(text)


def test_a_workbook_has_the_same_rows_for_people(month: Auditor):
    book = exported(month, "open_items", "xlsx")
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book.content))
    rows, columns = (sheets.get_sheet_by_index(at).to_python() for at in (0, 1))

    told = month.rows("open_items")
    assert rows[0] == list(told[0]) == [row[0] for row in columns[1:]]
    assert columns[1] == ["doc", "Document."]
    assert [(row[0], int(row[4]), row[8].isoformat()) for row in rows[1:]] == [
        (one["doc"], one["gross"], one["due"]) for one in told
    ]


def test_another_time_is_exported_as_it_is_read(month: Auditor):
    when = {"as_of": "2026-03-31", "known_at": "2026-04-01T23:59:59+08:00"}

    lines = exported(month, "dealer_balance", "ndjson", where="dealer:D06", **when).text

    assert [json.loads(line) for line in lines.splitlines()] == month.rows(
        "dealer_balance", "dealer:D06", **when
    )


def test_sales_by_both_regions_come_from_one_view(month: Auditor):
    """A02: by the dealer's region and by the province of the ship-to, net of what came back."""
    lines = exported(month, "sales", "ndjson", where=["basis:RECOGNISED", "period:2026-03"]).text
    facts = [json.loads(line) for line in lines.splitlines()]
    plain = month.rows("sales_facts", "basis:RECOGNISED", "period:2026-03")

    assert [(one["position"], one["seq"], one["net"]) for one in facts] == [
        (one["position"], one["seq"], one["net"]) for one in plain
    ]
    by_region: dict[str, list[int]] = {}
    for one in facts:
        sums = by_region.setdefault(one["sales_region"], [0, 0, 0])
        by_region[one["sales_region"]] = [
            before + one[name] for before, name in zip(sums, ("net", "cost", "margin"), strict=True)
        ]
    assert by_region == {
        "EAST": [305_102_000, 197_900_000, 107_202_000],
        "WEST": [47_450_000, 33_000_000, 14_450_000],
        "SOUTH": [23_528_000, 13_160_000, 10_368_000],
        "CENTRAL": [3_640_000, 1_800_000, 1_840_000],
        "NORTH": [3_285_000, 2_100_000, 1_185_000],
    }
    returned = [one for one in facts if one["kind"] == "RETURN"]
    assert [(one["so"], one["dealer"], one["ship_to_province"]) for one in returned] == [
        ("SO-0001", "D05", "320000")
    ]


def test_the_log_is_exported_with_the_texts_that_were_hashed(month: Auditor):
    answer = month.client.get(
        "/v1/exports/events", params={"format": "parquet", "after": 100, "upto": 200}
    )
    rows = pq.read_table(io.BytesIO(answer.content)).to_pylist()

    assert [row["position"] for row in rows] == list(range(101, 201))
    assert [tuple(row.values()) for row in rows] == [
        tuple(row) for row in month.engine.reader.after(100, upto=200)
    ]
    some = month.client.get("/v1/exports/events", params={"topic": "order.placed"}).text
    assert {json.loads(line)["topic"] for line in some.splitlines()} == {"order.placed"}


@pytest.mark.parametrize(
    ("path", "params", "refused"),
    [
        ("tables/nothing", {}, (404, "NOT_FOUND", [None])),
        ("tables/open_items", {"format": "pdf"}, (400, "VALIDATION_FAILED", ["query.format"])),
        ("tables/open_items", {"where": "x:1"}, (400, "VALIDATION_FAILED", ["where=x:1"])),
        ("events", {"format": "xlsx"}, (400, "VALIDATION_FAILED", ["query.format"])),
        ("events", {"after": -1}, (400, "VALIDATION_FAILED", ["query.after"])),
    ],
)
def test_what_cannot_be_exported_is_refused(
    month: Auditor, path: str, params: dict, refused: tuple
):
    assert month.refused(f"/v1/exports/{path}", **params) == refused


TEXT = [ColumnTold("text", str, "A text.")]


def test_a_text_that_a_spreadsheet_would_run_is_made_harmless_in_csv():
    (head, body) = as_csv("t", TEXT, [("=1+1",), ('say "no"',), ("",), (None,)])

    assert head == b'"text"\r\n'
    assert body == b'"\'=1+1"\r\n"say ""no"""\r\n""\r\n\r\n'


def test_a_workbook_keeps_a_number_that_a_spreadsheet_would_round():
    columns = [ColumnTold("n", int, "A number."), ColumnTold("t", str, "A text.")]
    book = b"".join(as_xlsx("t", columns, [(123_456_789_012_345_678, "=1"), (-12, "x")]))

    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert rows[1:] == [["123456789012345678", "=1"], [-12.0, "x"]]


def test_what_a_workbook_cannot_hold_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 2)
    for rows in ([("a",)] * 3, [("a" * 32_768,)]):
        with pytest.raises(Problem) as problem:
            list(as_xlsx("t", TEXT, rows))
        assert (problem.value.status, problem.value.code) == (413, "TOO_LARGE_FOR_XLSX")


def test_many_rows_become_several_groups_of_one_parquet_file(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parquet, "ROW_GROUP", 10)
    written = b"".join(parquet.as_parquet("t", TEXT, [(str(at),) for at in range(25)]))

    file = pq.ParquetFile(io.BytesIO(written))
    assert (file.num_row_groups, file.metadata.num_rows) == (3, 25)
    assert file.schema_arrow.field("text").metadata[b"meaning"] == b"A text."
