"""What dealers' files and adjustments leave in the books, and who may hand them in."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.engine import digest_of
from tests.api.door import problem
from tests.api.files.desk import Desk, csv
from tests.support.world import AWAY, BOX, DEVICE, LOT, POOR, RICH, serial

DAY, TOMORROW = "2026-03-01", "2026-03-02"
ADJUSTED = {"dealer_id": RICH, "sku": BOX, "lot": LOT, "qty": 5, "effective_on": DAY}
ADJUSTED |= {"reason": "counted together", "document": "sha256:minutes"}
BACK = {"line_no": 1, "day": DAY, "sku": BOX, "lot": LOT}
KIND_SIDES = ("kind", "qty", "partner", "region")


def moves(desk: Desk, lot: str, dealer: str = RICH) -> list[tuple[Any, ...]]:
    """Movements of a lot in a dealer's book."""
    rows = desk.rows("/v1/channel-movements", lot=lot, dealer=dealer)
    return [tuple(row[name] for name in KIND_SIDES) for row in rows]


def book(desk: Desk, lot: str, dealer: str = RICH) -> dict[str, Any]:
    """A dealer's book of a lot, without what is naught."""
    (row,) = desk.rows("/v1/channel-stock", lot=lot, dealer=dealer)
    names = ("transferred_in", "sold", "transferred_out", "returned", "adjusted", "counted")
    return {name: row[name] for name in (*names, "qty") if row[name]}


def test_whom_a_dealer_sold_to_stands_in_the_books_of_both(desk: Desk):
    raw = csv(
        "day,sku,lot,qty,hospital,dealer,name,region",
        f"{DAY},{BOX},BUYERS,1,H-HZ-03,,,",
        f"{DAY},{BOX},BUYERS,2,,{POOR},,",
        f"{DAY},{BOX},BUYERS,4,,,a clinic,330100",
    )

    desk.entered("sales", raw)

    assert moves(desk, "BUYERS") == [
        ("SALE", -1, "H-HZ-03", None),
        ("TRANSFER_OUT", -2, POOR, None),
        ("SALE", -4, "a clinic", "330100"),
    ]
    assert moves(desk, "BUYERS", POOR) == [("TRANSFER_IN", 2, RICH, None)]
    assert book(desk, "BUYERS") == {"sold": 5, "transferred_out": 2, "qty": -7}
    assert book(desk, "BUYERS", POOR) == {"transferred_in": 2, "qty": 2}


def test_a_device_is_sold_by_its_serial_number(desk: Desk):
    raw = csv("日期,产品,序列号,医院", f"{DAY},{DEVICE},{serial(2)},H-HZ-03")

    (sale,) = desk.entered("sales", raw)

    assert sale["moved"] == {"sku": DEVICE, "qty": 1, "day": DAY, "serials": [serial(2)]}
    (row,) = desk.rows("/v1/channel-movements", serial=serial(2))
    assert (row["kind"], row["partner"]) == ("SALE", "H-HZ-03")


def test_returns_are_told_and_change_no_book(desk: Desk):
    desk.entered("sales", csv("day,sku,lot,qty,name", f"{DAY},{BOX},BACK,3,a clinic"))

    desk.entered("returns", csv("day,sku,lot,qty", f"{DAY},{BOX},BACK,2"))

    assert moves(desk, "BACK")[1:] == [("RETURN_REPORTED", 0, None, None)]
    assert book(desk, "BACK") == {"sold": 3, "qty": -3}


def test_a_count_stands_beside_the_book(desk: Desk):
    desk.does("mgr-east", "adjust-dealer-stock", **ADJUSTED | {"lot": "COUNT"})

    answer = desk.send("count", csv("产品,批号,数量", f"{BOX},COUNT,4"), as_of=DAY)

    assert answer.json()["result"]["lines"] == [{"sku": BOX, "lot": "COUNT", "book": 5, "short": 0}]
    assert book(desk, "COUNT") == {"adjusted": 5, "counted": 4, "qty": 5}
    assert desk.rows("/v1/channel-stock", lot="COUNT")[0]["counted_on"] == DAY


@pytest.mark.parametrize("told", ["A1 B2", '"A1,B2"', "A1;B2", '" A1 ,; B2 "', "A1\uff0cB2\uff1b"])
def test_serials_of_a_count_are_separated_as_people_do(desk: Desk, told: str):
    header = "sku,qty,serials"
    (counted,) = desk.entered("count", csv(header, f"{DEVICE},2,{told}"), as_of=DAY)

    assert counted["serials"] == ["A1", "B2"]
    assert (counted["sku"], counted["lot"], counted["counted"]) == (DEVICE, "", 2)


def test_a_count_names_no_devices_where_it_names_none(desk: Desk):
    (counted,) = desk.entered("count", csv("sku,qty,serials", f"{DEVICE},0,"), as_of=DAY)
    assert counted.get("serials", []) == []


def test_a_count_is_of_a_day(desk: Desk):
    raw = csv("sku,lot,qty", f"{BOX},{LOT},4")
    assert desk.misread("count", raw) == ["as_of"]
    (counted,) = desk.entered("count", raw, as_of="2026-02-27")
    assert counted["as_of"] == "2026-02-27"


def test_reported_sales_weigh_what_their_source_does(desk: Desk):
    raw = csv("day,sku,lot,name", f"{DAY},{BOX},{LOT},source")
    assert desk.wrong(422, "sales", raw, source="RUMOUR") == [("VALIDATION_FAILED", "source")]
    (sale,) = desk.entered("sales", raw, source="SERVICE_ENGINEER_SCAN")
    assert sale["source"] == "SERVICE_ENGINEER_SCAN"


def test_a_dealers_own_user_hands_in_its_own_files_alone(desk: Desk):
    raw = csv("day,sku,lot,qty", f"{DAY},{BOX},{LOT},77")

    (told,) = desk.entered("returns", raw, who="dlr-d01")

    assert told["by"]["user"] == "dlr-d01"
    for kind in ("sales", "returns", "count"):
        file = csv("sku,qty", f"{BOX},1") if kind == "count" else raw
        who = {"dealer": AWAY, "who": "dlr-d01", "as_of": DAY}
        assert desk.wrong(404, kind, file, **who) == [("NOT_FOUND", "None")]


@pytest.mark.parametrize(
    ("kind", "header", "row"),
    [
        ("sales", "day,sku", f"{DAY},{BOX}"),
        ("returns", "day,sku", f"{DAY},{BOX}"),
        ("count", "sku,qty", f"{BOX},1"),
    ],
)
def test_nobody_reports_for_a_dealer_that_nobody_knows(
    desk: Desk, kind: str, header: str, row: str
):
    raw = csv(header, row)
    assert desk.wrong(404, kind, raw, dealer="D99", as_of=DAY) == [("NOT_FOUND", "None")]
    assert desk.wrong(403, kind, raw, who="nobody", as_of=DAY) == [("FORBIDDEN_ROLE", "None")]


def test_a_file_needs_a_key_that_may_command(desk: Desk):
    auditor = {"name": "auditor", "role": "AUDITOR", "secret_digest": digest_of("looking on")}
    desk.does(None, "issue-api-key", **auditor)
    path, raw = f"/v1/dealer-reports/{RICH}/returns", csv("day,sku,lot", f"{DAY},{BOX},{LOT}")
    client = TestClient(desk.client.app)

    looking = client.post(path, content=raw, headers={"Authorization": "Bearer looking on"})

    assert problem(looking) == (403, "FORBIDDEN_ROLE")
    assert problem(client.post(path, content=raw)) == (401, "KEY_REQUIRED")


def test_there_are_three_kinds_of_reports(desk: Desk):
    assert problem(desk.send("prices", csv("day,sku", f"{DAY},{BOX}")))[0] in (400, 422)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("NOT_FOUND", {"dealer_id": "D99"}),
        ("VALIDATION_FAILED", {"qty": 0}),
        ("VALIDATION_FAILED", {"reason": " "}),
        ("VALIDATION_FAILED", {"document": ""}),
        ("VALIDATION_FAILED", {"sku": DEVICE, "qty": -1, "serials": [serial(1)]}),
        ("UNKNOWN_SKU", {"sku": "X9"}),
        ("LOT_REQUIRED", {"lot": None}),
        ("SERIAL_REQUIRED", {"sku": DEVICE}),
        ("QTY_SERIAL_MISMATCH", {"sku": DEVICE, "serials": [serial(1)]}),
        ("DATE_FUTURE", {"effective_on": TOMORROW}),
    ],
)
def test_a_book_is_not_adjusted_by_what_cannot_be(desk: Desk, code: str, changes: dict[str, Any]):
    desk.refuses(code, "mgr-east", "adjust-dealer-stock", **ADJUSTED | changes)


@pytest.mark.parametrize("who", ["rep-east", "wh-sh-1", "qa-1", "dlr-d01", "nobody"])
def test_others_than_managers_and_finance_adjust_no_book(desk: Desk, who: str):
    desk.refuses("FORBIDDEN_ROLE", who, "adjust-dealer-stock", **ADJUSTED)


@pytest.mark.parametrize("who", ["mgr-east", "fin-1", None])
def test_managers_and_finance_adjust_books(desk: Desk, who: str | None):
    body = ADJUSTED | {"lot": f"BY-{who}", "qty": -2}
    assert desk.does(who, "adjust-dealer-stock", **body) == {"dealer_id": RICH, "book": -2}
    assert book(desk, f"BY-{who}") == {"adjusted": -2, "qty": -2}
    assert moves(desk, f"BY-{who}") == [("ADJUSTMENT", -2, "sha256:minutes", None)]


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("NOT_FOUND", {"dealer_id": "D99"}),
        ("VALIDATION_FAILED", {"lines": []}),
        ("VALIDATION_FAILED", {"file_hash": "a/b"}),
        ("VALIDATION_FAILED", {"lines": [BACK | {"qty": 0}]}),
        ("UNKNOWN_SKU", {"lines": [BACK | {"sku": "X9"}]}),
        ("LOT_REQUIRED", {"lines": [BACK | {"lot": None}]}),
        ("SERIAL_REQUIRED", {"lines": [BACK | {"sku": DEVICE}]}),
        ("QTY_SERIAL_MISMATCH", {"lines": [BACK | {"sku": DEVICE, "serial": "A", "qty": 2}]}),
        ("DATE_FUTURE", {"lines": [BACK | {"day": TOMORROW}]}),
        ("DUPLICATE_LINE", {"lines": [BACK, BACK]}),
    ],
)
def test_nothing_is_told_to_come_back_that_cannot(desk: Desk, code: str, changes: dict[str, Any]):
    body = {"dealer_id": RICH, "file_hash": "sha256:back", "lines": [BACK]} | changes
    desk.refuses(code, None, "report-dealer-returns", **body)
