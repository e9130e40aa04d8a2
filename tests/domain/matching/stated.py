"""Words for statements: ``ours`` and ``theirs`` make lines, ``pairs`` and ``gaps`` tell an outcome."""

from __future__ import annotations

from typing import Any

from domain.policies.matching import Earlier, Match, MatchTerms, Outcome, StatedLine, match
from tests.domain.support import day

TERMS = MatchTerms()


def line(
    line_id: str, gross: int, doc: str = "", on: str = "2026-03-10", **more: Any
) -> StatedLine:
    return StatedLine(
        line_id=line_id, doc=doc, day=day(on), gross=gross, **{"kind": "INVOICE"} | more
    )


def paid(line_id: str, gross: int, on: str = "2026-03-10", **more: Any) -> StatedLine:
    return line(line_id, -gross, on=on, **{"kind": "PAYMENT"} | more)


def matched(
    ours: Any, theirs: Any, *, terms: MatchTerms = TERMS, others: Any = (), **before: Any
) -> Outcome:
    """Match lines, after what was decided before; the law of the sums holds in every test."""
    found = summed(ours, theirs, terms=terms, others=others, **before)
    told_once(ours, theirs, (*before.get("settled", ()), *found.matches, *found.differences))
    return found


def summed(
    ours: Any, theirs: Any, *, terms: MatchTerms = TERMS, others: Any = (), **before: Any
) -> Outcome:
    """The same, where a document has changed and is told of twice."""
    earlier = Earlier(**{name: tuple(found) for name, found in before.items()})
    found = match(ours, theirs, terms, earlier, others)
    balanced(ours, theirs, found, earlier.settled)
    return found


def balanced(ours: Any, theirs: Any, found: Outcome, settled: Any) -> None:
    accepted = (*settled, *found.matches)
    apart = sum(one.gross for one in theirs) - sum(one.gross for one in ours)

    assert all(one.accepted and one.unique for one in found.matches)
    assert all(one.residual == one.theirs_amount - one.ours_amount for one in accepted)
    assert apart == sum(one.residual for one in accepted) + sum(
        one.amount for one in found.differences
    )


def told_once(ours: Any, theirs: Any, told: Any) -> None:
    here = {one.line_id for one in ours}
    mine = [line_id for one in told for line_id in one.ours if line_id in here]
    assert sorted(mine) == sorted(here)
    yours = [line_id for one in told for line_id in one.theirs]
    assert sorted(yours) == sorted(one.line_id for one in theirs)


def said(matches: tuple[Match, ...]) -> list[str]:
    """Matches as ``M1 a,b = x``."""
    return [f"{one.rule} {','.join(one.ours)} = {','.join(one.theirs)}" for one in matches]


def pairs(found: Outcome) -> list[str]:
    return said(found.matches)


def open_ones(found: Outcome) -> list[str]:
    assert not any(one.accepted or one.unique for one in found.suggestions)
    return said(found.suggestions)


def gaps(found: Outcome) -> list[tuple[str, str, int]]:
    """Differences as lines, category and amount."""
    return [(",".join(one.lines), one.category, one.amount) for one in found.differences]
