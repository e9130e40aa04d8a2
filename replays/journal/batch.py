"""A batch that was handed over to finance, read back with its control totals."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import msgspec

from domain.books.journal_batch import JournalBatch
from domain.kernel.refusal import NotFound
from eventlog.codec import Codec
from eventlog.reader import Reader
from replays.journal.entries import JournalEntry, entries
from replays.journal.lines import JournalLine, decimal, lines_of

_ENCODER = msgspec.json.Encoder()


class ControlsDifferError(Exception):
    """The entries of a batch do not sum up to what was recorded when it was handed over.

    Debit, credit and number of entries, once as ``recorded``, once as ``found``; minor units.
    """

    def __init__(
        self, batch: str, recorded: tuple[int, int, int], found: tuple[int, int, int]
    ) -> None:
        self.batch, self.recorded, self.found = batch, recorded, found
        super().__init__(f"batch {batch}: recorded {_said(recorded)}, found {_said(found)}")


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """What a receiver checks: totals in minor units, number of lines and of entries.

    ``hash`` is the SHA-256, in hex, of the JSON lines without the control line.
    """

    debit: int
    credit: int
    count: int
    entries: int
    hash: str


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Entries ``first`` to ``last`` of a period, as they were handed over, in one currency."""

    period: str
    seq: int
    first: int
    last: int
    currency: str
    entries: tuple[JournalEntry, ...]
    control: Control

    @property
    def id(self) -> str:
        """Its number: ``2026-03/1``."""
        return f"{self.period}/{self.seq}"


def batch(reader: Reader, codec: Codec, period: str, seq: int, currency: str) -> Batch:
    """Return an exported batch; ``currency`` is the company's. What finance said is not in it.

    Raises NotFound for a batch that was never exported, and ControlsDifferError where the log
    contradicts itself.
    """
    exported = _exported(reader, codec, period, seq)
    name = f"{period}/{seq}"
    found = tuple(entries(reader, codec, period, exported.first, exported.last))
    control = control_of(name, found, currency)
    recorded = exported.debit, exported.credit, exported.last - exported.first + 1
    summed = control.debit, control.credit, control.entries
    if recorded != summed:
        raise ControlsDifferError(name, recorded, summed)
    return Batch(
        period=period,
        seq=seq,
        first=exported.first,
        last=exported.last,
        currency=currency,
        entries=found,
        control=control,
    )


def control_of(name: str, found: Sequence[JournalEntry], currency: str) -> Control:
    """Sum up the entries of the batch ``name``, and hash their lines."""
    digest, count = sha256(), 0
    for line in lines_of(name, found, currency):
        digest.update(as_json_line(line))
        count += 1
    return Control(
        debit=sum(one.debit for entry in found for one in entry.lines),
        credit=sum(one.credit for entry in found for one in entry.lines),
        count=count,
        entries=len(found),
        hash=digest.hexdigest(),
    )


def as_json_line(line: JournalLine) -> bytes:
    """Write a line as JSON (UTF-8, keys in the order of its fields), with its line feed."""
    return _ENCODER.encode(line) + b"\n"


def _exported(reader: Reader, codec: Codec, period: str, seq: int) -> JournalBatch.Exported:
    for row in reader.stream(f"{JournalBatch.CATEGORY}/{period}/{seq}"):
        event = codec.read(row)
        if isinstance(event, JournalBatch.Exported):
            return event
    raise NotFound(kind="JournalBatch", id=f"{period}/{seq}")


def _said(totals: tuple[int, int, int]) -> str:
    debit, credit, number = totals
    return f"debit {decimal(debit)}, credit {decimal(credit)} in {number} entries"
