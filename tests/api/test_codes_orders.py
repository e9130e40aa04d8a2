"""Orders and prices: what cannot be ordered, or changed, or released, or cancelled."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.door import problem
from tests.api.scene import Scene
from tests.support.world import BOX, DEVICE, POOR, RICH, order

TENS: dict[str, Any] = {"pack_qty": 10, "moq": 20}
OF_THE_QUANTITY = pytest.mark.parametrize(
    ("code", "qty"), [("PACK_MULTIPLE", 25), ("BELOW_MOQ", 10)]
)
FAR_AWAY = {"address_id": "ADR-FAR", "region_code": "440100", "receiving_entity_id": RICH}
CHEAP = {"sku": BOX, "qty": 1, "unit_price": "8.64"}
OLD = {"dealer_id": RICH, "doc": "INV-OLD", "gross": 200_000, "due": "2026-02-01"}


def head(scene: Scene) -> int:
    return int(scene.client.get("/v1/events", params={"limit": 1}).json()["head"])


def released(scene: Scene, so: str, who: str = "mgr-east", code: str = "PRICE_BELOW_FLOOR") -> Any:
    """What somebody hears who releases a hold, under the same key every time."""
    body = {"so_id": so, "code": code, "reason": "a good customer"}
    return scene.door.command("release-hold", f"{who}-{so}", body, on_behalf_of=who)


def amended(so: str, **change: Any) -> dict[str, Any]:
    return {"so_id": so, "changes": [change], "reason": "asked for"}


@OF_THE_QUANTITY
@pytest.mark.parametrize("name", ["place-order", "create-draft"])
def test_only_whole_packs_and_enough_of_them_are_ordered(
    scene: Scene, name: str, code: str, qty: int
):
    scene.product(**TENS)
    scene.refuses(code, "rep-east", name, **order(qty=qty))


@OF_THE_QUANTITY
def test_an_order_is_not_amended_to_another_quantity_than_is_sold(
    scene: Scene, code: str, qty: int
):
    scene.product(**TENS)
    body = amended(scene.placed(qty=30), line_no=1, field="qty", value=str(qty))
    scene.refuses(code, "rep-east", "amend-order", **body)


@OF_THE_QUANTITY
def test_no_line_is_added_with_another_quantity_than_is_sold(scene: Scene, code: str, qty: int):
    scene.product(**TENS)
    body = amended(scene.placed(qty=30), op="add_line", line={"sku": BOX, "qty": qty})
    scene.refuses(code, "rep-east", "amend-order", **body)


@OF_THE_QUANTITY
def test_a_draft_is_sent_by_the_packs_of_its_day(scene: Scene, code: str, qty: int):
    draft = scene.does("rep-east", "create-draft", **order(qty=qty))["so"]
    scene.product(**TENS)
    scene.refuses(code, "rep-east", "place-draft", so_id=draft)


@pytest.mark.parametrize("name", ["place-order", "create-draft"])
def test_nothing_is_priced_without_a_tax_rate(scene: Scene, name: str):
    scene.product(tax_code="VAT6")
    scene.refuses("MASTER_DATA_MISSING", "rep-east", name, **order())


def test_a_tax_rate_of_the_future_taxes_nothing_today(scene: Scene):
    scene.product(tax_code="VAT6")
    rate = {"tax_code": "VAT6", "rate_pct": "6", "valid_from": "2026-03-02"}
    scene.does("adm-1", "set-tax-rate", **rate)
    scene.refuses("MASTER_DATA_MISSING", "rep-east", "place-order", **order())


def test_nothing_is_ordered_for_a_region_that_no_warehouse_serves(scene: Scene):
    scene.does("adm-1", "register-address", **FAR_AWAY, kind="REGISTERED_WAREHOUSE")
    body = order(ship_to="ADR-FAR")
    scene.refuses("MASTER_DATA_MISSING", "rep-east", "place-order", **body)


def test_a_draft_for_a_region_that_no_warehouse_serves_is_not_sent(scene: Scene):
    scene.does("adm-1", "register-address", **FAR_AWAY, kind="REGISTERED_WAREHOUSE")
    draft = scene.does("rep-east", "create-draft", **order(ship_to="ADR-FAR"))["so"]
    scene.refuses("MASTER_DATA_MISSING", "rep-east", "place-draft", so_id=draft)


def test_no_order_is_sent_on_to_a_region_that_no_warehouse_serves(scene: Scene):
    scene.does("adm-1", "register-address", **FAR_AWAY, kind="REGISTERED_WAREHOUSE")
    body = amended(scene.placed(), field="ship_to", value="ADR-FAR")
    scene.refuses("MASTER_DATA_MISSING", "rep-east", "amend-order", **body)


def test_a_release_beyond_ones_limit_is_refused_and_stays_on_record(scene: Scene):
    so = scene.placed(lines=[CHEAP])
    before = head(scene)

    answer = released(scene, so)

    assert problem(answer) == (422, "OVERRIDE_LIMIT_EXCEEDED")
    [violation] = answer.json()["violations"]
    assert (violation["facts"]["limit"], violation["facts"]["deviation"]) == ("3.00", "4.00")
    [event] = scene.client.get("/v1/events", params={"after": before}).json()["items"]
    assert event["type"] == "order.hold_release_rejected"
    assert event["data"]["rejection"] == "OVERRIDE_LIMIT_EXCEEDED"


def test_a_refused_release_stays_on_record_once_however_often_it_is_sent(scene: Scene):
    so = scene.placed(lines=[CHEAP])
    first = released(scene, so)
    before = head(scene)

    again = released(scene, so)

    assert again.headers["idempotency-replayed"] == "true"
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert head(scene) == before


def test_whoever_has_the_limit_releases_what_another_could_not(scene: Scene):
    so = scene.placed(lines=[CHEAP])
    released(scene, so)
    assert released(scene, so, "mgr-national").json()["result"]["state"] == "CONFIRMED"


def test_finance_does_not_double_the_credit_of_a_dealer(scene: Scene):
    so = scene.placed(POOR, qty=2)
    answer = released(scene, so, "fin-1", "CREDIT_LIMIT")
    assert problem(answer) == (422, "OVERRIDE_LIMIT_EXCEEDED")


def test_finance_lets_a_dealer_in_arrears_pass_once_a_month(scene: Scene):
    scene.does("fin-1", "set-opening-item", **OLD)
    first, second = scene.placed(), scene.placed(qty=2)
    assert released(scene, first, "fin-1", "CREDIT_OVERDUE").status_code == 200
    answer = released(scene, second, "fin-1", "CREDIT_OVERDUE")
    assert problem(answer) == (422, "OVERRIDE_LIMIT_EXCEEDED")


@pytest.mark.parametrize("halted", [False, True])
def test_an_order_that_is_being_made_is_not_cancelled_without_a_fee(scene: Scene, halted: bool):
    scene.product(DEVICE, life="ACTIVE")
    so = scene.placed(sku=DEVICE, qty=5)
    scene.does("pp-1", "release-work-order", wo="WO-0001")
    if halted:
        scene.does("pp-1", "hold-work-order", wo="WO-0001", reason="a machine is down")
    scene.refuses("WO_STARTED", "mgr-east", "cancel-order", so_id=so, reason="no money")


def test_an_order_whose_production_has_not_begun_is_cancelled_for_nothing(scene: Scene):
    scene.product(DEVICE, life="ACTIVE")
    so = scene.placed(sku=DEVICE, qty=5)
    cancelled = scene.does("rep-east", "cancel-order", so_id=so, reason="no money")
    assert cancelled["state"] == "CANCELLED"
