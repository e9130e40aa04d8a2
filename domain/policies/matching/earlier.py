"""What was decided before a run: matches that stand, in this month and beside it, and that do not.

A line of ours is used once, whatever month the dealer's list is of.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from domain.policies.matching.codes import M7
from domain.policies.matching.outcome import Match


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """Matches before a run: those of the month that stand, and that a person took back.

    ``elsewhere`` are the matches that stand in lists of other months; each says in ``ours_period``
    of which month our lines are.
    """

    settled: tuple[Match, ...] = ()
    elsewhere: tuple[Match, ...] = ()
    reversed: tuple[Match, ...] = ()

    def used(self, *, beside: bool) -> set[str]:
        """Our lines that a list has used: those of the month, or those of the months beside."""
        return {one for match in self.settled if (match.rule == M7) == beside for one in match.ours}

    def took(self, month: str) -> dict[str, int]:
        """Our lines of a month that other lists have used, with the amounts there."""
        return taken(self.elsewhere, month)

    def is_reversed(self, match: Match) -> bool:
        """Say whether a person took the same match back."""
        return any(one.content == match.content for one in self.reversed)


def taken(matches: Iterable[Match], month: str) -> dict[str, int]:
    """Our lines of a month that matches have used, with what theirs come to."""
    return {
        line_id: one.theirs_amount
        for one in matches
        if one.ours_period == month
        for line_id in one.ours
    }
