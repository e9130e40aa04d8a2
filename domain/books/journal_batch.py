"""A batch of journal entries that is handed over to finance: which entries, and what they sum to.

The entries themselves stand in the log: a batch exported again has the same bytes. Finance's
system de-duplicates by entry number and line, and says what it took.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import InvalidState
from domain.kernel.stamp import Stamp

EXPORTED, ACCEPTED, REJECTED = "EXPORTED", "ACCEPTED", "REJECTED"


class Faulty(msgspec.Struct, frozen=True):
    """An entry that finance's system did not take, and why."""

    entry: int
    code: str


class JournalBatch(Aggregate):
    """One batch of a period; the stream is ``JournalBatch/{period}/{seq}``."""

    CATEGORY: ClassVar[str] = "JournalBatch"

    state: str = ""
    first: int = 0
    last: int = 0
    debit_so_far: int = 0
    credit_so_far: int = 0
    """Totals of the period up to this batch, minor units."""

    # What can happen to a batch. Topics and fields are stored: add, never rename.

    class Exported(Event, frozen=True, kw_only=True):
        """Entries ``first`` to ``last`` of a period were handed over. Totals in minor units."""

        TOPIC = "journal_batch.exported"
        period: str
        seq: int
        first: int
        last: int
        debit: int
        credit: int
        debit_so_far: int
        credit_so_far: int

        def apply(self, batch: JournalBatch) -> None:
            """Wait for an answer."""
            batch.state, batch.first, batch.last = EXPORTED, self.first, self.last
            batch.debit_so_far, batch.credit_so_far = self.debit_so_far, self.credit_so_far

    class Accepted(Event, frozen=True, kw_only=True):
        """Finance's system took all of it. ``voucher_no`` is its own number."""

        TOPIC = "journal_batch.accepted"
        voucher_no: str

        def apply(self, batch: JournalBatch) -> None:
            """End it."""
            batch.state = ACCEPTED

    class Rejected(Event, frozen=True, kw_only=True):
        """Finance's system did not take some entries; entries of their own correct them."""

        TOPIC = "journal_batch.rejected"
        faults: tuple[Faulty, ...]

        def apply(self, batch: JournalBatch) -> None:
            """Note it."""
            batch.state = REJECTED

    # What may be asked of it.

    def accept(self, voucher_no: str, stamp: Stamp) -> None:
        """Say that finance has it; saying it twice records nothing."""
        if self.state != ACCEPTED:
            self.record(self.Accepted(stamp.by, stamp.at, voucher_no=voucher_no))

    def reject(self, faults: tuple[Faulty, ...], stamp: Stamp) -> None:
        """Say what finance did not take; raises InvalidState once it has it all."""
        if self.state == ACCEPTED:
            raise InvalidState(batch=self.key, state=self.state)
        self.record(self.Rejected(stamp.by, stamp.at, faults=faults))
