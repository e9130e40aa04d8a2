"""The composition root: one open Baton, with its log, its writer and its projections."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from api.accesses import Accesses
from api.scratches import Scratches
from api.settings import Settings
from domain.catalogue import AGGREGATES, EVENTS
from domain.flows.company.administering import IssueApiKey, issue_api_key
from domain.kernel.refusal import Refusal
from domain.kernel.stamp import Actor, Stamp
from domain.parties.api_key import SERVICE
from eventlog.codec import Codec
from eventlog.database import Database
from eventlog.jobs import Outcome, Request
from eventlog.migrating import migrate
from eventlog.reader import Reader
from eventlog.signal import Announcer, Signal
from eventlog.writer import Writer
from projections.catalogue import PROJECTIONS
from projections.runner import Runner

GC_THRESHOLDS = (50_000, 20, 100)
"""How rarely the interpreter looks for cycles (its own: 700, 10, 10). The aggregates in memory
hold none, and walking over all of them so often costs a seventh of an order.
"""

Clock = Callable[[], datetime]
BOOTSTRAP = "bootstrap"


def system_clock() -> datetime:
    """Return the server's clock."""
    return datetime.now(UTC)


class Engine:
    """Everything that a request, a command line or a test needs, open until ``close``."""

    def __init__(self, settings: Settings, clock: Clock = system_clock) -> None:
        self.settings = settings.prepared()
        self.clock = clock
        self.zone = ZoneInfo(settings.zone)
        self.database = Database(settings.database_url)
        migrate(self.database)
        self.codec = Codec(EVENTS)
        self.reader = Reader(self.database)
        self.signal = Signal()
        self._announcer = Announcer(self.database, self.signal)
        self.writer = Writer(
            self.database,
            self.codec,
            AGGREGATES,
            clock=clock,
            refused=Refusal,
            describe=describe,
            grown=self._announcer.grown,
        )
        self.accesses = Accesses(self.database, clock)
        self.scratches = Scratches(self.reader, self.codec, self.zone)
        self.runner = Runner(self.database, self.codec, PROJECTIONS, self.signal)
        self.runner.prepare()

    def __enter__(self) -> Self:
        """Start the threads."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop them."""
        self.close()

    def start(self) -> Self:
        """Start to write, to listen and, if the settings say so, to follow the projections."""
        gc.set_threshold(*GC_THRESHOLDS)
        self._announcer.start()
        self.writer.start()
        self.accesses.start()
        self._bootstrap()
        if self.settings.follow:
            self.runner.start()
        return self

    def close(self) -> None:
        """Write what is queued, then stop."""
        self.writer.stop()
        self.accesses.stop()
        self.runner.stop()
        self.scratches.close()
        self._announcer.stop()
        self.database.close()

    def submit(self, request: Request) -> Future[Outcome]:
        """Hand a request to the writer; raises LogBusyError."""
        return self.writer.submit(request)

    def stamp(self, actor: Actor, at: datetime) -> Stamp:
        """Return the stamp of something that an actor does at an instant."""
        today, now = (one.astimezone(self.zone).date() for one in (at, self.clock()))
        return Stamp(actor, at, today, self.settings.currency, self.zone, now)

    def _bootstrap(self) -> None:
        """Issue the first key on an empty log, if the settings name its secret."""
        secret = self.settings.bootstrap_key
        if secret is None or self.reader.head().position > 0:
            return
        self.issue_key(BOOTSTRAP, SERVICE, secret)

    def issue_key(self, name: str, role: str, secret: str) -> None:
        """Issue a key for a secret that stays outside of the log. Raises Refusal."""
        command = IssueApiKey(name=name, role=role, secret_digest=digest_of(secret))
        stamp = self.stamp(Actor("system:bootstrap", "SYSTEM"), self.clock())
        request = Request(
            principal="system",
            key=f"issue-key-{command.secret_digest}",
            digest=command.secret_digest,
            command="issue-api-key",
            command_id=f"issue-key-{command.secret_digest}",
            actor=stamp.by.user,
            decide=lambda log: issue_api_key(log, stamp, command),
        )
        self.submit(request).result(self.settings.wait_seconds)


def digest_of(secret: str) -> str:
    """SHA-256 of a secret, in hex: all that the log ever knows of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def describe(refusal: Exception) -> dict[str, Any]:
    """Write a refusal down for the receipt and the answer, with all violations."""
    assert isinstance(refusal, Refusal)  # noqa: S101 - the writer hands over nothing else
    return {
        "code": refusal.code,
        "status": refusal.status,
        "detail": refusal.sentence,
        "violations": [
            {"code": one.code, "detail": one.sentence, "facts": one.facts}
            for one in refusal.violations
        ],
    }
