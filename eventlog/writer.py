"""The one writer of a process: takes what waits as a batch, decides, appends, then answers.

Across processes the locked head makes them take turns; see ``eventlog.dialects``.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from eventlog import snapshots
from eventlog.batch import Batch
from eventlog.codec import Codec
from eventlog.database import Database
from eventlog.jobs import Job, LogBusyError, LogUnavailableError, Outcome, Request
from eventlog.protocols import LoggedAggregate
from eventlog.rows import Head, instant_text
from eventlog.shelf import Shelf

BATCH_LIMIT = 256
QUEUE_LIMIT = 4_096
SHELF_CAPACITY = 50_000
TAIL_LIMIT = 20_000
"""A longer tail of other processes' events is not folded: the shelf starts anew."""

logger = logging.getLogger(__name__)


class Writer:
    """Queues requests and writes them in batches, on a thread and a connection of its own."""

    def __init__(  # noqa: PLR0913 - the composition root hands over everything the log may not know
        self,
        database: Database,
        codec: Codec,
        aggregates: Iterable[type[LoggedAggregate]],
        *,
        clock: Callable[[], datetime],
        refused: type[Exception],
        describe: Callable[[Exception], dict[str, Any]],
        grown: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._codec = codec
        self._categories = {one.CATEGORY: one for one in aggregates}
        self._clock = clock
        self._refused = refused
        self._describe = describe
        self._grown = grown
        self._shelf = Shelf(database.dialect, codec, SHELF_CAPACITY)
        self._connection: Connection | None = None
        self._open = threading.Lock()
        self._stopped = False
        self._sizes: dict[str, int] = {}
        self._queue: queue.Queue[Job | None] = queue.Queue(QUEUE_LIMIT)
        self._thread = threading.Thread(target=self._run, name="baton-writer", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what is queued, then end. What comes later is turned away."""
        with self._open:
            self._stopped = True
            self._queue.put(None)
        self._thread.join()

    def submit(self, request: Request) -> Future[Outcome]:
        """Queue a request. Raises LogBusyError when the queue is full or the writer has stopped.

        The future gives the Outcome once it is durable, or raises KeyReusedError,
        VersionConflictError, LogUnavailableError or what the flow raised unexpectedly.
        """
        promise: Future[Outcome] = Future()
        with self._open:
            if self._stopped:
                raise LogBusyError
            try:
                self._queue.put_nowait(Job(request, promise))
            except queue.Full:
                raise LogBusyError from None
        return promise

    @property
    def waiting(self) -> int:
        """Requests in the queue."""
        return self._queue.qsize()

    def _run(self) -> None:
        running = True
        while running:
            jobs, running = self._take()
            # A caller that has gone away before its turn came no longer wants an answer.
            jobs = [job for job in jobs if job.promise.set_running_or_notify_cancel()]
            if jobs:
                self._write(jobs)
        self._drop_connection()

    def _take(self) -> tuple[list[Job], bool]:
        jobs: list[Job] = []
        job = self._queue.get()
        while job is not None:
            jobs.append(job)
            if len(jobs) == BATCH_LIMIT:
                return jobs, True
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                return jobs, True
        return jobs, False

    def _write(self, jobs: Sequence[Job]) -> None:
        answers: list[tuple[Job, Outcome | Exception]] = []
        try:
            if self._connection is None:
                self._connection = self._database.connect()
            with self._database.writing(self._connection) as connection:
                grown = self._append(connection, jobs, answers)
        except Exception as error:
            logger.exception("a batch of %d commands could not be written", len(jobs))
            self._lose(jobs, error)
            return
        for job, answer in answers:
            if isinstance(answer, Exception):
                job.promise.set_exception(answer)
            else:
                job.promise.set_result(answer)
        if grown:
            self._grown()
            self._keep_snapshots(grown)
        self._shelf.trim()

    def _lose(self, jobs: Sequence[Job], error: Exception) -> None:
        """Give a batch up. Whether it was stored is not known, so nothing in memory is trusted."""
        self._shelf.clear()
        self._shelf.seen = 0
        self._drop_connection()
        for job in jobs:
            lost = LogUnavailableError("the log could not be written")
            lost.__cause__ = error
            job.promise.set_exception(lost)

    def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError):
                connection.invalidate()
            connection.close()

    def _append(
        self,
        connection: Connection,
        jobs: Sequence[Job],
        answers: list[tuple[Job, Outcome | Exception]],
    ) -> Mapping[str, int]:
        head = self._database.dialect.lock_head(connection)
        self._catch_up(connection, head)
        batch = Batch(
            connection,
            self._shelf,
            self._codec,
            head,
            max(instant_text(self._clock()), head.recorded_at),
            refused=self._refused,
            describe=self._describe,
            categories=self._categories,
            stored=self._database.dialect.receipts(
                connection, [(job.request.principal, job.request.key) for job in jobs]
            ),
        )
        batch.expect(one for job in jobs for one in job.request.touches)
        for job in jobs:
            try:
                answers.append((job, batch.run(job.request)))
            except Exception as error:  # noqa: BLE001 - it is the caller's to see, and undone
                answers.append((job, error))
        rows = batch.rows()
        self._database.dialect.append(connection, rows, batch.receipts)
        self._shelf.seen = head.position + len(rows)
        grown: dict[str, int] = {}
        for row in rows:
            grown.setdefault(row.stream, row.version - 1)
        return grown

    def _catch_up(self, connection: Connection, head: Head) -> None:
        behind = head.position - self._shelf.seen
        if self._shelf.is_empty or behind > TAIL_LIMIT:
            self._shelf.clear()
        elif behind > 0:
            self._shelf.refresh(connection)
        self._shelf.seen = head.position

    def _keep_snapshots(self, grown: Mapping[str, int]) -> None:
        due = []
        for stream, before in grown.items():
            kept = self._shelf.kept(stream)
            size = self._sizes.get(stream, 0)
            if kept is not None and snapshots.is_due(before, kept.version, size):
                due.append(kept)
        if due:
            try:
                with self._database.writing(self._connection) as connection:
                    self._sizes |= snapshots.save(connection, due)
            except Exception:  # a snapshot is a convenience: its loss must not stop the writer
                logger.exception("snapshots of %d streams were not kept", len(due))
