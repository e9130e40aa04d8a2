"""A device's history is whole, or the gap is named."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from msgspec.structs import replace

from api.app import create_app
from api.engine import Engine
from domain.goods import serial_events
from domain.goods.serial_register import SerialRegister
from domain.kernel.refusal import NotFound
from replays.completeness import completeness
from tests.domain.diversion.steps import NANJING, bought, install, unit
from tests.domain.support import Given, stamp
from tests.domain.world import BY, DI
from tests.support.story import SERIAL
from tests.support.world import DEVICE_DI, SECRET

UNIT = "US80-26-0001"


def proof(past: Given, serial: str = UNIT, versions: list[int] | None = None):
    told = list(range(1, unit(past, serial).version + 1)) if versions is None else versions
    return completeness(past.log, DI["US80"], serial, told)


def test_custody_and_ownership_go_from_hand_to_hand():
    past = install(bought(UNIT), UNIT, NANJING).accepted()

    spans = [(one.state, one.custodian, one.owner) for one in proof(past).spans]

    assert spans[-4:] == [
        ("RESERVED", "WH-SH", "MAKER"),
        ("SHIPPED", "CARRIER", "MAKER"),
        ("AT_DEALER", "D05", "D05"),
        ("INSTALLED", "H-NJ-02", "H-NJ-02"),
    ]
    assert proof(past).complete
    assert proof(past).open_ended is False


def test_what_is_lent_stays_ours():
    past = bought(UNIT)
    trail = unit(past, UNIT).trail
    passport = replace(trail[-1].passport, channel="LOAN")
    trail[-1] = replace(trail[-1], passport=passport)

    assert proof(past).spans[-1].owner == "MAKER"


def test_a_missing_version_is_named():
    found = proof(bought(UNIT), versions=[1, 2, 4])

    assert (found.complete, found.gaps) == (False, ("version 3 is missing",))


def test_a_step_that_no_hand_over_accounts_for_is_named():
    past = bought(UNIT)
    unit(past, UNIT).record(serial_events.Scrapped(*BY, document="X", reason="none"))

    (gap,) = proof(past).gaps

    assert gap.endswith("AT_DEALER was followed by SCRAPPED")


def test_as_many_devices_are_found_by_state_as_were_registered():
    past = bought(UNIT)
    known = proof(past)
    assert sum(known.by_state.values()) == known.registered > 1

    past.get(SerialRegister, "US80").enter(("US80-26-9999",), stamp())

    (gap,) = proof(past).gaps
    assert gap == f"{known.registered + 1} registered, {known.registered} found"


def test_a_device_never_heard_of_has_no_history():
    with pytest.raises(NotFound):
        completeness(bought(UNIT).log, DI["US80"], "NONE", [])


def test_the_proof_is_asked_for_as_of_any_knowledge(told: Engine):
    with TestClient(create_app(told), headers={"Authorization": f"Bearer {SECRET}"}) as client:
        path = f"/v1/serials/{DEVICE_DI}/{SERIAL}/completeness"
        now = client.get(path).json()
        early = client.get(path, params={"known_at": "2026-03-04T00:00:00Z"}).json()
        missing = client.get(f"/v1/serials/{DEVICE_DI}/NONE/completeness")

    assert (now["complete"], now["gaps"], now["open_ended"]) == (True, [], False)
    assert sum(now["by_state"].values()) == now["registered"] == 3
    assert (early["open_ended"], early["spans"][-1]["custodian"]) == (True, "CARRIER")
    assert (missing.status_code, missing.json()["code"]) == (404, "NOT_FOUND")
