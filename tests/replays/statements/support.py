"""Statements of a small world's log: money of a dealer, and its document as bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from api.documents import FORMATS
from api.engine import Engine
from eventlog.jobs import Outcome
from replays import statements
from replays.statements.values import Document
from tests.support.world import MovableClock, done, send

MARCH, APRIL = "2026-03", "2026-04"


def at(month: int, day: int, hour: int = 2) -> datetime:
    """An hour of a day of 2026, in UTC."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


class Finance:
    """Finance of the small world, on a clock that moves."""

    def __init__(self, engine: Engine, clock: MovableClock) -> None:
        self.engine, self.clock, self.number = engine, clock, 0

    def try_(self, name: str, *, who: str | None = "fin-1", **more: Any) -> Outcome:
        """Send a command, whatever comes of it; ``at_`` is when it happened."""
        self.number += 1
        body = {key: value for key, value in more.items() if key != "at_"}
        told = {"on_behalf_of": who, "occurred_at": more.get("at_")}
        return send(self.engine, name, f"finance-{self.number}", body, **told).result(60)

    def do(self, name: str, *, who: str | None = "fin-1", **more: Any) -> Any:
        """Send a command that must be accepted: what it answers."""
        self.number += 1
        body = {key: value for key, value in more.items() if key != "at_"}
        told = {"on_behalf_of": who, "occurred_at": more.get("at_")}
        return done(self.engine, name, f"finance-{self.number}", body, **told)["result"]

    def pay(self, dealer: str, amount: int, value: str, **more: Any) -> Any:
        terms = {"bank_ref": f"PAY-{self.number}", "value_date": value, "currency": "CNY"}
        whose = {"dealer_id": dealer, "amount": amount, "payer_name": f"Dealer {dealer}"}
        return self.do("record-payment", **terms, **whose, **more)

    @property
    def head(self) -> int:
        return self.engine.reader.head().position

    def drawn(self, dealer: str, period: str = MARCH, position: int | None = None) -> Document:
        """The statement as of a position of the log."""
        reader, codec = self.engine.reader, self.engine.codec
        upto = self.head if position is None else position
        return statements.draw_up(reader, codec, dealer, period, "CNY", upto)

    def issued(self, dealer: str, number: int, period: str = MARCH) -> Document:
        reader, codec = self.engine.reader, self.engine.codec
        return statements.issued_document(reader, codec, dealer, period, number)


def as_bytes(document: Document, form: str = "json") -> bytes:
    written: Any = FORMATS[form][0](document)
    return written.encode() if isinstance(written, str) else bytes(written)
