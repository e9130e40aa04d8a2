"""What a bank's file tells, whatever its format: statements and their lines, as plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import msgspec

from api.decoding import Misfit
from domain.kernel.money import LARGEST_AMOUNT
from domain.kernel.refusal import Refusal, ValidationFailed

MOST_BYTES = 16 * 2**20
MOST_LINES = 20_000
MOST_PROBLEMS = 10_000
LONGEST_NAME = 140
"""Characters of a name, an account or a reference: ISO 20022 has no longer one."""
LONGEST_TEXT = 4_000
"""Characters of a remittance text; what a bank joins beyond them is cut."""

_AMOUNT = re.compile(r"(?=\.?[0-9])([0-9]{0,18})(?:\.([0-9]*))?")
_DECIMALS = 2


class BankFileLine(msgspec.Struct, frozen=True):
    """One entry of a statement, as the bank booked it.

    ``amount`` is in minor units of ``currency``: money in is positive, money out is negative.
    ``bank_ref`` is the bank's own reference of the entry, "" if it gave none; ``payer`` and
    ``payer_account`` are the other party, whichever way the money went.
    """

    bank_ref: str
    value_date: date
    booking_date: date
    amount: int
    currency: str
    payer: str
    payer_account: str
    text: str


class BankStatementFile(msgspec.Struct, frozen=True):
    """One statement of one account; lines are in the order of the file, look-alikes included.

    Balances are in signed minor units, a credit is positive; None is what the file does not
    tell. Nobody has checked here that they differ by the sum of the lines. ``is_numbered`` says
    that the reference is a number, which banks begin anew each year.
    """

    account: str
    reference: str
    currency: str
    opening: int | None
    closing: int | None
    opening_day: date | None
    closing_day: date | None
    lines: tuple[BankFileLine, ...]
    is_numbered: bool = False

    @property
    def year(self) -> int | None:
        """Year in which it ends, by its balance or else by its lines, if they tell."""
        days = [self.closing_day] if self.closing_day else [one.booking_date for one in self.lines]
        return max(days).year if days else None


class BankFile(msgspec.Struct, frozen=True):
    """A file: ``format`` is MT940, CAMT053, CSV or XLSX."""

    format: str
    statements: tuple[BankStatementFile, ...]


class Problems:
    """What does not fit in a file; reading goes on, so that all of it is named at once."""

    def __init__(self) -> None:
        self._found: list[Refusal] = []

    def add(self, field: str, reason: str) -> None:
        """Name a place of the file and what is wrong there."""
        if len(self._found) < MOST_PROBLEMS:
            self._found.append(ValidationFailed(field=field, reason=reason))

    def settle(self) -> None:
        """Raise Misfit with everything that was found; do nothing if that is nothing."""
        if self._found:
            raise Misfit(self._found)

    def minor(self, field: str, amount: str) -> int:
        """Minor units of an unsigned decimal with a point; 0 for a problem."""
        found = _AMOUNT.fullmatch(amount)
        if found is None:
            self.add(field, f"not an amount: {amount[:40]}")
            return 0
        whole, part = found[1] or "0", found[2] or ""
        if len(part) > _DECIMALS:
            self.add(field, f"an amount of at most two decimals: {amount[:40]}")
            return 0
        minor = int(whole + part.ljust(_DECIMALS, "0"))
        if minor > LARGEST_AMOUNT:
            self.add(field, f"an amount of at most {LARGEST_AMOUNT:,} minor units")
            return 0
        return minor

    def name(self, field: str, text: str) -> str:
        """A name, an account or a reference on one line."""
        text = one_line(text)
        if len(text) > LONGEST_NAME:
            self.add(field, f"at most {LONGEST_NAME} characters")
        return text


def one_line(text: str) -> str:
    """A text without the breaks and the filling of its format."""
    return " ".join(text.split())


def remittance(pieces: Iterable[str]) -> str:
    """Texts of one payment, each once: banks repeat references in what the payer wrote."""
    told: list[str] = []
    for piece in map(one_line, pieces):
        if piece and not any(f" {piece} " in f" {other} " for other in told):
            told.append(piece)
    return " ".join(told)[:LONGEST_TEXT]


def unfolded(pieces: list[str], width: int) -> str:
    """Join pieces that a format limits to a width: a full one goes on in the next."""
    text = ""
    for before, piece in zip(["", *pieces], pieces, strict=False):
        text += piece if len(before) == width else f" {piece}"
    return text
