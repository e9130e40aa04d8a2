"""What was open, what dealers had and what was stated: as of a day, as known at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.door import problem
from tests.api.money.bench import Bench
from tests.api.money.told import OPENED, paid_late, told

INVOICE, GROSS = "INV-2603-001", 1_152_60
BEFORE = "2026-04-02T08:00:00+08:00"
"""Before the payment of 31 March was entered."""
ONE, TWO, SOLD = "2026-03-04", "2026-03-05", "2026-03-21"


@pytest.fixture(scope="module")
def still(tmp_path_factory, templates) -> Iterator[Bench]:
    """A bench that tests share: all is told, the late payment too, and stated again."""
    with told(tmp_path_factory.mktemp("asked"), templates, follow=True) as bench:
        paid_late(bench)
        bench.issued()
        bench.issued("D04")
        yield bench


@pytest.fixture
def bench(tmp_path, templates) -> Iterator[Bench]:
    with told(tmp_path, templates, follow=True) as bench:
        yield bench


def still_open(bench: Bench, who: str = "", **then: Any) -> dict[str, int]:
    rows = bench.rows("/v1/open-items", who, **then)
    return {one["doc"]: one["open"] for one in rows}


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ({}, {"=1+1": 50_00, INVOICE: 0}),
        ({"as_of": ONE}, {}),
        ({"as_of": TWO}, {INVOICE: GROSS}),
        ({"as_of": "2026-03-30"}, {"=1+1": 50_00, INVOICE: GROSS}),
        ({"as_of": "2026-03-31"}, {"=1+1": 50_00, INVOICE: 0}),
        ({"as_of": "2026-03-31", "known_at": BEFORE}, {"=1+1": 50_00, INVOICE: GROSS}),
        ({"known_at": BEFORE}, {"=1+1": 50_00, INVOICE: GROSS}),
        ({"known_at": "2026-03-05T08:59:00+08:00"}, {}),
        ({"known_at": "2026-03-06T00:00:00Z", "dealer": "D01"}, {INVOICE: GROSS}),
        ({"known_at": "2099-01-01T00:00:00Z"}, {"=1+1": 50_00, INVOICE: 0}),
        ({"as_of": "0001-01-01"}, {}),
        ({"as_of": "9999-12-31"}, {"=1+1": 50_00, INVOICE: 0}),
    ],
)
def test_what_was_open_on_a_day_as_known_at_a_time(still: Bench, then, expected):
    assert still_open(still, **then) == expected


def test_what_was_open_is_what_the_statement_of_that_knowledge_closes_with(still: Bench):
    known = still.asks("/v1/dealers/D01/statements/2026-03", known_at=BEFORE).json()
    now = still.asks("/v1/dealers/D01/statements/2026-03").json()

    then = still_open(still, dealer="D01", as_of="2026-03-31", known_at=BEFORE)
    later = still_open(still, dealer="D01", as_of="2026-03-31")
    assert (known["closing"], now["closing"]) == (sum(then.values()), sum(later.values()))


def test_a_dealers_user_sees_its_own_items_of_then_and_no_others(still: Bench):
    assert still_open(still, "dlr-d01", as_of="2026-03-30") == {INVOICE: GROSS}
    assert still_open(still, "dlr-d04", as_of="2026-03-30") == {"=1+1": 50_00}
    assert still_open(still, "dlr-d03", as_of="2026-03-30") == {}
    assert still_open(still, "dlr-d03", as_of="2026-03-30", dealer="D01") == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("as_of", value) for value in ("2026-02-30", "yesterday", "2026-03-31T25:00", "")),
        *(("known_at", value) for value in ("2026-03-31T00:00:00", "0001-01-01T00:00:00Z", "now")),
    ],
)
def test_a_day_and_an_instant_are_written_as_such(still: Bench, name: str, value: str):
    answer = still.asks("/v1/open-items", **{name: value})

    assert problem(answer) == (400, "VALIDATION_FAILED")


def test_a_document_that_one_dealer_owes_is_no_other_dealers(bench: Bench):
    bench.owes("A-7", 100_00, "D02")
    bench.does(None, "register-user", user_id="dlr-d02", role="DLR", dealer_id="D02")
    item = {"dealer_id": "D03", "doc": "A-7", "gross": 9_00, "due": "2026-05-01"}

    bench.refuses("DUPLICATE_DOCUMENT", None, "set-opening-item", **item)

    assert still_open(bench, "dlr-d02") == {"A-7": 100_00}
    assert still_open(bench, "dlr-d03") == {}


def stock(bench: Bench, who: str = "", **then: Any) -> dict[tuple[str, str], int]:
    rows = bench.rows("/v1/channel-stock", who, **then)
    return {(one["dealer"], one["sku"]): one["qty"] for one in rows}


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ({}, {("D01", "INJ"): 2, ("D01", "US80"): 0}),
        ({"as_of": ONE}, {}),
        ({"as_of": TWO}, {("D01", "INJ"): 2, ("D01", "US80"): 1}),
        ({"as_of": "2026-03-20"}, {("D01", "INJ"): 2, ("D01", "US80"): 1}),
        ({"as_of": SOLD}, {("D01", "INJ"): 2, ("D01", "US80"): 0}),
        ({"as_of": TWO, "sku": "US80"}, {("D01", "US80"): 1}),
        ({"as_of": TWO, "dealer": "D03"}, {}),
        ({"as_of": "0001-01-01"}, {}),
    ],
)
def test_what_a_dealer_should_have_had_on_a_day(still: Bench, then, expected):
    assert stock(still, **then) == expected


@pytest.mark.parametrize("day", [TWO, "2026-03-20", SOLD, "2026-03-31"])
def test_the_parts_of_what_it_should_have_had_come_to_that(still: Bench, day: str):
    (row,) = still.rows("/v1/channel-stock", as_of=day, sku="US80")

    came = row["received"] + row["transferred_in"] + row["adjusted"]
    assert row["qty"] == came - row["sold"] - row["transferred_out"] - row["returned"]
    assert row["sold"] == (1 if day >= SOLD else 0)


def test_at_the_end_it_is_what_it_is_today(still: Bench):
    path = "/v1/channel-stock"

    assert still.rows(path, as_of="2026-12-31") == still.rows(path)


def test_a_dealers_user_sees_its_own_stock_of_then(still: Bench):
    assert stock(still, "dlr-d01", as_of=TWO) == {("D01", "INJ"): 2, ("D01", "US80"): 1}
    assert stock(still, "dlr-d03", as_of=TWO) == {}
    assert stock(still, "dlr-d03", as_of=TWO, dealer="D01") == {}


def test_what_was_issued_is_listed_with_every_version(still: Bench):
    rows = still.rows("/v1/statements")

    assert [(one["dealer"], one["version"], one["state"], one["closing"]) for one in rows] == [
        ("D01", 1, "SUPERSEDED", GROSS),
        ("D01", 2, "ISSUED", 0),
        ("D04", 1, "ISSUED", 50_00),
    ]
    assert [one["known_at"] for one in rows] == ["2026-04-01", "2026-04-02", "2026-04-02"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"dealer": "D04"}, ["D04"]),
        ({"period": "2026-03", "state": "ISSUED"}, ["D01", "D04"]),
        ({"period": "2026-04"}, []),
        ({"state": "SUPERSEDED"}, ["D01"]),
    ],
)
def test_statements_are_found_by_dealer_month_and_state(still: Bench, filters, expected):
    assert [one["dealer"] for one in still.rows("/v1/statements", **filters)] == expected


def test_a_dealers_user_finds_its_own_statements(still: Bench):
    assert {one["dealer"] for one in still.rows("/v1/statements", "dlr-d01")} == {"D01"}
    assert still.rows("/v1/statements", "dlr-d03") == []
    assert still.rows("/v1/statements", "dlr-d03", dealer="D01") == []


def test_a_version_says_how_it_stands_in_the_question_for_it(still: Bench):
    one = "/v1/dealers/D01/statements/2026-03"

    versions: tuple[dict[str, Any], ...] = ({"version": 1}, {"version": 2}, {})
    states = [still.asks(one, **more).json()["state"] for more in versions]
    assert states == ["SUPERSEDED", "ISSUED", None]
    assert still.asks(one, known_at=OPENED).json()["known_at"] == "2026-04-01T08:00:00+08:00"


@pytest.mark.parametrize("path", ["/v1/open-items", "/v1/channel-stock"])
def test_pages_of_then_follow_each_other(still: Bench, path: str):
    whole, found, cursor = still.rows(path, as_of="2026-03-31"), [], None
    while cursor != "":
        after: dict[str, Any] = {"cursor": cursor} if cursor else {}
        page = still.asks(path, as_of="2026-03-31", limit=1, **after).json()
        found += page["items"]
        cursor = page["next"] or ""

    assert found == whole
    assert len(whole) == 2
