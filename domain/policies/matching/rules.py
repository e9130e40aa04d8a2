"""All rules in their order, tried until none finds anything more."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from domain.policies.matching.codes import M1, M2, M3, M4, M5, M6, M7, P0
from domain.policies.matching.documents import other_amount, same_document
from domain.policies.matching.duplicates import duplicates
from domain.policies.matching.earlier import Earlier
from domain.policies.matching.goods import same_goods
from domain.policies.matching.leftovers import leftovers
from domain.policies.matching.lines import StatedLine, comparable
from domain.policies.matching.months import booked_elsewhere, other_month
from domain.policies.matching.outcome import Match, Outcome
from domain.policies.matching.payments import same_payment
from domain.policies.matching.round import Round
from domain.policies.matching.sums import many_to_one, one_to_many
from domain.policies.matching.terms import MatchTerms

NOTHING = Earlier()

RULES: dict[str, Callable[[Round], None]] = {
    P0: duplicates,
    M1: same_document,
    M2: other_amount,
    M3: same_goods,
    M4: one_to_many,
    M5: many_to_one,
    M6: same_payment,
    M7: other_month,
}


def match(
    ours: Iterable[StatedLine],
    theirs: Iterable[StatedLine],
    terms: MatchTerms,
    earlier: Earlier = NOTHING,
    others: Iterable[StatedLine] = (),
) -> Outcome:
    """Match a dealer's lines of a period against ours.

    ``earlier`` are matches of earlier runs: the lines of those that stand stay where they are, and
    the outcome does not name them again; those that were taken back are only suggested. ``others``
    are our lines of the months beside the period. The order in which lines come does not matter.
    """
    ours, theirs, others = tuple(ours), tuple(theirs), tuple(others)
    mine, beside = comparable(ours, theirs), comparable(others, theirs)
    yours = comparable(theirs, (*ours, *others))
    found: list[Match] = []
    while True:
        # A match leaves fewer candidates, and a rule may now be sure of what it was not. Ending
        # with a round that finds nothing also makes a run after this one find nothing.
        settled = (*earlier.settled, *found)
        attempt = Round(mine, yours, beside, terms, replace(earlier, settled=settled))
        booked_elsewhere(attempt)
        for rule, run in RULES.items():
            if rule in terms.passes:
                run(attempt)
        if not attempt.matches:
            break
        found += attempt.matches
    leftovers(attempt)
    return Outcome(
        matches=tuple(found),
        suggestions=tuple(attempt.suggestions),
        differences=tuple(attempt.differences),
    )
