"""Files of the bank at the door: in whatever format, the same lines become the same receipts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from tests.api.files.camt_desk import detail, document, statement
from tests.api.files.desk import csv, xlsx
from tests.api.money.bench import Bench, benched

MT940 = """\
:20:STMT
:25:6222-01
:28C:00042/00001
:60F:C260301CNY1000,00
:61:2603090309C5650,00NTRFNONREF//BK-1
:86:166?00TRANSFER?20INV-5?31622848?32Dealer D01
:61:2603100310D7,50NCHGNONREF//BK-2
:86:166?00CHARGES?20FEE
:61:2603110311C42,00NTRFNONREF//BK-3
:86:166?00TRANSFER?20WHO KNOWS?31622849?32Somebody
:62F:C260311CNY6684,50
-
"""


def camt(closing: str = "6684.50", name: str = "S-42", own: str = "6222-01") -> str:
    owner = f"<Acct><Id><Othr><Id>{own}</Id></Othr></Id><Ccy>CNY</Ccy></Acct>"

    def balance(code: str, amount: str) -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='CNY'>{amount}</Amt>"
            "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-01</Dt></Dt></Bal>"
        )

    def entry(amount: str, sign: str, day: str, ref: str, payer: str, text: str, no: str) -> str:
        told = detail(payer, text).replace(f"ACC-{payer}", no)
        return (
            f"<Ntry><Amt Ccy='CNY'>{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts>BOOK</Sts>"
            f"<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
            f"<AcctSvcrRef>{ref}</AcctSvcrRef><NtryDtls>{told}</NtryDtls></Ntry>"
        )

    parts = (
        balance("OPBD", "1000.00"),
        balance("CLBD", closing),
        entry("5650.00", "CRDT", "2026-03-09", "BK-1", "Dealer D01", "INV-5", "622848"),
        entry("7.50", "DBIT", "2026-03-10", "BK-2", "", "FEE", ""),
        entry("42.00", "CRDT", "2026-03-11", "BK-3", "Somebody", "WHO KNOWS", "622849"),
    )
    return statement(*parts, name=name, owner=owner)


HEADER = "交易日期,金额,对方户名,对方账号,流水号,摘要"
ROWS = (
    '2026-03-09,"5,650.00",Dealer D01,622848,BK-1,INV-5',
    "2026-03-10,-7.50,,,BK-2,FEE",
    "2026-03-11,42,Somebody,622849,BK-3,WHO KNOWS",
)
BOOK = xlsx(
    HEADER.split(","),
    [date(2026, 3, 9), 5650, "Dealer D01", "622848", "BK-1", "INV-5"],
    [date(2026, 3, 10), -7.5, None, None, "BK-2", "FEE"],
    [date(2026, 3, 11), 42, "Somebody", "622849", "BK-3", "WHO KNOWS"],
)
FILES = {
    "MT940": MT940.encode(),
    "CAMT053": document(camt(), version="02"),
    "CSV": csv(HEADER, *ROWS),
    "XLSX": BOOK,
}
AS_BOOKED = [
    ("6222-01", "BK-1", "2026-03-09", 5_650_00, "Dealer D01", "INV-5", "D01", "RCPT-0001"),
    ("6222-01", "BK-2", "2026-03-10", -7_50, "", "FEE", None, None),
    ("6222-01", "BK-3", "2026-03-11", 42_00, "Somebody", "WHO KNOWS", None, None),
]


@pytest.fixture
def bench(tmp_path, templates) -> Iterator[Bench]:
    with benched(tmp_path, templates) as bench:
        yield bench


@pytest.fixture
def read(tmp_path, templates) -> Iterator[Bench]:
    """A bench at which read models come along."""
    with benched(tmp_path, templates, follow=True) as bench:
        yield bench


def still_open(bench: Bench, dealer: str = "D01") -> dict[str, int]:
    return {
        one["doc"]: one["open"]
        for one in bench.rows("/v1/open-items", dealer=dealer)
        if one["open"]
    }


@pytest.mark.parametrize("name", FILES)
def test_the_same_lines_become_the_same_receipts_in_every_format(read: Bench, name: str):
    answer = read.bank(FILES[name], account="6222-01")

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["format"] == name
    (told,) = answer.json()["statements"]
    assert (told["account"], told["outcome"]) == ("6222-01", "accepted")
    assert told["result"]["receipts"] == [{"line": "BK-1", "dealer": "D01", "receipt": "RCPT-0001"}]
    assert told["result"]["unassigned"] == ["BK-3"]
    assert read.receipts() == AS_BOOKED
    assert "INV-5" not in still_open(read)


def test_lines_that_came_in_one_format_are_known_in_every_other(bench: Bench):
    first, *others = (bench.taken(raw, account="6222-01")[0] for raw in FILES.values())

    assert (first["new"], first["known"]) == (3, 0)
    assert [(one["new"], one["known"], one["receipts"]) for one in others] == [(0, 3, [])] * 3


@pytest.mark.parametrize("name", FILES)
def test_the_same_file_again_adds_nothing(bench: Bench, name: str):
    bench.taken(FILES[name], account="6222-01")
    head = bench.head

    (again,) = bench.taken(FILES[name], account="6222-01")

    assert (again["new"], again["receipts"], bench.head) == (0, [], head)


def test_a_line_that_waits_is_assigned_and_read_as_booked(read: Bench):
    read.taken(FILES["MT940"])
    place = {"account": "6222-01", "reference": "2026-00042", "line": "BK-3"}

    read.does("fin-1", "assign-bank-line", **place, dealer_id="D03", mandate="M-1")

    assert read.receipts()[2][-2:] == ("D03", "RCPT-0002")
    assert still_open(read, "D03") == {"OPN-1": 35_00}


def test_a_statement_whose_lines_do_not_lead_to_its_balance_is_refused(bench: Bench):
    before = bench.head

    answer = bench.bank(document(camt(closing="6684.51"), version="02"))

    assert answer.status_code == 422
    assert bench.wrong(answer, before) == [("FOOTING_WRONG", "")]


def test_of_two_statements_of_which_one_is_wrong_the_other_is_taken(bench: Bench):
    wrong, fine = camt(closing="1.00", name="S-1"), camt(name="S-2")

    answer = bench.bank(document(wrong, fine, version="02"))

    assert answer.status_code == 200, answer.text
    first, second = answer.json()["statements"]
    assert (first["reference"], first["outcome"], first["code"]) == (
        "S-1", "refused", "FOOTING_WRONG",
    )  # fmt: skip
    assert (second["reference"], second["outcome"]) == ("S-2", "accepted")
    assert second["result"]["new"] == 3


def test_where_every_statement_is_wrong_each_of_them_is_named(bench: Bench):
    future = camt(name="S-1").replace("2026-03-11", "2026-03-31")
    before = bench.head

    answer = bench.bank(document(future, camt(closing="1.00", name="S-2"), version="02"))

    assert bench.wrong(answer, before) == [
        ("FUTURE_DATED", "lines[2].value_date"),
        ("FOOTING_WRONG", ""),
    ]
    statements = [one["facts"]["statement"] for one in answer.json()["violations"]]
    assert statements == ["6222-01/S-1", "6222-01/S-2"]


def test_a_statement_that_has_a_number_and_no_name_is_called_by_its_year_and_number(bench: Bench):
    numbered = camt().replace("<Id>S-42</Id>", "<ElctrncSeqNb>7</ElctrncSeqNb>")

    by_number, by_name = (
        bench.taken(document(one, version="02"))[0]["statement"] for one in (numbered, camt())
    )

    # Its closing balance is of 1 March 2026.
    assert (by_number, by_name) == ("6222-01/2026-7", "6222-01/S-42")


def test_another_content_under_the_same_reference_is_refused(bench: Bench):
    bench.taken(FILES["MT940"])
    before = bench.head

    answer = bench.bank(MT940.replace("WHO KNOWS", "WHO CARES").encode())

    assert answer.status_code == 409
    assert bench.wrong(answer, before) == [("DUPLICATE_STATEMENT", "")]


def test_a_dry_run_enters_nothing_and_says_what_would_be(bench: Bench):
    before = bench.head

    (told,) = bench.taken(FILES["MT940"], dry_run=True)

    assert bench.head == before
    assert (told["new"], [one["line"] for one in told["receipts"]]) == (3, ["BK-1"])
    assert bench.taken(FILES["MT940"]) == [told]


def test_a_dry_run_says_what_is_wrong_too(bench: Bench):
    before = bench.head

    answer = bench.bank(document(camt(closing="0.00"), version="02"), dry_run=True)

    assert bench.wrong(answer, before) == [("FOOTING_WRONG", "")]
