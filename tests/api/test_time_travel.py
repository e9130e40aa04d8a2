"""Stock and statements as of a business time, as they were known at a record time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.door import problem
from tests.support.story import GROSS, PAID_LATE, SERIAL
from tests.support.world import BOX, DEVICE, DEVICE_DI, LOT, RICH, WAREHOUSE

STATEMENT = f"/v1/dealers/{RICH}/statements"


def _at(day: int, hour: int, second: int = 0) -> str:
    return datetime(2026, 3, day, hour, 0, second, tzinfo=UTC).isoformat()


def _stock(asked: TestClient, **params: str) -> dict[str, tuple[int, int]]:
    answer = asked.get("/v1/stock/then", params=params)
    assert answer.status_code == 200, answer.text
    return {row["sku"]: (row["on_hand"], row["reserved"]) for row in answer.json()["items"]}


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (_at(1, 0), {}),
        (_at(1, 1), {DEVICE: (3, 0), BOX: (1000, 0)}),
        (_at(2, 0), {DEVICE: (3, 0), BOX: (1000, 0)}),
        (_at(2, 1), {DEVICE: (3, 1), BOX: (1000, 2)}),
        (_at(3, 3), {DEVICE: (3, 1), BOX: (1000, 2)}),
        (_at(3, 4), {DEVICE: (2, 0), BOX: (998, 0)}),
        (_at(31, 0), {DEVICE: (2, 0), BOX: (998, 0)}),
    ],
)
def test_stock_as_of_a_time_is_the_sum_of_its_movements(
    asked: TestClient, as_of: str, expected: dict[str, tuple[int, int]]
):
    assert _stock(asked, as_of=as_of) == expected


def test_stock_was_not_known_before_it_was_recorded(asked: TestClient):
    before = _stock(asked, as_of=_at(3, 4), known_at=_at(3, 4, 4))
    after = _stock(asked, as_of=_at(3, 4), known_at=_at(3, 4, 5))

    assert before == {DEVICE: (3, 1), BOX: (1000, 2)}
    assert after == {DEVICE: (2, 0), BOX: (998, 0)}


def test_an_instant_may_be_written_with_any_offset(asked: TestClient):
    local = _stock(asked, as_of="2026-03-03T12:00:00+08:00")
    earlier = _stock(asked, as_of="2026-03-03T11:59:59+08:00")

    assert local == {DEVICE: (2, 0), BOX: (998, 0)}
    assert earlier == {DEVICE: (3, 1), BOX: (1000, 2)}


def test_stock_then_can_be_asked_of_one_place_and_one_product(asked: TestClient):
    found = asked.get("/v1/stock/then", params={"as_of": _at(31, 0), "sku": BOX}).json()["items"]

    assert [(row["wh"], row["sku"], row["lot"]) for row in found] == [(WAREHOUSE, BOX, LOT)]
    assert found[0]["value_std"] == 998 * 700
    assert _stock(asked, as_of=_at(31, 0), wh="WH-NONE") == {}


def test_stock_then_needs_a_time(asked: TestClient):
    assert problem(asked.get("/v1/stock/then")) == (400, "VALIDATION_FAILED")
    wrong = asked.get("/v1/stock/then", params={"as_of": "yesterday"})
    assert problem(wrong) == (400, "VALIDATION_FAILED")


def test_an_instant_without_an_offset_is_turned_away(asked: TestClient):
    answer = asked.get("/v1/stock/then", params={"as_of": "2026-03-03T12:00:00"})

    assert problem(answer) == (400, "VALIDATION_FAILED")


@pytest.mark.parametrize("edge", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_an_instant_at_the_edge_of_the_calendar_breaks_nothing(asked: TestClient, edge: str):
    history = f"/v1/serials/{DEVICE_DI}/{SERIAL}/history"
    answers = [
        asked.get("/v1/stock/then", params={"as_of": edge}),
        asked.get("/v1/stock/then", params={"as_of": _at(3, 4), "known_at": edge}),
        asked.get(f"{STATEMENT}/2026-03", params={"known_at": edge}),
        asked.get(history, params={"known_at": edge}),
        asked.post(
            "/v1/commands/recheck-order?dry_run=true",
            json={"so_id": "SO-0001"},
            headers={"Idempotency-Key": "edge", "Occurred-At": edge},
        ),
    ]

    assert [one.status_code for one in answers if one.status_code >= 500] == []


def _statement(asked: TestClient, period: str, **params: str) -> dict[str, Any]:
    answer = asked.get(f"{STATEMENT}/{period}", params=params)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    moved = found["invoices"] - found["payments"] - found["write_offs"]
    assert found["opening"] + moved == found["closing"]
    return found


def test_a_statement_before_a_late_payment_was_known_is_open_and_after_it_is_paid(
    asked: TestClient,
):
    before = _statement(asked, "2026-03", known_at="2026-04-01T00:00:00Z")
    after = _statement(asked, "2026-03", known_at=PAID_LATE.isoformat())
    now = _statement(asked, "2026-03")

    assert (before["invoices"], before["payments"], before["closing"]) == (GROSS, 0, GROSS)
    assert (after["invoices"], after["payments"], after["closing"]) == (GROSS, GROSS, 0)
    assert now == after | {"known_at": None}


def test_a_statement_lists_its_documents_with_the_balance_after_each(asked: TestClient):
    lines = _statement(asked, "2026-03")["lines"]

    *goods, payment = lines
    assert sum(one["gross"] for one in goods) == GROSS
    assert {(one["type"], one["day"], one["balance"]) for one in goods} == {
        ("INVOICE", "2026-03-05", GROSS)
    }
    told = ("PAYMENT", "2026-03-31", -GROSS, 0)
    assert tuple(payment[name] for name in ("type", "day", "gross", "balance")) == told


def test_a_month_opens_with_what_the_one_before_it_left(asked: TestClient):
    early = {"known_at": "2026-04-01T00:00:00Z"}

    assert _statement(asked, "2026-04", **early)["opening"] == GROSS
    assert _statement(asked, "2026-04")["opening"] == 0
    empty = _statement(asked, "2026-02")
    assert (empty["opening"], empty["closing"], empty["lines"]) == (0, 0, [])


@pytest.mark.parametrize("period", ["2026-13", "2026", "26-03", "2026-3", "march"])
def test_a_month_that_is_none_is_turned_away(asked: TestClient, period: str):
    assert problem(asked.get(f"{STATEMENT}/{period}")) == (400, "VALIDATION_FAILED")
