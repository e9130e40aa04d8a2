"""Periods: when one is closed, opened again and handed over, and what closed ones do not take."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.money.test_codes_roles import all_refused, refused
from tests.api.scene import Scene
from tests.support.world import BOX, LOT, RICH, WAREHOUSE, MovableClock

MARCH, APRIL = {"period": "2026-03"}, {"period": "2026-04"}
MINE = {"dealer_id": RICH}
REOPENED = MARCH | {"reason": "an error", "second_approver": "adm-1"}
PAID = MINE | {"bank_ref": "BK-9", "value_date": "2026-03-31", "amount": 1, "currency": "CNY"}
PAID |= {"payer_name": f"Dealer {RICH}"}
COUNTED: dict[str, Any] = {"sheet_id": "SC-1", "wh": WAREHOUSE, "counter": "wh-sh-1"}
COUNTED |= {"lines": [{"sku": BOX, "lot": LOT, "counted": 999}]}
POLICY: dict[str, Any] = {
    "name": "March",
    "period": "2026-03",
    "dealers": [RICH],
    "metric": "SELL_IN_NET",
}
POLICY |= {"method": "SLICED", "tiers": [{"floor": 0, "rate_pct": "1"}]}


def charged(scene: Scene) -> None:
    scene.does("fin-1", "post-adjustment", **MINE, amount=50_000, reason="a fee")


def promised(scene: Scene) -> None:
    """A dealer takes part in a policy of March."""
    scene.does("mgr-east", "draft-incentive-policy", policy_id="RB-1", terms=POLICY)
    scene.does("mgr-national", "approve-incentive-policy", policy_id="RB-1")
    scene.does("mgr-east", "publish-incentive-policy", policy_id="RB-1")
    scene.does(None, "accept-incentive-policy", policy_id="RB-1", **MINE, e_seal="seal")


@pytest.fixture
def over(scene: Scene, clock: MovableClock) -> Scene:
    """A dealer was charged a fee in March, and March is over."""
    charged(scene)
    clock.move(days=31)
    return scene


@pytest.fixture
def closed(over: Scene) -> Scene:
    """March is closed."""
    over.does("fin-1", "issue-statements", **MARCH)
    over.does("fin-1", "close-period", **MARCH)
    return over


def test_a_month_is_not_closed_before_it_is_over(scene: Scene):
    told = refused(scene, "PERIOD_NOT_OVER", "fin-1", "close-period", 409, **MARCH)
    assert told == MARCH | {"last_day": "2026-03-31"}


def test_what_a_period_lacks_is_named_all_at_once(scene: Scene, clock: MovableClock):
    promised(scene)
    charged(scene)
    scene.does("wh-sh-1", "post-count", **COUNTED)
    clock.move(days=31)
    told = all_refused(scene, "fin-1", "close-period", 409, **MARCH)
    assert told == [
        ("ACCRUAL_NOT_RUN", MARCH),
        ("COUNT_NOT_APPROVED", MARCH | {"sheets": ["SC-1"]}),
        ("STATEMENT_NOT_ISSUED", MARCH | {"dealer": RICH}),
    ]
    scene.does("fin-1", "approve-count", sheet_id="SC-1")
    scene.does("fin-1", "accrue-rebates", **MARCH)
    refused(scene, "STATEMENT_NOT_ISSUED", "fin-1", "close-period", 409, **MARCH)
    scene.does("fin-1", "close-period", **MARCH, exceptions=[RICH])


def test_large_differences_are_explained_before_a_period_is_closed(over: Scene):
    over.does("fin-1", "issue-statements", **MARCH)
    line = {"line_id": "L1", "kind": "INVOICE", "doc": "THEIRS", "day": "2026-03-02"}
    lines = [line | {"gross": 300_000}]
    over.does(None, "submit-dealer-lines", **MINE, **MARCH, file_hash="sha256:f", lines=lines)
    told = refused(over, "OPEN_DIFFERENCES_ABOVE_LIMIT", "fin-1", "close-period", 409, **MARCH)
    assert told == {"dealer": RICH, "amount": 350_000, "limit": 100_000}


def test_a_month_is_closed_after_the_one_before(over: Scene, clock: MovableClock):
    charged(over)
    clock.move(days=30)
    told = refused(over, "NOT_LATEST_PERIOD", "fin-1", "close-period", 409, **APRIL)
    assert told == APRIL | {"open": ["2026-03"]}


def test_only_the_latest_closed_month_is_opened_again(closed: Scene, clock: MovableClock):
    charged(closed)
    clock.move(days=30)
    closed.does("fin-1", "close-period", **APRIL, exceptions=[RICH])
    told = refused(closed, "NOT_LATEST_PERIOD", "fin-1", "reopen-period", 409, **REOPENED)
    assert told == MARCH | {"closed": ["2026-04"]}


def test_opening_again_needs_a_reason_and_an_administrator(closed: Scene):
    body = REOPENED | {"reason": " ", "second_approver": "mgr-east"}
    told = all_refused(closed, "fin-1", "reopen-period", **body)
    assert told == [
        ("REASON_REQUIRED", MARCH),
        ("SECOND_APPROVER_REQUIRED", {"user": "mgr-east", "required": "ADM"}),
    ]


def test_what_finance_has_accepted_is_not_opened_again(closed: Scene):
    closed.does("fin-1", "export-journal", **MARCH)
    told = refused(closed, "NOTHING_TO_EXPORT", "fin-1", "export-journal", 409, **MARCH)
    assert told == MARCH | {"entries": 3}
    taken = closed.does("fin-1", "acknowledge-journal", **MARCH, seq=1, voucher_no="V-1")
    assert taken["period_state"] == "EXPORTED"
    told = refused(closed, "GL_EXPORTED", "fin-1", "reopen-period", 409, **REOPENED)
    assert told == MARCH


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("record-payment", PAID),
        ("receive-security-deposit", MINE | {"bank_ref": "B", "value_date": "2026-03-31", "amount": 1}),
        ("accrue-rebates", MARCH),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)  # fmt: skip
def test_nothing_is_dated_into_a_closed_month(closed: Scene, name: str, body: dict[str, Any]):
    assert refused(closed, "PERIOD_CLOSED", "fin-1", name, 409, **body)["period"] == "2026-03"


def test_a_dealer_whose_month_was_closed_without_a_statement_stops_no_others(over: Scene):
    over.does("fin-1", "close-period", **MARCH, exceptions=[RICH])
    assert over.does("fin-1", "issue-statements", **MARCH)["issued"] == []


def test_nothing_is_accrued_for_a_month_that_has_not_begun(scene: Scene):
    told = refused(scene, "VALIDATION_FAILED", "fin-1", "accrue-rebates", **APRIL)
    assert told == {"field": "period", "reason": "a month that has begun"}
