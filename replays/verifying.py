"""Verifying that the log is intact: positions dense from 1, the chain unbroken, versions dense.

A wrong byte, a missing row and a swapped pair are each found at the first position that they
spoil. What this proves, and what it does not, is in ``docs/trust.md``.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from eventlog.chain import GENESIS, digest_of
from eventlog.reader import Reader
from eventlog.rows import EventRow, Head

STEP = 10_000


class Fault(msgspec.Struct, frozen=True):
    """Something that is not as it was written: DENSITY, CHAIN, VERSION, TIME or HEAD."""

    position: int
    kind: str
    text: str


class Verdict(msgspec.Struct, frozen=True):
    """What a verification found: how many events it saw, the last digest, and the faults."""

    events: int
    digest: str
    faults: tuple[Fault, ...]

    @property
    def intact(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


def verify(reader: Reader, progress: Callable[[int], None] = lambda _: None) -> Verdict:
    """Check the whole log against itself and its head."""
    check = _Check()
    while True:
        begin = check.last.position
        for row in reader.after(begin):
            check.take(row)
            if row.position % STEP == 0:
                progress(row.position)
        # Rows and head are committed together: a head that is ahead has been appended meanwhile.
        head = reader.head()
        if check.last.position >= head.position or check.last.position == begin:
            break
    check.close(head)
    progress(check.last.position)
    return Verdict(check.events, check.last.digest, tuple(check.faults))


class _Check:
    """Walks the log once, and remembers the last version of every stream."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.events = 0
        self.last = Head(0, GENESIS, "")
        self._versions: dict[str, int] = {}

    def take(self, row: EventRow) -> None:
        """Check the next row."""
        self.events += 1
        if row.position != self.last.position + 1:
            missing = f"after {self.last.position} comes {row.position}"
            self._fault(row.position, "DENSITY", missing)
        if digest_of(self.last.digest, row) != row.digest:
            self._fault(row.position, "CHAIN", f"the digest of {row.stream} does not fit")
        expected = self._versions.get(row.stream, 0) + 1
        if row.version != expected:
            text = f"{row.stream} has version {row.version} where {expected} follows"
            self._fault(row.position, "VERSION", text)
        if row.recorded_at < self.last.recorded_at:
            self._fault(row.position, "TIME", "recorded before the event that precedes it")
        self._versions[row.stream] = row.version
        self.last = Head(row.position, row.digest, row.recorded_at)

    def close(self, head: Head) -> None:
        """Check that the log ends where its head says."""
        if (self.last.position, self.last.digest) != (head.position, head.digest):
            text = f"the head says {head.position}, the log ends at {self.last.position}"
            beyond = self.last.position > head.position
            self._fault(head.position + 1 if beyond else head.position, "HEAD", text)

    def _fault(self, position: int, kind: str, text: str) -> None:
        self.faults.append(Fault(position, kind, text))
