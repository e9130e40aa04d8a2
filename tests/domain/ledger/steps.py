"""Steps of an installation that a hospital pays for in parts, up to its acceptance."""

from __future__ import annotations

from typing import Any

from domain.flows.cases.observing import RecordInstallation
from domain.flows.goods.installing import (
    ConfirmSiteReady,
    RecordAcceptance,
    RecordTests,
    ScheduleInstallation,
    StartInstallation,
)
from tests.domain.company import company
from tests.domain.ledger.books import does, pct
from tests.domain.story import goods, of, order, reviewed, scan, sending, signing
from tests.domain.supply.steps import product
from tests.domain.support import Given, When, day, given
from tests.domain.world import units

CT, OTHER = "CT64-25-0103", "CT64-25-0104"
SENT, SIGNED, ACCEPTED = "2026-03-03", "2026-03-05", "2026-03-26"
NET, VAT, GROSS = 2_240_000_00, 291_200_00, 2_531_200_00
THIRDS = pct(("DEPOSIT", 30, 0), ("POD", 60, 30), ("ACCEPTANCE", 10, 15))


def scanners(*serials: str, plan: Any = None) -> Given:
    """D05 ordered scanners for a hospital."""
    more = units("WH-SH", "CT64", "2025-11-20", OTHER)
    past = given(company(), more, product("CT64", installation_required=True, warranty_months=24))
    place: dict[str, Any] = {"ship_to": "ADR-H-NJ-02", "end_customer_id": "H-NJ-02"}
    wish = order("D05", of("CT64", len(serials)), billing_plan=plan, **place)
    return does(past, wish).accepted()


def sends(past: Given, shp: str, *serials: str) -> When:
    reviewed(past, shp, goods("SO-0001", 1, "CT64", *serials))
    return does(past, sending(shp), on=SENT)


def signs(past: Given, shp: str, on: str = SIGNED) -> When:
    return does(past, signing(shp, on), on=on)


def delivered(*serials: str, plan: Any = None) -> Given:
    """All of them were signed for."""
    past = scanners(*serials, plan=plan)
    sends(past, "SHP-0001", *serials).accepted()
    return signs(past, "SHP-0001").accepted()


def accepts(past: Given, serial: str = CT, ins: str = "INS-0001", on: str = ACCEPTED) -> When:
    """The hospital accepts a scanner after all that comes before."""
    place: dict[str, Any] = {"hospital_id": "H-NJ-02", "install_id": ins}
    label: dict[str, Any] = {"scan": scan("CT64", serial), "region_code": "320100"}
    seen: dict[str, Any] = {"source": "SERVICE_ENGINEER_SCAN", "installed_at": day("2026-03-21")}
    plan: dict[str, Any] = {"so_id": "SO-0001", "serial": serial, "hospital_id": "H-NJ-02"}
    for command, when in (
        (ScheduleInstallation(**plan, planned_at=day("2026-03-20")), "2026-03-06"),
        (ConfirmSiteReady(install_id=ins, document_hash="d"), "2026-03-06"),
        (StartInstallation(install_id=ins, engineer_id="se-1"), "2026-03-20"),
        (RecordInstallation(**place, **label, **seen), on),
        (RecordTests(install_id=ins, protocol="sha256:t", passed=True), on),
    ):
        does(past, command, on=when).accepted()
    proof: dict[str, Any] = {
        "document_hash": "sha256:a",
        "hospital_signatory": "Dr Wang",
        "accepted_at": day(on),
    }
    accept = RecordAcceptance(install_id=ins, so_id="SO-0001", serial=serial, **proof)
    return does(past, accept, on=on)
