"""Rebates: what has to be so before one is confirmed, and how much of it is paid."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.money.test_codes_roles import all_refused, refused
from tests.api.scene import Scene
from tests.support.diversion import CASE, NET, bought, finding, goes
from tests.support.world import POOR, RICH, MovableClock

POLICY = {"policy_id": "RB-1"}
TERMS: dict[str, Any] = {
    "name": "March",
    "period": "2026-03",
    "dealers": [RICH],
    "metric": "SELL_IN_NET",
}
TERMS |= {"method": "SLICED", "tiers": [{"floor": 0, "rate_pct": "10"}]}
MINE = {"dealer_id": RICH, "policy": "RB-1"}
MARCH = {"period": "2026-03"}
RED = {"red_info_no": "RED-1"}
EARNED = NET // 10
"""What a device earns its dealer, net minor units: 95.00."""


def published(scene: Scene, **terms: Any) -> Scene:
    scene.does("mgr-east", "draft-incentive-policy", **POLICY, terms=TERMS | terms)
    scene.does("mgr-national", "approve-incentive-policy", **POLICY)
    scene.does("mgr-east", "publish-incentive-policy", **POLICY)
    return scene


def earned(scene: Scene, clock: MovableClock, *, diverted: bool = False, **terms: Any) -> Scene:
    """A dealer bought a device under a policy of March; March is closed."""
    published(scene, **terms)
    scene.does(None, "accept-incentive-policy", **POLICY, dealer_id=RICH, e_seal="seal")
    bought(scene, 1)
    if diverted:
        goes(scene, finding())
    clock.move(days=31)
    scene.does(None, "accrue-rebates", **MARCH)
    scene.does("fin-1", "issue-statements", **MARCH)
    scene.does("fin-1", "close-period", **MARCH)
    return scene


def confirmed(scene: Scene, clock: MovableClock, *, diverted: bool = False) -> Scene:
    earned(scene, clock, diverted=diverted)
    told = scene.does("fin-1", "confirm-rebate", **MINE, amount_net=EARNED)
    assert (told["confirmed"], told["withheld"]) == (EARNED, EARNED if diverted else 0)
    return scene


@pytest.mark.parametrize("dealer", [RICH, POOR])
def test_nothing_is_confirmed_to_a_dealer_that_has_not_accepted(scene: Scene, dealer: str):
    published(scene)
    body = MINE | {"dealer_id": dealer, "amount_net": 1}
    told = refused(scene, "POLICY_NOT_ACCEPTED", "fin-1", "confirm-rebate", 409, **body)
    assert told == {"policy": "RB-1", "dealer": dealer}


def test_what_a_rebate_lacks_is_named_all_at_once(scene: Scene):
    published(scene, gates=[{"kind": "MIN_BASE", "threshold": NET + 1}])
    scene.does(None, "accept-incentive-policy", **POLICY, dealer_id=RICH, e_seal="seal")
    bought(scene, 1)
    scene.does(None, "accrue-rebates", **MARCH)
    body = MINE | {"amount_net": EARNED - 1}
    told = all_refused(scene, "fin-1", "confirm-rebate", 409, **body)
    assert told == [
        ("PERIOD_NOT_CLOSED", MARCH | {"state": "OPEN"}),
        ("GATE_FAILED", {"gate": "MIN_BASE", "threshold": NET + 1, "measured": NET}),
        ("VALIDATION_FAILED", {"field": "amount_net", "reason": f"what was accrued: {EARNED}"}),
    ]


def test_a_condition_of_the_policy_holds_at_its_end(scene: Scene, clock: MovableClock):
    earned(scene, clock, gates=[{"kind": "MIN_BASE", "threshold": NET + 1}])
    body = MINE | {"amount_net": EARNED}
    told = refused(scene, "GATE_FAILED", "fin-1", "confirm-rebate", **body)
    assert told == {"gate": "MIN_BASE", "threshold": NET + 1, "measured": NET}


def test_no_more_is_paid_than_was_confirmed(scene: Scene, clock: MovableClock):
    confirmed(scene, clock)
    body = MINE | RED | {"amount_net": EARNED + 1}
    told = refused(scene, "EXCEEDS_CONFIRMED", "fin-1", "settle-rebate", **body)
    expected = {"payable": EARNED, "withheld": 0, "confirmed": EARNED, "cases": []}
    assert told == expected | {"amount_net": EARNED + 1}


def test_what_diverted_goods_earn_is_withheld(scene: Scene, clock: MovableClock):
    confirmed(scene, clock, diverted=True)
    told = refused(
        scene, "WITHHELD_DIVERSION", "fin-1", "settle-rebate", **MINE | RED, amount_net=1
    )
    expected = {"payable": 0, "withheld": EARNED, "confirmed": EARNED, "cases": [CASE]}
    assert told == expected | {"amount_net": 1}


def test_what_is_settled_is_neither_paid_nor_confirmed_again(scene: Scene, clock: MovableClock):
    confirmed(scene, clock)
    body = MINE | {"amount_net": EARNED}
    scene.does("fin-1", "settle-rebate", **body | RED)
    for name, more in (("settle-rebate", RED), ("confirm-rebate", {})):
        told = refused(scene, "ALREADY_SETTLED", "fin-1", name, 409, **body | more)
        assert told == {"policy": "RB-1", "settled": EARNED}


def test_nobody_approves_a_policy_of_his_own(scene: Scene):
    scene.does("mgr-east", "draft-incentive-policy", **POLICY, terms=TERMS)
    told = refused(scene, "SELF_APPROVAL", "mgr-east", "approve-incentive-policy", 403, **POLICY)
    assert told == {"policy": "RB-1", "author": "mgr-east"}
    scene.does("mgr-national", "approve-incentive-policy", **POLICY)


@pytest.mark.parametrize(
    ("invoice", "code", "status"),
    [("INV-P", "ITEM_OF_OTHER_DEALER", 422), ("INV-NONE", "NOT_FOUND", 404)],
)
def test_a_rebate_reduces_an_invoice_of_its_dealer(
    scene: Scene, invoice: str, code: str, status: int
):
    due = {"gross": 100_000, "due": "2026-04-01"}
    scene.does("fin-1", "set-opening-item", doc="INV-P", dealer_id=POOR, **due)
    scene.does("fin-1", "set-opening-rebate", **MINE, net=100, confirmed=True)
    body = MINE | RED | {"amount_net": 1, "invoice": invoice}
    refused(scene, code, "fin-1", "settle-rebate", status, **body)


def test_a_rebate_of_before_comes_before_the_first_accrual(scene: Scene, clock: MovableClock):
    earned(scene, clock)
    body = MINE | {"policy": "RB-0", "net": 1}
    told = refused(scene, "ALREADY_POSTED", "fin-1", "set-opening-rebate", 409, **body)
    assert told == {"dealer_id": RICH}


def test_a_rebate_in_cash_has_a_reference_of_its_own(scene: Scene, clock: MovableClock):
    earned(scene, clock, payout="CASH")
    scene.does("fin-1", "confirm-rebate", **MINE, amount_net=EARNED)
    body = MINE | {"amount_net": 1, "method": "CASH", "bank_ref": "BK-1"}
    doc = scene.does("fin-1", "settle-rebate", **body)["doc"]
    told = refused(scene, "DUPLICATE_BANK_REF", "fin-1", "settle-rebate", 409, **body)
    assert told == {"bank_ref": "BK-1", "receipt": doc}
