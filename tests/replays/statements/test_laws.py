"""INV-RC-3 under random money: what was stated at a position is stated there for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.replays.statements.support import APRIL, MARCH, Finance, as_bytes, at
from tests.replays.statements.test_drawing_up import adds_up
from tests.support.world import AWAY, RICH

DEALERS = (RICH, AWAY)
OLD = 10**9


class Kept(NamedTuple):
    """A document as it was drawn up, or issued, at a position."""

    dealer: str
    period: str
    position: int
    content: bytes


STEP = st.tuples(
    st.sampled_from(["pay", "pay", "more", "less", "issue", "confirm", "sign", "look"]),
    st.sampled_from(DEALERS),
    st.integers(1, 500),
    st.integers(0, 2),
)


class Books:
    """Finance of a small world, and everything that it has stated so far."""

    def __init__(self, finance: Finance) -> None:
        self.finance, self.kept = finance, list[Kept]()
        self.issued: dict[tuple[str, str, int], tuple[str, bytes]] = {}
        finance.clock.now = at(3, 2)
        for dealer in DEALERS:
            opened = {"doc": f"OLD-{dealer}", "gross": OLD, "due": "2026-12-31"}
            finance.do("set-opening-item", **opened, dealer_id=dealer, at_=at(2, 28))
        finance.clock.now = at(3, 20)

    def do(self, what: str, dealer: str, amount: int, days: int) -> None:
        """Do something; what is refused changes nothing."""
        clock = self.finance.clock
        clock.now = min(clock.now + timedelta(hours=9), at(4, 28))
        period = MARCH if clock.now < at(4, 15) else APRIL
        head: Any = {"dealer_id": dealer, "period": period}
        if what == "pay":
            self.pay(dealer, amount, days)
        elif what in ("more", "less"):
            signed = amount if what == "more" else -amount
            told: Any = {"dealer_id": dealer, "amount": signed, "reason": "put right"}
            self.finance.try_("post-adjustment", **told, at_=clock.now - timedelta(days=days))
        elif what == "issue":
            self.issue(dealer, period)
        elif what in ("confirm", "sign"):
            for number in (1, 2, 3):
                if what == "confirm":
                    seal: Any = {"version": number, "e_seal": "seal"}
                    self.finance.try_("confirm-statement", who=None, **head, **seal)
                else:
                    self.finance.try_("sign-off-statement", who=None, **head, version=number)
        self.look(dealer)

    def pay(self, dealer: str, amount: int, days: int) -> None:
        """Money that names the old invoice, of today or of some days ago."""
        on = (self.finance.clock.now - timedelta(days=days)).date().isoformat()
        named = [{"doc_no": f"OLD-{dealer}", "amount": amount}]
        terms: Any = {"bank_ref": f"B-{self.finance.number}", "value_date": on, "currency": "CNY"}
        terms |= {"dealer_id": dealer, "amount": amount, "payer_name": f"Dealer {dealer}"}
        self.finance.try_("record-payment", **terms, remittance=named)

    def issue(self, dealer: str, period: str) -> None:
        receipt = self.finance.try_("issue-statement", dealer_id=dealer, period=period).receipt
        if receipt.status == "accepted":
            number = msgspec.json.decode(receipt.body)["result"]["version"]
            document = self.finance.issued(dealer, number, period)
            first = (document.head.digest, as_bytes(document))
            assert self.issued.setdefault((dealer, period, number), first) == first

    def look(self, dealer: str) -> None:
        for period in (MARCH, APRIL):
            document = self.finance.drawn(dealer, period)
            adds_up(document)
            self.kept.append(Kept(dealer, period, self.finance.head, as_bytes(document)))

    def check(self) -> None:
        """Draw everything up again."""
        for one in self.kept:
            again = self.finance.drawn(one.dealer, one.period, one.position)
            assert as_bytes(again) == one.content
        for (dealer, period, number), (digest, content) in self.issued.items():
            document = self.finance.issued(dealer, number, period)
            assert as_bytes(document) == content
            assert document.head.digest == digest == self.recorded(dealer, period, number)
        for dealer in DEALERS:
            march, april = (self.finance.drawn(dealer, one) for one in (MARCH, APRIL))
            assert march.figures.closing == april.figures.opening

    def recorded(self, dealer: str, period: str, number: int) -> str:
        """The digest that was recorded when a version was issued."""
        engine = self.finance.engine
        rows = engine.reader.stream(f"Statement/{dealer}/{period}")
        events = [engine.codec.read(row) for row in rows]
        (found,) = [
            one.digest for one in events if one.TOPIC == "statement.issued" and one.number == number
        ]
        return str(found)


def test_inv_rc_3_what_was_stated_at_a_position_stays(finance: Finance):
    """INV-RC-3: one log that grows with every example; all that was stated is stated again."""
    books = Books(finance)

    @settings(max_examples=12, deadline=None)
    @given(st.lists(STEP, min_size=3, max_size=8))
    def stays(steps: list[tuple[str, str, int, int]]) -> None:
        books.kept = books.kept[::7]
        for step in steps:
            books.do(*step)
        books.check()

    stays()
