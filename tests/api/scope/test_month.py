"""The demo's month, asked on behalf of its dealers: each one sees its part of it."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.scope import UNTOLD
from projections.catalogue import PROJECTIONS
from tests.api.door import problem
from tests.api.scope.asking import behalf, items, user_of

LISTS = (
    "/v1/orders",
    "/v1/returns",
    "/v1/claims",
    "/v1/contracts",
    "/v1/dealer-balances",
    "/v1/open-items",
    "/v1/ledger-entries",
    "/v1/channel-movements",
    "/v1/serials",
    "/v1/dealers",
)


def test_n4_an_order_of_d05_is_read_by_its_own_user_and_not_found_by_that_of_d06(month: TestClient):
    own = month.get("/v1/orders/SO-0001", headers=user_of("D05"))
    other = month.get("/v1/orders/SO-0001", headers=user_of("D06"))
    unknown = month.get("/v1/orders/SO-9999", headers=user_of("D06"))

    assert own.json()["item"]["dealer"] == "D05"
    assert own.json()["lines"]
    assert problem(other) == problem(unknown) == (404, "NOT_FOUND")
    assert other.text == unknown.text.replace("SO-9999", "SO-0001")
    assert "D05" not in other.text


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("dealer", ["D04", "D05", "D06", "D12"])
def test_a_list_holds_the_dealers_rows_and_all_of_them(month: TestClient, path: str, dealer: str):
    keys = ("so", "rma", "claim", "contract", "doc", "serial", "position", "seq", "dealer")

    def named(row: dict[str, Any]) -> list[Any]:
        return [row.get(key) for key in keys]

    mine = [named(row) for row in items(month, path) if row["dealer"] == dealer]
    shown = month.get(path, params={"limit": 500}, headers=user_of(dealer)).json()

    assert [named(row) for row in shown["items"]] == mine
    assert shown["next"] is None


def test_pages_of_a_dealer_follow_each_other_without_those_of_others(month: TestClient):
    found: list[str] = []
    cursor: str | None = None
    while not found or cursor:
        params = {"limit": "1"} | ({"cursor": cursor} if cursor else {})
        page = month.get("/v1/ledger-entries", params=params, headers=user_of("D06")).json()
        found += [row["doc"] for row in page["items"]]
        cursor = page["next"]

    entries = items(month, "/v1/ledger-entries")
    assert found == [row["doc"] for row in entries if row["dealer"] == "D06"]


def test_a_cursor_of_the_service_leads_a_dealer_to_its_own_rows(month: TestClient):
    cursor = month.get("/v1/orders", params={"limit": 1}).json()["next"]
    shown = month.get("/v1/orders", params={"cursor": cursor}, headers=user_of("D06")).json()

    assert {row["dealer"] for row in shown["items"]} == {"D06"}


@pytest.mark.parametrize(
    "path",
    [
        "/v1/dealers/{}/statements/2026-03",
        "/v1/dealers/{}/diversion-notices",
        "/v1/dealers/{}/diversion-cases",
        "/v1/dealers/{}",
    ],
)
def test_what_is_asked_by_dealer_is_the_dealers_own(month: TestClient, path: str):
    own = month.get(path.format("D05"), headers=user_of("D05"))
    other = month.get(path.format("D05"), headers=user_of("D06"))
    unknown = month.get(path.format("D99"), headers=user_of("D06"))

    assert own.status_code == 200
    assert problem(other) == (404, "NOT_FOUND")
    assert other.text == unknown.text.replace("D99", "D05")


def test_a_statement_is_the_same_for_the_dealer_as_for_us(month: TestClient):
    path = "/v1/dealers/D05/statements/2026-03"

    assert month.get(path, headers=user_of("D05")).json() == month.get(path).json()


def test_a_balance_is_the_dealers_with_its_own_ageing(month: TestClient):
    [mine] = month.get("/v1/dealer-balances", headers=user_of("D06")).json()["items"]

    assert mine in items(month, "/v1/dealer-balances")
    assert mine["dealer"] == "D06"


def test_sc_1_a_dealer_sees_the_books_of_its_sub_dealers_and_they_see_nothing_of_it(
    month: TestClient,
):
    def books(of: str, **params: str) -> set[str]:
        answer = month.get("/v1/channel-stock", params=params, headers=user_of(of))
        return {row["dealer"] for row in answer.json()["items"]}

    assert books("D05") == {"D05", "D12"}
    assert books("D05", dealer="D12") == {"D12"}
    assert books("D12") == {"D12"}
    assert books("D12", dealer="D05") == set()
    assert problem(month.get("/v1/dealers/D12", headers=user_of("D05"))) == (404, "NOT_FOUND")


def test_sc_2_exact_stock_is_not_shown_to_dealers(month: TestClient):
    found = month.get("/v1/orders/SO-0001", headers=user_of("D05")).json()

    assert problem(month.get("/v1/stock", headers=user_of("D05"))) == (403, "FORBIDDEN_ROLE")
    assert {row["passed_over"] for row in found["sourcing"]} == {None}


def test_sc_7_a_dealer_does_not_learn_from_its_devices_that_there_is_a_case(month: TestClient):
    [ours] = items(month, "/v1/serials", dealer="D05")
    path = f"/v1/serials/{ours['di']}/{ours['serial']}"
    [listed] = month.get("/v1/serials", headers=user_of("D05")).json()["items"]

    assert ours["diversion_case"] is not None
    assert month.get(path, headers=user_of("D05")).json()["item"] == listed
    assert listed == ours | {"diversion_case": None}


def test_limits_and_evidence_of_our_own_people_are_left_out(month: TestClient):
    held = [row for row in items(month, "/v1/orders") if _hold(month, row["so"])]
    assert held

    for row in held:
        path = f"/v1/orders/{row['so']}"
        ours, theirs = (
            month.get(path, headers=headers).json() for headers in ({}, user_of(row["dealer"]))
        )
        assert {hold["evidence"] for hold in theirs["holds"]} == {None}
        assert [hold["code"] for hold in theirs["holds"]] == [
            hold["code"] for hold in ours["holds"]
        ]
        assert {(line["floor"], line["ceiling"]) for line in theirs["lines"]} == {(None, None)}
        assert {line["floor"] for line in ours["lines"]} != {None}


def _hold(month: TestClient, so: str) -> bool:
    return bool(month.get(f"/v1/orders/{so}").json()["holds"])


def test_what_is_left_out_may_be_empty():
    tables = {table.name: table for one in PROJECTIONS for table in one.tables}

    for name, columns in UNTOLD.items():
        for column in columns:
            assert tables[name].columns[column].nullable


@pytest.mark.parametrize("user", ["fin-1", "mgr-east", "wh-sh-1", "qa-1"])
@pytest.mark.parametrize("path", [*LISTS, "/v1/stock", "/v1/diversion-alerts", "/v1/refusals"])
def test_our_own_people_see_what_the_service_sees(month: TestClient, user: str, path: str):
    assert month.get(path, headers=behalf(user)).json() == month.get(path).json()
