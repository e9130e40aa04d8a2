"""Writing the access log: notes are gathered for a moment, and written in one transaction."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime

from eventlog.access import Access, keep
from eventlog.database import Database

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 0.2
"""How long notes are gathered that nobody waits for."""

MOST_WAITING = 50_000

Note = tuple[Access, Future[None] | None]


class Accesses:
    """Writes notes on a thread of its own, a batch in one transaction."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock
        self._queue: queue.Queue[Note | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="baton-accesses", daemon=True)
        self._hurry = threading.Event()

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, then end."""
        if self._thread.is_alive():
            self._queue.put(None)
            self._hurry.set()
            self._thread.join()

    def note(self, access: Access) -> None:
        """Note a reading, within a moment."""
        try:
            self._queue.put_nowait((access, None))
        except queue.Full:
            logger.exception("the access log does not keep up, and a note was lost: %s", access)

    def noted(self, access: Access) -> Future[None]:
        """Note a reading at once; the future is done when the note is durable, or raises."""
        promise: Future[None] = Future()
        try:
            self._queue.put_nowait((access, promise))
        except queue.Full as error:
            promise.set_exception(error)
        self._hurry.set()
        return promise

    def _run(self) -> None:
        running = True
        while running:
            first = self._queue.get()
            self._hurry.wait(PAUSE_SECONDS)
            self._hurry.clear()
            notes = [first]
            while True:
                try:
                    notes.append(self._queue.get_nowait())
                except queue.Empty:
                    break
            running = None not in notes
            self._write([one for one in notes if one is not None])

    def _write(self, notes: list[Note]) -> None:
        # Whoever has gone away meanwhile waits no more; what was read is noted all the same.
        promises = [one for _, one in notes if one and one.set_running_or_notify_cancel()]
        try:
            keep(self._database, (access for access, _ in notes), self._clock())
        except Exception as error:  # whoever waits is told; for the others it is in the logs
            logger.exception("%d notes of the access log were lost", len(notes))
            for promise in promises:
                promise.set_exception(error)
        else:
            for promise in promises:
                promise.set_result(None)
