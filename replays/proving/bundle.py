"""A bundle: the log, or events from one position to another, to be checked without us.

It is written in one walk over the log and holds a page of it in memory. The tree before the first
event is given by the roots of its complete parts, so that a part of the log is proved by the same
checkpoints as the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import IO, Any

import msgspec

from eventlog.chain import GENESIS
from eventlog.reader import Reader
from eventlog.rows import Checkpoint, Link
from replays.proving.merkle import Paths, leaf_of, proof_from, seam
from replays.proving.packing import Packing, line_of, schemas
from replays.proving.verifier.manifest import EVENTS, LOG, RECEIPTS

STEP = 10_000
"""Events after which progress is told."""


class RangeError(ValueError):
    """Positions between which there are no events; the text says which there are."""


class Span(msgspec.Struct, frozen=True):
    """Events after one position, as far as another; ``head`` is where the log ended."""

    after: int
    upto: int
    head: int


def span_of(reader: Reader, after: int = 0, upto: int | None = None) -> Span:
    """Return the events that are asked for; all that there are if nothing is said.

    Raises RangeError where there are none, or not as far.
    """
    head = reader.head().position
    last = head if upto is None else upto
    if not 0 <= after < last <= head:
        raise RangeError(f"the log has events 1 to {head:,}, none after {after:,} up to {last:,}")
    return Span(after, last, head)


def write_bundle(
    out: IO[bytes],
    reader: Reader,
    span: Span,
    *,
    log: str,
    types: Mapping[str, type[Any]],
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Write a bundle as a zip; ``types`` are the event types by topic, ``log`` is its name.

    ``progress`` is called with positions up to ``span.head``.
    """
    stored = [one for one in reader.checkpoints() if one.position >= span.after]
    within = [one for one in stored if one.position <= span.upto]
    beyond = next((one for one in stored if span.upto < one.position <= span.head), None)
    with Packing(out) as packing:
        packing.put("schemas.json", schemas(types))
        walk = _Walk(reader, span, progress)
        walk.before()
        with packing.table(EVENTS) as write:
            walk.events(write)
        times = (walk.since, walk.until)
        packing.lines(RECEIPTS, reader.receipts(times[0], times[1]))
        keys = packing.checkpoints([*within, beyond] if beyond else within)
        told = walk.told | {"consistency": walk.consistency(beyond) if beyond else {}}
        packing.manifest({"kind": LOG, "log": log, **told, "verifier_keys": keys})
    progress(span.head)


class _Walk:
    """One walk over the log: digests before the span, events in it, digests behind it."""

    def __init__(self, reader: Reader, span: Span, progress: Callable[[int], None]) -> None:
        self._reader, self._span, self._progress = reader, span, progress
        self._tree = Paths([seam(span.upto)])
        self._digest = GENESIS
        self.since, self.until = "", None if span.upto == span.head else ""
        self.told: dict[str, Any] = {"after": span.after, "upto": span.upto}

    def before(self) -> None:
        """Walk up to the first event of the span."""
        for link in self._reader.digests(upto=self._span.after):
            self._take(link)
        self.told["previous_digest"] = self._digest
        self.told["peaks"] = [one.hex() for one in self._tree.peaks]

    def events(self, write: Callable[[bytes], object]) -> None:
        """Write the events of the span."""
        count = 0
        for row in self._reader.after(self._span.after, upto=self._span.upto):
            count += 1
            if count == 1 and self._span.after:
                self.since = row.recorded_at
            if self.until is not None:
                self.until = row.recorded_at
            write(line_of(row))
            self._take(Link(row.position, row.digest))
        root = self._tree.root().hex()
        self.told |= {"events": count, "digest": self._digest, "root": root}

    def consistency(self, beyond: Checkpoint) -> dict[str, Any]:
        """Walk on to a checkpoint, and prove that its tree begins with what came so far."""
        for link in self._reader.digests(self._span.upto, beyond.position):
            self._take(link)
        self._tree.close()
        proof = proof_from(self._tree, self._span.upto)
        return {"checkpoint": beyond.position, "proof": [one.hex() for one in proof]}

    def _take(self, link: Link) -> None:
        self._tree.push(leaf_of(link.digest))
        self._digest = link.digest
        if link.position % STEP == 0:
            self._progress(link.position)
