"""A recall over HTTP: tried out, opened, told, collected and closed, and what the tables say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from api.engine import Engine
from tests.api.door import problem
from tests.api.recalls.desk import BRANCH, HOSPITAL, OTHER, QA, RCL, WISH, Desk
from tests.conftest import BACKENDS
from tests.support.backends import note_backend, shared_url
from tests.support.world import (
    BOX,
    DEVICE,
    LOT,
    RICH,
    WAREHOUSE,
    MovableClock,
    build,
    caught_up,
    opened,
    rebuilt,
    serial,
)

DRILL = {"recall_id": "DRILL-1"}


@pytest.fixture(scope="module", params=BACKENDS)
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Engine, Desk]]:
    """A recall was tried out in both ways, then opened; a part of its goods came later."""
    with opened(shared_url(request, tmp_path_factory), MovableClock()) as engine:
        build(engine)
        desk = Desk(engine)
        desk.prepare()
        desk.trade()
        before, head = desk.ask("/v1/stock")["items"], desk.head()
        desk.told["tried"] = desk.tries("open-recall", **WISH)
        assert desk.head() == head
        desk.told["drill"] = desk.does("qa-1", "open-recall", **WISH | DRILL, drill=True)
        assert desk.ask("/v1/stock")["items"] == before
        desk.told["recall"] = desk.does("qa-1", "open-recall", **WISH)
        goods = [{"qty": 100, "lot": LOT}]
        desk.does("wh-sh-1", "receive-transfer", to="TO-0001", good=goods)
        yield engine, desk


@pytest.fixture
def desk(request: pytest.FixtureRequest, played: tuple[Engine, Desk]) -> Desk:
    engine, desk = played
    note_backend(request, engine.database.url.render_as_string())
    return desk


def test_both_ways_to_try_it_out_and_the_recall_find_the_same(desk: Desk):
    told = desk.told["recall"]

    assert told["orders"] == ["SO-0004"]
    assert set(told["consignees"]) == set(told["to_notify"]) == {RICH, HOSPITAL}
    assert (told["recall"], told["state"], told["deadline"]) == (
        "RCL-0001",
        "STOCK_LOCKED",
        "2026-03-02",
    )
    assert desk.told["tried"] == told
    assert desk.told["drill"] == told | {"recall": "DRILL-1", "orders": []}


def test_recalls_and_drills_are_listed_by_state(desk: Desk):
    every = desk.ask("/v1/recalls")["items"]

    assert {one["recall"]: (one["drill"], one["state"]) for one in every} == {
        "DRILL-1": (True, "STOCK_LOCKED"),
        "RCL-0001": (False, "STOCK_LOCKED"),
    }
    assert len(desk.ask("/v1/recalls", state="STOCK_LOCKED")["items"]) == 2
    assert desk.ask("/v1/recalls", state="CLOSED")["items"] == []


@pytest.mark.parametrize("recall", ["RCL-0001", "DRILL-1"])
def test_a_recall_comes_with_what_was_locked_and_who_has_any(desk: Desk, recall: str):
    found = desk.ask(f"/v1/recalls/{recall}")

    item = found["item"]
    assert (item["level"], item["reason"], item["instruction"]) == (1, "leaks", "RETURN")
    assert (item["decided_at"], item["deadline"]) == ("2026-03-01", "2026-03-02")
    assert (item["locked"], item["consignees"], item["notified"]) == (821, 2, 0)
    stock = {(one["wh"], one["sku"]): (one["lot"], one["serials"]) for one in found["stock"]}
    assert stock == {(WAREHOUSE, BOX): (LOT, ""), (WAREHOUSE, DEVICE): ("", serial(2))}
    assert sum(one["qty"] for one in found["stock"]) == item["locked"]
    told = {one["consignee"]: one for one in found["consignees"]}
    assert {name: (one["kind"], one["through"]) for name, one in told.items()} == {
        RICH: ("DEALER", None),
        HOSPITAL: ("HOSPITAL", RICH),
    }
    assert told[HOSPITAL]["contact"] == f"Hospital 1, ADR-{HOSPITAL}"
    assert told[RICH]["contact"] == f"Dealer {RICH}, USCC-{RICH}"
    assert desk.held(recall) == {RICH: (46, 46), HOSPITAL: (15, 15)}


def test_a_lot_is_traced_to_every_holder(desk: Desk):
    found = desk.ask(f"/v1/lots/{BOX}/{LOT}/trace")

    assert (found["sku"], found["lot"], found["total"]) == (BOX, LOT, 1000)
    held = {(one["kind"], one["holder"]): one["balance"] for one in found["holders"]}
    assert {key: qty for key, qty in held.items() if qty} == {
        ("WAREHOUSE", WAREHOUSE): 840,
        ("WAREHOUSE", BRANCH): 100,
        ("DEALER", RICH): 45,
        ("HOSPITAL", HOSPITAL): 15,
    }
    assert desk.balances(OTHER)["D03"] == 10
    assert "D03" not in desk.balances(LOT)


def test_nothing_of_it_can_be_sold_in_any_warehouse(desk: Desk):
    rows = desk.ask("/v1/stock", sku=BOX, lot=LOT)["items"]

    assert {row["wh"]: (row["on_hand"], row["quarantined"], row["blocked"]) for row in rows} == {
        WAREHOUSE: (840, 20, 820),
        BRANCH: (100, 0, 100),
    }
    assert {row["reserved"] for row in rows} == {0}


def test_the_order_that_lost_its_goods_waits(desk: Desk):
    [line] = desk.ask("/v1/orders/SO-0004")["lines"]

    assert (line["qty_reserved"], line["qty_backordered"]) == (0, 50)


def test_a_device_says_which_recall_covers_it_and_not_which_drill_was_held(desk: Desk):
    rows = desk.ask("/v1/serials", sku=DEVICE)["items"]

    assert {row["serial"]: (row["state"], row["recall"]) for row in rows} == {
        serial(1): ("AT_DEALER", "RCL-0001"),
        serial(2): ("QUARANTINED", "RCL-0001"),
        serial(3): ("IN_STOCK", None),
    }


WAITS = {"reason": "fine", "qa_document": "sha256:qa"}
ONE_DEVICE = {"wh": WAREHOUSE, "sku": DEVICE, "qty": 1, "serials": [serial(2)]} | WAITS
PACKAGE = {"so": "SO-0004", "line": 1, "sku": BOX, "qty": 50, "lot": LOT}
BOXES = {"sku": BOX, "first": "1", "last": "2"}
USED = {"consignee": RICH, "sku": BOX, "qty": 1, "action": "USED"}
AHEAD = {"sent_on": "2026-03-02", "channel": "PHONE"}
REFUSED = [
    ("RECALL_BLOCK", "qa-1", "release-from-quarantine", QA | {"qty": 20}),
    ("RECALL_BLOCK", "qa-1", "unblock", QA | {"qty": 1}),
    ("RECALL_BLOCK", "qa-1", "unblock", QA | {"qty": 1, "wh": BRANCH}),
    ("RECALL_BLOCK", "qa-1", "unblock", ONE_DEVICE),
    ("NOT_RESERVED", "wh-sh-1", "plan-shipment", {"shp_id": "SHP-9", "wh": WAREHOUSE, "lines": [PACKAGE]}),
    ("QC_ROLE_REQUIRED", "mgr-east", "open-recall", WISH),
    ("VALIDATION_FAILED", "qa-1", "open-recall", WISH | {"lots": [{"sku": BOX, "lot": "GHOST"}]}),
    ("VALIDATION_FAILED", "qa-1", "open-recall", WISH | {"serial_ranges": [BOXES]}),
    ("FUTURE_DATED", "qa-1", "open-recall", WISH | {"decided_at": "2026-03-02"}),
    ("NUMBER_TAKEN", "qa-1", "open-recall", WISH | RCL),
    ("ALREADY_EXISTS", "qa-1", "open-recall", WISH | DRILL),
    ("NOT_FOUND", "qa-1", "notify-consignee", RCL | AHEAD | {"consignee": "D03", "sent_on": "2026-03-01"}),
    ("FUTURE_DATED", "qa-1", "notify-consignee", RCL | AHEAD | {"consignee": RICH}),
    ("QC_ROLE_REQUIRED", "rep-east", "notify-consignee", RCL | AHEAD | {"consignee": RICH, "sent_on": "2026-03-01"}),
    ("NOT_FOUND", "dlr-d03", "acknowledge-recall", RCL | {"consignee": RICH}),
    ("NOT_FOUND", "dlr-d03", "acknowledge-recall", RCL | {"consignee": "D03"}),
    ("NOT_FOUND", "qa-1", "acknowledge-recall", {"recall_id": "RCL-9", "consignee": RICH}),
    ("VALIDATION_FAILED", "qa-1", "record-recovery", RCL | {"consignee": RICH, "sku": "X", "qty": 1, "action": "USED"}),
    ("FORBIDDEN_ROLE", "wh-sh-1", "record-recovery", RCL | USED),
    ("VALIDATION_FAILED", "qa-1", "record-recovery", RCL | USED | {"lot": OTHER}),
    ("FORBIDDEN_ROLE", "rep-east", "acknowledge-recall", RCL | {"consignee": RICH}),
    ("NOT_FOUND", "qa-1", "check-effectiveness", {"recall_id": "RCL-9", "effective": True, "document_hash": "h"}),
    ("INVALID_STATE", "qa-1", "close-recall", RCL | {"document_hash": "h"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "who", "name", "body"),
    REFUSED,
    ids=[f"{at}-{one[0]}-{one[2]}" for at, one in enumerate(REFUSED)],
)
def test_it_is_refused_with_its_code_and_leaves_nothing(
    desk: Desk, code: str, who: str, name: str, body: dict[str, Any]
):
    desk.refuses(code, who, name, **body)


def test_everything_wrong_with_a_recall_is_said_at_once(desk: Desk):
    wrong = {"level": 1, "reason": " ", "decided_at": "2026-03-02", "skus": ["X"]}

    answer = desk.door.command("open-recall", "wrong", wrong, on_behalf_of="qa-1")

    assert problem(answer) == (422, "VALIDATION_FAILED")
    told = [(one["code"], one["facts"].get("field")) for one in answer.json()["violations"]]
    assert told == [
        ("VALIDATION_FAILED", "reason"),
        ("VALIDATION_FAILED", "skus"),
        ("FUTURE_DATED", "decided_at"),
    ]


@pytest.mark.parametrize("wrong", [{"level": 4}, {"instruction": "EAT"}, {"lots": "INJ2512A"}])
def test_a_recall_in_no_form_at_all_is_turned_away(desk: Desk, wrong: dict[str, Any]):
    answer = desk.door.command("open-recall", "formless", WISH | wrong, on_behalf_of="qa-1")

    assert problem(answer)[0] == 400


@pytest.mark.parametrize("path", ["/v1/recalls/RCL-9", f"/v1/lots/{BOX}/GHOST/trace"])
def test_what_nobody_recalled_and_a_lot_that_nobody_had_are_not_found(desk: Desk, path: str):
    assert problem(desk.client.get(path)) == (404, "NOT_FOUND")


def test_the_tables_are_the_same_after_a_rebuild(desk: Desk, played: tuple[Engine, Desk]):
    engine, _ = played
    before = caught_up(engine)
    assert before["recalls"]
    assert before["recall_list"]
    assert before["recall_stock"]
    assert before["lot_trace"]

    assert rebuilt(engine) == before
