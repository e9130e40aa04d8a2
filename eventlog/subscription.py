"""Following the log through the library's own pull loop, woken by our signal."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Thread
from typing import TYPE_CHECKING

from eventsourcing.persistence import ListenNotifySubscription

if TYPE_CHECKING:
    from eventlog.recorder import LogRecorder


class LogSubscription(ListenNotifySubscription["LogRecorder"]):
    """Yields notifications as they are appended, by this process or, within a poll, by others."""

    def __init__(
        self, recorder: LogRecorder, gt: int | None = None, topics: Sequence[str] = ()
    ) -> None:
        super().__init__(recorder, gt, topics)
        self._nudge_thread = Thread(target=self._nudge, name="baton-subscription", daemon=True)
        self._nudge_thread.start()

    def __exit__(self, *args: object, **kwargs: object) -> None:
        """Stop, and wait for both threads."""
        super().__exit__(*args, **kwargs)
        self._nudge_thread.join()

    def _nudge(self) -> None:
        seen = 0
        while not self._has_been_stopped:
            seen = self._recorder.signal.wait(seen)
            self._has_been_notified.set()
