"""A scene of the small world: people do things at its door, until something is refused."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient

from api.engine import Engine
from tests.api.door import Door, problem, signed_in
from tests.support.world import BOX, BOX_DI, DEVICE_DI, LOT, RICH, WAREHOUSE, order, setup

STAFF = [
    ("adm-1", "ADM", None),
    ("qa-1", "QA", None),
    ("pp-1", "PP", None),
    ("mgr-national", "MGR", "ALL"),
]
BOX_SCAN = {"raw": f"01{BOX_DI}10{LOT}"}


def device_scan(serial: str) -> dict[str, str]:
    """The label of a device."""
    return {"raw": f"01{DEVICE_DI}21{serial}"}


class Scene:
    """Who does what, in a small world with more people."""

    def __init__(self, engine: Engine) -> None:
        self.client: TestClient = signed_in(engine)
        self.door = Door(self.client)
        self.said = 0

    def people(self) -> None:
        """Let more people be known."""
        for name, role, scope in STAFF:
            body = {"user_id": name, "role": role, "scope": scope}
            assert self.door.command("register-user", f"staff-{name}", body).status_code == 200

    def does(self, who: str | None, name: str, /, **body: Any) -> dict[str, Any]:
        """Do something that must be accepted: what it came to. Nobody stands for the service."""
        answer = self._send(who, name, body)
        assert answer.status_code == 200, (name, answer.text)
        result: dict[str, Any] = answer.json()["result"]
        return result

    def refuses(self, code: str, who: str | None, name: str, /, **body: Any) -> None:
        """Try something that is refused with a code, documented, and leaves nothing."""
        head = self.client.get("/v1/events", params={"limit": 1}).json()["head"]
        answer = self._send(who, name, body)
        assert answer.status_code in (403, 404, 409, 422), answer.text
        problem(answer)
        assert code in [one["code"] for one in answer.json()["violations"]], answer.text
        assert self.client.get("/v1/events", params={"limit": 1}).json()["head"] == head
        paths = self.client.app.openapi()["paths"]  # type: ignore[attr-defined]
        promised = paths[f"/v1/commands/{name}"]["post"]["description"]
        assert code in promised or ("UDI" in code and "UDI codes" in promised), promised

    def _send(self, who: str | None, name: str, body: dict[str, Any]) -> Any:
        self.said += 1
        headers = {} if who is None else {"on_behalf_of": who}
        return self.door.command(name, f"scene-{self.said}", body, **headers)

    # What scenes begin with.

    def product(self, sku: str = BOX, **changes: Any) -> None:
        """Give a product other terms than usual."""
        products = [body for name, body in setup() if name == "register-product"]
        [terms] = [one["terms"] for one in products if one["sku"] == sku]
        self.does(None, "register-product", sku=sku, terms=terms | changes)

    def placed(self, dealer: str = RICH, sku: str = BOX, qty: int = 1, **more: Any) -> str:
        """An order was placed: its number."""
        return str(self.does("rep-east", "place-order", **order(dealer, sku, qty, **more))["so"])

    def planned(self, so: str, sku: str = BOX, qty: int = 1, serials: tuple[str, ...] = ()) -> None:
        """Goods of an order were put together as SHP-1."""
        line: dict[str, Any] = {"so": so, "line": 1, "sku": sku, "qty": qty}
        line |= {"serials": list(serials)} if serials else {"lot": LOT}
        self.does("wh-sh-1", "plan-shipment", shp_id="SHP-1", wh=WAREHOUSE, lines=[line])

    def ready(self, so: str, sku: str = BOX, qty: int = 1, serials: tuple[str, ...] = ()) -> None:
        """They were picked and reviewed."""
        self.planned(so, sku, qty, serials)
        scans = [device_scan(one) for one in serials] or [BOX_SCAN]
        self.does("wh-sh-1", "confirm-pick", shp_id="SHP-1", picker="wh-sh-1", scans=scans)
        who = {"reviewer": "wh-sh-2", "result": "OK"}
        self.does("wh-sh-2", "review-outbound", shp_id="SHP-1", **who)

    def sent(self, so: str, sku: str = BOX, qty: int = 1, serials: tuple[str, ...] = ()) -> None:
        """They left."""
        self.ready(so, sku, qty, serials)
        self.does("wh-sh-1", "ship", shp_id="SHP-1", carrier="C-1", waybill="W-1")

    def delivered(
        self, so: str, day: str, sku: str = BOX, qty: int = 1, serials: tuple[str, ...] = ()
    ) -> None:
        """They were signed for on a day."""
        self.sent(so, sku, qty, serials)
        self.does("rep-east", "confirm-delivery", **SIGNED | {"signed_at": day})


SIGNED = {
    "shp_id": "SHP-1",
    "signed_at": "2026-03-01",
    "signatory": "the receiver",
    "region_code": "310100",
    "document_hash": "sha256:pod",
}
SHIP = {"shp_id": "SHP-1", "carrier": "C-1", "waybill": "W-1"}
