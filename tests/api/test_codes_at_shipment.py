"""What was lawful when it was ordered is judged again when it leaves: every code at that door."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.scene import SHIP, Scene
from tests.support.world import ALWAYS, AWAY, BOX, DEVICE, FROM, POOR, RICH, MovableClock, serial

CLASS_THREE = {"type": "LICENCE_CLASS_III", "no": "L3", "device_class": "III"}


def licence(scope: str, until: str | None = None) -> dict[str, Any]:
    return {"licence": CLASS_THREE | FROM | {"scope_codes": [scope], "valid_to": until}}


@pytest.fixture
def loaded(scene: Scene) -> Scene:
    """A box for a dealer with ample credit is ready to leave."""
    scene.ready(scene.placed())
    return scene


def test_a_suspended_dealer_gets_nothing(loaded: Scene):
    loaded.does(None, "suspend-dealer", dealer_id=RICH, reason="audit")
    loaded.refuses("DEALER_SUSPENDED", "wh-sh-1", "ship", **SHIP)


def test_a_dealer_without_a_licence_gets_nothing(loaded: Scene):
    loaded.product(device_class="III")
    loaded.refuses("LICENCE_MISSING", "wh-sh-1", "ship", **SHIP)


def test_a_dealer_whose_licence_covers_something_else_gets_nothing(loaded: Scene):
    loaded.does(None, "register-licence", dealer_id=RICH, **licence("07-01"))
    loaded.product(device_class="III")
    loaded.refuses("LICENCE_SCOPE", "wh-sh-1", "ship", **SHIP)


def test_a_dealer_whose_licence_has_expired_gets_nothing(scene: Scene, clock: MovableClock):
    scene.product(device_class="III")
    scene.does(None, "register-licence", dealer_id=RICH, **licence("06-07", "2026-03-02"))
    scene.ready(scene.placed())
    clock.move(days=2)
    scene.refuses("LICENCE_EXPIRED", "wh-sh-1", "ship", **SHIP)


@pytest.mark.parametrize("code", ["QUALITY_LOCK", "RECALL_BLOCK"])
def test_a_locked_product_does_not_leave(loaded: Scene, code: str):
    loaded.does("qa-1", "lock-product", sku=BOX, reason="complaints", code=code)
    loaded.refuses(code, "wh-sh-1", "ship", **SHIP)


def test_nothing_leaves_for_a_region_whose_right_has_ended(loaded: Scene, clock: MovableClock):
    ends = {"last_day": "2026-03-01", "reason": "no sales"}
    loaded.does(None, "revoke-territory", dealer_id=RICH, product_line="ULTRASOUND", **ends)
    clock.move(days=1)
    loaded.refuses("ADDRESS_OUT_OF_TERRITORY", "wh-sh-1", "ship", **SHIP)


def test_nothing_leaves_for_a_hospital_that_the_order_does_not_name_any_more(scene: Scene):
    other = {"customer_id": "H-2", "name": "Other", "type": "CLINIC", "region_code": "330100"}
    scene.does(None, "register-customer", **other, address_id="ADR-H-2")
    there = {"ship_to": "ADR-H-HZ-03", "end_customer_id": "H-HZ-03"}
    so = scene.placed(AWAY, **there)
    scene.ready(so)
    change = {"op": "set", "field": "end_customer_id", "value": "H-2"}
    scene.does("rep-east", "amend-order", so_id=so, changes=[change], reason="moved")
    scene.refuses("ADDRESS_UNVERIFIED", "wh-sh-1", "ship", **SHIP)


def test_nothing_leaves_beyond_a_limit_that_was_reduced(loaded: Scene):
    loaded.does("fin-1", "set-credit-limit", dealer_id=RICH, limit=1, **ALWAYS)
    loaded.refuses("CREDIT_LIMIT", "wh-sh-1", "ship", **SHIP)


def test_nothing_leaves_for_a_dealer_with_overdue_invoices(scene: Scene, clock: MovableClock):
    item = {"doc": "INV-OLD", "gross": 200_000, "due": "2026-03-01"}
    scene.does(None, "set-opening-item", dealer_id=RICH, **item)
    scene.ready(scene.placed())
    clock.move(days=10)
    scene.refuses("CREDIT_OVERDUE", "wh-sh-1", "ship", **SHIP)


def test_large_equipment_does_not_leave_for_a_hospital_without_its_permit(scene: Scene):
    scene.product(DEVICE, large_equipment_permit=True)
    there = {"ship_to": "ADR-H-HZ-03", "end_customer_id": "H-HZ-03"}
    so = scene.placed(AWAY, DEVICE, **there)
    release = {"code": "HOSPITAL_PERMIT_MISSING", "reason": "applied for"}
    scene.does("mgr-national", "release-hold", so_id=so, **release)
    scene.ready(so, DEVICE, serials=(serial(1),))
    scene.refuses("HOSPITAL_PERMIT_MISSING", "wh-sh-1", "ship", **SHIP)


def test_a_part_does_not_leave_where_the_dealer_wants_all_of_it(scene: Scene):
    so = scene.placed(qty=5, delivery_policy="SHIP_COMPLETE")
    line = {"so": so, "line": 1, "sku": BOX, "qty": 2, "lot": "INJ2512A"}
    body = {"shp_id": "SHP-1", "wh": "WH-SH", "lines": [line]}
    scene.refuses("PARTIAL_NOT_ALLOWED", "wh-sh-1", "plan-shipment", **body)


def test_goods_are_scanned_before_anybody_reviews_them(scene: Scene):
    scene.planned(scene.placed())
    body = {"shp_id": "SHP-1", "picker": "wh-sh-1", "scans": []}
    scene.refuses("UDI_MISSING", "wh-sh-1", "confirm-pick", **body)


def test_nobody_reviews_what_he_has_picked(scene: Scene):
    scene.planned(scene.placed())
    scan = [{"raw": "010697001234006410INJ2512A"}]
    scene.does("wh-sh-1", "confirm-pick", shp_id="SHP-1", picker="wh-sh-1", scans=scan)
    body = {"shp_id": "SHP-1", "reviewer": "wh-sh-1", "result": "OK"}
    scene.refuses("SAME_PERSON_REVIEW", "wh-sh-1", "review-outbound", **body)


def test_the_dealer_with_credit_for_one_box_gets_one(scene: Scene):
    scene.ready(scene.placed(POOR))
    assert scene.does("wh-sh-1", "ship", **SHIP)["state"] == "IN_TRANSIT"
