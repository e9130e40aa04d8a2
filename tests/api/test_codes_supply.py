"""Supply: what a warehouse does not give away or take in, and what production does not deliver."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.scene import Scene
from tests.support.world import BOX, DEVICE, LOT, WAREHOUSE, serial

NORTH = {"wh": "WH-BJ", "region_code": "110000", "sales_region": "NORTH"}
COLD = {"lowest": 20, "highest": 80}
MADE = {"manufacture_date": "2026-03-01"}
UNIT = {"qty": 1, "serials": ["US80-26-0009"], "registration_no": "REG-US80"} | MADE
SUPPLY = {"kind": "TRANSFER", "wh": "WH-BJ", "donor": WAREHOUSE}


def moved(qty: int, sku: str = BOX, **more: Any) -> dict[str, Any]:
    return {"src": WAREHOUSE, "dst": "WH-BJ", "sku": sku, "qty": qty} | more


def kept(scene: Scene, qty: int, sku: str = BOX) -> None:
    """The warehouse keeps a safety stock."""
    body = {"wh": WAREHOUSE, "sku": sku, "safety_stock": qty}
    scene.does("pp-1", "set-stock-parameters", **body)


def inspected(result: str, qualified: int, **more: Any) -> dict[str, Any]:
    """Goods of WO-1 come with the result of their release inspection."""
    found = {"inspector": "qa-1", "result": result, "qualified_qty": qualified}
    source = {"kind": "PRODUCTION", "ref": "WO-1"}
    head = {"wh": WAREHOUSE, "sku": DEVICE, "source": source, "inspection": found}
    return head | {"buckets": [UNIT | more]}


@pytest.fixture
def north(scene: Scene) -> Scene:
    """There is another warehouse."""
    scene.does("adm-1", "register-warehouse", **NORTH)
    return scene


@pytest.fixture
def made(scene: Scene) -> Scene:
    """Production has made a device, which waits for its release."""
    scene.product(DEVICE, life="ACTIVE")
    work = {"wo": "WO-1", "sku": DEVICE, "wh": WAREHOUSE, "qty": 1, "due": "2026-04-01"}
    scene.does("pp-1", "create-work-order", **work)
    scene.does("pp-1", "release-work-order", wo="WO-1")
    unit = {"serial": "US80-26-0009"} | MADE
    scene.does("pp-1", "report-output", wo="WO-1", serials=[unit])
    return scene


@pytest.mark.parametrize(("sku", "safety", "qty"), [(BOX, 950, 51), (DEVICE, 2, 2)])
def test_no_warehouse_gives_its_safety_stock_away(north: Scene, sku: str, safety: int, qty: int):
    kept(north, safety, sku)
    north.refuses("DONOR_BELOW_SAFETY", "wh-sh-1", "create-transfer", **moved(qty, sku))


def test_no_warehouse_gives_its_safety_stock_away_by_name(north: Scene):
    kept(north, 2, DEVICE)
    goods = [{"qty": 2, "serials": [serial(1), serial(2)]}]
    body = moved(2, DEVICE, goods=goods)
    north.refuses("DONOR_BELOW_SAFETY", "wh-sh-1", "create-transfer", **body)


def test_what_orders_have_reserved_is_not_given_away(north: Scene):
    kept(north, 900)
    north.placed(qty=60)
    north.refuses("DONOR_BELOW_SAFETY", "wh-sh-1", "create-transfer", **moved(41))
    north.does("wh-sh-1", "create-transfer", **moved(40))


def test_a_transfer_that_was_asked_for_in_better_times_is_not_approved(north: Scene):
    to = north.does("wh-sh-1", "create-transfer", **moved(100))["to"]
    kept(north, 901)
    north.refuses("DONOR_BELOW_SAFETY", "wh-sh-1", "approve-transfer", to=to)


def test_two_transfers_do_not_share_what_one_may_have(north: Scene):
    kept(north, 900)
    first, second = [north.does("wh-sh-1", "create-transfer", **moved(60))["to"] for _ in "ab"]
    north.does("wh-sh-1", "approve-transfer", to=first)
    north.refuses("DONOR_BELOW_SAFETY", "wh-sh-1", "approve-transfer", to=second)


def test_not_even_a_manager_takes_the_safety_stock_for_an_order(north: Scene):
    so = north.placed(qty=10)
    kept(north, 995)
    body = {"so_id": so, "line_no": 1, "qty": 10, "new_supply": SUPPLY, "reason": "sooner"}
    north.refuses("DONOR_BELOW_SAFETY", "mgr-east", "resource-line", **body)


@pytest.mark.parametrize("kind", ["MAKE", "BUY"])
def test_nobody_has_a_product_made_or_bought_whose_life_is_over(scene: Scene, kind: str):
    body = {"so_id": scene.placed(), "line_no": 1, "qty": 1, "reason": "a fresh one"}
    supply = {"kind": kind, "wh": WAREHOUSE}
    scene.refuses("NO_SUPPLY", "mgr-east", "resource-line", new_supply=supply, **body)


def test_goods_that_are_kept_cold_go_to_no_warm_warehouse(north: Scene):
    north.product(cold_chain=COLD)
    north.refuses("WAREHOUSE_CLASS", "wh-sh-1", "create-transfer", **moved(1))


def test_goods_that_are_kept_cold_go_to_a_cold_warehouse(north: Scene):
    north.does("adm-1", "register-warehouse", **NORTH, cold=True)
    north.product(cold_chain=COLD)
    goods = [{"qty": 1, "lot": LOT}]
    moving = north.does("wh-sh-1", "create-transfer", **moved(1, goods=goods))
    assert moving["state"] == "REQUESTED"


@pytest.mark.parametrize(
    ("result", "qualified"), [("REJECTED", 0), ("REJECTED", 1), ("PARTIAL", 1)]
)
def test_what_did_not_pass_its_release_inspection_does_not_go_to_stock(
    made: Scene, result: str, qualified: int
):
    body = inspected(result, qualified)
    made.refuses("QC_NOT_PASSED", "wh-sh-1", "receive-stock", **body)


@pytest.mark.parametrize("result", ["OK", "RELEASED"])
def test_what_passed_its_release_inspection_goes_to_stock(made: Scene, result: str):
    received = made.does("wh-sh-1", "receive-stock", **inspected(result, 1))
    assert received["qty"] == 1
