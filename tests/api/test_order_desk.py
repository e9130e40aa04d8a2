"""Stories of the order desk, over HTTP: an order from its draft to its end, and what it moves."""

from __future__ import annotations

from typing import Any

from api.engine import Engine
from tests.api.conftest import problem
from tests.api.desk import MADE, Desk, buckets, sell
from tests.support.world import (
    AWAY,
    BOX,
    BOX_GROSS,
    DEVICE,
    DEVICE_GROSS,
    POOR,
    RICH,
    WAREHOUSE,
    MovableClock,
    caught_up,
    order,
    rebuilt,
)

DEPOSIT_PLAN = [
    {"milestone": "DEPOSIT", "pct": "30", "due_days": 0},
    {"milestone": "POD", "pct": "70", "due_days": 30},
]


def _make(desk: Desk, wo: str, *serials: str) -> dict[str, Any]:
    """Make devices from the release of their work order to the shelf: the receipt's answer."""
    made = [{"serial": one, "manufacture_date": "2026-03-01"} for one in serials]
    bucket = {"qty": len(serials), "serials": serials, "registration_no": "REG-US80"}
    good = {"inspector": "qa-1", "result": "RELEASED", "qualified_qty": len(serials)}
    desk.does("pp-1", "release-work-order", wo=wo)
    desk.does("pp-1", "report-output", wo=wo, serials=made)
    return desk.does(
        "wh-sh-1",
        "receive-stock",
        wh=WAREHOUSE,
        sku=DEVICE,
        source={"kind": "PRODUCTION", "ref": wo},
        buckets=[bucket],
        inspection=good,
    )


def _amend(desk: Desk, so: str, qty: int, line_no: int = 1) -> dict[str, Any]:
    change = {"field": "qty", "value": str(qty), "line_no": line_no}
    return desk.does("rep-east", "amend-order", so_id=so, changes=[change], reason="asked for")


def test_what_is_not_in_stock_is_made_and_goes_to_the_line_that_waits_as_it_comes_in(desk: Desk):
    sell(desk, **MADE)

    placed = desk.does("rep-east", "place-order", **order(RICH, DEVICE, 5))

    assert (placed["so"], placed["state"], placed["holds"]) == ("SO-0001", "CONFIRMED", [])
    told = desk.look("/v1/orders/SO-0001")
    assert [(one["kind"], one["qty"], one["ref"]) for one in told["sourcing"]] == [
        ("SHIP", 3, None),
        ("MAKE", 2, "WO-0001"),
    ]
    line = desk.line("SO-0001")
    assert buckets(line) == {"reserved": 3, "backordered": 2}
    assert (line["supply_ref"], line["promise_date"]) == ("WO-0001", "2026-03-16")
    work = desk.row("/v1/supply-documents", so="SO-0001")
    assert (work["kind"], work["qty"], work["expected"], work["due"]) == (
        "WORK_ORDER",
        2,
        2,
        "2026-03-15",
    )

    received = _make(desk, "WO-0001", "NEW-1", "NEW-2")

    assert received["orders"] == ["SO-0001"]
    assert {"Order/SO-0001", "WorkOrder/WO-0001", f"Stock/{WAREHOUSE}/{DEVICE}"} <= desk.streams
    assert buckets(desk.line("SO-0001")) == {"reserved": 5}
    assert desk.row("/v1/stock", sku=DEVICE)["available"] == 0
    assert desk.row("/v1/supply-documents", so="SO-0001")["expected"] == 0
    assert desk.look("/v1/serials", sku=DEVICE)["items"][0]["so"] == "SO-0001"
    assert desk.look("/v1/atp-timeline", wh=WAREHOUSE, sku=DEVICE)["days"] == []


def test_goods_go_to_the_line_that_waits_longest_whoever_they_were_made_for(
    desk: Desk, clock: MovableClock
):
    sell(desk, **MADE)
    desk.does("rep-east", "place-order", **order(RICH, DEVICE, 4))
    clock.move(days=1)
    desk.does("rep-east", "place-order", **order(AWAY, DEVICE, 1))
    waiting = desk.look("/v1/supply-documents", kind="WORK_ORDER")["items"]
    assert [(one["doc"], one["so"]) for one in waiting] == [
        ("WO-0001", "SO-0001"),
        ("WO-0002", "SO-0002"),
    ]

    received = _make(desk, "WO-0002", "NEW-1")

    assert received["orders"] == ["SO-0001"]
    assert buckets(desk.line("SO-0001")) == {"reserved": 4}
    assert buckets(desk.line("SO-0002")) == {"backordered": 1}
    assert _make(desk, "WO-0001", "NEW-2")["orders"] == ["SO-0002"]
    assert buckets(desk.line("SO-0002")) == {"reserved": 1}


def test_a_cancelled_order_gives_everything_back_and_the_same_may_be_placed_again(desk: Desk):
    desk.does("adm-1", "set-approval-limits", duplicate_hours=24)
    before = desk.row("/v1/stock", sku=BOX)
    desk.does("rep-east", "place-order", **order(RICH, BOX, 40))
    twice = desk.does("rep-east", "place-order", **order(RICH, BOX, 40))
    assert twice["holds"] == ["POSSIBLE_DUPLICATE"]
    assert (desk.credit(), desk.row("/v1/stock", sku=BOX)["reserved"]) == (40 * BOX_GROSS, 40)
    desk.does("rep-east", "cancel-order", so_id=twice["so"], reason="sent twice")

    answer = desk.does("mgr-east", "cancel-order", so_id="SO-0001", reason="no budget")

    assert (answer["state"], answer["deposit"]) == ("CANCELLED", 0)
    assert desk.row("/v1/stock", sku=BOX) == before
    assert desk.credit() == 0
    assert buckets(desk.line("SO-0001")) == {"cancelled": 40}
    again = desk.tries("mgr-east", "cancel-order", so_id="SO-0001", reason="once more")
    assert problem(again) == (409, "INVALID_STATE")
    placed = desk.does("rep-east", "place-order", **order(RICH, BOX, 40))
    assert (placed["so"], placed["state"], placed["holds"]) == ("SO-0003", "CONFIRMED", [])
    assert (desk.credit(), desk.row("/v1/stock", sku=BOX)["reserved"]) == (40 * BOX_GROSS, 40)


def test_a_confirmed_order_is_amended_up_and_down(desk: Desk):
    sell(desk, **MADE)
    desk.does("rep-east", "place-order", **order(RICH, DEVICE, 2))

    assert _amend(desk, "SO-0001", 5)["state"] == "CONFIRMED"
    assert buckets(desk.line("SO-0001")) == {"reserved": 3, "backordered": 2}
    assert desk.credit() == 5 * DEVICE_GROSS

    assert _amend(desk, "SO-0001", 1)["state"] == "CONFIRMED"
    line = desk.line("SO-0001")
    assert (line["qty_ordered"], line["gross"]) == (1, DEVICE_GROSS)
    assert buckets(line) == {"reserved": 1}
    assert (desk.credit(), desk.row("/v1/stock", sku=DEVICE)["available"]) == (DEVICE_GROSS, 2)
    work = desk.row("/v1/supply-documents", so="SO-0001")
    assert work["note"] == "SO-0001 needs 2 less: AMENDED"
    assert (work["state"], work["expected"]) == ("PLANNED", 2), "a planner has to decide"


def test_an_amendment_beyond_the_credit_holds_the_order_until_it_is_taken_back(desk: Desk):
    placed = desk.does("rep-east", "place-order", **order(POOR))
    assert placed["state"] == "CONFIRMED"

    assert _amend(desk, "SO-0001", 2)["holds"] == ["CREDIT_LIMIT"]
    hold = next(one for one in desk.look("/v1/orders/SO-0001")["holds"] if one["active"])
    assert hold["code"] == "CREDIT_LIMIT"

    assert desk.row("/v1/orders", dealer=POOR)["holds"] == "CREDIT_LIMIT"
    assert buckets(desk.line("SO-0001")) == {"reserved": 1}, "what it had it keeps"

    assert _amend(desk, "SO-0001", 1)["holds"] == []
    hold = desk.look("/v1/orders/SO-0001")["holds"][0]
    assert (hold["code"], hold["active"], hold["released_by"]) == ("CREDIT_LIMIT", False, None)
    assert buckets(desk.line("SO-0001")) == {"reserved": 1}
    assert desk.credit(POOR) == BOX_GROSS


def test_what_is_given_up_of_a_line_is_what_waits_first(desk: Desk):
    sell(desk, **MADE)
    desk.does("rep-east", "place-order", **order(RICH, DEVICE, 5))
    close = {"so_id": "SO-0001", "line_no": 1, "reason": "SUPPLY_FAILURE"}

    desk.does("mgr-east", "short-close-line", qty=2, **close)
    assert buckets(desk.line("SO-0001")) == {"reserved": 3, "cancelled": 2}
    assert desk.credit() == 3 * DEVICE_GROSS

    desk.does("mgr-east", "short-close-line", qty=1, **close)
    assert buckets(desk.line("SO-0001")) == {"reserved": 2, "cancelled": 3}
    assert desk.row("/v1/stock", sku=DEVICE)["available"] == 1
    refused = desk.tries("mgr-east", "short-close-line", qty=3, **close)
    assert problem(refused) == (409, "NOTHING_OPEN")


def test_a_held_order_is_rejected_and_takes_nothing_with_it(desk: Desk):
    held = desk.does("rep-east", "place-order", **order(POOR, BOX, 2))
    assert (held["state"], held["holds"]) == ("ON_HOLD", ["CREDIT_LIMIT"])

    answer = desk.does("mgr-east", "reject-order", so_id="SO-0001", code="CREDIT_LIMIT")

    assert answer["state"] == "REJECTED"
    release = {"so_id": "SO-0001", "code": "CREDIT_LIMIT", "reason": "good dealer"}
    assert desk.tries("fin-1", "release-hold", **release).status_code == 409
    assert desk.tries("rep-east", "place-draft", so_id="SO-0001").status_code == 409
    assert desk.row("/v1/orders", dealer=POOR)["state"] == "REJECTED"
    assert desk.credit(POOR) == 0
    assert desk.row("/v1/stock", sku=BOX)["reserved"] == 0
    limit = {"limit": 10**9, "valid_from": "2026-01-01", "valid_to": "2027-01-01"}
    desk.does("fin-1", "set-credit-limit", dealer_id=POOR, **limit)
    assert desk.row("/v1/orders", dealer=POOR)["state"] == "REJECTED", "it is not looked at again"


def test_a_draft_takes_nothing_until_it_is_placed_and_is_quoted_on_that_day(
    desk: Desk, clock: MovableClock
):
    drafted = desk.does("rep-east", "create-draft", **order(RICH, BOX, 7, external_ref="PO-7"))
    assert (drafted["so"], drafted["state"]) == ("SO-0001", "DRAFT")
    assert (desk.credit(), desk.row("/v1/stock", sku=BOX)["reserved"]) == (0, 0)
    refused = desk.tries("mgr-east", "release-hold", so_id="SO-0001", code="X", reason="x")
    assert problem(refused) == (409, "HOLD_NOT_ACTIVE")
    clock.move(days=2)

    placed = desk.does("rep-east", "place-draft", so_id="SO-0001")

    assert (placed["so"], placed["state"]) == ("SO-0001", "CONFIRMED")
    assert desk.row("/v1/orders", dealer=RICH)["order_date"] == "2026-03-03"
    assert (desk.credit(), desk.row("/v1/stock", sku=BOX)["reserved"]) == (7 * BOX_GROSS, 7)
    twice = desk.tries("rep-east", "place-draft", so_id="SO-0001")
    assert twice.status_code == 409
    other = desk.tries("rep-east", "place-order", **order(RICH, BOX, 9, external_ref="PO-7"))
    assert problem(other) == (409, "DUPLICATE_ORDER")


def test_an_order_waits_for_its_deposit_and_goes_on_with_the_last_of_it(desk: Desk, engine: Engine):
    body = order(RICH, BOX, 100) | {"billing_plan": DEPOSIT_PLAN}
    needed = 100 * BOX_GROSS * 30 // 100
    money = {"dealer_id": RICH, "so_id": "SO-0001", "value_date": "2026-03-01"}
    assert desk.does("rep-east", "place-order", **body)["holds"] == ["DEPOSIT_PENDING"]

    first = desk.does("fin-1", "receive-deposit", bank_ref="B-1", amount=needed - 1, **money)
    assert (first["doc"], first["holds"]) == ("DEP-0001", ["DEPOSIT_PENDING"])
    assert desk.row("/v1/stock", sku=BOX)["reserved"] == 0
    again = desk.tries("fin-1", "receive-deposit", bank_ref="B-1", amount=1, **money)
    assert problem(again) == (409, "DUPLICATE_BANK_REF")
    last = desk.does("fin-1", "receive-deposit", bank_ref="B-2", amount=1, **money)

    assert (last["state"], last["holds"]) == ("CONFIRMED", [])
    assert "Order/SO-0001" in desk.streams
    assert buckets(desk.line("SO-0001")) == {"reserved": 100}
    balance = desk.row("/v1/dealer-balances", dealer=RICH)
    assert (balance["deposits"], balance["exposure"]) == (needed, 100 * BOX_GROSS - needed)
    refund = {"dealer_id": RICH, "so_id": "SO-0001", "doc_no": "DEP-0001", "bank_ref": "B-3"}
    kept = desk.tries("fin-1", "refund-deposit", amount=1, **refund)
    assert problem(kept) == (409, "ORDER_STILL_OPEN")

    cancelled = desk.does("mgr-east", "cancel-order", so_id="SO-0001", reason="no budget")
    assert cancelled["deposit"] == needed
    paid = desk.does("fin-1", "refund-deposit", amount=needed - 1, **refund)
    assert paid == {"doc": "DEP-0001", "held": 1}
    assert desk.row("/v1/dealer-balances", dealer=RICH)["exposure"] == -1
    assert caught_up(engine) == rebuilt(engine)
