"""A dealer's list of a month at the door, and how it compares with ours after each step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.api.door import problem
from tests.api.files.desk import csv, xlsx
from tests.api.money.bench import Bench, benched

COMPARISON = "/v1/dealers/D01/statements/2026-03/comparison"
HEADER = "doc,day,amount,kind,text"
LIST = csv(HEADER, "INV-1,2026-03-01,100.00,INVOICE,a", "V-9,2026-03-12,500,,one sum")


@pytest.fixture
def bench(tmp_path, templates) -> Iterator[Bench]:
    with benched(tmp_path, templates) as bench:
        bench.issued()
        yield bench


@pytest.fixture
def read(tmp_path, templates) -> Iterator[Bench]:
    with benched(tmp_path, templates, follow=True) as bench:
        bench.issued()
        yield bench


def compared(read: Bench, who: str = "") -> dict[str, Any]:
    answer = read.asks(COMPARISON, who)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def seen(read: Bench) -> tuple[list[Any], list[Any]]:
    """Matches and differences, as the read models have them."""
    told = compared(read)
    matches = [(one["match_id"], one["state"], one["rule"], one["ours"]) for one in told["matches"]]
    differences = [
        (one["seq"], one["side"], one["ours"], one["amount"]) for one in told["differences"]
    ]
    return matches, differences


@pytest.mark.parametrize("who", ["", "dlr-d01", "fin-1"])
def test_a_list_is_taken_of_a_service_of_finance_and_of_the_dealers_own_user(bench: Bench, who):
    answer = bench.list_in(LIST, who)

    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["outcome"] == "accepted"
    assert (told["result"]["lines"], told["result"]["matched"]) == (2, 1)
    assert list(told["streams"]) == ["DealerLines/D01/2026-03"]


def test_not_of_another_dealers_user_to_whom_there_is_no_such_statement(bench: Bench):
    before = bench.head

    there, nowhere = bench.list_in(LIST, "dlr-d03"), bench.list_in(LIST, "dlr-d03", "D77")

    assert (problem(there), problem(nowhere)) == ((404, "NOT_FOUND"), (404, "NOT_FOUND"))
    assert bench.head == before


@pytest.mark.parametrize("who", ["wh-sh-1", "rep-east", "se-1"])
def test_not_of_people_who_have_nothing_to_do_with_it(bench: Bench, who: str):
    assert problem(bench.list_in(LIST, who)) == (403, "FORBIDDEN_ROLE")


def test_whoever_is_not_registered_may_nothing(bench: Bench):
    assert problem(bench.list_in(LIST, "nobody")) == (403, "FORBIDDEN_ROLE")


def test_the_read_models_have_each_step_and_nothing_that_is_over(read: Bench):
    four = ["INV-1", "INV-2", "INV-3", "INV-4", "INV-5"]
    one_sum = csv(HEADER, "V-9,2026-03-01,500.00,,one sum", "INV-5,2026-03-01,5650.00,,")
    assert read.list_in(one_sum, "dlr-d01").status_code == 200

    matches, differences = seen(read)
    assert matches == [
        ("M-0001", "ACCEPTED", "M1", "INV-5"),
        ("M-0002", "SUGGESTED", "M4", "INV-1, INV-2"),
        ("M-0003", "SUGGESTED", "M4", "INV-3, INV-4"),
    ]
    assert [one[2] for one in differences] == [*four[:4], ""]
    assert [one[3] for one in differences] == [-100_00, -400_00, -200_00, -300_00, 500_00]

    place = {"dealer_id": "D01", "period": "2026-03"}
    read.does("fin-1", "accept-match", **place, match_id="M-0003")
    matches, differences = seen(read)
    assert [one[1] for one in matches] == ["ACCEPTED", "DROPPED", "ACCEPTED"]
    assert differences == [(1, "OURS", "INV-1", -100_00), (2, "OURS", "INV-2", -400_00)]

    read.refuses(
        "REASON_REQUIRED", "fin-1", "reverse-match", **place, match_id="M-0003", reason=" "
    )
    read.does("fin-1", "reverse-match", **place, match_id="M-0003", reason="typed wrong")
    (reversed_,) = [one for one in compared(read)["matches"] if one["match_id"] == "M-0003"]
    assert (reversed_["state"], reversed_["reason"]) == ("REVERSED", "typed wrong")

    read.does("fin-1", "match-statement", **place)
    matches, differences = seen(read)
    assert [one[:2] for one in matches[3:]] == [("M-0004", "SUGGESTED"), ("M-0005", "SUGGESTED")]
    assert [one[0] for one in differences] == [1, 2, 3, 4, 5]

    rest = csv(HEADER, "V-9,2026-03-01,500.00,,other sum")
    assert read.list_in(rest).status_code == 200
    told = compared(read)
    assert [one["text"] for one in told["lines"]] == ["one sum", "", "other sum"]
    head = read.head
    read.does("fin-1", "match-statement", **place)
    assert read.head == head


def test_differences_that_are_over_are_gone_and_the_others_are_numbered_anew(read: Bench):
    read.list_in(LIST)
    assert len(seen(read)[1]) == 5
    whole = [
        f"INV-{n},2026-03-01,{gross},," for n, gross in ((2, 400), (3, 200), (4, 300), (5, 5650))
    ]
    read.list_in(csv(HEADER, *whole, "V-10,2026-03-12,-500,,storno"))

    _, differences = seen(read)

    assert differences == [(1, "THEIRS", "", -500_00), (2, "THEIRS", "", 500_00)]


def test_the_comparison_is_the_dealers_own_and_not_another_ones(read: Bench):
    read.list_in(LIST)

    assert compared(read, "dlr-d01")["lines"] == compared(read)["lines"] != []
    assert problem(read.asks(COMPARISON, "dlr-d03")) == (404, "NOT_FOUND")
    own = read.asks(COMPARISON.replace("D01", "D03"), "dlr-d03").json()
    assert [own[name] for name in ("lines", "matches", "differences", "disputes")] == [[]] * 4


def test_a_list_is_the_same_as_csv_and_as_workbook(read: Bench):
    rows: list[list[Any]] = [
        ["单据号", "日期", "金额", "类型", "摘要"],
        ["INV-1", date(2026, 3, 1), 100, "发票", "三月"],
        ["RCPT-9", date(2026, 3, 9), -12.5, "付款", None],
    ]
    told = csv(
        "单据号;日期;金额;类型;摘要",
        "INV-1;2026/3/1;￥100.00;发票;三月",
        "RCPT-9;2026.3.9;(12.50);付款;",
    )
    kept = []
    for raw in (xlsx(*rows), told, told.decode().encode("gb18030")):
        assert read.list_in(raw).status_code == 200
        names = ("doc", "kind", "day", "gross", "text")
        lines = compared(read)["lines"][-2:]
        kept.append([tuple(one[name] for name in names) for one in lines])

    assert (
        kept
        == [
            [
                ("INV-1", "INVOICE", "2026-03-01", 100_00, "三月"),
                ("RCPT-9", "PAYMENT", "2026-03-09", -12_50, ""),
            ]
        ]
        * 3
    )


def test_the_same_file_again_adds_nothing_whoever_hands_it_in(bench: Bench):
    bench.list_in(LIST, "dlr-d01")
    head = bench.head

    again = bench.list_in(LIST, "fin-1")

    assert (again.json()["result"]["lines"], bench.head) == (0, head)


def test_a_dry_run_enters_nothing_and_says_what_would_be(bench: Bench):
    before = bench.head

    dry = bench.list_in(LIST, dry_run=True)

    assert bench.head == before
    assert dry.json()["result"] == bench.list_in(LIST).json()["result"]


def test_the_same_key_gets_the_same_answer_and_another_file_a_conflict(bench: Bench):
    first = bench.list_in(LIST, key="march")

    again = bench.list_in(LIST, key="march")
    other = bench.list_in(LIST + b"V-8,2026-03-12,1,,\n", key="march")

    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    assert problem(other) == (409, "IDEMPOTENCY_CONFLICT")


@pytest.mark.parametrize("period", ["2026-13", "2026-00", "26-03", "2026-3", "2026-03-01", "x"])
def test_a_month_is_written_as_year_and_month(bench: Bench, period: str):
    before = bench.head

    answer = bench.hand_in(f"/v1/dealers/D01/statements/{period}/lines", LIST)

    assert answer.status_code in (400, 404, 422)
    bench.wrong(answer, before)
