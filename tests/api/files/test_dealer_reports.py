"""Dealers' reports as files: read as people have them, entered whole or not at all."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from tests.api.door import problem
from tests.api.files.desk import Desk, csv, xlsx
from tests.support.world import AWAY, BOX, DEVICE, LOT, serial

DAY, TOMORROW = "2026-03-01", "2026-03-02"
CHINESE = "日期,产品编码,批号,数量,客户,地区"
ENGLISH = "day,sku,lot,qty,name,region_code"
SOLD = f"{DAY},{BOX},{LOT},3,杭州诊所,330100"
AS_READ = {"day": DAY, "sku": BOX, "lot": LOT, "qty": 3}


def parts(sale: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in sale["moved"].items() if name != "serials"}


WRITTEN = {
    "UTF-8": csv(ENGLISH, SOLD),
    "UTF-8 with a mark": "\ufeff".encode() + csv(CHINESE, SOLD),
    "GB 18030": f"{CHINESE}\n{SOLD}\n".encode("gb18030"),
    "semicolons": csv(ENGLISH.replace(",", ";"), SOLD.replace(",", ";")),
    "tabs": csv(CHINESE.replace(",", "\t"), SOLD.replace(",", "\t")),
    "lines of Windows": csv(ENGLISH, SOLD, end="\r\n"),
    "names in capitals, and spaces": csv(" Date , PRODUCT,Batch,Quantity,Customer,Region", SOLD),
    "quotes": csv(ENGLISH, f'{DAY},"{BOX}",{LOT}, 3 ,"杭州诊所",330100'),
    "a day with slashes": csv(ENGLISH, SOLD.replace("-", "/")),
    "XLSX": xlsx(
        CHINESE.split(","), [datetime(2026, 3, 1), BOX, LOT, 3, "杭州诊所", 330100]  # noqa: DTZ001
    ),
}  # fmt: skip


@pytest.mark.parametrize("raw", WRITTEN.values(), ids=WRITTEN)
def test_one_table_reads_alike_however_it_is_written(desk: Desk, raw: bytes):
    (sale,) = desk.entered("sales", raw)

    assert parts(sale) == AS_READ
    assert sale["buyer"] == {"name": "杭州诊所", "region_code": "330100"}
    assert (sale["line_no"], sale["source"]) == (2, "DEALER_PORTAL")


def test_cells_of_a_workbook_are_read_as_they_look(desk: Desk):
    header = ["day", "sku", "lot", "qty", "name"]
    at_noon = datetime(2026, 2, 27, 12, 30)  # noqa: DTZ001 - as in a cell
    rows = [DAY, BOX, "0012", 7, "a"], [date(2026, 2, 28), BOX, 2512, "08", "b"]
    raw = xlsx(header, *rows, [at_noon, BOX, LOT, 9, "c"])

    first, second, third = map(parts, desk.entered("sales", raw))

    assert first == {"day": DAY, "sku": BOX, "lot": "0012", "qty": 7}
    assert second == {"day": "2026-02-28", "sku": BOX, "lot": "2512", "qty": 8}
    assert third == {"day": "2026-02-27", "sku": BOX, "lot": LOT, "qty": 9}


def test_columns_of_a_workbook_are_counted_from_its_edge(desk: Desk):
    assert desk.misread("returns", xlsx([None, "day", "sku", "colour"])) == ["row 1, column 4"]


def test_a_number_with_a_point_is_no_quantity(desk: Desk):
    raw = xlsx(["day", "sku", "qty", "name"], [DAY, BOX, 2.5, "a"])
    assert desk.misread("sales", raw) == ["row 2, column qty"]


@pytest.mark.parametrize(
    "raw",
    [
        csv("day,sku,lot,qty", "", f"{DAY},{BOX},{LOT},1", ",,,", " ,,,", f"{DAY},{BOX},{LOT},2"),
        xlsx(["day", "sku", "lot", "qty"], [], [DAY, BOX, LOT, 1], [], [" "], [DAY, BOX, LOT, 2]),
    ],
    ids=["CSV", "XLSX"],
)
def test_rows_keep_their_numbers_among_empty_ones(desk: Desk, raw: bytes):
    told = [(one["line_no"], one["moved"]["qty"]) for one in desk.entered("returns", raw)]

    assert told == [(3, 1), (6, 2)]
    assert desk.wrong(409, "returns", raw) == [("DUPLICATE_LINE", "3"), ("DUPLICATE_LINE", "6")]


def test_a_file_is_tried_out_and_entered_later(desk: Desk):
    raw, before = csv(ENGLISH, SOLD, f"{DAY},{BOX},TRIED,1,a clinic,"), desk.head

    tried = desk.send("sales", raw, dry_run=True)

    assert (tried.status_code, desk.head) == (200, before)
    assert desk.rows("/v1/channel-movements", lot="TRIED") == []
    assert desk.send("sales", raw).json()["result"] == tried.json()["result"]
    assert len(desk.rows("/v1/channel-movements", lot="TRIED")) == 1


def test_what_is_tried_out_is_refused_as_it_would_be(desk: Desk):
    assert desk.wrong(422, "sales", csv("day,sku", f"{DAY},X9"), dry_run=True)


ONCE = {
    "sales": csv("day,sku,lot,qty,name", f"{DAY},{BOX},{LOT},1,a clinic"),
    "returns": csv("day,sku,lot,qty", f"{DAY},{BOX},{LOT},1"),
}


@pytest.mark.parametrize(("kind", "raw"), ONCE.items(), ids=ONCE)
def test_a_file_is_entered_once_whatever_its_key(desk: Desk, kind: str, raw: bytes):
    first, again = (desk.send(kind, raw, key=f"{kind}-1") for _ in range(2))

    assert (first.status_code, first.json()) == (200, again.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert desk.wrong(409, kind, raw, key=f"{kind}-2") == [("DUPLICATE_LINE", "2")]
    assert desk.wrong(409, kind, raw) == [("DUPLICATE_LINE", "2")]


def test_the_file_of_another_dealer_is_another_file(desk: Desk):
    raw = csv("day,sku,lot,qty", f"{DAY},{BOX},{LOT},9")
    assert len(desk.entered("returns", raw)) == len(desk.entered("returns", raw, dealer=AWAY)) == 1


def test_a_key_stands_for_one_file(desk: Desk):
    assert desk.send("returns", csv("day,sku,lot", f"{DAY},{BOX},K1"), key="k").status_code == 200
    other = desk.send("returns", csv("day,sku,lot", f"{DAY},{BOX},K2"), key="k")
    assert problem(other) == (409, "IDEMPOTENCY_CONFLICT")


def test_the_same_count_may_be_told_again(desk: Desk):
    raw = csv("sku,lot,qty", f"{BOX},{LOT},4")
    for _ in range(2):
        assert len(desk.entered("count", raw, as_of=DAY)) == 1


def test_everything_that_does_not_fit_is_named_by_row_and_column(desk: Desk):
    raw = csv(
        "day,sku,qty,name",
        f"{DAY},{BOX},1,fine",
        f"{DAY},{BOX},two,a clinic",
        "",
        f"01.03.2026,{BOX},1.5,a clinic",
        ",,1,a clinic",
        f"{DAY},{BOX},1{'0' * 15},a clinic",
        f"{DAY},{BOX},1,a\x00clinic",
    )

    places = ["3 qty", "5 day", "5 qty", "6 day", "6 sku", "7 qty", "8 name"]
    expected = ["row {}, column {}".format(*place.split()) for place in places]
    assert sorted(desk.misread("sales", raw)) == expected
    assert sorted(desk.misread("sales", raw, dry_run=True)) == expected


def test_what_the_dealer_may_not_say_is_named_by_row(desk: Desk):
    raw = csv(
        "day,sku,lot,qty,serial,hospital,dealer,name,region",
        f"{DAY},{BOX},{LOT},1,,,,a clinic,",
        f"{DAY},X9,{LOT},1,,,,a clinic,",
        "",
        f"{TOMORROW},{BOX},{LOT},0,,,,a clinic,Hangzhou",
        f"{DAY},{DEVICE},,2,,,,a clinic,",
        f"{DAY},{BOX},{LOT},1,,H-XX,,,",
        f"{DAY},{BOX},{LOT},1,,,D99,,",
        f"{DAY},{BOX},{LOT},1,,H-HZ-03,D03,,",
        f"{DAY},{BOX},{LOT},1,,,,,",
    )

    assert desk.wrong(422, "sales", raw) == [
        ("UNKNOWN_SKU", "row 3"),
        ("VALIDATION_FAILED", "row 5, column qty"),
        ("DATE_FUTURE", "row 5"),
        ("VALIDATION_FAILED", "row 5, column region_code"),
        ("SERIAL_REQUIRED", "row 6"),
        ("VALIDATION_FAILED", "row 6, column qty"),
        ("VALIDATION_FAILED", "row 7, column hospital"),
        ("VALIDATION_FAILED", "row 8, column dealer"),
        ("VALIDATION_FAILED", "row 9, column buyer"),
        ("VALIDATION_FAILED", "row 10, column buyer"),
    ]


def test_what_the_dealer_may_not_send_back_is_named_by_row_and_column(desk: Desk):
    raw = csv(
        "day,sku,lot,qty,serial",
        f"{DAY},X9,,1,",
        f"{TOMORROW},{BOX},,-1,",
        f"{DAY},{DEVICE},,1,",
        f"{DAY},{DEVICE},,2,{serial(1)}",
    )

    assert desk.wrong(422, "returns", raw) == [
        ("UNKNOWN_SKU", "row 2, column sku"),
        ("VALIDATION_FAILED", "row 3, column qty"),
        ("LOT_REQUIRED", "row 3, column lot"),
        ("DATE_FUTURE", "row 3, column day"),
        ("SERIAL_REQUIRED", "row 4, column serial"),
        ("QTY_SERIAL_MISMATCH", "row 5, column qty"),
    ]


def test_what_the_dealer_may_not_count_is_named_by_row(desk: Desk):
    raw = csv("sku,lot,qty", f"{BOX},{LOT},0", f"X9,{LOT},1", "", f"{BOX},{LOT},-1")

    assert desk.wrong(422, "count", raw, as_of=TOMORROW) == [
        ("DATE_FUTURE", "None"),
        ("UNKNOWN_SKU", "row 3"),
        ("VALIDATION_FAILED", "row 5, column qty"),
    ]
    without = desk.wrong(422, "count", csv("sku,qty", f"{BOX},1"), as_of=DAY)
    assert [code for code, _ in without] == ["LOT_REQUIRED"]


@pytest.mark.parametrize("kind", ["sales", "returns", "count"])
def test_a_table_without_rows_says_nothing(desk: Desk, kind: str):
    header = "sku,qty" if kind == "count" else "day,sku"
    assert desk.wrong(422, kind, csv(header), as_of=DAY) == [("VALIDATION_FAILED", "lines")]


@pytest.mark.parametrize(
    ("kind", "header", "places"),
    [
        ("sales", "day,sku,colour,name,,weight", ["row 1, column 3", "row 1, column 6"]),
        ("sales", "qty,name", ["row 1", "row 1"]),
        ("returns", "day,sku,hospital", ["row 1, column 3"]),
        ("returns", "colour", ["row 1, column 1", "row 1", "row 1"]),
        ("count", "day,lot", ["row 1, column 1", "row 1", "row 1"]),
        ("count", "产品,序列号", ["row 1"]),
    ],
)
def test_columns_that_are_strange_or_missing_are_named_together(
    desk: Desk, kind: str, header: str, places: list[str]
):
    assert desk.misread(kind, csv(header, "1,2"), as_of=DAY) == places


def test_a_column_without_a_name_is_not_read(desk: Desk):
    (back,) = desk.entered("returns", csv("day,,sku,lot", f"{DAY},aside,{BOX},{LOT}"))
    assert back["moved"]["sku"] == BOX


BOOK = xlsx(["day", "sku"], [DAY, BOX])
NO_TABLES = {
    "nothing": b"",
    "bytes": b"\xff\xd8\xff\xe0\x00\x10",
    "an open quote": b'day,sku\n"2026-03-01,INJ\n',
    "a quote amid a cell": b'day,sku\n"2026"-03-01,INJ\n',
    "a torn workbook": BOOK[: len(BOOK) // 2],
    "an archive of nothing": b"PK\x03\x04 and nothing that follows",
    "a workbook of another kind": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    "a cell without an end": b"day,sku,name\n2026-03-01,INJ," + b"x" * 200_000,
}


@pytest.mark.parametrize("raw", NO_TABLES.values(), ids=NO_TABLES)
def test_a_file_that_is_no_table_is_refused_as_a_whole(desk: Desk, raw: bytes):
    assert desk.misread("sales", raw) == ["file"]


def test_a_file_has_so_many_rows_and_no_more(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.tabular.MOST_ROWS", 2)
    lines = ["day,sku,lot", *[f"{DAY},{BOX},{LOT}"] * 3]

    assert len(desk.entered("returns", csv(*lines[:3]))) == 2
    assert desk.misread("returns", csv(*lines)) == ["file"]
    assert desk.misread("returns", xlsx(*(line.split(",") for line in lines))) == ["file"]
