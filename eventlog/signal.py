"""Waking followers: at once within the process, by notice or by polling across processes."""

from __future__ import annotations

import threading
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from eventlog.database import Database

POLL_SECONDS = 0.25
"""How long a follower sleeps at most before it looks by itself."""

PAUSE_SECONDS = 0.02
"""Rest after a notice, so that many appends are told as one."""


class Signal:
    """Tells that the log has grown.

    ``wait`` returns the number of growths seen so far; a follower that passes it back is not
    woken twice for the same one and misses none.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0

    @property
    def count(self) -> int:
        """Growths seen so far."""
        return self._count

    def set(self) -> None:
        """Say that there is something new to read."""
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def wait(self, seen: int, timeout: float = POLL_SECONDS) -> int:
        """Sleep until there is news after ``seen``, or until the time is up."""
        with self._changed:
            self._changed.wait_for(lambda: self._count > seen, timeout)
            return self._count


class Announcer:
    """Carries the signal between processes, for as long as it is open."""

    def __init__(self, database: Database, signal: Signal) -> None:
        self._database = database
        self._signal = signal
        self._grown = threading.Event()
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._tell, name="baton-announcer", daemon=True),
            threading.Thread(target=self._listen, name="baton-listener", daemon=True),
        ]

    def start(self) -> None:
        """Begin to listen and to tell."""
        for thread in self._threads:
            thread.start()

    def grown(self) -> None:
        """Tell everyone, here at once and elsewhere soon."""
        self._signal.set()
        self._grown.set()

    def stop(self) -> None:
        """End both threads."""
        self._stopped.set()
        self._grown.set()
        for thread in self._threads:
            thread.join()

    def _tell(self) -> None:
        while self._grown.wait() and not self._stopped.is_set():
            self._grown.clear()
            # Other processes poll as well: if this fails they only hear of it later.
            with suppress(SQLAlchemyError):
                self._database.dialect.announce(self._database.engine)
            self._stopped.wait(PAUSE_SECONDS)

    def _listen(self) -> None:
        self._database.dialect.listen(self._database.engine, self._signal.set, self._stopped)
