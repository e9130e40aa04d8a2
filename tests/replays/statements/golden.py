"""What a service reads of the golden month's money, and what the worked month says of it."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient

MARCH, APRIL = "2026-03", "2026-04"
FORMS = ("json", "html", "xlsx")
HEADS = [
    "opening",
    "invoices",
    "returns",
    "rebates",
    "claims",
    "deposits",
    "payments",
    "write_offs",
    "closing",
]
DEALERS = {
    "D01": (565_000_00, 0, 0, 0, 0, 0, 564_995_00, 5_00, 0),
    "D02": (0, 37_120_50, 0, 0, 0, 0, 0, 0, 37_120_50),
    "D03": (0, 0, 0, 0, 0, 0, 0, 0, 0),
    "D04": (0, 2_721_040_00, 0, 0, 0, 759_360_00, 1_518_720_00, 0, 442_960_00),
    "D05": (452_000_00, 686_588_00, 300_580_00, 33_900_00, 10_000_00, 0, 600_000_00, 0, 194_108_00),
    "D06": (226_000_00, 340_604_60, 0, 0, 0, 0, 226_000_00, 0, 340_604_60),
    "D07": (113_000_00, 204_032_80, 0, 0, 0, 0, 0, 0, 317_032_80),
    "D08": (0, 61_833_60, 0, 0, 0, 0, 0, 0, 61_833_60),
    "D09": (1_017_000_00, 536_185_00, 0, 0, 0, 0, 1_017_000_00, 0, 536_185_00),
    "D10": (0, 0, 0, 0, 0, 0, 0, 0, 0),
    "D11": (0, 41_132_00, 0, 0, 0, 0, 0, 0, 41_132_00),
    "D12": (0, 0, 0, 0, 0, 0, 0, 0, 0),
}
"""Statements of March, in the order of the heads; minor units."""

LEDGER = {
    "1002": (6_014_955_00, 0),
    "1122": (4_628_536_50, 5_030_560_00),
    "1405": (550_090_00, 2_641_000_00),
    "1406": (2_639_600_00, 2_639_600_00),
    "2202": (0, 70_000_00),
    "2203": (759_360_00, 2_088_240_00),
    "2205": (2_240_000_00, 2_240_000_00),
    "2221": (38_480_00, 532_486_50),
    "2241.01": (30_000_00, 6_832_00),
    "2241.02": (10_000_00, 10_000_00),
    "5001": (0, 320_000_00),
    "6001": (266_000_00, 4_096_050_00),
    "6001.R": (6_832_00, 0),
    "6401": (2_639_600_00, 160_000_00),
    "6601": (10_000_00, 0),
    "6602": (1_400_00, 90_00),
    "6603": (5_00, 0),
}
"""Debits and credits of March by account; minor units."""


class Month:
    """The month behind its door."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.before: dict[tuple[str, int, str], bytes] = {}

    def get(self, path: str, **params: Any) -> Any:
        """What is believed after the last event."""
        head = self.client.get("/v1/events", params={"limit": 1}).json()["head"]
        answer = self.client.get(path, params=params | {"min_position": head})
        assert answer.status_code == 200, answer.text
        return answer

    def look(self, path: str, **params: Any) -> Any:
        return self.get(path, **params).json()

    def statement(self, dealer: str, period: str = MARCH, **params: Any) -> Any:
        return self.look(f"/v1/dealers/{dealer}/statements/{period}", **params)

    def issued(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.look("/v1/statements", limit=200)["items"]
        return found

    def documents(self) -> dict[tuple[str, int, str], bytes]:
        """Every issued version of March, in every format that needs no font."""
        told = {}
        for one in self.issued():
            for form in FORMS:
                path = f"/v1/dealers/{one['dealer']}/statements/{MARCH}/document"
                answer = self.get(path, version=one["version"], format=form)
                told[one["dealer"], one["version"], form] = answer.content
        return told


def in_fen(told: dict[str, Any]) -> tuple[int, ...]:
    return tuple(told[name] for name in HEADS)
