"""A file of the bank is taken for whoever may, once, and as nothing but text and figures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.engine import digest_of
from tests.api.door import problem
from tests.api.files.desk import csv, xlsx
from tests.api.money.bench import Bench, benched
from tests.api.money.test_bank_statements import FILES, MT940

HEADER = "value_date,amount,payer,bank_ref,text"
PAID = "2026-03-09,100.00,Dealer D01,BK-1,INV-1"


@pytest.fixture
def bench(tmp_path, templates) -> Iterator[Bench]:
    with benched(tmp_path, templates) as bench:
        yield bench


@pytest.fixture(scope="module")
def closed(tmp_path_factory, templates) -> Iterator[Bench]:
    """A bench that tests share at which everything is refused."""
    with benched(tmp_path_factory.mktemp("closed"), templates) as bench:
        yield bench


@pytest.fixture
def read(tmp_path, templates) -> Iterator[Bench]:
    with benched(tmp_path, templates, follow=True) as bench:
        yield bench


def actor_of_the_last(bench: Bench, topic: str) -> dict[str, str]:
    told = bench.client.get("/v1/events", params={"topic": topic, "limit": 500}).json()["items"]
    by: dict[str, str] = told[-1]["data"]["by"]
    return by


def test_a_file_is_entered_on_behalf_of_a_person(bench: Bench):
    bench.taken(FILES["MT940"], "fin-1")

    by = actor_of_the_last(bench, "bank_statement.imported")
    assert (by["user"], by["role"], by["via"]) == ("fin-1", "FIN", "bootstrap")


@pytest.mark.parametrize("who", ["dlr-d01", "wh-sh-1", "rep-east", "nobody"])
def test_not_on_behalf_of_others_than_finance(closed: Bench, who: str):
    before = closed.head

    answer = closed.bank(FILES["MT940"], who)

    assert answer.status_code == 403
    assert closed.wrong(answer, before) == [("FORBIDDEN_ROLE", "")]


@pytest.mark.parametrize(
    ("secret", "expected"),
    [("of-an-auditor-and-long", (403, "FORBIDDEN_ROLE")), ("of-nobody", (401, "KEY_REQUIRED"))],
)
def test_only_the_key_of_a_service_enters_a_file(bench: Bench, secret: str, expected):
    digest = digest_of("of-an-auditor-and-long")
    bench.does("adm-1", "issue-api-key", name="aud-1", role="AUDITOR", secret_digest=digest)
    head, headers = bench.head, {"Authorization": f"Bearer {secret}"}

    answer = bench.client.post("/v1/bank-statements", content=FILES["MT940"], headers=headers)

    assert (problem(answer), bench.head) == (expected, head)


def test_errors_of_rows_are_named_by_row_and_column_all_at_once(closed: Bench):
    before = closed.head
    raw = csv(HEADER, PAID, "2026-02-30,1.00,,BK-2,", "2026-03-09,1.005,,BK-3,", "2026-03-09,,,,x")

    answer = closed.bank(raw, account="6222-01")

    assert answer.status_code == 400
    assert [place for _, place in closed.wrong(answer, before)] == [
        "row 3, column value_date",
        "row 4, column amount",
        "row 5, column amount",
    ]


def test_a_table_that_names_no_account_needs_one_in_the_address(closed: Bench):
    before = closed.head

    answer = closed.bank(csv(HEADER, PAID))

    assert ("VALIDATION_FAILED", "account") in closed.wrong(answer, before)


def test_a_table_is_called_as_the_address_says_or_by_its_content(bench: Bench):
    named = bench.bank(csv(HEADER, PAID), account="6222-01", reference="MARCH")
    other = bench.bank(csv(HEADER, PAID, PAID), account="6222-01")

    assert named.json()["statements"][0]["reference"] == "MARCH"
    assert other.json()["statements"][0]["reference"].startswith("FILE-")
    assert other.json()["statements"][0]["result"]["known"] == 1


def test_rows_of_two_accounts_are_two_statements(bench: Bench):
    raw = csv(f"{HEADER},账号", f"{PAID},A-1", "2026-03-09,5.00,,BK-9,,A-2")

    told = bench.bank(raw, reference="MARCH").json()["statements"]

    assert [(one["account"], one["reference"]) for one in told] == [
        ("A-1", "MARCH"),
        ("A-2", "MARCH-2"),
    ]


def test_money_of_another_currency_is_refused(closed: Bench):
    before = closed.head

    answer = closed.bank(MT940.replace("CNY", "EUR").encode())

    assert closed.wrong(answer, before) == [("CURRENCY_MISMATCH", "")]


@pytest.mark.parametrize("name", FILES)
def test_the_same_key_gets_the_same_answer(bench: Bench, name: str):
    first = bench.bank(FILES[name], account="6222-01", key="march")
    head = bench.head

    again = bench.bank(FILES[name], account="6222-01", key="march")

    assert (again.json(), bench.head) == (first.json(), head)


def test_the_same_key_for_another_file_is_a_conflict(bench: Bench):
    bench.bank(FILES["MT940"], key="march")
    other = MT940.replace("FEE", "FEES").encode()

    assert problem(bench.bank(other, key="march")) == (409, "IDEMPOTENCY_CONFLICT")


TWO = csv(f"{HEADER},账号", f"{PAID},A-1", "2026-03-09,5.00,,BK-9,,A-2")


@pytest.mark.parametrize("length", [197, 198, 199, 200])
def test_a_key_may_be_as_long_as_for_a_command(bench: Bench, length: int):
    first = bench.bank(TWO, key="k" * length)
    assert first.status_code == 200, first.text
    head = bench.head

    again = bench.bank(TWO, key="k" * length)

    assert (again.json(), bench.head) == (first.json(), head)


def test_long_keys_that_differ_at_their_end_are_two_keys(bench: Bench):
    bench.taken(TWO, key="k" * 199 + "1")

    told = bench.taken(csv(HEADER, PAID), account="A-3", key="k" * 199 + "2")

    assert told[0]["statement"].startswith("A-3/")


@pytest.mark.parametrize("key", ["k" * 201, "k" * 199 + "\t\t", "a\tb"])
def test_a_key_that_is_none_is_refused_before_anything_is_entered(closed: Bench, key: str):
    before = closed.head

    answer = closed.bank(TWO, key=key)

    assert answer.status_code == 400
    assert closed.wrong(answer, before) == [("VALIDATION_FAILED", "Idempotency-Key")]


FORMULAS = ("=1+1", "=HYPERLINK(A1)", "+1", "@SUM(A1)", "-2+3", "<script>", "'; DROP TABLE")


def test_what_looks_like_a_formula_is_a_text(read: Bench):
    rows = [f"2026-03-09,1,{cell},BK-{at},{cell}" for at, cell in enumerate(FORMULAS)]

    read.taken(csv(HEADER, *rows), account="6222-01")

    assert [(one[4], one[5]) for one in read.receipts()] == [(one, one) for one in FORMULAS]


def test_of_a_formula_in_a_workbook_only_its_value_is_read(read: Bench):
    raw = xlsx(HEADER.split(","), ["2026-03-09", 1, '=HYPERLINK("http://x")', "BK-1", "=1+1"])

    read.taken(raw, account="6222-01")

    assert [(one[4], one[5]) for one in read.receipts()] == [("0", "0")]


@pytest.mark.parametrize(
    ("raw", "places"),
    [
        (csv(HEADER, "2026-03-09,1.00,Dea\x00ler,BK-1,"), ["row 2, column payer"]),
        (csv(HEADER, "2026-03-09,1.00,,BK\x00,"), ["row 2, column bank_ref"]),
        (csv(HEADER, "2026-03-09,99999999999999999999999,,BK-1,"), ["row 2, column amount"]),
        (csv(HEADER, "2026-03-09,1e999999,,BK-1,"), ["row 2, column amount"]),
        (csv(HEADER, "2026-03-09,NaN,,BK-1,"), ["row 2, column amount"]),
        (csv(HEADER, "99999-03-09,1.00,,BK-1,"), ["row 2, column value_date"]),
        (csv(HEADER, f"2026-03-09,1.00,,{'9' * 400},"), ["row 2, column bank_ref"]),
    ],
    ids=["NUL in a name", "NUL in a reference", "huge", "exponent", "NaN", "year", "long"],
)
def test_what_is_no_text_and_no_amount_is_refused_by_its_place(closed: Bench, raw, places):
    before = closed.head

    answer = closed.bank(raw, account="6222-01")

    assert answer.status_code == 400
    assert [place for _, place in closed.wrong(answer, before)] == places


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 64,
        b"PK\x03\x04 no workbook",
        b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>",
        b"<Document><BkToCstmrStmt>",
        b":20:A\n:25:",
        b"%PDF-1.7",
        "这不是对账单".encode(),
    ],
    ids=[
        "nothing",
        "NULs",
        "half a zip",
        "an entity",
        "half a tree",
        "half a message",
        "PDF",
        "prose",
    ],
)
def test_what_is_no_statement_is_refused_and_leaves_nothing(closed: Bench, raw: bytes):
    before = closed.head

    answer = closed.bank(raw, account="6222-01")

    assert answer.status_code == 400
    assert {code for code, _ in closed.wrong(answer, before)} == {"VALIDATION_FAILED"}


@pytest.mark.parametrize("name", ["account", "reference"])
@pytest.mark.parametrize("value", ["x" * 65, " ", "a\nb", "a\x00b"])
def test_names_in_the_address_are_names(closed: Bench, name: str, value: str):
    before = closed.head

    answer = closed.bank(csv(HEADER, PAID), **{"account": "6222-01"} | {name: value})

    assert answer.status_code in (400, 422)
    assert {code for code, _ in closed.wrong(answer, before)} <= {"VALIDATION_FAILED"}


def test_banks_number_their_statements_anew_each_year(bench: Bench):
    last_year = MT940.replace(":260", ":250").replace("C260", "C250").replace("BK-", "OLD-")
    bench.taken(last_year.encode())

    (told,) = bench.taken(MT940.encode())

    assert (told["new"], told["statement"]) == (3, "6222-01/2026-00042")


def test_two_pages_of_a_statement_are_taken_both(bench: Bench):
    middle = ":60M:C260301CNY6650,00\n"
    first, second = MT940.split(":61:2603100310D7", 1)
    page_1 = f"{first}:62M:C260309CNY6650,00\n-\n"
    page_2 = f":20:STMT\n:25:6222-01\n:28C:00042/00002\n{middle}:61:2603100310D7{second}"

    told = bench.taken((page_1 + page_2).encode())

    assert sum(one["new"] for one in told) == 3
