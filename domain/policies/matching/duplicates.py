"""P0: the same document with the same amount, more often on one side than on the other.

What is there twice is flagged and not matched: which of the two is right is for a person to say.
Where both sides show it equally often, they agree, and where both documents have the same total,
one side only has more lines.
"""

from __future__ import annotations

from collections.abc import Hashable

from domain.policies.matching.codes import DUPLICATE, P0
from domain.policies.matching.lines import StatedLine
from domain.policies.matching.round import REFERENCES, Lines, Round, by, grouped, total


def duplicates(round_: Round) -> None:
    """Flag lines of a side that repeat each other, with what the other side shows for them."""
    for ref in REFERENCES:
        ours = grouped(round_.ours.lines, by(ref))
        theirs = grouped(round_.theirs.lines, by(ref))
        for key in ours | theirs:
            _repeated(round_, ours.get(key, []), theirs.get(key, []))


def _repeated(round_: Round, ours: Lines, theirs: Lines) -> None:
    """Flag what is repeated within one document."""
    if total(ours) == total(theirs):
        return
    ours_by, theirs_by = (_by_goods([*ours, *theirs], side) for side in (ours, theirs))
    for key in ours_by | theirs_by:
        mine: Lines = ours_by.get(key, [])
        yours: Lines = theirs_by.get(key, [])
        if len(mine) == len(yours) or not (_alike(mine) or _alike(yours)):
            continue
        # The other side may show the document in other lines.
        mine = mine or _whole(ours, yours[0].gross)
        yours = yours or _whole(theirs, mine[0].gross)
        free = _free(round_, mine, yours)
        if any(free):
            round_.differ(P0, *free, DUPLICATE)


def _by_goods(document: Lines, side: Lines) -> dict[Hashable, list[StatedLine]]:
    """Lines of a side by amount and, where all lines of that amount name goods, by goods."""
    vague = {line.gross for line in document if not line.sku}
    return grouped(
        side,
        lambda line: (line.gross, None if line.gross in vague else _goods(line)),
    )


def _alike(lines: Lines) -> bool:
    """Say whether lines of one amount cannot be told apart by their goods."""
    named = {_goods(line) for line in lines if line.sku}
    return len(lines) > 1 and len(named) < len(lines)


def _goods(line: StatedLine) -> Hashable:
    return line.sku, line.qty, line.so, line.shp, line.serials


def _whole(document: Lines, gross: int) -> Lines:
    return document if total(document) == gross else []


def _free(round_: Round, ours: Lines, theirs: Lines) -> tuple[Lines, Lines]:
    mine = {line.line_id for line in round_.ours.free}
    yours = {line.line_id for line in round_.theirs.free}
    return (
        [line for line in ours if line.line_id in mine],
        [line for line in theirs if line.line_id in yours],
    )
