"""Dealers and territories: who may be one, what lies below it, and what it may report."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.scene import Scene
from tests.support.world import ALWAYS, AWAY, BOX, LOT, RICH, MovableClock, order

LINE = {"line_no": 1, "sku": BOX, "lot": LOT, "qty": 1, "buyer": {"name": "a clinic"}}
SOLD = LINE | {"day": "2026-03-01"}
COUNTED = {"dealer_id": RICH, "lines": [{"sku": BOX, "lot": LOT, "qty": 3}]}


def company(dealer: str, level: int = 1, parent: str | None = None) -> dict[str, Any]:
    profile = {"legal_name": f"Dealer {dealer}", "uscc": f"USCC-{dealer}", "tier": "A"}
    profile |= {"sales_region": "EAST", "level": level, "parent": parent}
    return {"dealer_id": dealer, "profile": profile}


def right(dealer: str, *regions: str, **changes: Any) -> dict[str, Any]:
    said = {"product_line": "ULTRASOUND", "region_codes": regions} | ALWAYS | changes
    return {"dealer_id": dealer, "authorisation": said}


def report(*lines: dict[str, Any], file: str = "sha256:march") -> dict[str, Any]:
    source = "SERVICE_ENGINEER_SCAN"
    return {"dealer_id": RICH, "file_hash": file, "source": source, "lines": lines}


@pytest.fixture
def channel(scene: Scene) -> Scene:
    """A dealer has a sub-dealer, and this one another."""
    scene.does("adm-1", "register-dealer", **company("S02", 2, RICH))
    scene.does("adm-1", "register-dealer", **company("S03", 3, "S02"))
    return scene


@pytest.mark.parametrize("name", ["place-order", "create-draft"])
def test_a_dealer_whose_contract_has_ended_orders_nothing(scene: Scene, name: str):
    scene.does("adm-1", "terminate-dealer", dealer_id=RICH, reason="no sales")
    scene.refuses("DEALER_TERMINATED", "rep-east", name, **order())


def test_a_dealer_that_is_wound_up_orders_nothing(scene: Scene):
    for name in ("terminate-dealer", "wind-up-dealer"):
        scene.does("adm-1", name, dealer_id=RICH, reason="no sales")
    scene.refuses("DEALER_TERMINATED", "rep-east", "place-order", **order())


def test_the_draft_of_a_dealer_whose_contract_has_ended_is_not_sent(scene: Scene):
    draft = scene.does("rep-east", "create-draft", **order())["so"]
    scene.does("adm-1", "terminate-dealer", dealer_id=RICH, reason="no sales")
    scene.refuses("DEALER_TERMINATED", "rep-east", "place-draft", so_id=draft)


@pytest.mark.parametrize("name", ["register-dealer", "apply-dealer"])
def test_nobody_stands_below_the_third_level(channel: Scene, name: str):
    channel.refuses("LEVEL_TOO_DEEP", "adm-1", name, **company("S04", 4, "S03"))


@pytest.mark.parametrize("name", ["register-dealer", "apply-dealer"])
def test_no_dealer_is_its_own_parent(scene: Scene, name: str):
    scene.refuses("PARENT_CYCLE", "adm-1", name, **company("S04", 2, "S04"))


@pytest.mark.parametrize(("below", "level"), [("S02", 3), ("S03", 4)])
def test_no_dealer_moves_below_one_that_is_below_it(channel: Scene, below: str, level: int):
    body = company(RICH, level, below)
    channel.refuses("PARENT_CYCLE", "adm-1", "register-dealer", **body)


@pytest.mark.parametrize(
    "asked",
    [
        right("S02", "330000"),
        right("S02", "310100", "330100"),
        right("S02", "310000", valid_to="2100-01-01"),
        right("S02", "310000", product_line="IMAGING"),
    ],
    ids=["elsewhere", "partly elsewhere", "longer", "of another line"],
)
def test_a_sub_dealer_gets_no_more_than_its_parent_has(channel: Scene, asked: dict[str, Any]):
    channel.refuses("SUBDEALER_TERRITORY_NOT_SUBSET", "adm-1", "grant-territory", **asked)


def test_the_right_of_a_sub_dealer_is_not_amended_beyond_its_parents(channel: Scene):
    channel.does("adm-1", "grant-territory", **right("S02", "310100"))
    body = right("S02", "330000", valid_from="2026-04-01", version=2)
    channel.refuses("SUBDEALER_TERRITORY_NOT_SUBSET", "adm-1", "amend-territory", **body)


def test_the_right_of_ones_grandparent_is_not_ones_parents(channel: Scene):
    body = right("S03", "310000")
    channel.refuses("SUBDEALER_TERRITORY_NOT_SUBSET", "adm-1", "grant-territory", **body)


def test_the_right_of_another_dealer_is_not_ones_parents(channel: Scene):
    channel.does("adm-1", "grant-territory", **right(AWAY, "320000"))
    body = right("S02", "320000")
    channel.refuses("SUBDEALER_TERRITORY_NOT_SUBSET", "adm-1", "grant-territory", **body)


def test_nobody_reports_the_sales_of_tomorrow(scene: Scene):
    body = report(SOLD | {"day": "2026-03-02"})
    scene.refuses("DATE_FUTURE", None, "report-dealer-sales", **body)


def test_nobody_reports_the_count_of_tomorrow(scene: Scene):
    body = COUNTED | {"as_of": "2026-03-02"}
    scene.refuses("DATE_FUTURE", None, "report-dealer-count", **body)


def test_tomorrow_is_reported_when_it_is_today(scene: Scene, clock: MovableClock):
    clock.move(days=1)
    counted = scene.does(None, "report-dealer-count", **COUNTED | {"as_of": "2026-03-02"})
    assert counted["lines"] == [{"sku": BOX, "lot": LOT, "book": 0, "short": 0}]


def test_a_line_of_a_file_is_reported_once(scene: Scene):
    scene.does(None, "report-dealer-sales", **report(SOLD))
    body = report(SOLD | {"line_no": 2}, SOLD)
    scene.refuses("DUPLICATE_LINE", None, "report-dealer-sales", **body)


def test_a_file_has_no_line_twice(scene: Scene):
    body = report(SOLD, SOLD | {"qty": 2})
    scene.refuses("DUPLICATE_LINE", None, "report-dealer-sales", **body)


def test_a_line_of_another_file_is_another_line(scene: Scene):
    scene.does(None, "report-dealer-sales", **report(SOLD))
    scene.does(None, "report-dealer-sales", **report(SOLD, file="sha256:april"))
