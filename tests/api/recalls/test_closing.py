"""A recall from its notices to its end, over HTTP, step by step in the read models."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from api.engine import Engine
from tests.api.recalls.desk import HOSPITAL, QA, RCL, WISH, Desk
from tests.conftest import BACKENDS
from tests.support.backends import note_backend, shared_url
from tests.support.world import (
    BOX,
    DEVICE,
    LOT,
    RICH,
    MovableClock,
    build,
    caught_up,
    opened,
    rebuilt,
    serial,
)

TODAY = "2026-03-01"
NOTICE = RCL | {"channel": "PORTAL", "sent_on": TODAY}
REPORT = RCL | {"document_hash": "sha256:report"}


@pytest.fixture(scope="module", params=BACKENDS)
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Engine, Desk]]:
    """A lot and two devices were recalled, collected, and sold again."""
    with opened(shared_url(request, tmp_path_factory), MovableClock()) as engine:
        build(engine)
        desk = Desk(engine)
        desk.prepare()
        desk.trade()
        desk.does("qa-1", "open-recall", **WISH)
        for step in (sends_back, tells, collects, tells_late, closes, sells_again):
            step(desk)
        yield engine, desk


@pytest.fixture
def told(request: pytest.FixtureRequest, played: tuple[Engine, Desk]) -> dict[str, Any]:
    """What was answered and read on the way."""
    engine, desk = played
    note_backend(request, engine.database.url.render_as_string())
    return desk.told


def item(desk: Desk, *names: str) -> tuple[object, ...]:
    row = desk.ask("/v1/recalls/RCL-0001")["item"]
    return tuple(row[name] for name in names)


def days(desk: Desk, column: str) -> dict[str, str | None]:
    rows = desk.ask("/v1/recalls/RCL-0001")["consignees"]
    return {row["consignee"]: row[column] for row in rows}


def came(desk: Desk, consignee: str, action: str, qty: int, **goods: object) -> int:
    body = RCL | {"consignee": consignee, "action": action, "qty": qty, "sku": BOX} | goods
    left: int = desk.does("qa-1", "record-recovery", **body)["outstanding"]
    return left


def sends_back(desk: Desk) -> None:
    """A part comes back; it may neither be sold nor go to its dealer again."""
    items = [{"sku": BOX, "qty": 5, "lot": LOT}]
    wish = {"dealer_id": RICH, "shipment": "SHP-2", "reason": "RECALL", "items": items}
    rma = {"rma_id": desk.does("dlr-d01", "request-return", **wish)["rma_id"]}
    desk.does("mgr-east", "approve-return", **rma)
    desk.does("wh-sh-1", "receive-return", **rma, wh="WH-SH", items=items)
    for disposition in ("RESTOCK", "BACK_TO_DEALER"):
        decided = [items[0] | {"disposition": disposition}]
        desk.refuses(
            "RECALL_BLOCK", "qa-1", "inspect-return", **rma, report_hash="h", items=decided
        )
    decided = [items[0] | {"disposition": "SCRAP"}]
    desk.does("qa-1", "inspect-return", **rma, report_hash="h", items=decided)
    desk.told["sent back"] = (desk.balances(LOT), desk.held("RCL-0001"))


def tells(desk: Desk) -> None:
    """The dealer is told, and confirms."""
    desk.does("qa-1", "notify-consignee", **NOTICE, consignee=RICH)
    seen = item(desk, "state", "notified", "acknowledged"), days(desk, "notified_on")
    desk.does("dlr-d01", "acknowledge-recall", **RCL, consignee=RICH)
    desk.told["told"] = seen, item(desk, "acknowledged"), days(desk, "acknowledged_on")


def collects(desk: Desk) -> None:
    """Goods come back, are corrected and destroyed; more was used than was listed."""
    left = [
        came(desk, RICH, "RECOVERED", 40, lot=LOT),
        came(desk, RICH, "CORRECTED", 1, sku=DEVICE, serials=[serial(1)]),
    ]
    state = item(desk, "state")
    left += [
        came(desk, RICH, "DESTROYED", 2, lot=LOT),
        came(desk, RICH, "LOST", 1, lot=LOT),
        came(desk, HOSPITAL, "USED", 16, lot=LOT),
    ]
    actions = ("recovered", "corrected", "destroyed", "used", "lost")
    desk.told["left"] = left, desk.held("RCL-0001")
    desk.told["states"] = [state, item(desk, "state")]
    desk.told["counted"] = [days(desk, one)[RICH] for one in actions]


def tells_late(desk: Desk) -> None:
    """The hospital is told only now."""
    late = desk.does("qa-1", "notify-consignee", **NOTICE, consignee=HOSPITAL)
    desk.told["late"] = late["state"], item(desk, "state", "notified"), days(desk, "notified_on")


def closes(desk: Desk) -> None:
    """It is found effective the second time, and closed; then nothing is said of it any more."""
    desk.refuses("RECALL_BLOCK", "qa-1", "unblock", **QA, qty=820)
    desk.does("qa-1", "check-effectiveness", **REPORT, effective=False)
    desk.told["checked"] = item(desk, "state", "effective")
    desk.refuses("INVALID_STATE", "qa-1", "close-recall", **REPORT)
    desk.does("qa-1", "check-effectiveness", **REPORT, effective=True)
    desk.does("qa-1", "close-recall", **REPORT)
    listed = desk.ask("/v1/recalls", state="CLOSED")["items"]
    desk.told["closed"] = item(desk, "state", "effective", "outstanding"), listed
    desk.refuses("INVALID_STATE", "qa-1", "check-effectiveness", **REPORT, effective=True)
    desk.refuses("INVALID_STATE", "qa-1", "acknowledge-recall", **RCL, consignee=HOSPITAL)
    desk.refuses("INVALID_STATE", "qa-1", "notify-consignee", **NOTICE, consignee=RICH)


def sells_again(desk: Desk) -> None:
    """Quality frees what was locked."""
    done = desk.does("qa-1", "unblock", **QA, qty=820)
    desk.does("qa-1", "release-from-quarantine", **QA, qty=20)
    rows = desk.ask("/v1/stock", wh="WH-SH", sku=BOX, lot=LOT)["items"]
    desk.told["sold"] = done["orders"], rows


def test_who_is_told_and_confirms_is_noted_with_the_day(told: dict[str, Any]):
    (state, on), acknowledged, confirmed = told["told"]

    assert (state, on) == (("NOTIFYING", 1, 0), {RICH: TODAY, HOSPITAL: None})
    assert (acknowledged, confirmed) == ((1,), {RICH: TODAY, HOSPITAL: None})


def test_what_is_outstanding_is_the_same_in_the_answer_and_in_the_table(told: dict[str, Any]):
    left, held = told["left"]

    assert left == [6, 5, 3, 2, -1]
    assert held == {RICH: (46, 2), HOSPITAL: (15, -1)}
    assert told["counted"] == [40, 1, 2, 0, 1]
    assert told["states"] == [("CORRECTING",), ("COLLECTING",)]


def test_a_late_notice_does_not_take_the_recall_back(told: dict[str, Any]):
    answered, row, on = told["late"]

    assert (answered, row) == ("COLLECTING", ("COLLECTING", 2))
    assert on == {RICH: TODAY, HOSPITAL: TODAY}


def test_a_recall_is_checked_and_closed_with_what_was_never_found(told: dict[str, Any]):
    row, listed = told["closed"]

    assert told["checked"] == ("EFFECTIVENESS_CHECK", False)
    assert row == ("CLOSED", True, 1)
    assert [one["recall"] for one in listed] == ["RCL-0001"]


def test_what_was_locked_is_sold_again_once_the_recall_is_closed(told: dict[str, Any]):
    orders, [row] = told["sold"]

    assert orders == ["SO-0004"]
    assert (row["on_hand"], row["reserved"], row["quarantined"], row["blocked"]) == (840, 50, 0, 0)


def test_what_came_back_of_the_recall_is_in_a_trace_that_adds_up(told: dict[str, Any]):
    balances, held = told["sent back"]

    assert (balances[RICH], balances["WH-SH"], balances["SCRAP"]) == (40, 840, 5)
    assert sum(balances.values()) == 1000
    assert held[RICH] == (46, 46)


def test_the_tables_are_the_same_after_a_rebuild(told: dict[str, Any], played: tuple[Engine, Desk]):
    engine, _ = played
    before = caught_up(engine)

    assert told
    assert rebuilt(engine) == before
