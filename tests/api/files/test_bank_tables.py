"""Bank statements as tables, and what a bank's file is at all."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.bank_files import BankFileLine, read_bank_file
from domain.kernel.money import LARGEST_AMOUNT, text
from tests.api.files.bank_desk import misread, refused
from tests.api.files.desk import csv, xlsx

ENGLISH = "value_date,amount,payer,payer_account,bank_ref,text,currency"
CHINESE = "交易日期,金额,对方户名,对方账号,流水号,摘要,币种"
PAID = '2026-03-01,"3,390.00",杭州睿康医疗,622848040256489,2026030100017,INV-2026-0007 货款,CNY'
SPENT = "2026-03-02,-120.50,,,2026030200003,手续费,CNY"
AS_READ = (
    BankFileLine(
        "2026030100017", date(2026, 3, 1), date(2026, 3, 1), 339000, "CNY",
        "杭州睿康医疗", "622848040256489", "INV-2026-0007 货款",
    ),
    BankFileLine(
        "2026030200003", date(2026, 3, 2), date(2026, 3, 2), -12050, "CNY", "", "", "手续费"
    ),
)  # fmt: skip
WRITTEN = {
    "UTF-8": csv(ENGLISH, PAID, SPENT),
    "UTF-8 with a mark": "\ufeff".encode() + csv(CHINESE, PAID, SPENT),
    "GB 18030": f"{CHINESE}\r\n{PAID}\r\n{SPENT}".encode("gb18030"),
    "XLSX": xlsx(
        CHINESE.split(","),
        [datetime(2026, 3, 1), 3390, "杭州睿康医疗", "622848040256489", "2026030100017", "INV-2026-0007 货款", "人民币"],  # noqa: DTZ001
        ["2026/3/2", -120.5, None, None, "2026030200003", "手续费", "rmb"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("raw", WRITTEN.values(), ids=WRITTEN)
def test_one_statement_reads_alike_however_it_is_written(raw: bytes):
    file = read_bank_file(raw)
    (told,) = file.statements

    assert file.format == ("XLSX" if raw.startswith(b"PK") else "CSV")
    assert told.lines == AS_READ
    assert (told.account, told.reference, told.currency) == ("", "", "CNY")
    assert (told.opening, told.closing, told.opening_day, told.closing_day) == (None,) * 4
    assert file == read_bank_file(raw)


def amounts(*cells: str, header: str = "amount") -> list[int]:
    rows = [f'2026-03-01,"{cell}"' if "," in cell else f"2026-03-01,{cell}" for cell in cells]
    (told,) = read_bank_file(csv(f"日期,{header}", *rows)).statements
    return [line.amount for line in told.lines]


def test_amounts_are_read_as_people_write_them():
    written = {
        "1,234.50": 123450,
        "￥1,234.50": 123450,
        "¥ 12": 1200,
        "CNY 0.5": 50,
        "(12.00)": -1200,
        "（￥1,000.01）": -100001,
        "-¥3": -300,
        "¥-3": -300,
        "\u22123.1": -310,
        "+7.": 700,
        "１２．５０": 1250,
        "0.00": 0,
        "10000000000000.00": LARGEST_AMOUNT,
    }

    assert amounts(*written) == [*written.values()]


@pytest.mark.parametrize(
    "cell",
    [
        "1.234",
        "12.000",
        "1,23",
        "1,2345",
        "12,34,567",
        "--1",
        "(-1)",
        "-(1)",
        "(1",
        "1)",
        "()",
        "-",
        "¥",
        ".",
        "1 000",
        "1e3",
        "nan",
        "٣",
        "$1",
        "10000000000000.01",
    ],
)
def test_what_is_no_amount_is_never_guessed(cell: str):
    assert misread(csv("date;amount", f"2026-03-01;{cell}")) == ["row 2, column amount"]


@given(
    st.integers(-LARGEST_AMOUNT, LARGEST_AMOUNT), st.sampled_from(["", "￥", "¥"]), st.booleans()
)
def test_amounts_written_are_amounts_read(minor: int, mark: str, brackets: bool):
    bare = text(abs(minor))
    written = f"({mark}{bare})" if brackets else f"-{mark}{bare}"

    assert amounts(written if minor < 0 else f"{mark}{bare}") == [minor]


@given(st.integers(0, 10**12), st.booleans())
def test_money_in_and_money_out_have_columns_of_their_own(minor: int, is_debit: bool):
    cells = ("0.00", text(minor)) if is_debit else (text(minor), "")
    raw = csv("日期\t贷方（收入）\t借方(支出)", f"2026-03-01\t{cells[0]}\t{cells[1]}")
    (told,) = read_bank_file(raw).statements

    assert [line.amount for line in told.lines] == [-minor if is_debit else minor]


def test_a_negative_credit_takes_a_credit_back():
    raw = csv("date,credit,debit", "2026-03-01,-5,", "2026-03-01,,-6")
    assert [line.amount for line in read_bank_file(raw).statements[0].lines] == [-500, 600]


def test_sums_of_a_workbook_are_the_cents_that_they_show():
    raw = xlsx(
        ["date", "amount"],
        *([date(2026, 3, 1), one] for one in (0.1 + 0.2, -1.1 - 2.2, 1e15 / 100)),
    )
    assert [line.amount for line in read_bank_file(raw).statements[0].lines] == [30, -330, 10**15]
    assert misread(xlsx(["date", "amount"], ["2026-03-01", 0.305])) == ["row 2, column amount"]
    assert misread(xlsx(["date", "amount"], ["2026-03-01", 1 / 3])) == ["row 2, column amount"]
    assert misread(csv("date,amount", "2026-03-01,0.30000000000000004")) == ["row 2, column amount"]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-01",
        "2026/3/1",
        "2026.3.1",
        "20260301",
        "2026年3月1日",
        "2026-03-01 09:30:15",
        "20260301T0:00",
        "2026-03-01 9:30:15.5",
    ],
)
def test_days_are_read_as_people_write_them(cell: str):
    (told,) = read_bank_file(csv("date,amount,记账日期", f"{cell},1,2026-03-02")).statements

    assert (told.lines[0].value_date, told.lines[0].booking_date) == (
        date(2026, 3, 1), date(2026, 3, 2),
    )  # fmt: skip


@pytest.mark.parametrize(
    "cell", ["2026-02-30", "01.03.2026", "2026-3/1", "46082", "2026-03-01 noon", "２０２６0301"]
)
def test_what_is_no_day_is_never_guessed(cell: str):
    assert misread(csv("date,amount", f"{cell},1")) == ["row 2, column value_date"]


def test_rows_that_look_alike_are_all_kept_in_order():
    row = "2026-03-01,1,某医院"
    (told,) = read_bank_file(csv("date,amount,payer", row, "2026-03-01,2,某医院", row)).statements

    assert [line.amount for line in told.lines] == [100, 200, 100]
    assert told.lines[0] == told.lines[2]


def test_accounts_and_currencies_are_statements_of_their_own():
    raw = csv(
        "date,amount,账号,币种,余额", "2026-03-01,1,A,CNY,9", "2026-03-01,2,B,,8",
        "2026-03-01,3,A,usd,7", "2026-03-01,4,A,人民币,6",
    )  # fmt: skip
    told = read_bank_file(raw).statements

    assert [(one.account, one.currency, [line.amount for line in one.lines]) for one in told] == [
        ("A", "CNY", [100, 400]), ("B", "", [200]), ("A", "USD", [300]),
    ]  # fmt: skip


def test_a_summary_and_a_note_are_one_text():
    raw = csv(
        "date,amount,摘要,附言",
        "2026-03-01,1,转账,INV-1",
        "2026-03-01,1,转账,转账",
        "2026-03-01,1,,b",
    )
    assert [line.text for line in read_bank_file(raw).statements[0].lines] == [
        "转账 INV-1",
        "转账",
        "b",
    ]


def test_everything_that_does_not_fit_is_named_by_row_and_column():
    raw = csv(
        "date,amount,credit,debit,currency,bank_ref,payer,text",
        "2026-03-01,1,,,CNY,fine,,",
        "yesterday,x,,,RENMINBI,6.22848E+18,,",
        "",
        "2026-03-01,,,,,,,",
        ",1,2,,,,,",
        f"2026-03-01,,1,1,,,{'n' * 141},",
        "2026-03-01,1,0,0.00,,,a\x00b,c\x00d",
    )

    assert misread(raw) == [
        "row 3, column value_date",
        "row 3, column currency",
        "row 3, column bank_ref",
        "row 3, column amount",
        "row 5, column amount",
        "row 6, column value_date",
        "row 6, column amount",
        "row 7, column credit",
        "row 7, column payer",
        "row 8, column payer",
        "row 8, column text",
    ]


def test_columns_that_are_strange_or_missing_are_named():
    assert misread(csv("colour,amount", "1,2")) == ["row 1, column 1", "row 1"]
    assert refused(csv("date,text", "2026-03-01,x")) == [
        ("row 1", "a column amount, or credit and debit, is needed")
    ]


NO_FILES = {
    "nothing": b"",
    "a header": csv(ENGLISH),
    "bytes": b"\xff\xd8\xff\xe0\x00\x10",
    "a torn workbook": WRITTEN["XLSX"][:900],
}


@pytest.mark.parametrize("raw", NO_FILES.values(), ids=NO_FILES)
def test_a_file_without_a_statement_is_refused_as_a_whole(raw: bytes):
    assert misread(raw) == ["file"]


def test_a_file_is_so_large_and_no_larger(monkeypatch: pytest.MonkeyPatch):
    raw = csv(ENGLISH, PAID)
    monkeypatch.setattr("api.bank_files.MOST_BYTES", len(raw))

    assert len(read_bank_file(raw).statements) == 1
    assert misread(raw + b"\n") == ["file"]


def test_problems_are_named_up_to_a_bound(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.bank_files.values.MOST_PROBLEMS", 3)

    assert len(misread(csv("date,amount", *["x,1"] * 9))) == 3
