"""Pairing: which candidates are beyond doubt.

Two lines are a pair when each is the other's only best candidate. Better is what disagrees in less,
in the order goods, shipment, order, and whether the day is the same. A nearer day is no evidence,
and neither is a document number that comes first: such candidates are equally good.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from domain.policies.matching.lines import StatedLine

Pair = tuple[StatedLine, StatedLine]
"""A line of ours and one of theirs."""

Rank = tuple[int, bool, bool, bool, bool]


def rank(pair: Pair) -> Rank:
    """What a pair disagrees in, the gravest first; lower is better."""
    one, other = pair
    return (
        abs(other.gross - one.gross),
        (one.sku, one.qty) != (other.sku, other.qty),
        one.shp != other.shp,
        one.so != other.so,
        one.day != other.day,
    )


def order(pair: Pair) -> tuple[Rank, int, str, str, str]:
    """Order in which candidates are named: by rank, days apart and document number."""
    one, other = pair
    days = abs((other.day - one.day).days)
    return rank(pair), days, one.doc, one.line_id, other.line_id


def sure(pairs: Iterable[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Split candidates into the pairs that are beyond doubt and those that stay open.

    A pair that is found leaves the others fewer candidates, so that more may be found.
    """
    left = sorted(pairs, key=order)
    found: list[Pair] = []
    while True:
        ours = _best((pair[0].line_id, pair) for pair in left)
        theirs = _best((pair[1].line_id, pair) for pair in left)
        new = [pair for pair in left if ours[pair[0].line_id] == [pair] == theirs[pair[1].line_id]]
        if not new:
            return found, left
        found += new
        gone = {one.line_id for one, _ in new}, {other.line_id for _, other in new}
        left = [
            (one, other)
            for one, other in left
            if one.line_id not in gone[0] and other.line_id not in gone[1]
        ]


def _best(candidates: Iterable[tuple[str, Pair]]) -> dict[str, list[Pair]]:
    """Best candidates of each line; the pairs come best first."""
    best: dict[str, list[Pair]] = defaultdict(list)
    for line_id, pair in candidates:
        if not best[line_id] or rank(pair) == rank(best[line_id][0]):
            best[line_id].append(pair)
    return best
