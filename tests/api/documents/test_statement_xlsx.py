from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import msgspec
import pytest

from api.documents.sheet import MOST_LETTERS
from api.documents.statement_xlsx import as_xlsx
from replays.statements.values import Party
from tests.api.documents.reading import sheets
from tests.api.documents.statements import (
    DRAFT,
    FIGURES,
    GOODS,
    LATE,
    LINES,
    MEMO,
    empty,
    made,
)

HEAD, DETAIL, MEMO_SHEET, GOODS_SHEET = "Statement 对账单", "Lines 明细", "Memo 备注", "Goods 货物"
FORMULAS = [
    '=HYPERLINK("https://evil.example")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "https://evil.example",
]


def cents(value):
    return int((Decimal(str(value)) * 100).to_integral_exact())


def lines(document):
    header, *found = sheets(as_xlsx(document))[DETAIL]
    names = [name.split("\n")[1] for name in header]
    return [dict(zip(names, row, strict=True)) for row in found]


def test_the_four_sheets():
    assert [*sheets(as_xlsx(made()))] == [HEAD, DETAIL, MEMO_SHEET, GOODS_SHEET]


def test_the_figures_are_numbers_beside_their_steps_and_signs():
    rows = sheets(as_xlsx(made()))[HEAD]
    steps = [row for row in rows if row[1] or row[0] == "1"]

    assert [cents(row[3]) for row in steps] == [*msgspec.structs.astuple(FIGURES)]
    assert [row[0] for row in steps] == ["1", *"2345678", "9a", "9b", "10", "11"]


def test_a_line_is_a_row_with_numbers_and_dates():
    for row, line in zip(lines(made()), LINES, strict=True):
        assert row["Date"] == line.day
        assert cents(row["Gross"]) == line.gross
        assert (cents(row["Net"]) if row["Net"] != "" else None) == line.net
        assert (cents(row["VAT"]) if row["VAT"] != "" else None) == line.vat
        assert (row["Qty"] or None) == line.qty
        assert (row["Document"], row["Product"], row["Order"]) == (line.doc, line.sku, line.so)
        assert row["Fapiao no."] == line.fapiao
        assert row["Serials"] == ", ".join(line.serials)


def test_the_balance_stands_on_the_last_line_of_its_document():
    found = [row["Balance"] for row in lines(made())]

    assert found[0] == ""
    assert [cents(one) for one in found[1:]] == [line.balance for line in LINES[1:]]


def test_lines_of_prior_periods_follow_in_their_block():
    found = lines(made(prior=(LATE,)))

    assert [row["Block"] for row in found[-2:]] == ["B", "以前期间 Prior periods"]
    assert found[-1]["Effective"] == date(2026, 2, 27)
    assert cents(found[-1]["Balance"]) == LATE.balance


def test_every_amount_of_the_memo_is_a_number():
    cells = [cell for row in sheets(as_xlsx(made()))[MEMO_SHEET] for cell in row]
    numbers = {cents(cell) for cell in cells if isinstance(cell, float)}

    for told in (MEMO, MEMO.ageing, *MEMO.rebates):
        assert {one for one in msgspec.structs.astuple(told) if isinstance(one, int)} <= numbers
    for one in MEMO.open_documents:
        assert {one.doc, one.due} <= {*cells}
        assert {one.open, one.days_overdue * 100} <= numbers


def test_goods_are_counted():
    _, first, second = sheets(as_xlsx(made()))[GOODS_SHEET]

    assert first == [*msgspec.structs.astuple(GOODS[0])]
    assert second[-3:] == [2, "", ""]


@pytest.mark.parametrize("name", FORMULAS)
def test_a_text_that_looks_like_a_formula_stays_a_text(name):
    line = msgspec.structs.replace(
        LINES[0], doc=name, text=name, type=name, sku=name, lots=(name,), serials=(name,)
    )
    party = Party(**dict.fromkeys(Party.__struct_fields__, name))
    goods = msgspec.structs.replace(GOODS[0], sku=name, lot=name)
    raw = as_xlsx(
        made(lines=(line,), goods=(goods,), ours=party, dealer=party, dealer_id=name, digest=name)
    )

    with ZipFile(BytesIO(raw)) as files:
        parts = {one: files.read(one) for one in files.namelist()}
    assert [one for one, part in parts.items() if b"<f>" in part or b"hyperlink" in part] == []
    found = [cell for rows in sheets(raw).values() for row in rows for cell in row]
    assert found.count(name) == 2 * len(Party.__struct_fields__) + 2 + 6 + 2


def test_a_text_longer_than_a_cell_is_cut_and_not_dropped():
    serials = tuple(f"US80-26-{n:04}" for n in range(3000))
    line = msgspec.structs.replace(LINES[0], serials=serials)

    (row,) = lines(made(lines=(line,)))

    assert row["Serials"].startswith("US80-26-0000, ")
    assert row["Serials"].endswith("...")
    assert len(row["Serials"]) == MOST_LETTERS


def test_the_largest_amount_keeps_its_cents():
    line = msgspec.structs.replace(LINES[0], gross=10**15 - 1, balance=-(10**15 - 1))

    (row,) = lines(made(lines=(line,)))

    assert (cents(row["Gross"]), cents(row["Balance"])) == (10**15 - 1, -(10**15 - 1))


def test_what_is_not_issued_is_marked():
    cells = [cell for row in sheets(as_xlsx(made(**DRAFT)))[HEAD] for cell in row]

    assert "草稿 DRAFT, not issued" in cells
    assert not [cell for cell in cells if cell == 2]


def test_an_empty_statement_has_headers_only():
    found = sheets(as_xlsx(empty()))

    assert (len(found[DETAIL]), len(found[GOODS_SHEET])) == (1, 1)


def test_no_time_of_today_is_in_the_file():
    with ZipFile(BytesIO(as_xlsx(made()))) as files:
        times = {one.date_time for one in files.infolist()}
        core = files.read("docProps/core.xml").decode()

    assert times == {(1980, 1, 1, 0, 0, 0)}
    assert core.count("2026-04-02T00:00:00Z") == 2


def test_sheets_are_set_up_to_be_read_and_printed():
    with ZipFile(BytesIO(as_xlsx(made()))) as files:
        detail = files.read("xl/worksheets/sheet2.xml").decode()
        book = files.read("xl/workbook.xml").decode()

    for said in ('state="frozen"', "<autoFilter", 'orientation="landscape"', 'fitToHeight="0"'):
        assert said in detail
    assert "_xlnm.Print_Titles" in book
