"""A bench at which files of banks and dealers are handed in, and where it is read what they became.

D01 owes INV-1 to INV-5, D03 owes OPN-1; dlr-d01 and dlr-d03 are their users, aud-1 has a key of an
auditor. It is 20 March.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.engine import Engine
from tests.api.door import problem
from tests.api.scene import Scene
from tests.support.templates import Templates
from tests.support.world import MovableClock, build, opened

NOW = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
OWED = {"INV-1": 100_00, "INV-2": 400_00, "INV-3": 200_00, "INV-4": 300_00, "INV-5": 5_650_00}
LINES = "/v1/dealers/{}/statements/2026-03/lines"
DOCUMENT = "/v1/dealers/D01/statements/2026-03/document"


class Bench(Scene):
    """A scene at which files are handed in."""

    def __init__(self, engine: Engine, clock: MovableClock) -> None:
        super().__init__(engine)
        self.engine = engine
        self.clock = clock

    def owing(self) -> None:
        """Dealers and their users, and what they owe."""
        self.people()
        for user, dealer in (("dlr-d01", "D01"), ("dlr-d03", "D03")):
            self.does(None, "register-user", user_id=user, role="DLR", dealer_id=dealer)
        for doc, gross in OWED.items():
            self.owes(doc, gross)
        self.owes("OPN-1", 77_00, "D03")

    def owes(self, doc: str, gross: int, dealer: str = "D01") -> None:
        item = {"dealer_id": dealer, "doc": doc, "gross": gross, "due": "2026-05-01"}
        self.does(None, "set-opening-item", **item)

    def issued(self, dealer: str = "D01") -> None:
        """The statement of March is issued, as far as March is over."""
        self.does("fin-1", "issue-statement", dealer_id=dealer, period="2026-03")

    def hand_in(self, path: str, raw: bytes, who: str = "", **params: Any) -> Any:
        """Hand a file in; ``key`` makes it harmless to do that twice."""
        headers = {"Idempotency-Key": params.pop("key")} if "key" in params else {}
        headers |= {"On-Behalf-Of": who} if who else {}
        return self.client.post(path, content=raw, params=params, headers=headers)

    def bank(self, raw: bytes, who: str = "", **params: Any) -> Any:
        return self.hand_in("/v1/bank-statements", raw, who, **params)

    def taken(self, raw: bytes, who: str = "", **params: Any) -> list[dict[str, Any]]:
        """A file of the bank that must be taken: what its statements came to."""
        answer = self.bank(raw, who, **params)
        assert answer.status_code == 200, answer.text
        told = answer.json()["statements"]
        assert [one["outcome"] for one in told] == ["accepted"] * len(told), answer.text
        return [one["result"] for one in told]

    def list_in(self, raw: bytes, who: str = "", dealer: str = "D01", **params: Any) -> Any:
        """Hand a dealer's list of March in."""
        return self.hand_in(LINES.format(dealer), raw, who, **params)

    def wrong(self, answer: Any, before: int) -> list[tuple[str, str]]:
        """A problem that left nothing: codes, each with its place."""
        problem(answer)
        assert self.head == before
        told = [(one["code"], one["facts"]) for one in answer.json()["violations"]]
        return [(code, str(facts.get("field", ""))) for code, facts in told]

    @property
    def head(self) -> int:
        """Position of the log."""
        position: int = self.engine.reader.head().position
        return position

    def asks(self, path: str, who: str = "", **params: Any) -> Any:
        """Ask; where read models come along, once they have the whole log."""
        headers = {"On-Behalf-Of": who} if who else {}
        params |= {"min_position": self.head} if self.engine.settings.follow else {}
        return self.client.get(path, params=params, headers=headers)

    def rows(self, path: str, who: str = "", **params: Any) -> Any:
        answer = self.asks(path, who, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    def receipts(self) -> list[tuple[Any, ...]]:
        """Lines of the bank and what became of them."""
        names = ("account", "ref", "value_date", "amount", "payer", "text", "dealer", "doc")
        return [tuple(one[name] for name in names) for one in self.rows("/v1/bank-lines")]


def debts(engine: Engine, clock: MovableClock) -> None:
    """Build the world of the bench."""
    build(engine)
    Bench(engine, clock).owing()


@contextmanager
def benched(folder: Path, templates: Templates, *, follow: bool = False) -> Iterator[Bench]:
    """A bench on a database of its own; with ``follow`` the read models come along."""
    url, clock = f"sqlite:///{folder / 'bench.db'}", MovableClock()
    templates.fill(url, debts, clock)
    clock.now = NOW
    with opened(url, clock, follow=follow) as engine:
        bench = Bench(engine, clock)
        bench.said = 1_000  # keys of its own
        yield bench
