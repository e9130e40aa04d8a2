"""Prices at the door: a device's passport, the leak of a case, and the corridors of a day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.door import problem
from tests.api.scene import Scene
from tests.support.diversion import CASE, bought, finding, goes
from tests.support.world import (
    ALWAYS,
    AWAY,
    DEVICE,
    DEVICE_DI,
    POOR,
    RICH,
    MovableClock,
    build,
    opened,
    serial,
)

NEAR = {"sku": DEVICE, "region": "310000", "tier": "A", "min_qty": 1}
CHEAP = NEAR | {"price": "900", "floor": "800", "ceiling": "1500"}
LIST = {"price_list": "PL-2", "currency": "CNY", "author": "fin-1", "approver": "mgr-east"}
STRANGER = {"di": DEVICE_DI, "serial": "US80-99-0001"}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A device of D01 was found at D03's; later, devices became cheaper in Shanghai."""
    url = f"sqlite:///{tmp_path_factory.mktemp('prices') / 'prices.db'}"
    with opened(url, MovableClock(), follow=False) as engine:
        build(engine)
        scene = Scene(engine)
        scene.people()
        bought(scene, 1)
        goes(scene, finding())
        place = {"region_code": "330100", "source": "FIELD_AUDIT", "observer": "se-1"}
        scene.does("se-1", "observe-scan", scan=STRANGER, **place)
        scene.does(None, "publish-price-list", **LIST, **ALWAYS, rows=[CHEAP])
        yield scene


def asked(scene: Scene, path: str, **params: str) -> Any:
    answer = scene.client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_passport_of_a_device_says_what_was_promised(scene: Scene):
    told = asked(scene, f"/v1/serials/{DEVICE_DI}/{serial(1)}/passport")

    assert (told["di"], told["serial"], told["sku"]) == (DEVICE_DI, serial(1), DEVICE)
    assert told["passport"] == {
        "dealer": RICH,
        "so": "SO-0001",
        "so_line": 1,
        "shp": "SHP-1",
        "channel": "DEALER",
        "contract": None,
        "authorised_regions": ["310000"],
        "territory_version": 1,
        "list_price": "1500.00",
        "price_list": "PL-1",
        "price_edition": 1,
        "tier": "A",
        "tier_price": "1000",
        "floor": "950",
        "ceiling": "1500",
        "unit_price": "950",
        "loan_until": None,
    }


@pytest.mark.parametrize(
    "path",
    [
        f"serials/{DEVICE_DI}/{serial(2)}/passport",
        f"serials/{DEVICE_DI}/{STRANGER['serial']}/passport",
        f"serials/{DEVICE_DI}/NONE/passport",
        "diversion-alerts/DIV-0002/price-leak",
        "diversion-alerts/DIV-9999/price-leak",
    ],
    ids=["never shipped", "only seen", "unknown", "no prices", "no case"],
)
def test_what_is_not_known_is_not_found(scene: Scene, path: str):
    assert problem(scene.client.get(f"/v1/{path}")) == (404, "NOT_FOUND")


def test_the_leak_of_a_case_is_asked_for(scene: Scene):
    told = asked(scene, f"/v1/diversion-alerts/{CASE}/price-leak")

    sums = {name: told[name] for name in ("case", "p_source", "p_local", "gap", "gap_pct")}
    figures = {"p_source": "950", "p_local": "1000", "gap": "50", "gap_pct": "5.00"}
    assert sums == {"case": CASE} | figures
    assert [(one["cause"], one["difference"]) for one in told["steps"]] == [
        ("REGION", "100"),
        ("TIER", "0"),
        ("QUANTITY", "0"),
        ("AGREED", "-50"),
    ]


def test_corridors_are_asked_for_with_freight_and_day(scene: Scene):
    path = "/v1/price-corridors"
    found = asked(scene, path)["items"]

    ends = [(one["source_dealer"], one["destination_dealer"], one["gap"]) for one in found]
    assert list(dict.fromkeys(ends)) == [(RICH, AWAY, "100"), (POOR, AWAY, "100")]
    assert (found[0]["source"], found[0]["destination"]) == ("310000", "330000")
    assert asked(scene, path, freight="69.99")["items"] == found
    assert asked(scene, path, freight="70")["items"] == []
    assert asked(scene, path, on="2019-12-31")["items"] == []
    assert asked(scene, path, on="2020-01-01")["items"] == found
    assert problem(scene.client.get(path, params={"freight": "-1"}))[0] in (400, 422)
