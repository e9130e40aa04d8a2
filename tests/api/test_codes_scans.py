"""Scans: labels that cannot be read, that name nothing of ours, or no single thing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.scene import Scene
from tests.support.world import BOX_DI, DEVICE, DEVICE_DI, serial

STRANGE_DI = "09506000134352"
UNREADABLE = {
    "words": "hello",
    "a bar code of a shop": "5901234123457",
    "no device identifier": f"21{serial(1)}",
    "a serial number that is too long": f"01{DEVICE_DI}21{'X' * 21}",
    "an application identifier that nobody uses": f"01{DEVICE_DI}9",
}
PLACE = {"region_code": "330100", "source": "FIELD_AUDIT"}
DOORS = pytest.mark.parametrize(
    ("name", "found"),
    [
        ("observe-scan", PLACE | {"observer": "se-1"}),
        ("record-installation", PLACE | {"hospital_id": "H-HZ-03", "installed_at": "2026-03-01"}),
    ],
    ids=["observe-scan", "record-installation"],
)


def picked(scene: Scene, **scan: str) -> dict[str, Any]:
    """A pick of a planned box, with one scan."""
    scene.planned(scene.placed())
    return {"shp_id": "SHP-1", "picker": "wh-sh-1", "scans": [scan]}


@DOORS
@pytest.mark.parametrize("raw", UNREADABLE.values(), ids=UNREADABLE)
def test_a_label_that_cannot_be_read_says_nothing(
    scene: Scene, name: str, found: dict[str, Any], raw: str
):
    scene.refuses("UDI_AI_UNSUPPORTED", "se-1", name, scan={"raw": raw}, **found)


@DOORS
@pytest.mark.parametrize("day", ["991301", "270231", "261232"], ids=["month", "leap", "day"])
def test_a_label_with_a_date_that_does_not_exist_says_nothing(
    scene: Scene, name: str, found: dict[str, Any], day: str
):
    label = {"raw": f"01{DEVICE_DI}17{day}21{serial(1)}"}
    scene.refuses("UDI_DATE_INVALID", "se-1", name, scan=label, **found)


@DOORS
def test_a_label_that_says_two_serial_numbers_says_none(
    scene: Scene, name: str, found: dict[str, Any]
):
    label = {"raw": f"01{DEVICE_DI}21A\x1d21B"}
    scene.refuses("UDI_REPEATED_AI", "se-1", name, scan=label, **found)


@DOORS
def test_a_label_without_separators_that_reads_two_ways_is_not_guessed(
    scene: Scene, name: str, found: dict[str, Any]
):
    label = {"raw": f"01{DEVICE_DI}21A10B"}
    scene.refuses("UDI_AMBIGUOUS", "se-1", name, scan=label, **found)


@DOORS
def test_a_carton_of_devices_names_none_of_them(scene: Scene, name: str, found: dict[str, Any]):
    carton = {"di": "16970012340030", "level": "CARTON", "contains_qty": 5}
    scene.does(None, "add-di", sku=DEVICE, identifier=carton)
    label = {"raw": f"01{carton['di']}21{serial(1)}"}
    scene.refuses("UDI_PACKAGING_LEVEL", "se-1", name, scan=label, **found)


@DOORS
def test_a_label_with_a_wrong_check_digit_says_nothing(
    scene: Scene, name: str, found: dict[str, Any]
):
    wrong = f"{DEVICE_DI[:-1]}4"
    scene.refuses("UDI_CHECK_DIGIT", "se-1", name, scan={"raw": f"01{wrong}21A"}, **found)


@DOORS
@pytest.mark.parametrize(
    "scan", [{"raw": f"01{DEVICE_DI}11260105"}, {"di": DEVICE_DI}], ids=["scanned", "typed in"]
)
def test_a_label_of_a_product_names_no_device(
    scene: Scene, name: str, found: dict[str, Any], scan: dict[str, str]
):
    scene.refuses("UDI_MISSING_PI", "se-1", name, scan=scan, **found)


@DOORS
@pytest.mark.parametrize(
    "scan",
    [{"raw": f"01{STRANGE_DI}21A"}, {"di": STRANGE_DI, "serial": "A"}],
    ids=["scanned", "typed in"],
)
def test_a_label_of_another_maker_is_none_of_ours(
    scene: Scene, name: str, found: dict[str, Any], scan: dict[str, str]
):
    scene.refuses("UDI_UNKNOWN_DI", "se-1", name, scan=scan, **found)


@DOORS
def test_a_label_of_ours_with_a_strange_serial_number_is_heard(
    scene: Scene, name: str, found: dict[str, Any]
):
    seen = scene.does("se-1", name, scan={"raw": f"01{DEVICE_DI}21A"}, **found)
    assert seen["state"] == "UNKNOWN"


@pytest.mark.parametrize(
    ("code", "scan"),
    [
        ("UDI_AI_UNSUPPORTED", {"raw": "hello"}),
        ("UDI_CHECK_DIGIT", {"raw": f"01{BOX_DI[:-1]}510INJ2512A"}),
        ("UDI_MISSING_PI", {"raw": f"01{BOX_DI}"}),
        ("UDI_MISSING_PI", {"di": BOX_DI}),
    ],
)
def test_nothing_is_picked_by_a_label_that_does_not_name_it(
    scene: Scene, code: str, scan: dict[str, str]
):
    scene.refuses(code, "wh-sh-1", "confirm-pick", **picked(scene, **scan))


def test_one_bad_label_among_good_ones_is_one_too_many(scene: Scene):
    so = scene.placed(sku=DEVICE, qty=2)
    scene.planned(so, DEVICE, 2, (serial(1), serial(2)))
    scans = [{"raw": f"01{DEVICE_DI}21{serial(1)}"}, {"raw": f"01{DEVICE_DI}"}]
    body = {"shp_id": "SHP-1", "picker": "wh-sh-1", "scans": scans}
    scene.refuses("UDI_MISSING_PI", "wh-sh-1", "confirm-pick", **body)
