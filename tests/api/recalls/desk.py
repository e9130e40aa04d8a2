"""A desk that trades two lots and devices over HTTP until one lot and two devices are recalled."""

from __future__ import annotations

from typing import Any

from api.engine import Engine
from tests.api.scene import Scene, device_scan
from tests.support.world import AWAY, BOX, BOX_DI, DEVICE, LOT, RICH, WAREHOUSE, serial

OTHER = "INJ2510C"
"""A lot that expires first, which nobody recalls."""
HOSPITAL, BRANCH = "H-SH-01", "WH-BJ"
LOTS = {"lots": [{"sku": BOX, "lot": LOT}]}
DEVICES = {"serial_ranges": [{"sku": DEVICE, "first": serial(1), "last": serial(2)}]}
WISH = {"level": 1, "reason": "leaks", "decided_at": "2026-03-01"} | LOTS | DEVICES
QA = {"wh": WAREHOUSE, "sku": BOX, "lot": LOT, "reason": "smell", "qa_document": "sha256:qa"}
RCL = {"recall_id": "RCL-0001"}


class Desk(Scene):
    """A scene with another warehouse, another lot, dealers' own users and a hospital nearby."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.told: dict[str, Any] = {}
        """Answers that are looked at later."""

    def prepare(self) -> None:
        """More people, places and goods."""
        self.people()
        for dealer in (RICH, AWAY):
            user = {"user_id": f"dlr-{dealer.lower()}", "role": "DLR", "dealer_id": dealer}
            self.does(None, "register-user", **user)
        there = {"wh": BRANCH, "region_code": "110000", "sales_region": "NORTH"}
        self.does("adm-1", "register-warehouse", **there)
        weights = {"SERVICE_ENGINEER_SCAN": "0.95", "DEALER_PORTAL": "0.8"}
        self.does(None, "set-observation-weights", weights=weights)
        near = {"name": "Hospital 1", "type": "HOSPITAL_2", "region_code": "310100"}
        near |= {"customer_id": HOSPITAL, "address_id": f"ADR-{HOSPITAL}"}
        self.does(None, "register-customer", **near)
        lot = {"sku": BOX, "lot": OTHER, "manufacture_date": "2025-10-01", "expiry": "2099-06-30"}
        self.does(None, "create-lot", **lot, registration_no="REG-INJ")
        self.does(None, "set-opening-stock", wh=WAREHOUSE, sku=BOX, qty=10, lot=OTHER)

    def goes(self, shp: str, dealer: str, sku: str, **goods: Any) -> None:
        """A dealer orders goods, gets them and signs for them."""
        name = {"shp_id": shp}
        line = {"so": self.placed(dealer, sku, goods["qty"]), "line": 1, "sku": sku} | goods
        scans = [device_scan(one) for one in goods.get("serials", ())]
        scans = scans or [{"raw": f"01{BOX_DI}10{goods['lot']}"}]
        self.does("wh-sh-1", "plan-shipment", **name, wh=WAREHOUSE, lines=[line])
        self.does("wh-sh-1", "confirm-pick", **name, picker="wh-sh-1", scans=scans)
        self.does("wh-sh-2", "review-outbound", **name, reviewer="wh-sh-2", result="OK")
        self.does("wh-sh-1", "ship", **name, carrier="C-1", waybill="W-1")
        proof = {"signed_at": "2026-03-01", "signatory": "x", "document_hash": "sha256:pod"}
        self.does("rep-east", "confirm-delivery", **name, **proof, region_code="310100")

    def trade(self) -> None:
        """Some is delivered and sold, some travels, some waits for inspection, some is ordered."""
        self.goes("SHP-1", AWAY, BOX, qty=10, lot=OTHER)
        self.goes("SHP-2", RICH, BOX, qty=60, lot=LOT)
        self.goes("SHP-3", RICH, DEVICE, qty=1, serials=[serial(1)])
        sold = {"line_no": 1, "day": "2026-03-01", "sku": BOX, "buyer": {"hospital": HOSPITAL}}
        told = {"file_hash": "sha256:f", "lines": [sold | {"qty": 15, "lot": LOT}]}
        self.does("dlr-d01", "report-dealer-sales", dealer_id=RICH, **told)
        moved = {"src": WAREHOUSE, "dst": BRANCH, "sku": BOX, "qty": 100}
        to = self.does("wh-sh-1", "create-transfer", **moved)["to"]
        self.does("wh-sh-1", "approve-transfer", to=to)
        self.does("wh-sh-1", "dispatch-transfer", to=to, waybill="W-2")
        self.does("wh-sh-1", "quarantine", **QA, qty=20)
        self.placed(RICH, BOX, 50)

    def head(self) -> int:
        """Position of the last event."""
        position: int = self.client.get("/v1/events", params={"limit": 1}).json()["head"]
        return position

    def ask(self, path: str, **params: Any) -> Any:
        """What is believed after the last event."""
        answer = self.client.get(path, params=params | {"min_position": self.head()})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def tries(self, name: str, **body: Any) -> Any:
        """Run a command as the quality manager, and keep nothing of it."""
        self.said += 1
        headers = {"Idempotency-Key": f"scene-{self.said}", "On-Behalf-Of": "qa-1"}
        path = f"/v1/commands/{name}?dry_run=true"
        answer = self.client.post(path, json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    def held(self, recall: str) -> dict[str, tuple[int, int]]:
        """What everybody on a list had, and what is outstanding of it."""
        rows = self.ask(f"/v1/recalls/{recall}")["consignees"]
        return {row["consignee"]: (row["qty"], row["outstanding"]) for row in rows}

    def balances(self, lot: str) -> dict[str, int]:
        """Where a lot is, by holder."""
        rows = self.ask(f"/v1/lots/{BOX}/{lot}/trace")["holders"]
        return {row["holder"]: row["balance"] for row in rows}
