"""What the demo's month looks like from outside, where no table of its figures says it already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from tests.api.month import played, send


def look(client: TestClient, path: str, **params: Any) -> Any:
    """What is believed after the last event."""
    head = client.get("/v1/events", params={"limit": 1}).json()["head"]
    answer = client.get(path, params=params | {"min_position": head})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_inv_ct_4_a_contract_reconciles_from_what_was_ordered_to_what_was_paid(month: TestClient):
    """INV-CT-4: ordered >= delivered >= invoiced >= paid, each from the events of its orders."""
    contracts = {
        one["contract"]: look(month, f"/v1/contracts/{one['contract']}")
        for one in look(month, "/v1/contracts")["items"]
    }

    assert {name: (one["orders"], one["execution"]) for name, one in contracts.items()} == {
        "HT-2026-007": (
            ["SO-0005"],
            {
                "ordered": 2_531_200_00,
                "delivered": 2_531_200_00,
                "invoiced": 2_531_200_00,
                "paid": 2_278_080_00,
            },
        ),
        "HT-2026-009": (
            ["SO-0006"],
            {"ordered": 4_429_600_00, "delivered": 0, "invoiced": 0, "paid": 0},
        ),
        "HT-2026-012": (
            ["SO-0004"],
            {
                "ordered": 204_032_80,
                "delivered": 204_032_80,
                "invoiced": 204_032_80,
                "paid": 0,
            },
        ),
    }
    for one in contracts.values():
        figures = one["execution"]
        steps = [figures[name] for name in ("ordered", "delivered", "invoiced", "paid")]
        assert steps == sorted(steps, reverse=True)
        for line in one["lines"]:
            assert line["remaining"] == line["qty_max"] - line["called"]


def test_a_dealer_is_shown_with_what_it_may_sell_where_and_under_which_papers(month: TestClient):
    dealer = look(month, "/v1/dealers/D05")

    assert (dealer["item"]["status"], dealer["item"]["tier"]) == ("ACTIVE", "A")
    assert {one["product_line"]: one["region_codes"] for one in dealer["rights"]} == {
        "CONSUMABLES": "320000",
        "IMAGING": "320000",
        "ULTRASOUND": "320000",
    }
    assert {one["device_class"] for one in dealer["licences"]} == {"II", "III"}
    assert month.get("/v1/dealers/D99").status_code == 404


def test_an_exception_shows_what_was_used_of_it(month: TestClient):
    with_exceptions = [
        (one["dealer"], found["exception"], found["qty_max"], found["used"])
        for one in look(month, "/v1/dealers", limit=200)["items"]
        for found in look(month, f"/v1/dealers/{one['dealer']}")["exceptions"]
    ]

    assert with_exceptions == [("D04", "EX-2026-003", 1, 1)]


def test_what_is_done_to_a_copy_of_the_month_is_not_done_to_others(
    month: TestClient, tmp_path: Path
):
    before = look(month, "/v1/stock")

    with played(tmp_path, follow=True) as other:
        assert look(other, "/v1/stock") == before
        body = {"user_id": "fin-9", "role": "FIN"}
        assert send(other, "another", {"name": "register-user", "body": body}).status_code == 200
        theirs = look(other, "/v1/stock")

    assert theirs["position"] == before["position"] + 1
    assert look(month, "/v1/stock") == before
