"""The runner: follows the log, folds batches, and stores rows and positions together.

Several runners may follow one log: whoever stores a batch first moves the positions, and the
others find them moved and read on from there.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from eventlog.codec import Codec
from eventlog.database import Database
from eventlog.reader import Reader
from eventlog.rows import EventRow, instant_of
from eventlog.signal import Signal
from projections import positions, rebuilding, views
from projections.effects import Fact, Projection, readers_of
from projections.folding import Fold
from projections.positions import StaleError, projection_positions
from projections.rebuilding import SWITCH, Rebuilt, Wish
from projections.storing import store

BATCH = 10_000
RETRY_SECONDS = 0.5
PATIENCE_SECONDS = 600.0
"""How long one process waits for another to bring a read model up to date."""

logger = logging.getLogger(__name__)


def facts_of(rows: Iterable[EventRow], codec: Codec) -> Iterator[Fact]:
    """Read rows of the log as facts; raises UnreadableRowError."""
    for row in rows:
        yield Fact(
            position=row.position,
            stream=row.stream,
            version=row.version,
            recorded_at=instant_of(row.recorded_at),
            command_id=row.command_id,
            event=codec.read(row),
        )


class Runner:
    """Keeps projections up to date with a log."""

    def __init__(
        self,
        database: Database,
        codec: Codec,
        projections: Sequence[Projection],
        signal: Signal | None = None,
    ) -> None:
        self._database = database
        self._codec = codec
        self._reader = Reader(database)
        self._projections = projections
        self._signal = signal or Signal()
        self._moved = threading.Condition()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="baton-projector", daemon=True)

    def prepare(self) -> None:
        """Create what is missing; rebuild what has changed its meaning."""
        with self._database.writing() as connection:
            self._database.dialect.lock_migrations(connection)
            projection_positions.create(connection, checkfirst=True)
            known = positions.read(connection)
            for projection in self._projections:
                if projection.name not in known:
                    rebuilding.create(projection, connection)
            versions = {name: version for name, (version, _, _) in known.items()}
            # An older release leaves a newer one's tables alone.
            changed = [one for one in self._projections if versions.get(one.name, 0) < one.version]
            if changed:
                views.drop(connection)
        for projection in changed:
            if projection.name in known and self.rebuild(projection).superseded:
                self._await(projection)
        with self._database.writing() as connection:
            self._database.dialect.lock_migrations(connection)
            if not views.present(connection):
                views.create(connection)

    def _await(self, projection: Projection) -> None:
        """Wait for another process that rebuilds a projection; take over if it never ends."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            with self._database.reading() as connection:
                if positions.read(connection)[projection.name][0] >= projection.version:
                    return
            time.sleep(RETRY_SECONDS)
        self.rebuild(projection)

    def start(self) -> None:
        """Follow the log on a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Stop following, and wait for the thread if there is one."""
        self.stop_following()
        if self._thread.is_alive():
            self._thread.join()

    def stop_following(self) -> None:
        """Tell whoever follows to stop after the batch at hand."""
        self._stopped.set()
        self._signal.set()

    def follow(self) -> None:
        """Follow the log on this thread until ``stop``."""
        self._follow()

    def positions(self) -> dict[str, int]:
        """Last position that each projection has taken in."""
        with self._database.reading() as connection:
            return {name: at for name, (_, _, at) in positions.read(connection).items()}

    def wait(self, position: int, timeout: float) -> bool:
        """Wait until all projections have taken in a position; False when the time is up."""
        deadline = time.monotonic() + timeout
        names = [projection.name for projection in self._projections]
        while True:
            reached = self.positions()
            if all(reached.get(name, 0) >= position for name in names):
                return True
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            with self._moved:
                self._moved.wait(min(left, 0.02))

    def rebuild(
        self,
        projection: Projection,
        progress: Callable[[int], None] = lambda _: None,
        wish: Wish = SWITCH,
    ) -> Rebuilt:
        """Build a projection anew beside the live tables; compare and switch as is wished."""
        topics = sorted(one.TOPIC for one in projection.reads)

        def facts(after: int, upto: int) -> Iterator[Fact]:
            return facts_of(self._reader.after(after, upto=upto, topics=topics), self._codec)

        def head() -> int:
            return self._reader.head().position

        writing = self._database.writing
        return rebuilding.rebuild(projection, writing, facts, head, progress, wish)

    def catch_up(self) -> bool:
        """Take in one batch; False where there was nothing new."""
        with self._database.reading() as connection:
            known = positions.read(connection)
        mine = [one for one in self._projections if known[one.name][0] == one.version]
        if not mine:
            return False  # a newer release keeps these tables now
        start = min(known[one.name][2] for one in mine)
        facts = list(facts_of(self._reader.after(start, limit=BATCH), self._codec))
        if not facts:
            return False
        self._store(mine, facts, known)
        with self._moved:
            self._moved.notify_all()
        return True

    def _store(
        self,
        mine: Sequence[Projection],
        facts: Sequence[Fact],
        known: dict[str, tuple[int, int, int]],
    ) -> None:
        fold, last = Fold(), facts[-1].position
        behind = [one for one in mine if known[one.name][2] < last]
        readers = readers_of(behind)
        for fact in facts:
            for projection in readers.get(type(fact.event), ()):
                if known[projection.name][2] < fact.position:
                    fold.take(projection, fact)
        with self._database.writing() as connection:
            moves = [(one.name, one.version, known[one.name][2]) for one in behind]
            positions.advance(connection, moves, last)
            store(connection, fold, {})

    def _follow(self) -> None:
        seen = 0
        while not self._stopped.is_set():
            try:
                if not self.catch_up():
                    seen = self._signal.wait(seen)
            except StaleError:
                continue
            except Exception:  # the log is safe; a read model that stops must say so and try again
                logger.exception("the projections could not take in a batch")
                self._stopped.wait(RETRY_SECONDS)
