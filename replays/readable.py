"""Whether every event of the log can be read: a topic that is known, fields that fit it."""

from __future__ import annotations

from collections.abc import Sequence

from eventlog.codec import Codec, UnreadableRowError
from eventlog.rows import EventRow
from replays.verifying import Fault

UNREADABLE = "UNREADABLE"


class ReadableCheck:
    """Reads every event on a walk over the log; all faults are of kind UNREADABLE.

    The chain may be whole all the same: what was forged fits it again, and what a newer Baton
    wrote was never broken. Read models leave out what they have no topic for, so they do not tell.
    """

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._faults: list[Fault] = []

    def take(self, row: EventRow) -> None:
        """Read the next event."""
        try:
            self._codec.read(row)
        except UnreadableRowError as error:
            self._faults.append(Fault(row.position, UNREADABLE, error.why))

    def close(self) -> Sequence[Fault]:
        """Say which could not be read."""
        return self._faults
