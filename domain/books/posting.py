"""The values of the general ledger: lines that balance, and where they come from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec


class Posting(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of an entry: a debit or a credit of an account, minor units.

    ``dealer`` is set where it is another one than the entry's.
    """

    account: str
    debit: int = 0
    credit: int = 0
    dealer: str = ""


class Draft(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a fact posts, before it has its number: balanced lines, the document, whose it is.

    ``day`` is the accounting date that the fact itself names; None leaves it to the day on which
    it happened. ``effective`` is the day that an earlier period would have had it on.
    """

    doc: str
    lines: tuple[Posting, ...]
    dealer: str = ""
    day: date | None = None
    effective: date | None = None


def move(debit: str, credit: str, amount: int) -> tuple[Posting, ...]:
    """Debit one account and credit another; a negative amount goes the other way, 0 nowhere."""
    if amount < 0:
        debit, credit, amount = credit, debit, -amount
    return (Posting(debit, amount), Posting(credit, 0, amount)) if amount else ()


def difference(lines: Iterable[Posting]) -> int:
    """Debits less credits: 0 for what balances."""
    return sum(one.debit - one.credit for one in lines)


def together(lines: Iterable[Posting], through: str) -> tuple[Posting, ...]:
    """Add lines up by account, dealer and side; what only passes ``through`` one is left out."""
    debit: dict[tuple[str, str], int] = {}
    credit: dict[tuple[str, str], int] = {}
    for one in lines:
        for side, amount in ((debit, one.debit), (credit, one.credit)):
            if amount:
                whose = (one.account, one.dealer)
                side[whose] = side.get(whose, 0) + amount
    passing = min(debit.get((through, ""), 0), credit.get((through, ""), 0))
    for side in (debit, credit):
        if passing:
            side[through, ""] -= passing
    return (
        *(Posting(one, amount, dealer=who) for (one, who), amount in debit.items() if amount),
        *(Posting(one, 0, amount, who) for (one, who), amount in credit.items() if amount),
    )
