"""What does not fit in a dealer's list is named by row and column, all at once; nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.files.desk import csv, xlsx
from tests.api.money.bench import Bench, benched

HEADER = "doc,day,amount,qty"


@pytest.fixture(scope="module")
def bench(tmp_path_factory, templates) -> Iterator[Bench]:
    """A bench that all share: what is refused leaves nothing, and each list is another one."""
    with benched(tmp_path_factory.mktemp("refused"), templates) as bench:
        bench.issued()
        yield bench


def misread(bench: Bench, *rows: str, header: str = HEADER) -> list[str]:
    """Places of what does not fit in a list that must be refused."""
    before = bench.head
    answer = bench.list_in(csv(header, *rows))
    assert answer.status_code == 400, answer.text
    told = bench.wrong(answer, before)
    assert {code for code, _ in told} == {"VALIDATION_FAILED"}
    return [place for _, place in told]


def test_everything_that_is_wrong_is_named_by_row_and_column_at_once(bench: Bench):
    rows = "A,soon,1,", "B,2026-03-01,many,", "C,2026-03-01,1.005,1.5", "D,2026-03-01,1,1", "E,,,x"

    assert misread(bench, *rows) == [
        "row 2, column day",
        "row 3, column amount",
        "row 4, column amount",
        "row 4, column qty",
        "row 6, column day",
        "row 6, column amount",
        "row 6, column qty",
    ]


@pytest.mark.parametrize(
    "cell", ["2026-02-30", "2026-13-01", "0000-01-01", "２０２６-03-01", "２０２６年3月1日"]
)
def test_a_day_that_no_calendar_has_is_named_by_row_and_column(bench: Bench, cell: str):
    rows = "A,2026-03-01,1,", f"B,{cell},1,", "C,2026-03-01,much,"

    assert misread(bench, *rows) == ["row 3, column day", "row 4, column amount"]


@pytest.mark.parametrize("cell", ["1e999999", "-1E+999998"])
def test_an_amount_beyond_all_bounds_is_a_problem_of_the_file(bench: Bench, cell: str):
    assert misread(bench, f"A,2026-03-01,{cell},") == ["row 2, column amount"]


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("cell", ["10000000000000.01", "99999999999999999999", "1e99999"])
def test_an_amount_beyond_the_largest_is_named_by_row_and_column(bench: Bench, cell, sign):
    assert misread(bench, f"A,2026-03-01,{sign}{cell},") == ["row 2, column amount"]


@pytest.mark.parametrize(
    "cell", ["NaN", "sNaN", "Infinity", "-inf", "--1", "0x10", "=1+1", "一百", "()", "(-1)"]
)
def test_what_is_no_amount_is_named_by_row_and_column(bench: Bench, cell: str):
    assert misread(bench, f"A,2026-03-01,{cell},") == ["row 2, column amount"]


@pytest.mark.parametrize("cell", ['"1,23"', '"12,34,567"', "1_000", "1e3", '"1.000,00"'])
def test_an_amount_is_never_guessed(bench: Bench, cell: str):
    assert misread(bench, f"A,2026-03-01,{cell},") == ["row 2, column amount"]


@pytest.mark.parametrize("name", ["doc", "kind", "fapiao", "so", "shp", "sku", "text", "qty"])
def test_a_nul_is_named_by_row_and_column(bench: Bench, name: str):
    header = f"day,amount,{name}"

    assert misread(bench, "2026-03-01,1,A\x00", header=header) == [f"row 2, column {name}"]


@pytest.mark.parametrize(
    ("header", "places"),
    [
        ("doc,amount", ["row 1"]),
        ("doc", ["row 1", "row 1"]),
        ("day,amount,colour", ["row 1, column 3"]),
        ("day,amount,amount", ["row 1"]),
        ("day,日期,amount", ["row 1"]),
    ],
)
def test_the_header_names_known_columns_once_and_day_and_amount(bench: Bench, header, places):
    assert misread(bench, "1,2,3", header=header) == places


def test_a_row_with_more_cells_than_columns_is_named(bench: Bench):
    assert misread(bench, "A,2026-03-01,1,1,more") == ["row 2"]


@pytest.mark.parametrize("raw", [b"", b"\x00\xff\xfe", b"PK\x03\x04no", b'doc,day\n"open'])
def test_what_is_no_table_is_refused(bench: Bench, raw: bytes):
    before = bench.head

    answer = bench.list_in(raw)

    assert answer.status_code == 400
    assert {code for code, _ in bench.wrong(answer, before)} == {"VALIDATION_FAILED"}


def test_a_table_without_rows_is_no_list(bench: Bench):
    before = bench.head

    assert ("VALIDATION_FAILED", "lines") in bench.wrong(bench.list_in(csv(HEADER)), before)


def test_what_looks_like_a_formula_is_a_text(bench: Bench):
    answer = bench.list_in(csv(HEADER, "=HYPERLINK(A1),2026-03-01,1,", "@SUM,2026-03-01,2,"))

    assert answer.status_code == 200
    events = bench.client.get("/v1/events", params={"topic": "dealer_lines.submitted"}).json()
    lines = events["items"][-1]["data"]["lines"]
    assert [one["doc"] for one in lines] == ["=HYPERLINK(A1)", "@SUM"]


def test_of_a_formula_in_a_workbook_only_its_value_is_read(bench: Bench):
    raw = xlsx(HEADER.split(","), ["=1+1", "2026-03-01", 5, None])

    assert bench.list_in(raw).status_code == 200
    events = bench.client.get("/v1/events", params={"topic": "dealer_lines.submitted"}).json()
    assert [one["doc"] for one in events["items"][-1]["data"]["lines"]] == ["0"]
