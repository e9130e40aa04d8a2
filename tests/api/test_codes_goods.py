"""Goods, counts and returns: what may not be reserved, sent, counted, accepted or taken back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.scene import SHIP, SIGNED, Scene, device_scan
from tests.support.world import (
    AWAY,
    BOX,
    BOX_DI,
    DEVICE,
    DEVICE_DI,
    LOT,
    RICH,
    WAREHOUSE,
    MovableClock,
    serial,
    setup,
)

CARTON = {"di": "16970012340061", "level": "CARTON", "contains_qty": 10}
COLD = {"lowest": 20, "highest": 80}
OLD = {"sku": BOX, "lot": "INJ2404A", "registration_no": "REG-INJ"}
OLD |= {"manufacture_date": "2024-04-01", "expiry": "2026-03-31"}
BACK = {"sku": BOX, "lot": LOT, "qty": 1}
HOSPITAL = {"ship_to": "ADR-H-HZ-03", "end_customer_id": "H-HZ-03"}
ACCEPTANCE = {"install_id": "INS-1", "serial": serial(1), "document_hash": "sha256:accepted"}
ACCEPTANCE |= {"hospital_signatory": "the hospital", "accepted_at": "2026-03-01"}


def terms(sku: str, **changes: Any) -> dict[str, Any]:
    products = [body for name, body in setup() if name == "register-product"]
    [known] = [one["terms"] for one in products if one["sku"] == sku]
    return known | changes


def returned(reason: str = "COMMERCIAL") -> dict[str, Any]:
    return {"dealer_id": RICH, "shipment": "SHP-1", "items": [BACK], "reason": reason}


def counted(qty: int) -> dict[str, Any]:
    line = {"sku": BOX, "lot": LOT, "counted": qty}
    return {"sheet_id": "SC-1", "wh": WAREHOUSE, "counter": "wh-sh-1", "lines": [line]}


def reserved(so: str, **goods: Any) -> dict[str, Any]:
    """A reservation by hand, of the old lot."""
    return {"wh": WAREHOUSE, "sku": BOX, "ref": so, "qty": 1, "lot": "INJ2404A"} | goods


@pytest.fixture
def aged(scene: Scene) -> Scene:
    """A lot with thirty days of life left is in stock, beside the good one."""
    scene.does("adm-1", "create-lot", **OLD)
    stock = {"wh": WAREHOUSE, "sku": BOX, "qty": 10, "lot": "INJ2404A"}
    scene.does("adm-1", "set-opening-stock", **stock)
    return scene


@pytest.fixture
def installed(scene: Scene) -> Scene:
    """A device stands at a hospital, under INS-1 and SO-0001."""
    scene.product(DEVICE, installation_required=True)
    so = scene.placed(AWAY, DEVICE, **HOSPITAL)
    scene.delivered(so, "2026-03-01", DEVICE, serials=(serial(1),))
    planned = {"so_id": so, "serial": serial(1), "hospital_id": "H-HZ-03"}
    planned |= {"planned_at": "2026-03-01", "install_id": "INS-1"}
    scene.does("se-1", "schedule-installation", **planned)
    found = {"hospital_id": "H-HZ-03", "region_code": "330100", "installed_at": "2026-03-01"}
    found |= {"source": "SERVICE_ENGINEER_SCAN", "install_id": "INS-1"}
    scene.does("se-1", "record-installation", scan=device_scan(serial(1)), **found)
    return scene


@pytest.fixture
def chilled(scene: Scene) -> Scene:
    """Boxes that are kept cold came back, and wait for their inspection as RMA-1."""
    scene.product(cold_chain=COLD)
    scene.delivered(scene.placed(qty=2), "2026-03-01", qty=2)
    items = [BACK | {"qty": 2}]
    scene.does("rep-east", "request-return", rma_id="RMA-1", **returned() | {"items": items})
    scene.does("mgr-east", "approve-return", rma_id="RMA-1")
    scene.does("wh-sh-1", "receive-return", rma_id="RMA-1", wh=WAREHOUSE, items=items)
    return scene


def inspected(*dispositions: str, **more: Any) -> dict[str, Any]:
    items = [BACK | {"disposition": one} for one in dispositions]
    return {"rma_id": "RMA-1", "report_hash": "sha256:report", "items": items} | more


def test_a_device_identifier_names_one_product(scene: Scene):
    body = {"sku": "NEW", "terms": terms(BOX)}
    scene.refuses("DI_DUPLICATE", "adm-1", "register-product", **body)


def test_no_carton_of_a_new_product_bears_the_identifier_of_another(scene: Scene):
    own = [{"di": CARTON["di"]}, {"di": DEVICE_DI, "level": "CARTON", "contains_qty": 5}]
    body = {"sku": "NEW", "terms": terms(BOX, identifiers=own)}
    scene.refuses("DI_DUPLICATE", "adm-1", "register-product", **body)


def test_no_carton_is_added_under_the_identifier_of_another_product(scene: Scene):
    taken = CARTON | {"di": BOX_DI}
    scene.refuses("DI_DUPLICATE", "adm-1", "add-di", sku=DEVICE, identifier=taken)
    scene.does("adm-1", "add-di", sku=DEVICE, identifier=CARTON)
    scene.refuses("DI_DUPLICATE", "adm-1", "add-di", sku=BOX, identifier=CARTON)


def test_a_lot_that_ends_too_soon_for_the_customer_is_not_reserved(aged: Scene):
    so = aged.placed(min_shelf_days=31)
    aged.refuses("SHELF_LIFE_SHORT", "wh-sh-1", "reserve", **reserved(so))


def test_a_lot_that_ends_too_soon_for_the_product_is_not_reserved(aged: Scene):
    aged.product(min_shelf_days=31)
    so = aged.placed()
    aged.refuses("SHELF_LIFE_SHORT", "wh-sh-1", "reserve", **reserved(so))


def test_a_lot_whose_days_are_over_is_not_reserved(aged: Scene, clock: MovableClock):
    clock.move(days=31)
    so = aged.placed()
    aged.refuses("SHELF_LIFE_SHORT", "wh-sh-1", "reserve", **reserved(so))


def test_a_lot_that_lives_just_long_enough_is_reserved(aged: Scene):
    so = aged.placed(min_shelf_days=30)
    held = aged.does("wh-sh-1", "release-reservation", **reserved(so, reason="by hand"))
    assert held["state"] == "CONFIRMED"
    aged.does("wh-sh-1", "reserve", **reserved(so))


def test_a_lot_that_waited_too_long_does_not_leave(aged: Scene, clock: MovableClock):
    aged.product(min_shelf_days=30)
    so = aged.placed()
    line = {"so": so, "line": 1, "sku": BOX, "qty": 1, "lot": "INJ2404A"}
    aged.does("wh-sh-1", "plan-shipment", shp_id="SHP-1", wh=WAREHOUSE, lines=[line])
    scans = [{"raw": f"01{BOX_DI}10INJ2404A"}]
    aged.does("wh-sh-1", "confirm-pick", shp_id="SHP-1", picker="wh-sh-1", scans=scans)
    review = {"reviewer": "wh-sh-2", "result": "OK"}
    aged.does("wh-sh-2", "review-outbound", shp_id="SHP-1", **review)
    clock.move(days=1)
    aged.refuses("SHELF_LIFE_SHORT", "wh-sh-1", "ship", **SHIP)


def test_nobody_signs_for_goods_before_they_have_left(scene: Scene):
    scene.sent(scene.placed())
    body = SIGNED | {"signed_at": "2026-02-28"}
    scene.refuses("POD_BEFORE_SHIP", "rep-east", "confirm-delivery", **body)


def test_a_count_of_goods_that_have_moved_is_not_entered(scene: Scene):
    bucket = {"sku": BOX, "lot": LOT}
    scene.does("wh-sh-1", "freeze-count", wh=WAREHOUSE, buckets=[bucket], sheet_id="SC-1")
    scene.sent(scene.placed())
    scene.refuses("COUNT_STALE", "wh-sh-1", "post-count", **counted(1000))


def test_a_count_of_goods_that_have_moved_is_not_approved(scene: Scene):
    scene.does("wh-sh-1", "post-count", **counted(999))
    scene.sent(scene.placed())
    scene.refuses("COUNT_STALE", "fin-1", "approve-count", sheet_id="SC-1")


def test_a_count_of_goods_that_were_only_promised_is_approved(scene: Scene):
    scene.does("wh-sh-1", "post-count", **counted(999))
    scene.placed()
    approved = scene.does("fin-1", "approve-count", sheet_id="SC-1")
    assert approved["state"] == "APPROVED"


def test_no_device_is_accepted_before_its_tests(installed: Scene):
    body = ACCEPTANCE | {"so_id": "SO-0001"}
    installed.refuses("TESTS_INCOMPLETE", "se-1", "record-acceptance", **body)


def test_no_device_is_accepted_that_failed_its_tests(installed: Scene):
    tests = {"install_id": "INS-1", "protocol": "sha256:tests", "passed": False}
    installed.does("se-1", "record-tests", **tests)
    body = ACCEPTANCE | {"so_id": "SO-0001"}
    installed.refuses("TESTS_INCOMPLETE", "se-1", "record-acceptance", **body)


def test_what_the_hospital_has_rejected_is_tested_again(installed: Scene):
    tests = {"install_id": "INS-1", "protocol": "sha256:tests", "passed": True}
    installed.does("se-1", "record-tests", **tests)
    installed.does("se-1", "reject-acceptance", install_id="INS-1", issues=["noise"])
    body = ACCEPTANCE | {"so_id": "SO-0001"}
    installed.refuses("TESTS_INCOMPLETE", "se-1", "record-acceptance", **body)

    installed.does("se-1", "record-tests", **tests)
    assert installed.does("se-1", "record-acceptance", **body)["state"] == "ACCEPTED"


def test_nothing_comes_back_because_nobody_bought_it_for_a_month(scene: Scene, clock: MovableClock):
    scene.delivered(scene.placed(), "2026-03-01")
    clock.move(days=31)
    scene.refuses("RETURN_WINDOW_EXPIRED", "rep-east", "request-return", **returned())


def test_on_the_last_day_of_the_month_it_still_comes_back(scene: Scene, clock: MovableClock):
    scene.delivered(scene.placed(), "2026-03-01")
    clock.move(days=30)
    asked = scene.does("rep-east", "request-return", **returned())
    assert asked["state"] == "REQUESTED"


def test_what_is_damaged_comes_back_at_any_time(scene: Scene, clock: MovableClock):
    scene.delivered(scene.placed(), "2026-03-01")
    clock.move(days=31)
    asked = scene.does("rep-east", "request-return", **returned("DAMAGED"))
    assert asked["state"] == "REQUESTED"


def test_what_must_be_kept_cold_is_not_sold_again_without_its_temperatures(chilled: Scene):
    body = inspected("RESTOCK", "SCRAP")
    chilled.refuses("COLD_CHAIN_UNKNOWN", "qa-1", "inspect-return", **body)


@pytest.mark.parametrize(
    "body",
    [inspected("SCRAP", "SCRAP"), inspected("RESTOCK", "SCRAP", temperatures="sha256:log")],
    ids=["all of it scrapped", "temperatures known"],
)
def test_what_must_be_kept_cold_is_scrapped_or_proven(chilled: Scene, body: dict[str, Any]):
    assert chilled.does("qa-1", "inspect-return", **body)["state"] == "INSPECTED"
