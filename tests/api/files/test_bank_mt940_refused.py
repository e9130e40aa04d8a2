"""MT940 that does not fit: named by line, all at once, and never read as something else."""

from __future__ import annotations

import logging

import pytest

from tests.api.files.bank_desk import misread
from tests.api.files.test_bank_mt940 import MARCH, A, Z, line, one


def test_everything_that_does_not_fit_is_named_by_line():
    text = (
        ":61:260301C1,NTRFEARLY\n"
        ":20:A\n"
        ":28C:first\n"
        ":60F:C260301CNY1000.50\n"
        ":61:260301C1000.50NTRFX\n"
        ":86:fine\n"
        ":61:260301C1,005NTRFX\n"
        ":61:261301C1,NTRFX\n"
        ":61:260301X1,NTRFX\n"
        ":61:260301C1,\n"
        f":61:260301C1,NTRFX//{'9' * 141}\n"
        ":62F:C260301USD1,\n"
        ":62F:C260301CNY1,\n"
        "-\n"
        ":20:B\n"
        ":25:6228\n"
        ":28C:1\n"
        ":60F:C260301CNY1,\n"
        ":62F:C260301EUR1,\n"
        ":20:C\n"
    )

    places = [f"line {n}" for n in (1, 13, 2, 3, 4, 5, 7, 8, 9, 10, 11, 19, 20, 20, 20, 20)]
    assert misread(text.encode()) == places


def test_an_amount_with_a_point_is_never_read_as_its_whole_part():
    for amount in ("1000.50", "1.000,50", "1,5,5", "1 000,50", ","):
        assert misread(f"{A}:61:260301C{amount}NTRFX\n{Z}".encode()) == ["line 5"]
        assert misread(f"{A}{Z}".replace("CNY0,", f"CNY{amount}", 1).encode()) == ["line 4"]


def test_an_amount_beyond_all_money_is_refused():
    assert misread(f"{A}:61:260301C10000000000000,01NTRFX\n{Z}".encode()) == ["line 5"]


def test_what_the_library_cannot_read_is_not_written_to_the_log(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        misread(f"{A}:61:SECRET PAYER\n{Z}".encode())

    assert "SECRET" not in caplog.text


def test_a_report_of_the_day_is_no_statement():
    report = ":20:R\n:25:6228\n:28C:1\n:34F:CNY0,\n:13D:2603011200+0800\n:61:260301C1,NTRFX\n-\n"

    assert misread(report.encode()) == ["line 1", "line 1"]


def test_a_field_after_the_end_of_a_message_belongs_to_none():
    for end in ("-", "-}"):
        text = f"{A}{Z}".replace("-\n", f"{end}\n:61:260301C1,NTRFX\n")
        assert misread(text.encode()) == ["line 7"]


def test_a_torn_file_is_refused():
    assert misread(MARCH[: MARCH.index(":62F:")].encode()) == ["line 2"]
    assert misread(b"{1:F01BKCHCNBJA110000000000}{2:O940}{4:\n") == ["file"]


def test_a_text_with_nul_or_in_no_known_letters_is_refused():
    assert misread(f"{A}:61:260301C1,NTRFX\n:86:a\x00b\n{Z}".encode()) == ["line 6"]
    assert misread(f"{A}{Z}".encode() + b":86:\xff") == ["file"]


def test_a_file_has_so_many_lines_and_no_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.bank_files.mt940_text.MOST_LINES", 2)
    entry = ":61:260301C1,NTRFX\n"

    assert len(one(f"{A}{entry * 2}{Z}").lines) == 2
    assert misread(f"{A}{entry * 3}{Z}".encode()) == ["file"]
    assert misread(f"{A}{Z}".encode() * 3) == ["file"]


def test_a_text_is_cut_where_nobody_would_read_on():
    long = "\n".join(["x" * 64] * 200)

    assert len(line(f":61:260301C1,NTRFX\n:86:{long}").text) == 4_000
