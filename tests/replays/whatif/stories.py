"""Small stories in which one policy decided: who did what on which day of March, in order."""

from __future__ import annotations

from api.engine import Engine
from tests.replays.whatif.desk import Desk
from tests.support.world import (
    ALWAYS,
    AWAY,
    BOX,
    BOX_DI,
    DEVICE,
    DEVICE_DI,
    LOT,
    POOR,
    RICH,
    WAREHOUSE,
    MovableClock,
    build,
    order,
    serial,
)

BJ, CD = "WH-BJ", "WH-CD"
HOSPITAL = "H-HZ-03"
WEIGHTS = {
    "SERVICE_ENGINEER_SCAN": "0.95",
    "FIELD_AUDIT": "0.8",
    "DEALER_PORTAL": "0.8",
    "SERVICE_REQUEST": "0.7",
    "EPCIS": "0.6",
    "WARRANTY_REGISTRATION": "0.5",
}


def credit(engine: Engine, clock: MovableClock) -> None:
    """D02, whose limit is one box, orders two: the second is held, nobody may let it pass."""
    desk = Desk(engine, clock)
    build(engine)
    desk.on(2)
    desk.orders(RICH, BOX, 5)
    so = desk.orders(POOR, BOX, 1)
    desk.on(3)
    desk.sends("SHP-1", so, BOX, 1)
    desk.on(4)
    held = desk.orders(POOR, BOX, 1)
    passing = {"so_id": held, "code": "CREDIT_LIMIT", "reason": "a good customer"}
    assert desk.tries("fin-1", "release-hold", **passing) == "OVERRIDE_LIMIT_EXCEEDED"
    desk.on(5)
    desk.does("mgr-east", "reject-order", so_id=held, code="CREDIT_LIMIT")


def prices(engine: Engine, clock: MovableClock) -> None:
    """Boxes are sold at 9.20, which is allowed, and at 8.80, which a manager lets pass once."""
    desk = Desk(engine, clock)
    build(engine)
    desk.on(2)
    desk.orders(RICH, BOX, 10, "9.20")
    desk.orders(RICH, DEVICE, 1, "1000")
    desk.on(3)
    low = desk.orders(RICH, BOX, 10, "8.80")
    passing = {"so_id": low, "code": "PRICE_BELOW_FLOOR", "reason": "a competitor's offer"}
    desk.does("mgr-east", "release-hold", **passing)
    desk.orders(POOR, BOX, 10, "8.80")


def territories(engine: Engine, clock: MovableClock) -> None:
    """D01 of Shanghai buys devices and boxes, of which many are seen, some in Zhejiang."""
    desk = Desk(engine, clock)
    build(engine)
    desk.does(None, "set-observation-weights", weights=WEIGHTS)
    right = {"product_line": "ULTRASOUND", "region_codes": ["330000"], "exclusive": True} | ALWAYS
    desk.does(None, "grant-territory", dealer_id=AWAY, authorisation=right)
    desk.on(2)
    devices = desk.orders(RICH, DEVICE, 3)
    desk.sends("SHP-1", devices, DEVICE, 3, serial(1), serial(2), serial(3))
    boxes = desk.orders(RICH, BOX, 50)
    desk.sends("SHP-2", boxes, BOX, 50)
    _seen(desk)
    desk.on(20)
    elsewhere = order(RICH) | {"ship_to": f"ADR-{AWAY}", "lines": [{"sku": BOX, "qty": 1}]}
    desk.does("rep-east", "place-order", **elsewhere)


def _seen(desk: Desk) -> None:
    there = {"hospital_id": HOSPITAL, "region_code": "330100"}
    here = {"hospital_id": HOSPITAL, "region_code": "310100"}
    scans = [{"raw": f"01{DEVICE_DI}21{serial(number)}"} for number in (1, 2, 3)]
    by_engineer = {"source": "SERVICE_ENGINEER_SCAN", "installed_at": "2026-03-10"}
    desk.on(10)
    desk.does("se-1", "record-installation", scan=scans[0], **there, **by_engineer)
    desk.does("se-1", "record-installation", scan=scans[1], **here, **by_engineer)
    desk.does(None, "register-warranty", scan=scans[0], **there, registered_at="2026-03-10")
    desk.does(None, "register-warranty", scan=scans[0], **there, registered_at="2026-03-10")
    desk.on(11)
    moved = {"moved_on": "2026-03-11", "document_hash": "sha256:move"}
    desk.does("se-1", "relocate-device", scan=scans[1], **there, **moved)
    sold = {"buyer": {"hospital": HOSPITAL}, "day": "2026-03-11"}
    lines = [
        {"line_no": 1, "sku": DEVICE, "serial": serial(3)} | sold,
        {"line_no": 2, "sku": BOX, "lot": LOT, "qty": 4} | sold,
        {"line_no": 3, "sku": BOX, "qty": 2} | sold,
    ]
    report = {"dealer_id": RICH, "file_hash": "sha256:flow", "lines": lines}
    desk.does(None, "report-dealer-sales", **report)
    box = {"scan": {"raw": f"01{BOX_DI}10{LOT}"}, "source": "FIELD_AUDIT", "observer": "se-1"}
    desk.does("se-1", "observe-scan", **box, region_code="310100", qty=3)
    desk.captures("installing", DEVICE_DI, serial(2), "330100")
    desk.captures("inspecting", DEVICE_DI, serial(3), "330100")


def stocks(engine: Engine, clock: MovableClock) -> None:
    """Shanghai has ten boxes; what orders want beyond them comes from Beijing, as far as it may."""
    desk = Desk(engine, clock)
    build(engine, boxes=10)
    for wh, region, qty, kept in ((BJ, "110000", 50, 40), (CD, "510000", 40, 36)):
        desk.does(None, "register-warehouse", wh=wh, region_code=region, sales_region="NORTH")
        desk.does(None, "set-opening-stock", wh=wh, sku=BOX, qty=qty, lot=LOT)
        desk.does(None, "set-stock-parameters", wh=wh, sku=BOX, safety_stock=kept)
    for first, second, days in ((BJ, WAREHOUSE, 2), (CD, WAREHOUSE, 3), (BJ, CD, 3)):
        desk.does(None, "set-transfer-lead", src=first, dst=second, days=days)
    ranked = {"ranking": [WAREHOUSE, BJ, CD], "lead_days": {WAREHOUSE: 1, BJ: 3, CD: 4}}
    desk.does(None, "rank-service", region_code="310000", **ranked)
    desk.on(2)
    desk.orders(RICH, BOX, 52)
    desk.orders(RICH, BOX, 15)
    desk.on(3)
    to = desk.does(None, "create-transfer", src=BJ, dst=CD, sku=BOX, qty=3)["to"]
    desk.does(None, "approve-transfer", to=to)
    desk.orders(RICH, DEVICE, 1)
