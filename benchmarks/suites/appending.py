"""The append path: encode, chain, write, commit; beside a bare bulk load of the same rows.

The events are decided beforehand, so that nothing of the trade is in these figures. The bare load
has the same table with the same keys, the same rows and the same commits, and nothing else: no
codec, no chain, no receipts, no head, no guards.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from api.engine import Engine
from benchmarks import scenario
from benchmarks.contenders.baton import Baton
from benchmarks.figures import Figure, middle
from benchmarks.measuring import Place
from benchmarks.progress import Steps
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from eventlog.database import Database
from eventlog.dialects import EVENT_COLUMNS
from eventlog.dialects.postgresql import copy_rows
from eventlog.dialects.sqlite import insert
from eventlog.jobs import Log, Request
from eventlog.rows import EventRow

ORDERS, BATCH = 300, 128
TARGET = 0.6


def measure(
    place: Place, backend: str, rounds: int, share: float, steps: Steps
) -> Iterator[Figure]:
    """Events a second through the writer, and their ratio to the bare load of the same rows."""
    orders = list(scenario.orders(0, max(50, int(ORDERS * share))))
    with closing(Baton(place.database(backend))) as played:
        played.prepare(scenario.units_for(orders))
        begin = played.engine.reader.head().position
        played.play(orders)
        rows = list(played.engine.reader.after(begin))
        events = [(row.stream, played.engine.codec.read(row)) for row in rows]
    ours, bare = [], []
    for turn in range(rounds + 1):
        with closing(Baton(place.database(backend))) as empty:
            requests = list(_requests(events))
            cost = place.cost_of(lambda writer=empty.engine, jobs=requests: _write(writer, jobs))
            written = list(empty.engine.reader.after(0))
            commits = len({row.recorded_at for row in written})
            _create(empty.engine.database)
            plain = place.cost_of(
                lambda base=empty.engine.database, lines=written, n=commits: _load(base, lines, n)
            )
        if turn:
            ours.append(len(events) / cost.wall)
            bare.append(len(events) / plain.wall)
        steps.advance()
    rate, spread = middle(ours)
    ratio, _ = middle([one / other for one, other in zip(ours, bare, strict=True)])
    yield Figure("append path", backend, rate, "events/s", ratio, TARGET, spread=spread)
    rate, spread = middle(bare)
    yield Figure("bare bulk load of the same rows", backend, rate, "events/s", spread=spread)


def _requests(events: Sequence[tuple[str, Any]]) -> Iterator[Request]:
    """Commands that record what was decided: seven events each, about as many as an order's."""
    kinds: dict[str, Any] = {}
    for number, start in enumerate(range(0, len(events), 7)):
        part = events[start : start + 7]

        def decide(log: Log, part: Any = part) -> dict[str, Any]:
            for stream, event in part:
                category, _, key = stream.partition("/")
                if category not in kinds:
                    kinds[category] = type(Counter)("Counter", (Counter,), {"CATEGORY": category})
                log.begin(kinds[category], key).record(event)
            return {}

        yield Request("bench", f"{number}", "digest", "replay", f"{number:036}", "bench", decide)


class Counter(Aggregate):
    """Counts its events and keeps no state: what is decided is not at issue."""

    def fold(self, event: Event) -> None:
        """Count."""
        self.version += 1


def _write(engine: Engine, requests: Sequence[Request]) -> None:
    waiting: deque[Any] = deque()
    for one in requests:
        waiting.append(engine.submit(one))
        if len(waiting) == BATCH:
            waiting.popleft().result(60)
    for promise in waiting:
        promise.result(60)


def _create(database: Database) -> None:
    """The same table, with the same keys."""
    with database.writing() as connection:
        if database.dialect.name == "postgresql":
            connection.exec_driver_sql("CREATE TABLE bare (LIKE events INCLUDING ALL)")
        else:
            connection.exec_driver_sql(
                "CREATE TABLE bare (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, "
                "version BIGINT NOT NULL, topic TEXT NOT NULL, data TEXT NOT NULL, "
                "recorded_at TEXT NOT NULL, command_id TEXT NOT NULL, digest TEXT NOT NULL, "
                "UNIQUE (stream, version))"
            )


def _load(database: Database, rows: Sequence[EventRow], commits: int) -> None:
    size = -(-len(rows) // commits)
    with closing(database.connect()) as held:
        for start in range(0, len(rows), size):
            part = rows[start : start + size]
            with database.writing(held) as connection:
                cursor = connection.connection.cursor()
                if database.dialect.name == "postgresql":
                    copy_rows(cursor, "bare", EVENT_COLUMNS, part)
                else:
                    cursor.executemany(insert("bare", EVENT_COLUMNS), part)
                cursor.close()
