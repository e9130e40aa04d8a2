"""What the tests of the log share: a desk that writes to a log of its own."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Self

import msgspec
from sqlalchemy import func, select, text

from domain.kernel.refusal import Refusal
from eventlog.codec import Codec
from eventlog.database import Database
from eventlog.jobs import Log, Outcome, Request
from eventlog.migrating import migrate
from eventlog.reader import Reader
from eventlog.rows import EventRow
from eventlog.schema import receipts
from eventlog.writer import Writer
from tests.eventlog.bins import EVENTS, NOON, Bin, Decide, count

PATIENCE = 60.0
"""Seconds after which a test that waits has failed. No test passes by waiting for it."""


class Clock:
    """Moves on by a second whenever it is asked, so that every batch has an instant of its own."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


_numbers = itertools.count(1)


def request(
    decide: Decide,
    key: str | None = None,
    digest: str = "same",
    *,
    principal: str = "shop",
    command_id: str | None = None,
    expected: Mapping[str, int] | None = None,
    dry_run: bool = False,
    touches: Sequence[tuple[Any, ...]] = (),
) -> Request:
    number = next(_numbers)
    return Request(
        principal=principal,
        key=key or f"key-{number}",
        digest=digest,
        command="toy",
        command_id=command_id or f"command-{number}",
        actor="wh-1",
        decide=decide,
        expected=expected or {},
        dry_run=dry_run,
        touches=touches,
    )


def describe(refusal: Exception) -> dict[str, Any]:
    assert isinstance(refusal, Refusal)
    return {"code": refusal.code, "facts": refusal.facts}


class Desk:
    """A writer with a database of its own and everything that a test wants to ask of it."""

    def __init__(self, url: str, clock: Callable[[], datetime] | None = None) -> None:
        self.database = Database(url)
        migrate(self.database)
        self.codec = Codec(EVENTS)
        self.reader = Reader(self.database)
        self.clock = clock or Clock()
        self.writer = Writer(
            self.database,
            self.codec,
            [Bin],
            clock=self.clock,
            refused=Refusal,
            describe=describe,
        )

    def __enter__(self) -> Self:
        self.writer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.writer.stop()
        self.database.close()

    def do(self, decide: Decide, key: str | None = None, **others: Any) -> Outcome:
        """Send one request and wait for what becomes of it."""
        return self.writer.submit(request(decide, key, **others)).result(PATIENCE)

    def together(self, *requests: Request | Decide) -> list[Outcome | BaseException]:
        """Send requests in one batch: the writer is held up until all of them are queued."""
        entered, release = threading.Event(), threading.Event()

        def hold(_log: Log) -> None:
            entered.set()
            release.wait(PATIENCE)

        held = self.writer.submit(request(hold, dry_run=True))
        assert entered.wait(PATIENCE)
        queued = [one if isinstance(one, Request) else request(one) for one in requests]
        promises = [self.writer.submit(one) for one in queued]
        release.set()
        held.result(PATIENCE)
        return [promise.exception(PATIENCE) or promise.result() for promise in promises]

    def rows(self) -> list[EventRow]:
        return list(self.reader.after())

    def told(self) -> list[tuple[str, int, str, int]]:
        """Stream, version, topic and quantity of all events in order of position."""
        return [
            (row.stream, row.version, row.topic, self.codec.read(row).quantity)
            for row in self.rows()
        ]

    def counted(self, name: str) -> int:
        """What the writer believes is in a bin, without a trace."""
        return body_of(self.do(count(name), dry_run=True))["result"]

    def receipts(self) -> int:
        with self.database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(receipts)) or 0

    def sql(self, statement: str, **values: Any) -> None:
        with self.database.writing() as connection:
            connection.execute(text(statement), values)


def body_of(outcome: Outcome | BaseException) -> dict[str, Any]:
    """The body of an outcome; raises what came in place of one."""
    if isinstance(outcome, BaseException):
        raise outcome
    body: dict[str, Any] = msgspec.json.decode(outcome.receipt.body)
    return body


def statuses(outcomes: Sequence[Outcome | BaseException]) -> list[str]:
    """One word for each: accepted, refused or the error's name."""
    return [
        type(one).__name__ if isinstance(one, BaseException) else one.receipt.status
        for one in outcomes
    ]
