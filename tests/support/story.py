"""A story: a device is ordered, shipped, signed for, found elsewhere, and paid for late.

Every step is recorded five seconds after it happened, but the payment of 31 March only on 2 April.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from api.engine import Engine
from tests.support.world import (
    BOX,
    BOX_DI,
    BOX_GROSS,
    DEVICE,
    DEVICE_DI,
    DEVICE_GROSS,
    LOT,
    OPENED_AT,
    RICH,
    WAREHOUSE,
    MovableClock,
    build,
    done,
    order,
    serial,
)

SERIAL = serial(1)
LABEL = f"01{DEVICE_DI}21{SERIAL}"
STRANGER = f"01{DEVICE_DI}21US80-26-9999"
GROSS = DEVICE_GROSS + 2 * BOX_GROSS
DELAY = timedelta(seconds=5)
PAID_LATE = datetime(2026, 4, 2, 1, 0, tzinfo=UTC)


class Step(NamedTuple):
    """A command, who stands behind it, when it happened and when it was recorded."""

    name: str
    who: str
    at: datetime
    body: dict[str, Any]
    recorded: datetime


def _step(
    day: int, hour: int, who: str, name: str, recorded: datetime | None = None, /, **body: Any
) -> Step:
    at = datetime(2026, 3, day, hour, 0, tzinfo=UTC)
    return Step(name, who, at, body, recorded or at + DELAY)


SHP = {"shp_id": "SHP-1"}
DEVICE_LINE = {"so": "SO-0001", "line": 1, "sku": DEVICE, "qty": 1, "serials": [SERIAL]}
BOX_LINE = {"so": "SO-0001", "line": 2, "sku": BOX, "qty": 2, "lot": LOT}
LINES = [{"sku": DEVICE, "qty": 1}, {"sku": BOX, "qty": 2}]
SCANS = [{"raw": LABEL}, {"raw": f"01{BOX_DI}10{LOT}"}]
SENT = {"carrier": "CARRIER-1", "waybill": "WB-1"}
SIGNED = {"signed_at": "2026-03-05", "signatory": "receiver", "region_code": "310100"}
PROOF = SHP | SIGNED | {"document_hash": "sha256:pod-1"}
FOUND = {"hospital_id": "H-HZ-03", "region_code": "330100", "installed_at": "2026-03-21"}
ELSEWHERE = FOUND | {"source": "SERVICE_ENGINEER_SCAN", "scan": {"raw": LABEL}}
SEEN = {"region_code": "330100", "source": "FIELD_AUDIT", "observer": "se-1"}
MONEY = {"dealer_id": RICH, "bank_ref": "BK-1", "value_date": "2026-03-31", "amount": GROSS}
PAID = MONEY | {"currency": "CNY", "payer_name": f"Dealer {RICH}"}

STORY = (
    _step(2, 1, "rep-east", "place-order", **order(external_ref="PO-1") | {"lines": LINES}),
    _step(3, 1, "wh-sh-1", "plan-shipment", **SHP, wh=WAREHOUSE, lines=[DEVICE_LINE, BOX_LINE]),
    _step(3, 2, "wh-sh-1", "confirm-pick", **SHP, picker="wh-sh-1", scans=SCANS),
    _step(3, 3, "wh-sh-2", "review-outbound", **SHP, reviewer="wh-sh-2", result="OK"),
    _step(3, 4, "wh-sh-1", "ship", **SHP | SENT),
    _step(5, 1, "rep-east", "confirm-delivery", **PROOF),
    _step(21, 1, "se-1", "record-installation", **ELSEWHERE),
    _step(27, 1, "se-1", "observe-scan", **SEEN, scan={"raw": STRANGER}),
    _step(31, 8, "fin-1", "record-payment", PAID_LATE, **PAID),
)


def play(engine: Engine, clock: MovableClock) -> None:
    """Build the world at its opening, then play every step at its time."""
    clock.now = OPENED_AT
    build(engine)
    for number, step in enumerate(STORY, 1):
        clock.now = step.recorded
        who_and_when = {"on_behalf_of": step.who, "occurred_at": step.at}
        done(engine, step.name, f"story-{number}", step.body, **who_and_when)
