"""A case of diversion told from the alert to its end, with a look at the read models between."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient

from api.engine import Engine
from tests.support.diversion import (
    AGREEING,
    ANSWERING,
    APPEALING,
    ASKING,
    ASSIGNING,
    CASE,
    CLOSING,
    CONFIRMING,
    DISMISSING,
    FINE,
    FINING,
    OVERTURNING,
    SHOWING,
    TRIAGING,
    Stage,
    bought,
    finding,
    goes,
)
from tests.support.world import AWAY, DEVICE, DEVICE_DI, RICH, MovableClock, serial

OTHER = "DIV-0002"
"""Case about the other device."""
SENTENCE = [{"kind": "WARNING", "note": "for the first time"}, FINE, {"kind": "COMPENSATION"}]
QUOTED = {"sku": DEVICE, "region_code": "330100", "price": "940", "document_hash": "sha256:quote"}
OFFERED = {
    "scan": {"di": DEVICE_DI},
    "address": "shop.example/1",
    "seller": "a shop",
    "price": "930",
}
MARKET = {"seen_on": "2026-03-01", "source": "FIELD_AUDIT"}

LOOKED_AT: dict[str, tuple[str, dict[str, str]]] = {
    "case": (f"/v1/diversion-alerts/{CASE}", {}),
    "late": ("/v1/diversion-deadlines", {}),
    "late in april": ("/v1/diversion-deadlines", {"on": "2026-04-01"}),
    "corridors": ("/v1/diversion-corridors", {"source_dealer": RICH}),
    "victim": (f"/v1/dealers/{AWAY}/diversion-notices", {}),
    "accused": (f"/v1/dealers/{RICH}/diversion-cases", {}),
    "items": ("/v1/open-items", {"dealer": RICH}),
    "entries": ("/v1/ledger-entries", {"dealer": RICH}),
    "balances": ("/v1/dealer-balances", {}),
    "statement": (f"/v1/dealers/{RICH}/statements/2026-03", {}),
}


class Told:
    """A case, and what was to be read of it at each of its moments."""

    def __init__(
        self, engine: Engine, clock: MovableClock, stage: Stage, client: TestClient
    ) -> None:
        self.engine, self.clock, self.stage, self.client = engine, clock, stage, client
        self.seen: dict[str, dict[str, Any]] = {}

    def read(self, path: str, **params: str) -> Any:
        """What a path answers, once the read models have everything."""
        position = str(self.engine.reader.head().position)
        answer = self.client.get(path, params=params | {"min_position": position})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def look(self, moment: str) -> None:
        """Keep what everybody reads at a moment."""
        self.seen[moment] = {
            name: self.read(path, **params) for name, (path, params) in LOOKED_AT.items()
        }

    def then(self, name: str, moment: str) -> Any:
        """What was read at a moment: the rows of a list, or one whole answer."""
        found = self.seen[moment][name]
        return found.get("items", found)

    def tell(self) -> None:
        """Tell all of it, with a look at every moment."""
        bought(self.stage, 1, 2)
        goes(self.stage, finding(source="FIELD_AUDIT"))
        self.look("seen")
        goes(self.stage, finding())
        self._mistake()
        self.stage.does("se-1", "record-market-price", observer="se-1", **QUOTED, **MARKET)
        self.stage.does("se-1", "record-listing", region_code="440100", **OFFERED, **MARKET)
        self.clock.move(days=4)
        self.look("unseen for too long")
        goes(self.stage, TRIAGING, ASSIGNING)
        self.look("not asked")
        goes(self.stage, ASKING)
        self.look("asked")
        self.clock.move(days=11)
        self.look("unanswered for too long")
        goes(self.stage, ANSWERING, SHOWING, AGREEING, CONFIRMING)
        self.look("confirmed")
        who, name, body = FINING
        self.stage.does(who, name, **body | {"sanctions": SENTENCE})
        self.look("sanctioned")
        self.clock.move(days=15)
        goes(self.stage, APPEALING)
        self.look("appealed")
        goes(self.stage, OVERTURNING)
        self.look("overturned")
        goes(self.stage, CLOSING)
        self.look("closed")

    def _mistake(self) -> None:
        """Another device was found there, which was an error: nobody asked its dealer."""
        goes(self.stage, finding(2))
        history = self.read(f"/v1/serials/{DEVICE_DI}/{serial(2)}/history")["entries"]
        version = next(one["version"] for one in history if one["topic"] == "serial.installed")
        body = {"di": DEVICE_DI, "serial": serial(2), "version": version}
        body |= {"reason": "DID_NOT_OCCUR", "document_hash": "sha256:letter"}
        self.stage.does("se-1", "declare-error", **body)
        for who, step, said in (TRIAGING, DISMISSING):
            self.stage.does(who, step, **said | {"case_id": OTHER})
