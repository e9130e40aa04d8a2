"""A diversion in the small world: what people do about it, as commands with who gives them.

D01 of Shanghai buys a device for 950.00. An engineer finds it in Zhejiang, where D03 has exclusive
rights and would pay 1,000.00: the margin is 50.00. All dealers are of the sales region EAST.
"""

from __future__ import annotations

from typing import Any, Protocol

from tests.support.world import ALWAYS, AWAY, DEVICE, DEVICE_DI, POOR, RICH, serial

Said = tuple[str | None, str, dict[str, Any]]
"""Who says it (nobody stands for the service), the command's name, and its body."""

CASE = "DIV-0001"
PRICE, NET, MARGIN = "950", 95_000, 5_000
"""What D01 pays for a device; that in minor units; what it gains by the difference of prices."""

MANAGERS = {"mgr-other": "ALL", "mgr-west": "WEST"}
DEALERS = {"dlr-d01": RICH, "dlr-d02": POOR, "dlr-d03": AWAY}
RIGHT = {"product_line": "ULTRASOUND", "region_codes": ["330000"], "exclusive": True} | ALWAYS
FINE = {"kind": "PENALTY"}
PHOTO = {"kind": "PHOTO", "document_hash": "sha256:photo", "captured_on": "2026-03-01"}


class Stage(Protocol):
    """Where things are done."""

    def does(self, who: str | None, name: str, /, **body: Any) -> dict[str, Any]:
        """Do something that must be accepted."""
        ...

    def placed(self, dealer: str, sku: str, qty: int, **more: Any) -> str:
        """Let an order be placed."""
        ...

    def delivered(self, so: str, day: str, sku: str, qty: int, serials: tuple[str, ...]) -> None:
        """Let goods be signed for."""
        ...


def bought(stage: Stage, *numbers: int) -> None:
    """D01 bought devices, and signed for them; there are more managers, and dealers' users."""
    for name, scope in MANAGERS.items():
        stage.does(None, "register-user", user_id=name, role="MGR", scope=scope)
    for name, dealer in DEALERS.items():
        stage.does(None, "register-user", user_id=name, role="DLR", dealer_id=dealer)
    stage.does(None, "grant-territory", dealer_id=AWAY, authorisation=RIGHT)
    line = {"sku": DEVICE, "qty": len(numbers), "unit_price": PRICE}
    so = stage.placed(RICH, DEVICE, len(numbers), lines=[line])
    stage.delivered(so, "2026-03-01", DEVICE, len(numbers), tuple(map(serial, numbers)))


def goes(stage: Stage, *steps: Said) -> None:
    """Steps that must be accepted, one after the other."""
    for who, name, body in steps:
        stage.does(who, name, **body)


def finding(number: int = 1, source: str = "SERVICE_ENGINEER_SCAN", **more: str) -> Said:
    """An engineer finds a device installed."""
    place = {"hospital_id": "H-HZ-03", "region_code": "330100", "installed_at": "2026-03-01"}
    label = {"raw": f"01{DEVICE_DI}21{serial(number)}"}
    return "se-1", "record-installation", {"scan": label, "source": source} | place | more


def _step(who: str, name: str, /, **body: Any) -> Said:
    return who, name, {"case_id": CASE} | body


TRIAGING = _step("mgr-national", "triage", note="not explained")
ASSIGNING = _step("mgr-national", "assign-case", investigator="rep-east")
ASKING = _step("mgr-national", "request-dealer-response")
ANSWERING = _step("dlr-d01", "submit-response", text="it was lent", documents=["sha256:letter"])
SHOWING = _step("se-1", "add-evidence", captured_by="se-2", weight="0.8", **PHOTO)
AGREEING = _step("qa-1", "support-decision", outcome="CONFIRMED")
CONFIRMING = _step("mgr-national", "decide-case", outcome="CONFIRMED", reason="what was found")
DISMISSING = _step(
    "mgr-national", "decide-case", outcome="DISMISSED", reason="it was lent", code="LOAN"
)
FINING = _step("mgr-national", "apply-sanction", sanctions=[FINE])
APPEALING = _step("dlr-d01", "appeal", grounds="it was lent")
OVERTURNING = _step("mgr-other", "decide-appeal", outcome="OVERTURNED", reason="the letter")
CLOSING = _step("mgr-national", "close-case", reason="done")
REOPENING = _step("mgr-national", "reopen-case", reason="a photo came")

HEARD = (TRIAGING, ASSIGNING, ASKING, ANSWERING)
"""The dealer was heard."""
