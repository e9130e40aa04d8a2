"""A bank statement as the bank gave it: its lines, and which receipts they became."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from domain.accounts.refusals import LineAssigned
from domain.kernel.aggregate import Aggregate
from domain.kernel.event import Event
from domain.kernel.refusal import NotFound
from domain.kernel.stamp import Stamp


class BankLine(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One line. ``amount`` in minor units: money in above 0, money out below.

    ``ref`` is unique for the account: the bank's own reference, or what the line itself says, with
    its number among those that look alike.
    """

    ref: str
    value_date: date
    amount: int
    payer: str = ""
    payer_account: str = ""
    text: str = ""


class BankStatement(Aggregate):
    """One statement of one account; the stream is ``BankStatement/{account}/{reference}``."""

    CATEGORY: ClassVar[str] = "BankStatement"

    digest: str = ""
    lines: dict[str, BankLine] = msgspec.field(default_factory=dict)
    """Lines that were new, by their reference."""
    booked: dict[str, str] = msgspec.field(default_factory=dict)
    """Document that each line became, by the line's reference."""

    # What can happen to a bank statement. Topics and fields are stored: add, never rename.

    class Imported(Event, frozen=True, kw_only=True):
        """The bank's file was read; ``known`` lines had come with another statement before."""

        TOPIC = "bank_statement.imported"
        account: str
        reference: str
        opening: int | None
        closing: int | None
        digest: str
        lines: tuple[BankLine, ...]
        known: tuple[str, ...] = ()

        def apply(self, statement: BankStatement) -> None:
            """Keep the lines."""
            statement.digest = self.digest
            statement.lines = {one.ref: one for one in self.lines}

    class LineBooked(Event, frozen=True, kw_only=True):
        """A line became a receipt, or a deposit; ``dealer`` is empty where nobody knows whose.

        Somebody may have entered it before the bank told it.
        """

        TOPIC = "bank_statement.line_booked"
        account: str
        ref: str
        dealer: str
        doc: str

        def apply(self, statement: BankStatement) -> None:
            """Remember it."""
            statement.booked[self.ref] = self.doc

    # What is asked about it.

    @property
    def account(self) -> str:
        """Our account."""
        return self.key.partition("/")[0]

    @property
    def waiting(self) -> list[BankLine]:
        """Money that came in and is not booked."""
        return [one for ref, one in self.lines.items() if one.amount > 0 and ref not in self.booked]

    # What may be asked of it.

    def open_line(self, ref: str) -> BankLine:
        """Return a line that is not booked; raises NotFound, LineAssigned."""
        line = self.lines.get(ref)
        if line is None:
            raise NotFound(kind="BankLine", id=ref)
        if ref in self.booked:
            raise LineAssigned(ref=ref, doc=self.booked[ref])
        return line

    def book(self, ref: str, dealer: str, doc: str, stamp: Stamp) -> None:
        """Say what a line became."""
        self.record(
            self.LineBooked(
                stamp.by, stamp.at, account=self.account, ref=ref, dealer=dealer, doc=doc
            )
        )
