"""JSON lines and CSV say the same, line by line, in decimals; a formula stays text."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import msgspec
import pytest

from api.engine import Engine
from domain.books.posting import move
from replays.journal.batch import Batch, control_of
from replays.journal.formats import as_csv, as_json_lines
from replays.journal.lines import decimal
from tests.replays.journal.support import FORMULA, entry, exported, post_more


def batch_of(*found, currency="CNY"):
    control = control_of("2026-03/1", found, currency)
    return Batch(
        period="2026-03",
        seq=1,
        first=1,
        last=len(found),
        currency=currency,
        entries=found,
        control=control,
    )


def rows_of(batch):
    return list(csv.DictReader(io.StringIO(as_csv(batch).decode("utf-8-sig"), newline="")))


def test_a_line_has_every_field_finance_asks_for():
    told = entry(7, "2026-03-05", move("1122", "6001", 123_456), dealer="D05", doc="INV-1")

    first, second, last = map(json.loads, as_json_lines(batch_of(told)).splitlines())

    assert first == {
        "batch": "2026-03/1",
        "entry_no": "2026-03-000007",
        "line": 1,
        "date": "2026-03-05",
        "account": "1122",
        "account_name": "Receivables, by dealer (应收账款)",
        "debit": "1234.56",
        "credit": "0.00",
        "currency": "CNY",
        "dealer": "D05",
        "doc": "INV-1",
        "effective_date": None,
        "source_event": "Stock/WH/A/7",
        "position": 70,
    }
    assert (second["line"], second["debit"], second["credit"]) == (2, "0.00", "1234.56")
    assert last["batch"] == "2026-03/1"
    assert last["control"].items() >= {"debit": "1234.56", "credit": "1234.56", "count": 2}.items()


def test_the_lines_sum_up_to_the_control(told: Engine):
    *lines, last = map(json.loads, as_json_lines(exported(told, "one")).splitlines())

    for side in ("debit", "credit"):
        assert str(sum(Decimal(line[side]) for line in lines)) == last["control"][side]


def test_both_formats_say_the_same(told: Engine):
    found = exported(told, "one")
    *lines, _ = map(json.loads, as_json_lines(found).splitlines())

    told_twice = [
        {key: str("" if said is None else said) for key, said in one.items()} for one in lines
    ]

    assert rows_of(found) == told_twice


def test_csv_has_a_mark_a_header_and_windows_line_ends(told: Engine):
    written = as_csv(exported(told, "one"))

    assert written.startswith(b"\xef\xbb\xbfbatch,entry_no,line,date,account,account_name,debit")
    assert written.count(b"\r\n") == written.count(b"\n") == 14


def test_a_document_that_is_a_formula_stays_text(told: Engine):
    post_more(told)

    found = exported(told, "one")

    assert [row["doc"] for row in rows_of(found)][-2:] == [f"'{FORMULA}"] * 2
    assert json.loads(as_json_lines(found).splitlines()[-2])["doc"] == FORMULA


@pytest.mark.parametrize("sign", [*"=+-@\t\r\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_every_sign_that_begins_a_formula_is_neutralised(sign: str):
    told = entry(1, "2026-03-05", move("1122", "6001", 100), doc=f"{sign}1", dealer=f"{sign}2")

    row = rows_of(batch_of(told))[0]

    assert (row["doc"], row["dealer"]) == (f"'{sign}1", f"'{sign}2")


def test_a_later_posting_names_the_day_it_belongs_to():
    told = entry(1, "2026-04-06", move("6001", "1122", 100))
    late = msgspec.structs.replace(told, effective=told.day.replace(month=3))

    assert rows_of(batch_of(late))[0]["effective_date"] == "2026-03-06"


@pytest.mark.parametrize(
    ("minor", "text"),
    [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (123_456_789, "1234567.89"), (-100, "-1.00")],
)
def test_minor_units_are_written_with_two_places_and_no_separators(minor: int, text: str):
    assert decimal(minor) == text
