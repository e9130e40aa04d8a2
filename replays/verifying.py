"""Verifying that the log is intact: positions dense from 1, the chain unbroken, versions dense.

A wrong byte, a missing row and a swapped pair are each found at the first position that they
spoil. What this proves, and what it does not, is in ``docs/trust.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import msgspec

from eventlog.chain import GENESIS, digest_of
from eventlog.reader import Reader
from eventlog.rows import EventRow, Head

STEP = 10_000


class Fault(msgspec.Struct, frozen=True):
    """Something that is not as it was written, of a kind that ``docs/trust.md`` lists."""

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


class Watcher(Protocol):
    """Somebody else who looks at every row of the log on its way, and has something to say."""

    def take(self, row: EventRow) -> None:
        """Look at the next row."""
        ...

    def close(self) -> Iterable[Fault]:
        """Say what was found, once the log is at its end."""
        ...


def verify(
    reader: Reader,
    progress: Callable[[int], None] = lambda _: None,
    walk: Walk | None = None,
    watchers: Sequence[Watcher] = (),
) -> Verdict:
    """Check the log against itself and its head: the whole of it, or from where a walk stands."""
    walk = walk or Walk()
    while True:
        begin = walk.last.position
        for row in reader.after(begin):
            walk.take(row)
            for watcher in watchers:
                watcher.take(row)
            if row.position % STEP == 0:
                progress(row.position)
        # Rows and head are committed together: a head that is ahead has been appended meanwhile.
        head = reader.head()
        if walk.last.position >= head.position or walk.last.position == begin:
            break
    walk.close(head)
    found = [*walk.faults, *(fault for watcher in watchers for fault in watcher.close())]
    progress(walk.last.position)
    return Verdict(walk.events, walk.last.digest, tuple(found))


class Walk:
    """Walks the log once, and remembers the last version of every stream."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.events = 0
        self.last = Head(0, GENESIS, "")
        self._versions: dict[str, int] = {}

    @classmethod
    def resumed(cls, reader: Reader, last: Head) -> Walk:
        """Go on after a row that was reached before; it must still be there as it was."""
        walk = cls()
        row = next(reader.after(last.position - 1, limit=1), None) if last.position else None
        if row is not None and Head(row.position, row.digest, row.recorded_at) == last:
            walk.last, walk.events = last, last.position
            walk._versions = reader.versions(last.position)
        elif last.position:
            text = "the row that was verified before is not there any more; all is walked again"
            walk.faults.append(Fault(last.position, "RESUMED", text))
        return walk

    def take(self, row: EventRow) -> None:
        """Check the next row."""
        self.events += 1
        if row.position != self.last.position + 1:
            missing = f"after {self.last.position} comes {row.position}"
            self._fault(row.position, "DENSITY", missing)
        if not self._follows(row):
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

    def _follows(self, row: EventRow) -> bool:
        """Whether a row is what was hashed; after a digest that is none, nothing is."""
        try:
            return digest_of(self.last.digest, row) == row.digest
        except ValueError:
            return False

    def _fault(self, position: int, kind: str, text: str) -> None:
        self.faults.append(Fault(position, kind, text))
