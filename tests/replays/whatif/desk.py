"""A desk in the small world: what people do there, one command an hour."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from api.engine import Engine
from tests.api.door import signed_in
from tests.support.world import (
    BOX_DI,
    DEVICE_DI,
    LOT,
    OPENED_AT,
    WAREHOUSE,
    MovableClock,
    done,
    order,
    send,
)


class Desk:
    """Where things are done, one command an hour."""

    def __init__(self, engine: Engine, clock: MovableClock) -> None:
        self._engine, self._clock, self._count = engine, clock, 0
        clock.now = OPENED_AT

    def on(self, day: int) -> None:
        """Let it be a day of March."""
        self._clock.now = datetime(2026, 3, day, 1, 0, tzinfo=UTC)

    def does(self, who: str | None, name: str, /, **body: Any) -> dict[str, Any]:
        """Do something that must be accepted."""
        return done(self._engine, name, self._key(), body, on_behalf_of=who)["result"]

    def tries(self, who: str | None, name: str, /, **body: Any) -> str:
        """Do something that must be refused, and give the code."""
        wish = send(self._engine, name, self._key(), body, on_behalf_of=who)
        receipt = wish.result(60).receipt
        assert receipt.status == "refused", receipt.body
        return json.loads(receipt.body)["code"]

    def orders(self, dealer: str, sku: str, qty: int, price: str | None = None) -> str:
        """Let a dealer order; give the order's number."""
        line = {"sku": sku, "qty": qty} | ({"unit_price": price} if price else {})
        wish = order(dealer) | {"lines": [line]}
        return self.does("rep-east", "place-order", **wish)["so"]

    def sends(self, shp: str, so: str, sku: str, qty: int, *serials: str) -> None:
        """Send all of an order's only line, and have it signed for in Shanghai."""
        label = [f"01{DEVICE_DI}21{one}" for one in serials] or [f"01{BOX_DI}10{LOT}"]
        named = {"serials": list(serials)} if serials else {"lot": LOT}
        line = {"so": so, "line": 1, "sku": sku, "qty": qty} | named
        scans = [{"raw": one} for one in label]
        sent = {"carrier": "CARRIER-1", "waybill": "WB-1"}
        today = f"{self._clock.now:%Y-%m-%d}"
        proof = {"signed_at": today, "signatory": "receiver", "document_hash": "sha256:pod"}
        self.does("wh-sh-1", "plan-shipment", shp_id=shp, wh=WAREHOUSE, lines=[line])
        self.does("wh-sh-1", "confirm-pick", shp_id=shp, picker="wh-sh-1", scans=scans)
        self.does("wh-sh-2", "review-outbound", shp_id=shp, reviewer="wh-sh-2", result="OK")
        self.does("wh-sh-1", "ship", shp_id=shp, **sent)
        self.does("rep-east", "confirm-delivery", shp_id=shp, region_code="310100", **proof)

    def captures(self, step: str, di: str, number: str, region: str) -> None:
        """Let a partner tell by EPCIS that a device went through a step of its business."""
        event = {
            "type": "ObjectEvent",
            "eventTime": self._clock.now.isoformat(),
            "eventTimeZoneOffset": "+00:00",
            "epcList": [f"https://id.gs1.org/01/{di}/21/{number}"],
            "action": "OBSERVE",
            "bizStep": step,
            "readPoint": {"id": f"urn:baton:region:{region}"},
        }
        document = {
            "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": self._clock.now.isoformat(),
            "epcisBody": {"eventList": [event]},
        }
        asked = {"source": "EPCIS"}
        answer = signed_in(self._engine).post("/v1/epcis/capture", params=asked, json=document)
        assert answer.status_code == 202, answer.text

    def _key(self) -> str:
        self._count += 1
        self._clock.move(hours=1)
        return f"desk-{self._count}"
