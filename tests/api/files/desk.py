"""A desk at which dealers hand in files, and where it is read what became of them."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from tests.api.door import problem
from tests.api.scene import Scene
from tests.support.world import RICH


class Desk(Scene):
    """A scene at which dealers hand in files."""

    def send(self, kind: str, raw: bytes, dealer: str = RICH, who: str = "", **params: Any) -> Any:
        """Hand in a file; ``key`` makes it harmless to do that twice."""
        headers = {"Idempotency-Key": params.pop("key")} if "key" in params else {}
        headers |= {"On-Behalf-Of": who} if who else {}
        path = f"/v1/dealer-reports/{dealer}/{kind}"
        return self.client.post(path, content=raw, params=params, headers=headers)

    def entered(self, kind: str, raw: bytes, **params: Any) -> list[dict[str, Any]]:
        """A file that must be accepted: what was recorded of the dealer for each of its lines."""
        before = self.head
        answer = self.send(kind, raw, **params)
        assert answer.status_code == 200, answer.text
        topic = {"sales": "sale", "returns": "return", "count": "count"}[kind]
        asked = {"after": before, "topic": f"channel.{topic}_reported"}
        return [one["data"] for one in self.client.get("/v1/events", params=asked).json()["items"]]

    def wrong(self, status: int, kind: str, raw: bytes, **params: Any) -> list[tuple[str, str]]:
        """A file that must be refused, and leave nothing: codes, each with its place."""
        before = self.head
        answer = self.send(kind, raw, **params)
        assert problem(answer)[0] == status, answer.text
        assert self.head == before
        told = [(one["code"], one["facts"]) for one in answer.json()["violations"]]
        return [(code, str(facts.get("field", facts.get("line_no")))) for code, facts in told]

    def misread(self, kind: str, raw: bytes, **params: Any) -> list[str]:
        """A file with errors of form: their places."""
        found = self.wrong(400, kind, raw, **params)
        assert {code for code, _ in found} == {"VALIDATION_FAILED"}
        return [place for _, place in found]

    @property
    def head(self) -> int:
        """Position of the log."""
        position: int = self.client.get("/v1/events", params={"limit": 1}).json()["head"]
        return position

    def rows(self, path: str, **filters: str) -> Any:
        """Rows of a read model, once it has the whole log."""
        return self.client.get(path, params=filters | {"min_position": str(self.head)}).json()[
            "items"
        ]


def csv(*lines: str, end: str = "\n") -> bytes:
    return end.join([*lines, ""]).encode()


def xlsx(*rows: list[Any]) -> bytes:
    """A workbook: texts stay texts, numbers numbers, days cells with the format of a date."""
    raw = BytesIO()
    with Workbook(raw, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet, as_date = book.add_worksheet(), book.add_format({"num_format": "yyyy/m/d"})
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(at, place, cell, as_date)
                elif cell is not None:
                    sheet.write(at, place, cell)
    return raw.getvalue()
