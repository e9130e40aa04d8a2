"""MT940: statements of a bank as text, read into plain values."""

from __future__ import annotations

from datetime import date

import pytest

from api.bank_files import BankFileLine, BankStatementFile, read_bank_file

MARCH = """\
{1:F01BKCHCNBJA110000000000}{2:O9401200260302BKCHCNBJA11000000000026030212N}{3:{108:1}}{4:
:20:STMT260302
:25:BKCHCNBJ/456789012345
:28C:00042/00001
:60F:C260301CNY12500,00
:61:2603010301C3390,00NTRFINV-2026-0007//2026030100000017
:86:166?00TRANSFER?10931?20EREF+SO-2026-0031?21SVWZ+INV-2026-0007 AND INV-
?222026-0008?31622848040256489?32HANGZHOU RUIKANG MEDICAL DE?33VICES
:61:2603020302D120,5NCHGNONREF//2026030200000003
BANK CHARGES MARCH
:61:260302CR500,NTRFNONREF
:86:INV-2026-0009 PART PAYMENT, THE REST FOLLOWS WITH THE NEXT PAYMEN
T RUN
AND A SECOND LINE
:61:2603020302RC390,00NTRFINV-2026-0007//2026030200000009
:86:RETURNED
:61:2603020302RD20,50NCHGNONREF//2026030200000010
:62F:C260302CNY15900,00
:64:C260302CNY15900,00
:86:STATEMENT CLOSED WITHOUT NOTICE
-}{5:{CHK:0123456789AB}}
"""
A = ":20:A\n:25:6228\n:28C:7\n:60F:C260301CNY0,\n"
Z = ":62F:C260302CNY0,\n-\n"


def one(text: str) -> BankStatementFile:
    (statement,) = read_bank_file(text.encode()).statements
    return statement


def line(entry: str) -> BankFileLine:
    (told,) = one(f"{A}{entry}\n{Z}").lines
    return told


def test_a_statement_has_an_account_a_number_a_currency_and_balances():
    file = read_bank_file(MARCH.encode())
    (told,) = file.statements

    assert file.format == "MT940"
    assert (told.account, told.reference, told.currency) == (
        "BKCHCNBJ/456789012345", "00042", "CNY",
    )  # fmt: skip
    assert (told.opening, told.closing) == (1250000, 1590000)
    assert (told.opening_day, told.closing_day) == (date(2026, 3, 1), date(2026, 3, 2))
    assert told.opening + sum(one.amount for one in told.lines) == told.closing


def test_money_in_is_positive_and_a_reversal_of_it_is_negative():
    assert [told.amount for told in one(MARCH).lines] == [339000, -12050, 50000, -39000, 2050]


def test_subfields_tell_the_other_party_and_the_text():
    first = one(MARCH).lines[0]

    assert (first.payer, first.payer_account) == (
        "HANGZHOU RUIKANG MEDICAL DEVICES", "622848040256489",
    )  # fmt: skip
    assert first.text == ("EREF+SO-2026-0031 SVWZ+INV-2026-0007 AND INV-2026-0008 INV-2026-0007")


def test_free_text_is_joined_where_a_full_line_broke_it():
    third = one(MARCH).lines[2]

    assert third.text == (
        "INV-2026-0009 PART PAYMENT, THE REST FOLLOWS WITH THE NEXT PAYMENT RUN AND A SECOND LINE"
    )
    assert (third.payer, third.payer_account) == ("", "")


def test_the_banks_own_reference_is_told_and_no_reference_is_none():
    assert [told.bank_ref for told in one(MARCH).lines] == [
        "2026030100000017", "2026030200000003", "", "2026030200000009", "2026030200000010",
    ]  # fmt: skip


def test_a_reference_that_says_there_is_none_is_none():
    assert line(":61:260301C1,NTRFNONREF//NONREF").bank_ref == ""
    assert line(":61:260301C1,NTRFNONREF").text == ""


def test_what_follows_the_balances_is_no_text_of_the_last_line():
    assert "CLOSED" not in one(MARCH).lines[-1].text
    assert one(MARCH).lines[1].text == "BANK CHARGES MARCH"


def test_words_stay_apart_and_a_question_mark_is_text():
    told = line(":61:260301C1,NTRFNONREF\n:86:166?00X?20IS IT PAID? YES?21INV-7?32LI?33WEI")

    assert (told.text, told.payer) == ("IS IT PAID? YES INV-7", "LI WEI")


def test_the_text_goes_on_in_the_later_subfields():
    assert line(":61:260301C1,NTRFNONREF\n:86:?20INV-7?30BANK?60INV-8?64X").text == "INV-7 INV-8"


def test_a_keyword_begins_a_word_after_a_full_subfield():
    full = "INV-1 INV-2 INV-3 INV-4 INV"
    assert len(full) == 27

    assert line(f":61:260301C1,NTRFX\n:86:?20{full}?21-5").text == f"{full}-5 X"
    assert line(f":61:260301C1,NTRFX\n:86:?20{full}?21SVWZ+6").text == f"{full} SVWZ+6 X"


@pytest.mark.parametrize(
    ("told", "value_date", "booking_date"),
    [
        ("260301", date(2026, 3, 1), date(2026, 3, 1)),
        ("2603010302", date(2026, 3, 1), date(2026, 3, 2)),
        ("260301    ", date(2026, 3, 1), date(2026, 3, 1)),
        ("2612310102", date(2026, 12, 31), date(2027, 1, 2)),
        ("2701021231", date(2027, 1, 2), date(2026, 12, 31)),
        ("260230", date(2026, 2, 28), date(2026, 2, 28)),
    ],
)
def test_an_entry_date_lies_in_the_year_that_is_near(told, value_date, booking_date):
    found = line(f":61:{told}C1,NTRFX")

    assert (found.value_date, found.booking_date) == (value_date, booking_date)
    assert type(found.value_date) is type(found.booking_date) is date


@pytest.mark.parametrize(
    ("mark", "amount"),
    [
        ("C12,", 1200),
        ("D12,5", -1250),
        ("RC12,34", -1234),
        ("RD0,01", 1),
        ("CR12", 1200),
        ("DY9999999999999,99", -999999999999999),
        ("c1,", 100),
        ("rc1,", -100),
    ],
)
def test_marks_and_funds_codes_are_told_apart(mark, amount):
    assert line(f":61:260301{mark}NTRFX").amount == amount


def test_lines_that_look_alike_are_all_kept_in_order():
    entry = ":61:260301C1,NTRFNONREF\n:86:RENT\n"
    told = one(f"{A}{entry}:61:260301C2,NTRFNONREF\n{entry}{Z}").lines

    assert [one.amount for one in told] == [100, 200, 100]
    assert told[0] == told[2]


def test_a_file_twice_gives_equal_values():
    assert read_bank_file(MARCH.encode()) == read_bank_file(MARCH.encode())


def test_blocks_and_marks_and_line_ends_change_nothing():
    bare = MARCH[MARCH.index(":20:") : MARCH.index("-}")]
    expected = one(MARCH)

    for text in (bare, f"\ufeff{MARCH}", MARCH.replace("\n", "\r\n"), f"ABNANL2A\n940\n{bare}-"):
        assert one(text) == expected
    assert one(MARCH.replace("{4:\n", "{4:")) == expected


def test_what_a_bank_writes_after_a_message_is_passed_over():
    for end in ("-", "-}", "-}{5:}"):
        assert one(f"{A}{Z}".replace("-\n", f"{end}\nPAGE 1 OF 1\n")) == one(f"{A}{Z}")


def test_a_text_in_gb_18030_is_read():
    text = f"{A}:61:260301C1,NTRFX\n:86:166?20货款?32杭州睿康医疗\n{Z}"
    (told,) = read_bank_file(text.encode("gb18030")).statements[0].lines

    assert (told.payer, told.text) == ("杭州睿康医疗", "货款 X")


PAGES = """\
:20:P1
:25:6228
:28C:12/1
:60F:C260301CNY10,
:61:260301C1,NTRFA
:62M:C260301CNY11,
-
:20:Q1
:25:9999
:28C:12/1
:60F:D260301USD5,
:62F:D260301USD5,
-
:20:P2
:25:6228
:28C:12/2
:60M:C260301CNY11,
:61:260302C2,NTRFB
:62M:C260302CNY13,
-
:20:P3
:25:6228
:28C:12/3
:60M:C260302CNY13,
:61:260303D3,NTRFC
:62F:C260303CNY10,
-
"""


def test_pages_of_one_statement_are_joined_and_other_accounts_are_not():
    paged, other = read_bank_file(PAGES.encode()).statements

    assert (paged.account, paged.reference) == ("6228", "12")
    assert [told.amount for told in paged.lines] == [100, 200, -300]
    assert (paged.opening, paged.closing) == (1000, 1000)
    assert (paged.opening_day, paged.closing_day) == (date(2026, 3, 1), date(2026, 3, 3))
    assert (other.account, other.currency, other.opening, other.lines) == ("9999", "USD", -500, ())


def test_a_page_that_does_not_follow_is_a_statement_of_its_own():
    second = PAGES.index(":20:P2")
    third = PAGES.index(":20:P3")
    told = read_bank_file((PAGES[:second] + PAGES[third:]).encode()).statements

    assert [(one.account, one.reference) for one in told] == [
        ("6228", "12"), ("9999", "12"), ("6228", "12/3"),
    ]  # fmt: skip


@pytest.mark.parametrize(("tag", "final"), [(":60M:", ":60F:"), (":62M:", ":62F:")])
def test_a_final_balance_ends_a_statement_even_if_numbers_go_on(tag: str, final: str):
    told = read_bank_file(PAGES.replace(tag, final).encode()).statements

    assert [one.reference for one in told] == ["12", "12", "12/2", "12/3"]


def test_a_bank_that_does_not_number_statements_names_them():
    assert one(f"{A}{Z}".replace(":28C:7", ":28C:0")).reference == "A"
    assert one(f"{A}{Z}".replace(":28C:7", ":28:7")).reference == "7"
