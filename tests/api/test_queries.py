"""What can be asked, of a world in which a device was sold, found elsewhere and paid for late."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.engine import Engine
from tests.api.door import Door, problem, signed_in
from tests.support.story import GROSS, SERIAL
from tests.support.world import (
    AWAY,
    BOX,
    DEVICE,
    DEVICE_DI,
    LOT,
    POOR,
    RICH,
    WAREHOUSE,
    done,
    opened,
    order,
)

LISTS = {
    "/v1/orders": ("so", ["SO-0001"]),
    "/v1/stock": ("sku", [BOX, DEVICE]),
    "/v1/stock-movements": ("kind", ["OPENING"] * 2 + ["RESERVATION"] * 2 + ["SHIPMENT"] * 2),
    "/v1/serials": ("serial", [SERIAL, "US80-26-0002", "US80-26-0003", "US80-26-9999"]),
    "/v1/diversion-alerts": ("alert_id", ["DIV-0001", "DIV-0002"]),
    "/v1/dealer-balances": ("dealer", [RICH, POOR, AWAY]),
    "/v1/open-items": ("doc", ["INV-2603-001"]),
    "/v1/ledger-entries": ("type", ["INVOICE", "PAYMENT"]),
}
FILTERS = [
    ("/v1/orders", {"dealer": RICH}, 1),
    ("/v1/orders", {"dealer": POOR}, 0),
    ("/v1/orders", {"state": "CLOSED"}, 0),
    ("/v1/stock", {"wh": WAREHOUSE, "sku": BOX, "lot": LOT}, 1),
    ("/v1/stock", {"lot": "none"}, 0),
    ("/v1/stock-movements", {"kind": "SHIPMENT", "sku": DEVICE}, 1),
    ("/v1/serials", {"state": "IN_STOCK", "wh": WAREHOUSE}, 2),
    ("/v1/serials", {"dealer": RICH, "sku": DEVICE}, 1),
    ("/v1/diversion-alerts", {"rule": "R04"}, 1),
    ("/v1/diversion-alerts", {"severity": "CRITICAL"}, 0),
    ("/v1/diversion-alerts", {"source_dealer": RICH}, 1),
    ("/v1/dealer-balances", {"dealer": POOR}, 1),
    ("/v1/open-items", {"dealer": POOR}, 0),
    ("/v1/ledger-entries", {"dealer": RICH, "period": "2026-03"}, 2),
    ("/v1/ledger-entries", {"period": "2026-04"}, 0),
]


@pytest.mark.parametrize("path", LISTS)
def test_every_list_has_its_rows_in_order_and_says_its_position(
    asked: TestClient, world: Engine, path: str
):
    column, expected = LISTS[path]

    answer = asked.get(path).json()

    assert [row[column] for row in answer["items"]] == expected
    assert answer["next"] is None
    assert (answer["position"], answer["lag"]) == (world.reader.head().position, 0)


@pytest.mark.parametrize("path", LISTS)
def test_paging_visits_every_row_once(asked: TestClient, path: str):
    whole = asked.get(path).json()["items"]
    found: list[Any] = []
    cursor: str | None = None
    for _ in range(len(whole)):
        params = {"limit": "1"} | ({"cursor": cursor} if cursor else {})
        page = asked.get(path, params=params).json()
        found += page["items"]
        cursor = page["next"]

    assert found == whole
    assert cursor is None


@pytest.mark.parametrize(("path", "filters", "count"), FILTERS)
def test_filters_leave_what_they_name(
    asked: TestClient, path: str, filters: dict[str, str], count: int
):
    assert len(asked.get(path, params=filters).json()["items"]) == count


@pytest.mark.parametrize("cursor", ["nonsense", "%", "WzFd", "e30", "WyJhIl1d"])
def test_a_cursor_that_is_none_is_turned_away(asked: TestClient, cursor: str):
    answer = asked.get("/v1/stock", params={"cursor": cursor})

    assert problem(answer) == (400, "CURSOR_INVALID")


@pytest.mark.parametrize("limit", ["0", "501", "-1", "many"])
def test_a_page_has_a_size_that_a_server_can_bear(asked: TestClient, limit: str):
    assert problem(asked.get("/v1/orders", params={"limit": limit})) == (400, "VALIDATION_FAILED")


def test_an_order_comes_with_its_lines_and_its_history(asked: TestClient):
    found = asked.get("/v1/orders/SO-0001").json()

    assert found["item"]["dealer"] == RICH
    assert (found["item"]["gross"], found["item"]["invoice"]) == (GROSS, "INV-2603-001")
    assert [line["qty_invoiced"] for line in found["lines"]] == [1, 2]
    assert found["holds"] == []
    steps = [step["what"] for step in found["history"]]
    assert (steps[0], steps[-1]) == ("order.placed", "order.line_invoiced")
    assert len(steps) == 11


def test_a_device_says_where_it_is(asked: TestClient):
    found = asked.get(f"/v1/serials/{DEVICE_DI}/{SERIAL}").json()["item"]

    assert (found["state"], found["hospital"], found["region"]) == (
        "INSTALLED",
        "H-HZ-03",
        "330100",
    )
    assert (found["dealer"], found["shipment"], found["diversion_case"]) == (
        RICH,
        "SHP-1",
        "DIV-0001",
    )


def test_an_alert_comes_with_its_evidence(asked: TestClient):
    found = asked.get("/v1/diversion-alerts/DIV-0001").json()

    assert (found["item"]["rule"], found["item"]["serial"]) == ("R01", SERIAL)
    assert found["item"]["authorised_regions"] == "310000"
    [evidence] = found["evidence"]
    assert (evidence["region"], evidence["observer"]) == ("330100", "se-1")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/orders/SO-9999",
        f"/v1/serials/{DEVICE_DI}/none",
        f"/v1/serials/{DEVICE_DI}/none/history",
        "/v1/diversion-alerts/DIV-9999",
        "/v1/problems/NONE",
    ],
)
def test_what_is_not_known_is_not_found(asked: TestClient, path: str):
    assert problem(asked.get(path)) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/orders?dealer=a%00b",
        "/v1/orders/a%00b",
        f"/v1/serials/{DEVICE_DI}/a%00b/history",
        "/v1/events?topic=a%00b",
        "/v1/dealers/a%00b/statements/2026-03",
        "/v1/stock?cursor=WyJhXHUwMDAwIiwiYiIsImMiXQ",
    ],
)
def test_a_text_that_no_table_can_hold_is_found_nowhere_and_breaks_nothing(
    asked: TestClient, path: str
):
    assert asked.get(path).status_code in (200, 400, 404)


def test_min_position_lets_a_client_read_its_own_write(door: Door):
    for number in range(20):
        position = door.accepted("place-order", str(number), order())["position"]
        path = f"/v1/orders/SO-{number + 1:04}"
        found = door.client.get(path, params={"min_position": position}).json()
        assert found["item"]["state"] == "CONFIRMED"
        assert found["position"] >= position


def test_a_position_that_is_not_reached_in_time_asks_to_come_back(database_url: str):
    with opened(database_url, follow=False, wait_seconds=0.05) as engine:
        body = {"user_id": "somebody", "role": "FIN"}
        position = done(engine, "register-user", "one", body)["position"]
        answer = signed_in(engine).get("/v1/orders", params={"min_position": position})

        assert problem(answer) == (503, "PROJECTION_BEHIND")
        assert int(answer.headers["Retry-After"]) >= 1
        behind = signed_in(engine).get("/v1/orders").json()
        assert (behind["position"], behind["lag"]) == (0, position)


def test_an_invoice_that_was_paid_is_no_longer_open(asked: TestClient):
    [balance] = asked.get("/v1/dealer-balances", params={"dealer": RICH}).json()["items"]
    [item] = asked.get("/v1/open-items").json()["items"]

    assert {balance[name] for name in ("open", "ordered", "shipped", "exposure")} == {0}
    assert (item["gross"], item["open"], item["so"]) == (GROSS, 0, "SO-0001")
