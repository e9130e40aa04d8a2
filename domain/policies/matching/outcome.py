"""What matching answers: matches, suggestions and differences. Amounts are minor units."""

from __future__ import annotations

import msgspec

OURS, THEIRS, BOTH = "OURS", "THEIRS", "BOTH"


class Match(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Lines of both sides that are the same thing, by line id, and the rule that says so.

    ``ours_amount`` is what our lines put into *this* period: nothing, where the rule found them in
    another month. ``residual`` is ``theirs_amount - ours_amount`` and ``category`` says where it
    comes from. What is not ``accepted`` is only suggested; what is not ``unique`` has alternatives.
    ``ours_period`` is the month of our lines, where it is not that of theirs.
    """

    rule: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    ours_amount: int
    theirs_amount: int
    residual: int
    category: str = ""
    accepted: bool
    unique: bool
    ours_period: str = ""

    @property
    def content(self) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        """What makes it this match and no other: its rule, and the lines of both sides."""
        return self.rule, self.ours, self.theirs


class Difference(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Lines without an accepted match, by line id, with a proposed category and what to do.

    ``amount`` is by how much theirs is above ours because of it, signed: an invoice that the dealer
    lacks counts against it. ``rule`` is the rule that put lines of both sides together.
    """

    ours: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    category: str
    amount: int
    note: str
    rule: str = ""

    @property
    def side(self) -> str:
        """Whose lines they are: OURS, THEIRS or BOTH."""
        if self.ours and self.theirs:
            return BOTH
        return OURS if self.ours else THEIRS

    @property
    def lines(self) -> tuple[str, ...]:
        """All lines, ours first."""
        return self.ours + self.theirs


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What one run found, in the order of the rules.

    Each line of the two lists is in exactly one accepted match, of this run or settled before, or
    in exactly one difference. What a document changed by since it was matched is one difference
    more, and so is what it has above the amount that another month's list took. ``theirs - ours``
    is the sum of the residuals of all accepted matches and the amounts of all differences.
    ``suggestions`` are alternatives for lines that are among the differences; each can be accepted
    as it is.
    """

    matches: tuple[Match, ...] = ()
    suggestions: tuple[Match, ...] = ()
    differences: tuple[Difference, ...] = ()
